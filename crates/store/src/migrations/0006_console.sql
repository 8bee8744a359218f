-- Beside `shipments`, so that what is still to be sent can be found among a million orders that were. The state is
-- disguised, so that no planner takes `orders_by_state` instead.
ALTER TABLE orders ADD COLUMN shipped_ms BIGINT;
CREATE INDEX orders_to_ship ON orders (id) WHERE shipped_ms IS NULL AND kind = 'goods' AND (state || '') IN ('paid', 'partly_refunded');

-- The console's list of orders: newest first, by key.
CREATE INDEX orders_by_state ON orders (state, id);
CREATE INDEX orders_top_ups ON orders (id) WHERE kind = 'top_up';
CREATE INDEX attempts_by_transaction ON attempts (transaction_id);
CREATE INDEX deliveries_by_phone ON deliveries (phone);
CREATE INDEX deliveries_by_name ON deliveries (name);
CREATE INDEX refund_requests_open ON refund_requests (asked_ms) WHERE state = 'open';
CREATE INDEX refunds_abnormal ON refunds (order_id) WHERE state = 'abnormal';
CREATE INDEX differences_open ON differences (first_ms) WHERE resolution = '';

-- The people of the shop. A new `generation` ends the sessions that carry the old one.
CREATE TABLE staff (
    name       TEXT   PRIMARY KEY,
    role       TEXT   NOT NULL,
    password   TEXT   NOT NULL,
    totp       TEXT   NOT NULL,
    totp_step  BIGINT NOT NULL,
    generation TEXT   NOT NULL,
    changed_ms BIGINT NOT NULL
);

-- What an editor has seen of a product; a change raises it. And the whole catalogue's, which every server looks at.
ALTER TABLE products ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
CREATE TABLE catalogue_version (id BIGINT PRIMARY KEY, version BIGINT NOT NULL);
INSERT INTO catalogue_version (id, version) VALUES (1, 0);

-- Pictures that were uploaded, each once, under the hash of its bytes.
CREATE TABLE pictures (
    id         TEXT   PRIMARY KEY,
    media_type TEXT   NOT NULL,
    bytes      BYTEA  NOT NULL,
    at_ms      BIGINT NOT NULL
);
