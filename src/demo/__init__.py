"""Everything at once on one machine, for whoever wants to pay a bill within a minute: `python -m demo`.

The launcher starts PostgreSQL, the sandbox (gateway, bank, phone, inbox), the portal and its worker, each a process of
its own that knows the others by address only, as they would on a real network.
"""
