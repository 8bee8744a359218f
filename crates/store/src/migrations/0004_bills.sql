-- What was done about a difference; empty while it is open.
ALTER TABLE differences ADD COLUMN resolution TEXT NOT NULL DEFAULT '';

-- WeChat's bills that have been compared with the books, by day in Shanghai (yyyy-mm-dd). Sums in fen.
CREATE TABLE bills (
    day          TEXT   PRIMARY KEY,
    compared_ms  BIGINT NOT NULL,
    payments     BIGINT NOT NULL,
    order_fee    BIGINT NOT NULL,
    refunds      BIGINT NOT NULL,
    refund_fee   BIGINT NOT NULL,
    foreign_rows BIGINT NOT NULL,
    differences  BIGINT NOT NULL
);

CREATE INDEX attempts_by_paid ON attempts (paid_ms);
CREATE INDEX refunds_by_time ON refunds (created_ms);
