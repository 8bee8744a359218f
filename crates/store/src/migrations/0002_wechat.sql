-- An order's link carries a key that nobody can guess: who has the link may pay.
ALTER TABLE orders ADD COLUMN link_key TEXT NOT NULL DEFAULT '';

-- The tokens of WeChat's accounts, shared by all servers, with one refresher at a time.
CREATE TABLE tokens (
    appid       TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    token       TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    expires_ms  BIGINT NOT NULL,
    lifetime_ms BIGINT NOT NULL,
    lease       BIGINT NOT NULL,
    leased_ms   BIGINT NOT NULL,
    PRIMARY KEY (appid, kind)
);

-- Refreshes that WeChat was forced to: it allows twenty a day.
CREATE TABLE forced_refreshes (
    appid TEXT   NOT NULL,
    kind  TEXT   NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (appid, kind, at_ms)
);

-- Who did what that is nobody's order: programs that ask for the token.
CREATE TABLE audit (
    id     TEXT   PRIMARY KEY,
    at_ms  BIGINT NOT NULL,
    who    TEXT   NOT NULL,
    what   TEXT   NOT NULL,
    detail TEXT   NOT NULL
);
CREATE INDEX audit_by_time ON audit (at_ms);

-- What shoppers let WeChat tell about themselves.
CREATE TABLE profiles (
    openid     TEXT   PRIMARY KEY,
    nickname   TEXT   NOT NULL,
    headimgurl TEXT   NOT NULL,
    at_ms      BIGINT NOT NULL
);
