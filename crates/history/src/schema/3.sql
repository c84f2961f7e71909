-- How turns went. A thread's turns follow each other, so the time at which one began is its name. Each is shown with an
-- item of the thread, or, once another turn has taken its place, with none.
CREATE TABLE turns (
    thread INTEGER NOT NULL REFERENCES threads (key) ON DELETE CASCADE,
    began_at INTEGER NOT NULL,
    item TEXT,
    connection TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (thread, began_at)
) WITHOUT ROWID;
CREATE INDEX turns_by_item ON turns (thread, item) WHERE item IS NOT NULL;
CREATE INDEX turns_by_connection ON turns (connection, began_at);
