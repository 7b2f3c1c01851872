-- The desk: one row for each conversation as people who work with it need it, in the orders they need. Like everywhere in the
-- views, no words stand here: the last words are joined from the log by their number.                          projection: 1

CREATE TABLE desk (
    opened        INTEGER PRIMARY KEY,         -- the position of the conversation's first event
    id            TEXT    NOT NULL UNIQUE,
    customer      TEXT,                        -- a pseudonym
    level         TEXT    NOT NULL,
    channel       TEXT    NOT NULL,
    state         TEXT    NOT NULL DEFAULT 'bot', -- the list it stands in: its own state, or 'merged', which is in none
    own_state     TEXT    NOT NULL DEFAULT 'bot',
    merged_into   TEXT,
    merged_by     TEXT,
    merged_at     INTEGER,
    closed        INTEGER NOT NULL DEFAULT 0,
    successor     TEXT,                        -- the conversation that follows this closed one
    earlier       TEXT,                        -- the closed one that this one follows
    queue         TEXT,
    reason        TEXT,                        -- why it came to people, the last time
    owner         TEXT,
    offered_to    TEXT,
    wait_since    INTEGER,                     -- while the customer waits for an answer of anybody
    due           INTEGER,                     -- until when a person should have answered
    snoozed_until INTEGER,
    last_at       INTEGER NOT NULL,            -- when something was said or decided last
    last_seq      INTEGER,                     -- the number of the last words in the conversation's stream
    last_who      TEXT,
    feeling       INTEGER,                     -- of the last message, in thousandths
    slope         INTEGER,
    wait_first    INTEGER NOT NULL GENERATED ALWAYS AS (coalesce(wait_since, last_at)) VIRTUAL,
    -- The minute an answer is due; those without a promise come after all others, by the minute they began to wait.
    due_minute    INTEGER NOT NULL GENERATED ALWAYS AS (coalesce(due, (60000 << 46) + coalesce(wait_since, last_at)) / 60000) VIRTUAL,
    -- 0: very upset, 1: upset, 2: neither.
    calm          INTEGER NOT NULL GENERATED ALWAYS AS (CASE WHEN feeling < -666 THEN 0 WHEN feeling < -333 THEN 1 ELSE 2 END) VIRTUAL
) STRICT;
CREATE INDEX desk_by_due ON desk (due_minute, calm, wait_first, opened) WHERE state = 'waiting';
CREATE INDEX desk_by_wait ON desk (wait_first) WHERE state = 'waiting';
CREATE INDEX desk_by_state ON desk (state, last_at, opened);
CREATE INDEX desk_by_last ON desk (last_at, opened);
CREATE INDEX desk_by_owner ON desk (owner, last_at, opened) WHERE owner IS NOT NULL;
CREATE INDEX desk_by_offer ON desk (offered_to, last_at, opened) WHERE offered_to IS NOT NULL;
CREATE INDEX desk_by_merge ON desk (merged_into, merged_at) WHERE merged_into IS NOT NULL;
CREATE INDEX desk_by_customer ON desk (customer, opened) WHERE customer IS NOT NULL;

-- How many are in each state, kept up to date so that nobody has to count millions.
CREATE TABLE desk_counts (
    state TEXT    PRIMARY KEY,
    n     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER desk_added AFTER INSERT ON desk BEGIN
    INSERT INTO desk_counts (state, n) VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER desk_moved AFTER UPDATE OF state ON desk WHEN old.state <> new.state BEGIN
    UPDATE desk_counts SET n = n - 1 WHERE state = old.state;
    INSERT INTO desk_counts (state, n) VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET n = n + 1;
END;

-- The last answer of each tool in a conversation, by its number in the stream: where facts about its customer stand.
CREATE TABLE desk_answers (
    conversation TEXT    NOT NULL,
    tool         TEXT    NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (conversation, tool)
) STRICT, WITHOUT ROWID;

-- Which message opened a turn, by its number in the stream.
CREATE TABLE desk_messages (
    message      TEXT    PRIMARY KEY,
    seq          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE desk_turns (
    opened       INTEGER PRIMARY KEY,          -- position
    turn         TEXT    NOT NULL,
    said         INTEGER
) STRICT;
