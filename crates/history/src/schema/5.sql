-- The threads that a conversation through a route has at the servers that keep theirs.
CREATE TABLE legs (
    thread INTEGER NOT NULL REFERENCES threads (key) ON DELETE CASCADE,
    connection TEXT NOT NULL,
    remote TEXT NOT NULL,
    knows TEXT,
    goes_on INTEGER NOT NULL,
    PRIMARY KEY (thread, connection, remote)
) WITHOUT ROWID;
CREATE INDEX legs_by_remote ON legs (connection, remote);

-- Which connection of its route answered last.
ALTER TABLE threads ADD COLUMN answering TEXT;
