"""The pure level of the fault harness: the rules themselves inside a small model of store, gateway and people.

A seed draws who pays what, what goes wrong and how often. First the faults, then everything heals, and the sweeper runs
until nothing is left to ask; then every invariant of behaviour.md 1 is checked against the issuer's own accounts. What
decides is the product's own (`judge`, the table, the schedule, `share_of`, `standing_of`); the model does only what the
flows do around it, and yields at every boundary between two side effects, where a process may die or be overtaken.

    plan        what a seed draws: kinds of faults and their rates, many of them none
    world       the clock, whose turn it is, crashes, the story
    store       bills, attempts, holds, books, receipts; each change is one transaction
    outside     the gateway under each hypothesis, and the issuer's accounts
    portal      the flows: start, register, confirm, sweep, send
    people      payers, the billing system, messages of the gateway
    staff       the office: refunds, reversals, bills freed by hand
    checks      the invariants
    wanted      what must have been seen at least once in a run
    hands       many seeds on several processors

`PYTHONPATH=src:tests python -m faults.pure --seeds 100000`; with `--seed N` it tells the story of one.
"""
