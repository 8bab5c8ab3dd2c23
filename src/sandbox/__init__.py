"""The outside world for demos, tests and load: a card gateway, the banks behind it, the payer's phone. Never real.

It shares nothing with the portal but HTTP, SMTP and files. `gateway` and its neighbours hold a core without HTTP and
without a clock of its own, so that a test can drive it in its own process.
"""
