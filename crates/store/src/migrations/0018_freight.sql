-- The parts of an order's price, fen: total_fee = lines + freight_fee - reduction_fee. Older orders have neither.
ALTER TABLE orders ADD COLUMN freight_fee BIGINT NOT NULL DEFAULT 0 CHECK (freight_fee >= 0);
ALTER TABLE orders ADD COLUMN reduction_fee BIGINT NOT NULL DEFAULT 0 CHECK (reduction_fee >= 0);
ALTER TABLE order_items ADD COLUMN reduction BIGINT NOT NULL DEFAULT 0;

-- The weight of a piece with its packing, grams; 0 if it is not known.
ALTER TABLE skus ADD COLUMN weight_g BIGINT NOT NULL DEFAULT 0 CHECK (weight_g >= 0);

-- What the delivery to some provinces costs. `provinces` has names with a space between them; empty: everywhere else.
CREATE TABLE freight_rules (
    position         BIGINT PRIMARY KEY,
    provinces        TEXT   NOT NULL,
    unit             TEXT   NOT NULL,
    first_units      BIGINT NOT NULL CHECK (first_units >= 0),
    first_fee        BIGINT NOT NULL CHECK (first_fee >= 0),
    additional_units BIGINT NOT NULL CHECK (additional_units > 0),
    additional_fee   BIGINT NOT NULL CHECK (additional_fee >= 0),
    free_from        BIGINT
);
