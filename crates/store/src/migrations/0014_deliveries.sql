-- The parcels of an order. Before this, an order had one parcel at most, in `shipments`. An order that its shopper collected
-- has none: older versions stored two words in its place.
CREATE TABLE parcels (
    order_id    TEXT   NOT NULL REFERENCES orders (id),
    position    BIGINT NOT NULL,
    carrier     TEXT   NOT NULL,
    company_id  TEXT   NOT NULL,
    tracking_no TEXT   NOT NULL,
    who         TEXT   NOT NULL,
    shipped_ms  BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
);
INSERT INTO parcels (order_id, position, carrier, company_id, tracking_no, who, shipped_ms)
    SELECT order_id, 1, carrier, '', tracking_no, who, shipped_ms FROM shipments
    WHERE NOT (carrier = '到店自取' AND tracking_no = '已取货');

-- Whether no parcel follows, and when the shopper had the goods. A collected order was received when it was handed over.
-- `carrier` and `tracking_no` stay for the version before, which may still serve: the next migration removes them.
ALTER TABLE shipments ADD COLUMN is_complete BIGINT NOT NULL DEFAULT 1;
ALTER TABLE shipments ADD COLUMN received_ms BIGINT;
UPDATE shipments SET received_ms = shipped_ms WHERE carrier = '到店自取' AND tracking_no = '已取货';

-- Beside `shipments`, for lists, as `shipped_ms`.
ALTER TABLE orders ADD COLUMN received_ms BIGINT;
UPDATE orders SET received_ms = (SELECT s.received_ms FROM shipments s WHERE s.order_id = orders.id)
    WHERE shipped_ms IS NOT NULL;
DROP INDEX orders_shipped;
CREATE INDEX orders_to_receive ON orders (id) WHERE shipped_ms IS NOT NULL AND received_ms IS NULL;
CREATE INDEX orders_received ON orders (id) WHERE received_ms IS NOT NULL;

-- The jobs that count an order as received when its time is over, for orders that were shipped before this version.
INSERT INTO jobs (id, kind, subject, run_ms, tries, leased_ms, lease, last_error)
    SELECT 'receipt:' || order_id, 'receipt', order_id, shipped_ms + 864000000, 0, 0, '', '' FROM shipments
    WHERE received_ms IS NULL ON CONFLICT (id) DO NOTHING;

-- Reports of deliveries to WeChat, for orders that were paid in the mini program.
CREATE TABLE delivery_reports (
    order_id      TEXT   PRIMARY KEY REFERENCES orders (id),
    out_trade_no  TEXT   NOT NULL,
    paid_ms       BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    version       BIGINT NOT NULL,
    upload_ms     BIGINT NOT NULL,
    is_unanswered BIGINT NOT NULL,
    is_split      BIGINT NOT NULL,
    reported_ms   BIGINT,
    wechat_state  TEXT   NOT NULL,
    code          TEXT   NOT NULL,
    message       TEXT   NOT NULL,
    changed_ms    BIGINT NOT NULL
);
CREATE INDEX delivery_reports_open ON delivery_reports (paid_ms) WHERE reported_ms IS NULL AND state <> 'not_needed';

-- The carriers that WeChat knows (get_delivery_list), and when the shop read them.
CREATE TABLE delivery_companies (
    id      TEXT   PRIMARY KEY,
    name    TEXT   NOT NULL,
    read_ms BIGINT NOT NULL
);
