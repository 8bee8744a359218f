-- How many pieces of a product a shopper may buy in total; NULL: as many as there are.
ALTER TABLE products ADD COLUMN purchase_limit BIGINT CHECK (purchase_limit > 0);
