-- The console's list of shipped orders: newest first, by key.
CREATE INDEX orders_shipped ON orders (id) WHERE shipped_ms IS NOT NULL;
