-- A product that staff deleted. It is not on sale, orders that hold it keep it, and staff can restore it.
ALTER TABLE products ADD COLUMN archived BIGINT NOT NULL DEFAULT 0;
