-- An order's `openid` is its shopper: an openid or, for somebody outside WeChat, `guest:` and chance. An attempt's is who
-- pays, empty where WeChat does not ask; those attempts are paid at an address: `code_url` or `mweb_url`.
ALTER TABLE attempts ADD COLUMN pay_url TEXT;

-- What shoppers have put aside, at the price that they saw. Fen.
CREATE TABLE carts (
    shopper  TEXT   NOT NULL,
    sku      TEXT   NOT NULL,
    quantity BIGINT NOT NULL,
    price    BIGINT NOT NULL,
    added_ms BIGINT NOT NULL,
    PRIMARY KEY (shopper, sku)
);

-- Where shoppers have things sent, the one used last first.
CREATE TABLE addresses (
    id      TEXT   PRIMARY KEY,
    shopper TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    phone   TEXT   NOT NULL,
    region  TEXT   NOT NULL,
    detail  TEXT   NOT NULL,
    used_ms BIGINT NOT NULL
);
CREATE INDEX addresses_by_shopper ON addresses (shopper, used_ms);

-- Where an order goes, as it was when the order was placed, and what the shopper wants to tell.
CREATE TABLE deliveries (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    name     TEXT NOT NULL,
    phone    TEXT NOT NULL,
    address  TEXT NOT NULL,
    note     TEXT NOT NULL
);

-- An order that was handed to a carrier.
CREATE TABLE shipments (
    order_id    TEXT   PRIMARY KEY REFERENCES orders (id),
    carrier     TEXT   NOT NULL,
    tracking_no TEXT   NOT NULL,
    who         TEXT   NOT NULL,
    shipped_ms  BIGINT NOT NULL
);

-- A shopper who wants money back: `open`, then `granted` or `declined` by a person of the shop.
CREATE TABLE refund_requests (
    order_id    TEXT   PRIMARY KEY REFERENCES orders (id),
    state       TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    asked_ms    BIGINT NOT NULL,
    answer      TEXT   NOT NULL,
    who         TEXT   NOT NULL,
    answered_ms BIGINT
);

-- Off the shelf, a product stays in the orders that hold it, and nobody can order it.
ALTER TABLE products ADD COLUMN on_sale BIGINT NOT NULL DEFAULT 1;

-- Who has opened an order by its link, beside the shopper who placed it: such a visitor sees it and may pay it.
CREATE TABLE order_visitors (
    order_id TEXT NOT NULL REFERENCES orders (id),
    shopper  TEXT NOT NULL,
    PRIMARY KEY (order_id, shopper)
);
