-- The history. Events are the truth; card_state, event_state and alias are derived from them
-- and can be computed again at any time.

CREATE TABLE events (
    id   TEXT NOT NULL PRIMARY KEY,  -- random, never a timestamp: two devices never collide
    dev  TEXT NOT NULL,              -- device that wrote it
    seq  INTEGER NOT NULL,           -- counter within the device; not unique (cloned disks)
    hlc  INTEGER NOT NULL,           -- hybrid clock, ms: never behind an event known before
    utc  INTEGER NOT NULL,           -- wall clock, ms since 1970 UTC
    tz   INTEGER NOT NULL,           -- offset of local time, minutes
    day  INTEGER NOT NULL,           -- study day (ordinal), fixed when written
    k    TEXT NOT NULL,              -- kind; unknown ones are kept and carried
    card TEXT,
    r    INTEGER,                    -- rating
    ms   INTEGER,                    -- duration
    m    TEXT,                       -- model that predicted
    p    TEXT NOT NULL               -- payload, JSON
) STRICT;

CREATE INDEX events_order ON events (hlc, dev, seq, id);
CREATE INDEX events_device ON events (dev, seq);
CREATE INDEX events_card ON events (card, k);
CREATE INDEX events_day ON events (day);
CREATE INDEX events_kind ON events (k);

CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;

-- Every card ever met in a note, as it was last seen. Not derived: notes change.
CREATE TABLE registry (
    card        TEXT NOT NULL PRIMARY KEY,
    deck        TEXT NOT NULL,
    path        BLOB NOT NULL,       -- as the file system has it; file names are bytes
    path_key    TEXT NOT NULL,
    trail       TEXT NOT NULL,       -- JSON list
    question    TEXT NOT NULL,
    digest      TEXT NOT NULL,
    answer_text TEXT NOT NULL,
    place       INTEGER NOT NULL,    -- order within the document
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL,
    status      TEXT NOT NULL
) STRICT;

CREATE TABLE card_state (
    card         TEXT NOT NULL PRIMARY KEY,
    stability    REAL,
    difficulty   REAL,
    last_day     INTEGER,
    due_day      INTEGER,
    reps         INTEGER NOT NULL,
    lapses       INTEGER NOT NULL,
    suspended    INTEGER NOT NULL,
    buried_until INTEGER,
    marks        TEXT NOT NULL,      -- JSON list, sorted
    model        TEXT NOT NULL       -- model and parameters the state was folded with
) STRICT;

CREATE INDEX card_state_due ON card_state (suspended, due_day);
CREATE INDEX card_state_model ON card_state (model);

-- The memory before and after each grade that counts.
CREATE TABLE event_state (
    event             TEXT NOT NULL PRIMARY KEY REFERENCES events (id),
    card              TEXT NOT NULL,
    day               INTEGER NOT NULL,
    rating            INTEGER NOT NULL,
    stability_before  REAL,
    difficulty_before REAL,
    elapsed           INTEGER NOT NULL,
    stability         REAL NOT NULL,
    difficulty        REAL NOT NULL,
    is_recall         INTEGER NOT NULL  -- 1: of an earlier day's card, so it tests a prediction
) STRICT;

CREATE INDEX event_state_card ON event_state (card);

CREATE TABLE alias (
    card      TEXT NOT NULL PRIMARY KEY,
    canonical TEXT NOT NULL
) STRICT;

CREATE INDEX alias_canonical ON alias (canonical);
