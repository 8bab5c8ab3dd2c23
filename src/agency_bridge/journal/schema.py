"""The tables of the journal."""

from typing import Final

VERSION: Final = 1

TABLES: Final = """
CREATE TABLE orders (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL,
    poi_id          TEXT NOT NULL,
    service_id      TEXT NOT NULL DEFAULT '',
    step            TEXT NOT NULL
        CHECK (step IN ('taken', 'withdrawn', 'sending', 'answered', 'acknowledged')),
    taken_at        TEXT NOT NULL,
    sending_at      TEXT,
    answered_at     TEXT,
    acknowledged_at TEXT,
    result          TEXT,
    CHECK ((result IS NULL) = (answered_at IS NULL)),
    CHECK (step NOT IN ('answered', 'acknowledged') OR result IS NOT NULL)
);
-- A number of ours is sent to a reader once, whatever the portal's order is called.
CREATE UNIQUE INDEX sent_once ON orders (poi_id, service_id)
    WHERE kind IN ('pay', 'reverse') AND step <> 'withdrawn';
CREATE INDEX waiting ON orders (step) WHERE step = 'answered';

CREATE TABLE blocks (
    id      INTEGER PRIMARY KEY,
    row     TEXT NOT NULL,
    open    INTEGER NOT NULL
);

CREATE TABLE offline_receipts (
    block           INTEGER NOT NULL REFERENCES blocks (id),
    number          INTEGER NOT NULL,
    token           TEXT NOT NULL UNIQUE,
    row             TEXT NOT NULL,
    voided          INTEGER NOT NULL DEFAULT 0,
    upload_began_at TEXT,
    acknowledged_at TEXT,
    told_case       TEXT,
    PRIMARY KEY (block, number)
);

-- What may not be forgotten over a restart beside the orders, such as since when the line is cut.
CREATE TABLE notes (
    name  TEXT PRIMARY KEY,
    text  TEXT NOT NULL
);
"""
