-- When shoppers can order a product that is on sale: from `sale_from_ms`, and until `sale_until_ms`. NULL is no limit.
ALTER TABLE products ADD COLUMN sale_from_ms BIGINT;
ALTER TABLE products ADD COLUMN sale_until_ms BIGINT;
