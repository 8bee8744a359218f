-- What a refund has taken from the balance of a top-up: exactly this returns where the refund is closed. And whether the
-- pieces of the order go back on the shelf once the refund has succeeded.
ALTER TABLE refunds ADD COLUMN debited BIGINT NOT NULL DEFAULT 0;
ALTER TABLE refunds ADD COLUMN restock BIGINT NOT NULL DEFAULT 0;
UPDATE refunds SET debited = COALESCE((SELECT -m.amount FROM wallet_moves m WHERE m.id = refunds.out_refund_no), 0);
CREATE INDEX refunds_open ON refunds (created_ms) WHERE state IN ('requested', 'processing', 'abnormal');

-- WeChat says that money of this payment was given back, and the books do not know how much: nothing is sent until they do.
ALTER TABLE attempts ADD COLUMN refunds_unknown BIGINT NOT NULL DEFAULT 0;

-- The refund by which a shopper's wish was granted. Where that refund was closed, the wish has `failed` and waits again.
ALTER TABLE refund_requests ADD COLUMN out_refund_no TEXT NOT NULL DEFAULT '';
UPDATE refund_requests SET state = 'failed' WHERE state = 'granted'
    AND EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = refund_requests.order_id)
    AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = refund_requests.order_id AND r.state <> 'closed');
DROP INDEX refund_requests_open;
CREATE INDEX refund_requests_waiting ON refund_requests (asked_ms) WHERE state IN ('open', 'failed');

-- Older versions called a second payment settled as soon as its refund was asked for: it is settled once that succeeded.
UPDATE differences SET resolution = '' WHERE resolution LIKE 'refunded by itself: %'
    AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.out_refund_no = substr(differences.resolution, 21) AND r.state = 'success');

-- Older versions planned no job for a refund that was made in the merchant platform.
INSERT INTO jobs (id, kind, subject, run_ms, tries, leased_ms, lease, last_error)
    SELECT 'refund:' || out_refund_no, 'refund', out_refund_no, 0, 0, 0, '', '' FROM refunds
    WHERE state IN ('requested', 'processing', 'abnormal') ON CONFLICT (id) DO NOTHING;
