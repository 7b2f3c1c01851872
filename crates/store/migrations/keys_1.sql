-- The keys of subjects. Losing a row makes everything sealed with it unreadable, in every copy.
CREATE TABLE keys (
    subject TEXT    PRIMARY KEY,
    key     BLOB    NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Conversations whose visitor turned out to be this customer: forgotten with the customer.
CREATE TABLE links (
    customer     TEXT NOT NULL,
    conversation TEXT NOT NULL,
    PRIMARY KEY (customer, conversation)
) STRICT, WITHOUT ROWID;

-- The secret of this installation, from which pseudonyms and tokens are made.
CREATE TABLE instance (
    secret BLOB NOT NULL
) STRICT;
