-- What shoppers choose of a product (colour, size): up to three names, joined with ' / '. `skus.spec` then has one value for
-- each, joined in the same way. Empty for a product whose specifications are a plain list.
ALTER TABLE products ADD COLUMN options TEXT NOT NULL DEFAULT '';
