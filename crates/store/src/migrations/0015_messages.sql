-- Messages to shoppers and staff. The transaction that books a change inserts its messages; the `message` job sends them.
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    order_id TEXT NOT NULL,
    about TEXT NOT NULL,
    state TEXT NOT NULL,
    sender TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL
);
CREATE INDEX messages_order ON messages (order_id, created_ms) WHERE order_id <> '';
