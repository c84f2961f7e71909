CREATE TABLE threads (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    connection TEXT NOT NULL,
    remote TEXT,
    title TEXT,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
);
CREATE UNIQUE INDEX threads_by_remote ON threads (connection, remote) WHERE remote IS NOT NULL;
CREATE INDEX threads_by_time ON threads (updated_at DESC);

CREATE TABLE items (
    key INTEGER PRIMARY KEY,
    thread INTEGER NOT NULL REFERENCES threads (key) ON DELETE CASCADE,
    id TEXT NOT NULL,
    rank INTEGER NOT NULL,
    stored TEXT NOT NULL,
    UNIQUE (thread, id)
);
CREATE INDEX items_by_rank ON items (thread, rank);

CREATE TABLE drafts (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;

CREATE VIRTUAL TABLE titles USING fts5 (title, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE texts USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
CREATE TRIGGER threads_gone AFTER DELETE ON threads BEGIN DELETE FROM titles WHERE rowid = old.key; END;
CREATE TRIGGER items_gone AFTER DELETE ON items BEGIN DELETE FROM texts WHERE rowid = old.key; END;
