-- The server says once only what the person thought of an answer (section 3.12 of the protocol).
CREATE TABLE feedback (
    thread INTEGER NOT NULL REFERENCES threads (key) ON DELETE CASCADE,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (thread, item)
) WITHOUT ROWID;

-- Items whose text is not in the index yet, because it still grew when it was written last.
ALTER TABLE items ADD COLUMN unindexed INTEGER NOT NULL DEFAULT 1;
CREATE INDEX items_unindexed ON items (key) WHERE unindexed;

-- What is deleted leaves the index at once, not some time later.
INSERT INTO titles (titles, rank) VALUES ('secure-delete', 1);
INSERT INTO texts (texts, rank) VALUES ('secure-delete', 1);
