-- After-sales (售后): requests of shoppers for money, for some pieces of an order, with or without sending them back.
CREATE TABLE after_sales (
    id           TEXT   PRIMARY KEY,
    order_id     TEXT   NOT NULL REFERENCES orders (id),
    kind         TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    fee          BIGINT NOT NULL CHECK (fee >= 0),
    reason       TEXT   NOT NULL,
    pictures     BIGINT NOT NULL DEFAULT 0,
    asked_ms     BIGINT NOT NULL,
    due_ms       BIGINT,
    answer       TEXT   NOT NULL DEFAULT '',
    who          TEXT   NOT NULL DEFAULT '',
    answered_ms  BIGINT,
    carrier      TEXT   NOT NULL DEFAULT '',
    tracking_no  TEXT   NOT NULL DEFAULT '',
    sent_ms      BIGINT,
    received_ms  BIGINT,
    restock      BIGINT NOT NULL DEFAULT 0,
    out_refund_no TEXT  NOT NULL DEFAULT ''
);
CREATE INDEX after_sales_by_order ON after_sales (order_id);
CREATE INDEX after_sales_waiting ON after_sales (order_id) WHERE state IN ('requested', 'returned', 'received', 'failed');

CREATE TABLE after_sale_lines (
    after_sale_id TEXT   NOT NULL REFERENCES after_sales (id),
    position      BIGINT NOT NULL,
    pieces        BIGINT NOT NULL CHECK (pieces > 0),
    fee           BIGINT NOT NULL CHECK (fee >= 0),
    PRIMARY KEY (after_sale_id, position)
);

CREATE TABLE after_sale_pictures (
    after_sale_id TEXT   NOT NULL REFERENCES after_sales (id),
    number        BIGINT NOT NULL,
    media_type    TEXT   NOT NULL,
    bytes         BYTEA  NOT NULL,
    PRIMARY KEY (after_sale_id, number)
);
