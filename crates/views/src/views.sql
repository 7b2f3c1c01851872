-- The views: all of it is folded from the log and can be rebuilt. Nothing personal stands here but pseudonyms; what was said is
-- joined from the log when it is read, so that it cannot outlive its erasure. A change of this text makes every file rebuild;
-- raise the number when only the projector's work has changed.                                                  projection: 1

CREATE TABLE progress (position INTEGER NOT NULL) STRICT;
INSERT INTO progress (position) VALUES (0);

-- Events that could not be read.
CREATE TABLE skipped (
    position INTEGER PRIMARY KEY,
    why      TEXT NOT NULL
) STRICT;

CREATE TABLE conversations (
    opened       INTEGER PRIMARY KEY,          -- the position of the first event: lists and cursors go by it
    id           TEXT    NOT NULL UNIQUE,
    visitor      TEXT    NOT NULL,
    customer     TEXT,                         -- a pseudonym
    channel      TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'bot',
    opened_at    INTEGER NOT NULL,             -- milliseconds since 1970, UTC, like all times here
    last_at      INTEGER NOT NULL,
    messages     INTEGER NOT NULL DEFAULT 0,   -- of the customer
    turns        INTEGER NOT NULL DEFAULT 0,
    status       TEXT,                         -- of the last closed reply
    is_repeat    INTEGER NOT NULL DEFAULT 0,   -- the same customer or visitor was here before
    resolution   TEXT GENERATED ALWAYS AS (CASE
        WHEN state = 'resolved' OR status = 'done' THEN 'resolved'
        WHEN state IN ('waiting', 'open', 'snoozed') OR status IN ('failed', 'refused', 'declined', 'handed_over') THEN 'not'
        ELSE 'unknown' END) VIRTUAL,
    outcome      TEXT    NOT NULL DEFAULT 'abandoned'  -- judged by its facts: where it stands if nothing more happens
) STRICT;
CREATE INDEX conversations_by_customer ON conversations (customer, opened) WHERE customer IS NOT NULL;
CREATE INDEX conversations_by_visitor ON conversations (visitor, opened);

-- Who said something when. The words are in the log, at this number of the conversation's stream.
CREATE TABLE lines (
    conversation TEXT    NOT NULL,
    seq          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    who          TEXT    NOT NULL,             -- customer, bot, agent
    kind         TEXT    NOT NULL,             -- message, part, question, proposal
    understood   TEXT,                         -- the skill a customer's words were understood as, if one
    feeling      INTEGER,                      -- how they felt, in thousandths
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX lines_by_time ON lines (at);

CREATE TABLE turns (
    id            TEXT    PRIMARY KEY,
    conversation  TEXT    NOT NULL,
    opened        INTEGER NOT NULL,            -- position
    rules         TEXT    NOT NULL,
    mind          TEXT    NOT NULL,
    skill         TEXT,
    status        TEXT,
    zone          TEXT,
    refusal       TEXT,
    refused_tool  TEXT,
    cut           TEXT,                        -- why the reply was cut off, if it was
    started_at    INTEGER NOT NULL,
    first_part_at INTEGER,
    closed_at     INTEGER,
    calls         INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX turns_by_conversation ON turns (conversation, opened);

CREATE TABLE calls (
    id           TEXT    PRIMARY KEY,
    conversation TEXT    NOT NULL,
    turn         TEXT    NOT NULL,
    started      INTEGER NOT NULL,             -- position
    tool         TEXT    NOT NULL,
    backend      TEXT,                         -- known once something was released
    purpose      TEXT    NOT NULL,
    outcome      TEXT,                         -- none while it is under way
    refusal      TEXT,
    rule         TEXT,
    detail       TEXT,
    ms           INTEGER,
    cached       INTEGER NOT NULL DEFAULT 0,
    at           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX calls_by_conversation ON calls (conversation, started);
CREATE INDEX calls_by_position ON calls (started);

CREATE TABLE actions (
    id           TEXT    PRIMARY KEY,
    conversation TEXT,
    turn         TEXT    NOT NULL,
    proposed     INTEGER NOT NULL,             -- position
    tool         TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    verified     INTEGER,
    why          TEXT,                         -- of a cancelled one
    detail       TEXT,
    proposed_at  INTEGER NOT NULL,
    settled_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX actions_by_conversation ON actions (conversation, proposed);

CREATE TABLE escalations (
    position     INTEGER PRIMARY KEY,
    conversation TEXT    NOT NULL,
    turn         TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    reason       TEXT    NOT NULL,
    rule         TEXT,
    evidence     TEXT    NOT NULL              -- JSON: the values the trigger saw
) STRICT;
CREATE INDEX escalations_by_conversation ON escalations (conversation, position);
