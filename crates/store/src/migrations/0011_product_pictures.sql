-- The further pictures of a product, after products.picture, in the order of the page.
CREATE TABLE product_pictures (
    product_id TEXT   NOT NULL REFERENCES products (id),
    path       TEXT   NOT NULL,
    position   BIGINT NOT NULL,
    PRIMARY KEY (product_id, path)
);
