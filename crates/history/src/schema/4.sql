-- What belongs to a thread beside its items, each under a name: how its conversation goes out, and what was set for it.
CREATE TABLE thread_values (
    thread INTEGER NOT NULL REFERENCES threads (key) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (thread, name)
) WITHOUT ROWID;
