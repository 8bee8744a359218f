-- Whether the shopper chose this address as the default.
ALTER TABLE addresses ADD COLUMN is_default BIGINT NOT NULL DEFAULT 0;
