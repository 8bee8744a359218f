-- How many pieces of a product a shopper may buy in total; NULL: as many as there are.
ALTER TABLE products ADD COLUMN purchase_limit BIGINT CHECK (purchase_limit > 0);

-- The movements of money by their time, for the accounts.
CREATE INDEX refunds_by_end ON refunds (changed_ms) WHERE state = 'success';
CREATE INDEX wallet_moves_by_time ON wallet_moves (at_ms);
