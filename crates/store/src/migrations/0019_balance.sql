-- What the shopper's balance pays of an order, fen: reserved with the order, in the payment when that is booked, and in each
-- refund the part that returns to the balance.
ALTER TABLE orders ADD COLUMN balance_fee BIGINT NOT NULL DEFAULT 0 CHECK (balance_fee >= 0 AND balance_fee <= total_fee);
ALTER TABLE attempts ADD COLUMN balance_fee BIGINT NOT NULL DEFAULT 0 CHECK (balance_fee >= 0 AND balance_fee <= total_fee);
ALTER TABLE refunds ADD COLUMN balance_fee BIGINT NOT NULL DEFAULT 0 CHECK (balance_fee >= 0 AND balance_fee <= refund_fee);

-- Why a balance changed, and the changes of one shopper, newest first.
ALTER TABLE wallet_moves ADD COLUMN reason TEXT NOT NULL DEFAULT 'top_up';
UPDATE wallet_moves SET reason = 'top_up_refund' WHERE amount < 0;
UPDATE wallet_moves SET reason = 'top_up_refund_closed' WHERE amount > 0 AND id <> order_id;
CREATE INDEX wallet_moves_by_shopper ON wallet_moves (openid, at_ms, id);
