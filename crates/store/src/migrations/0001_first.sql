-- Columns are BIGINT (fen, milliseconds since 1970 UTC, flags), TEXT and BYTEA, so that one set of SQL
-- serves SQLite and PostgreSQL. Ids are made by the application.

CREATE TABLE products (
    id          TEXT   PRIMARY KEY,
    position    BIGINT NOT NULL,
    name        TEXT   NOT NULL,
    category    TEXT   NOT NULL,
    summary     TEXT   NOT NULL,
    description TEXT   NOT NULL,
    picture     TEXT   NOT NULL
);

CREATE TABLE skus (
    id         TEXT   PRIMARY KEY,
    product_id TEXT   NOT NULL REFERENCES products (id),
    position   BIGINT NOT NULL,
    spec       TEXT   NOT NULL,
    price      BIGINT NOT NULL CHECK (price > 0),
    stock      BIGINT NOT NULL CHECK (stock >= 0)
);
CREATE INDEX skus_by_product ON skus (product_id, position);

CREATE TABLE orders (
    id                TEXT   PRIMARY KEY,
    kind              TEXT   NOT NULL,
    openid            TEXT   NOT NULL,
    basket            TEXT   NOT NULL,
    state             TEXT   NOT NULL,
    total_fee         BIGINT NOT NULL CHECK (total_fee > 0),
    created_ms        BIGINT NOT NULL,
    expires_ms        BIGINT NOT NULL,
    paid_ms           BIGINT,
    paid_out_trade_no TEXT,
    version           BIGINT NOT NULL
);
CREATE INDEX orders_by_openid ON orders (openid, id);

CREATE TABLE order_items (
    order_id TEXT   NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    sku      TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    spec     TEXT   NOT NULL,
    picture  TEXT   NOT NULL,
    price    BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
);

-- One attempt to be paid for an order: what WeChat was asked, byte for byte, and what became of it.
CREATE TABLE attempts (
    out_trade_no   TEXT   PRIMARY KEY,
    order_id       TEXT   NOT NULL REFERENCES orders (id),
    seq            BIGINT NOT NULL,
    state          TEXT   NOT NULL,
    api            TEXT   NOT NULL,
    trade_type     TEXT   NOT NULL,
    sign_type      TEXT   NOT NULL,
    appid          TEXT   NOT NULL,
    mch_id         TEXT   NOT NULL,
    openid         TEXT   NOT NULL,
    total_fee      BIGINT NOT NULL,
    request        TEXT   NOT NULL,
    created_ms     BIGINT NOT NULL,
    expires_ms     BIGINT NOT NULL,
    prepay_id      TEXT,
    prepay_ms      BIGINT,
    transaction_id TEXT,
    paid_ms        BIGINT,
    UNIQUE (order_id, seq)
);

-- What happened to an order: who, what, why, when. Its state can be recomputed from these.
CREATE TABLE events (
    order_id     TEXT   NOT NULL REFERENCES orders (id),
    seq          BIGINT NOT NULL,
    at_ms        BIGINT NOT NULL,
    who          TEXT   NOT NULL,
    what         TEXT   NOT NULL,
    out_trade_no TEXT,
    detail       TEXT   NOT NULL,
    PRIMARY KEY (order_id, seq)
);

-- What shoppers have topped up: one move for each paid order, and their sum.
CREATE TABLE wallet_moves (
    order_id TEXT   PRIMARY KEY REFERENCES orders (id),
    openid   TEXT   NOT NULL,
    amount   BIGINT NOT NULL,
    at_ms    BIGINT NOT NULL
);

CREATE TABLE wallets (
    openid  TEXT   PRIMARY KEY,
    balance BIGINT NOT NULL CHECK (balance >= 0)
);

-- What is to be done later, by whichever server leases it first.
CREATE TABLE jobs (
    id         TEXT   PRIMARY KEY,
    kind       TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    run_ms     BIGINT NOT NULL,
    tries      BIGINT NOT NULL,
    leased_ms  BIGINT NOT NULL,
    lease      TEXT   NOT NULL,
    last_error TEXT   NOT NULL
);
CREATE INDEX jobs_by_time ON jobs (run_ms);

-- What verifies but does not fit the books. A person, or a later rule, settles it.
CREATE TABLE differences (
    id           TEXT   PRIMARY KEY,
    kind         TEXT   NOT NULL,
    out_trade_no TEXT   NOT NULL,
    first_ms     BIGINT NOT NULL,
    last_ms      BIGINT NOT NULL,
    times        BIGINT NOT NULL,
    detail       TEXT   NOT NULL,
    payload      BYTEA  NOT NULL
);
