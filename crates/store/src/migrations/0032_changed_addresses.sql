-- When the shopper changed the address of a paid order; NULL if they did not.
ALTER TABLE deliveries ADD COLUMN changed_ms BIGINT;
