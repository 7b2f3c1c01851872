-- The log. Positions and sequence numbers are given out by the only writer, inside its transaction, so they have no gaps.
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream   TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    at       INTEGER NOT NULL,           -- milliseconds since 1970, UTC
    body     TEXT    NOT NULL,           -- JSON, personal values taken out
    UNIQUE (stream, seq)
) STRICT;

-- Personal values, sealed with the key of their subject. Deleting a row, or the key, forgets the value.
CREATE TABLE payloads (
    position INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    class    TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    nonce    BLOB    NOT NULL,
    sealed   BLOB    NOT NULL
) STRICT;
CREATE INDEX payloads_by_position ON payloads (position);
CREATE INDEX payloads_by_subject ON payloads (subject);

-- What may exist only once, and what later comers are given.
CREATE TABLE claims (
    kind   TEXT    NOT NULL,
    key    TEXT    NOT NULL,
    result TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- Messages to deliver outside. With a subject, `body` is sealed like a payload and `nonce` is there.
CREATE TABLE outgoing (
    row     INTEGER PRIMARY KEY AUTOINCREMENT,
    target  TEXT    NOT NULL,
    due     INTEGER NOT NULL,
    id      TEXT    NOT NULL,
    subject TEXT,
    nonce   BLOB,
    body    BLOB    NOT NULL
) STRICT;
CREATE INDEX outgoing_by_due ON outgoing (due, row);
CREATE INDEX outgoing_by_subject ON outgoing (subject) WHERE subject IS NOT NULL;

CREATE TABLE timers (
    name TEXT    PRIMARY KEY,
    due  INTEGER NOT NULL,
    note TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_by_due ON timers (due, name);

CREATE TABLE leases (
    name   TEXT    PRIMARY KEY,
    holder TEXT    NOT NULL,
    number INTEGER NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last fence given out, over all leases: it rises also after a lease's row is gone.
CREATE TABLE fence (
    number INTEGER NOT NULL
) STRICT;
INSERT INTO fence (number) VALUES (0);
