-- What WeChat told about a payment beside its amount; and of a paid attempt, how much has been given back, and how much
-- is reserved by refunds that have not ended. Fen.
ALTER TABLE attempts ADD COLUMN payer_total BIGINT;
ALTER TABLE attempts ADD COLUMN settlement_total BIGINT;
ALTER TABLE attempts ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN refunding BIGINT NOT NULL DEFAULT 0 CHECK (refunding >= 0 AND refunded >= 0 AND refunded + refunding <= total_fee);

-- A refund is a row before WeChat is asked for it.
CREATE TABLE refunds (
    out_refund_no     TEXT   PRIMARY KEY,
    order_id          TEXT   NOT NULL REFERENCES orders (id),
    out_trade_no      TEXT   NOT NULL,
    state             TEXT   NOT NULL,
    who               TEXT   NOT NULL,
    reason            TEXT   NOT NULL,
    refund_fee        BIGINT NOT NULL CHECK (refund_fee > 0),
    request           TEXT   NOT NULL,
    refund_id         TEXT,
    payer_refund      BIGINT,
    settlement_refund BIGINT,
    created_ms        BIGINT NOT NULL,
    changed_ms        BIGINT NOT NULL,
    last_error        TEXT   NOT NULL
);
CREATE INDEX refunds_by_order ON refunds (order_id);

-- Moves of a balance in both directions: a top-up, its refund, and what comes back from a refund that was closed.
CREATE TABLE balance_moves (
    id       TEXT   PRIMARY KEY,
    order_id TEXT   NOT NULL REFERENCES orders (id),
    openid   TEXT   NOT NULL,
    amount   BIGINT NOT NULL,
    at_ms    BIGINT NOT NULL
);
INSERT INTO balance_moves (id, order_id, openid, amount, at_ms)
    SELECT order_id, order_id, openid, amount, at_ms FROM wallet_moves;
DROP TABLE wallet_moves;
ALTER TABLE balance_moves RENAME TO wallet_moves;
