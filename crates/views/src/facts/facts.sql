-- The facts: one row for each conversation, and how many conversations lie in each cell of each cube, by day and by month.
-- Figures are sums of cells; the rows behind a figure are the conversations that lie in its cells.             projection: 1

CREATE TABLE facts (
    opened        INTEGER PRIMARY KEY,         -- the position of the conversation's first event
    id            TEXT    NOT NULL UNIQUE,
    visitor       TEXT    NOT NULL,
    customer      TEXT,                        -- a pseudonym
    channel       TEXT    NOT NULL,
    language      TEXT    NOT NULL,
    topic         TEXT,                        -- what it was about: the first skill, else where the message went
    opened_at     INTEGER NOT NULL,            -- milliseconds since 1970, UTC
    last_at       INTEGER NOT NULL,            -- when something was said last
    messages      INTEGER NOT NULL,            -- of the customer
    status        TEXT,                        -- of the last closed reply
    helped        INTEGER NOT NULL,            -- useful answers: facts, passages, writes carried out
    helped_at     INTEGER,                     -- the last of them
    verified      INTEGER NOT NULL,            -- writes that the backend's own state proved
    thumbs_up     INTEGER NOT NULL,
    thumbs_down   INTEGER NOT NULL,
    escalations   INTEGER NOT NULL,
    reason        TEXT,                        -- of the first of them
    person_at     INTEGER,                     -- when a person of the staff took over or wrote first
    waiting_since INTEGER,                     -- while the customer waits for a person
    waited        INTEGER,                     -- how long they waited, the first time
    asked_at      INTEGER,                     -- the customer's first message
    answered      INTEGER,                     -- how long until the first useful answer
    resolved_at   INTEGER,
    quiet         INTEGER NOT NULL,            -- the longest silence the customer broke
    reopened      INTEGER NOT NULL,            -- wrote again after it was resolved
    csat          INTEGER,                     -- the last score given
    csat_scale    INTEGER,
    came_back     INTEGER,                     -- how long until the same customer came with the same again
    outcome       TEXT    NOT NULL,            -- where it stands if nothing more happens
    day           INTEGER NOT NULL             -- the company's day it was opened on, counted from 1970
) STRICT;
CREATE INDEX facts_by_customer ON facts (customer, opened) WHERE customer IS NOT NULL;
CREATE INDEX facts_by_visitor ON facts (visitor, opened);
CREATE INDEX facts_by_last ON facts (last_at, day);
CREATE INDEX facts_by_day ON facts (day, opened);
CREATE INDEX facts_by_outcome ON facts (outcome, day, opened);
CREATE INDEX facts_rated ON facts (day, opened) WHERE csat IS NOT NULL;

-- How many conversations lie in a cell. `scale` is `day` or `month`, `period` its number.
CREATE TABLE cells (
    cube    TEXT    NOT NULL,
    scale   TEXT    NOT NULL,
    period  INTEGER NOT NULL,
    channel TEXT    NOT NULL,
    a       TEXT    NOT NULL,
    b       INTEGER NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (cube, scale, period, channel, a, b)
) STRICT, WITHOUT ROWID;

-- The rules the facts were judged by: others have all of them judged anew.
CREATE TABLE judged (by TEXT NOT NULL) STRICT;
