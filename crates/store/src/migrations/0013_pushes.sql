-- Messages that WeChat pushed (消息推送), until they are a month old.
CREATE TABLE pushes (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    content TEXT NOT NULL,
    handled_ms BIGINT,
    outcome TEXT NOT NULL
);
CREATE INDEX pushes_received ON pushes (received_ms);
