//! The catalogue: products with their specifications, prices, stock and the paths of their pictures.

use model::{
    Fen, ProductId, Shopper, Sku,
    catalogue::{Product, SEPARATOR, SalePeriod, Specification},
    record::StockRecord,
};

use crate::{
    Store, StoreError, Update,
    driver::{Value, text},
    rows::{self, BOUGHT, BOUGHT_TAIL, STOCK},
};

impl Store {
    /// All products with their specifications, in the order of the shop's pages.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn catalogue(&self) -> Result<Vec<Product>, StoreError> {
        let sql = "SELECT p.id AS product_id, p.name AS name, p.category AS category, p.summary AS summary, \
                   p.description AS description, p.picture AS picture, p.on_sale AS on_sale, p.archived AS archived, \
                   p.version AS version, p.sale_from_ms AS sale_from_ms, p.sale_until_ms AS sale_until_ms, p.options AS options, \
                   p.purchase_limit AS purchase_limit, s.id AS sku, s.spec AS spec, s.price AS price, s.stock AS stock, \
                   s.weight_g AS weight_g \
                   FROM products p JOIN skus s ON s.product_id = p.id ORDER BY p.position, s.position";
        let mut products: Vec<Product> = Vec::new();
        for row in &self.select(sql.to_owned(), &[]).await? {
            let specification = Specification {
                sku: rows::text(row, "sku")?,
                spec: rows::text(row, "spec")?,
                price: Fen(rows::number(row, "price")?),
                stock: rows::number(row, "stock")?,
                weight_g: rows::number(row, "weight_g")?,
            };
            let id: ProductId = rows::text(row, "product_id")?;
            match products.last_mut() {
                Some(product) if product.id == id => product.skus.push(specification),
                _ => products.push(Product {
                    id,
                    name: rows::text(row, "name")?,
                    category: rows::text(row, "category")?,
                    summary: rows::text(row, "summary")?,
                    description: rows::text(row, "description")?,
                    picture: rows::text(row, "picture")?,
                    pictures: Vec::new(),
                    options: options_of(&rows::text::<String>(row, "options")?),
                    skus: vec![specification],
                    on_sale: rows::flag(row, "on_sale")?,
                    sale: rows::sale_period(row)?,
                    archived: rows::flag(row, "archived")?,
                    purchase_limit: rows::number_or_null(row, "purchase_limit")?,
                    version: rows::number(row, "version")?,
                }),
            }
        }
        let sql = "SELECT product_id, path FROM product_pictures ORDER BY product_id, position, path";
        for row in &self.select(sql.to_owned(), &[]).await? {
            let id: ProductId = rows::text(row, "product_id")?;
            if let Some(product) = products.iter_mut().find(|product| product.id == id) {
                product.pictures.push(rows::text(row, "path")?);
            }
        }
        Ok(products)
    }

    /// The version of the catalogue. Every change of the catalogue raises it; a sale does not.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn catalogue_version(&self) -> Result<i64, StoreError> {
        let rows = self.select("SELECT version FROM catalogue_version WHERE id = 1".to_owned(), &[]).await?;
        rows.first().map_or(Ok(0), |row| rows::number(row, "version"))
    }

    /// The current price and stock of every specification.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn stock(&self) -> Result<Vec<StockRecord>, StoreError> {
        self.select(STOCK.to_owned(), &[]).await?.iter().map(rows::stock).collect()
    }

    /// The current price and stock of the specifications of one product.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn stock_of(&self, product: &ProductId) -> Result<Vec<StockRecord>, StoreError> {
        let sql = format!("{STOCK} WHERE s.product_id = $1 ORDER BY s.position");
        self.select(sql, &[product.as_str()]).await?.iter().map(rows::stock).collect()
    }

    /// The current price and stock of one specification; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn stock_of_sku(&self, sku: &Sku) -> Result<Option<StockRecord>, StoreError> {
        let sql = format!("{STOCK} WHERE s.id = $1");
        self.select(sql, &[sku.as_str()]).await?.first().map(rows::stock).transpose()
    }

    /// The current price and stock of the specifications in a shopper's cart.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn stock_in_cart(&self, shopper: &Shopper) -> Result<Vec<StockRecord>, StoreError> {
        let sql = format!("{STOCK} JOIN carts c ON c.sku = s.id WHERE c.shopper = $1");
        self.select(sql, &[&shopper.to_string()]).await?.iter().map(rows::stock).collect()
    }

    /// How many pieces a shopper has bought of each product with a purchase limit. Unpaid orders count; orders that are
    /// closed or fully refunded do not.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn bought(&self, shopper: &Shopper) -> Result<Vec<(ProductId, i64)>, StoreError> {
        let sql = format!("{BOUGHT} ($1) {BOUGHT_TAIL}");
        let rows = self.select(sql, &[&shopper.to_string()]).await?;
        rows.iter().map(|row| rows::bought(row).map(|(_, product, pieces)| (product, pieces))).collect()
    }

    /// A number that grows whenever this process may have changed stock or the catalogue. Changes by other servers do
    /// not raise it.
    #[must_use]
    pub fn stock_version(&self) -> u64 {
        self.writer.stock_version()
    }
}

/// The names of a product's options.
fn options_of(joined: &str) -> Vec<String> {
    if joined.is_empty() { Vec::new() } else { joined.split(SEPARATOR).map(str::to_owned).collect() }
}

/// Changes of the catalogue. They use optimistic locks: a statement changes no row if the value differs from what the
/// editor saw.
impl Update {
    /// Raises the catalogue's version.
    #[must_use]
    pub fn raise_catalogue_version() -> Self {
        Self::new("UPDATE catalogue_version SET version = version + 1 WHERE id = 1", [])
    }

    /// Raises the catalogue's version. Changes no row if the version is no longer `seen`.
    #[must_use]
    pub fn raise_catalogue_version_from(seen: i64) -> Self {
        let sql = "UPDATE catalogue_version SET version = version + 1 WHERE id = 1 AND version = $1";
        Self::new(sql, [Value::Number(seen)])
    }

    /// Adds a product after all others: its id, texts and first picture. It is off sale. Adds no row if the id is
    /// taken.
    #[must_use]
    pub fn insert_product(product: &Product) -> Self {
        let sql = "INSERT INTO products (id, position, name, category, summary, description, picture, on_sale) \
                   SELECT $1, CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT), $2, $3, $4, $5, $6, 0 FROM products \
                   WHERE TRUE ON CONFLICT (id) DO NOTHING";
        let texts =
            [&product.name, &product.category, &product.summary, &product.description, &product.picture];
        Self::new(sql, std::iter::once(text(&product.id)).chain(texts.map(text)))
    }

    /// Changes the texts of a product. Changes no row if the product's version is no longer `product.version`.
    #[must_use]
    pub fn product_texts(product: &Product) -> Self {
        let sql = "UPDATE products SET name = $1, category = $2, summary = $3, description = $4, \
                   version = version + 1 WHERE id = $5 AND version = $6";
        let texts = [&product.name, &product.category, &product.summary, &product.description].map(text);
        Self::new(sql, texts.into_iter().chain([text(&product.id), Value::Number(product.version)]))
    }

    /// Raises a product's version.
    #[must_use]
    pub fn raise_product_version(id: &ProductId) -> Self {
        Self::new("UPDATE products SET version = version + 1 WHERE id = $1", [text(id)])
    }

    /// Raises a product's version. Changes no row if the version is no longer `seen`.
    #[must_use]
    pub fn raise_product_version_from(id: &ProductId, seen: i64) -> Self {
        let sql = "UPDATE products SET version = version + 1 WHERE id = $1 AND version = $2";
        Self::new(sql, [text(id), Value::Number(seen)])
    }

    /// Changes the sale period of a product.
    #[must_use]
    pub fn sale_period(id: &ProductId, period: SalePeriod) -> Self {
        let sql = "UPDATE products SET sale_from_ms = $1, sale_until_ms = $2 WHERE id = $3";
        let times = [Value::NumberOrNull(period.from_ms), Value::NumberOrNull(period.until_ms)];
        Self::new(sql, times.into_iter().chain([text(id)]))
    }

    /// Changes the names of a product's options.
    #[must_use]
    pub fn options(id: &ProductId, names: &[String]) -> Self {
        let sql = "UPDATE products SET options = $1 WHERE id = $2";
        Self::new(sql, [text(names.join(SEPARATOR)), text(id)])
    }

    /// Deletes a product (`true`) or restores it (`false`), and takes it off sale. Changes no row if it is deleted, or
    /// not deleted, already.
    #[must_use]
    pub fn archived(id: &ProductId, archived: bool) -> Self {
        let sql = "UPDATE products SET archived = $1, on_sale = 0, version = version + 1 WHERE id = $2 AND archived <> $3";
        Self::new(sql, [Value::Number(archived.into()), text(id), Value::Number(archived.into())])
    }

    /// Puts a product on sale, or takes it off sale. Changes no row if the product is deleted.
    #[must_use]
    pub fn on_sale(id: &ProductId, on_sale: bool) -> Self {
        let sql = "UPDATE products SET on_sale = $1, version = version + 1 WHERE id = $2 AND archived = 0";
        Self::new(sql, [Value::Number(on_sale.into()), text(id)])
    }

    /// Sets the purchase limit of a product, pieces; `None` removes it.
    #[must_use]
    pub fn purchase_limit(id: &ProductId, limit: Option<i64>) -> Self {
        let sql = "UPDATE products SET purchase_limit = $1 WHERE id = $2";
        Self::new(sql, [Value::NumberOrNull(limit), text(id)])
    }

    /// Changes the path of a product's first picture.
    #[must_use]
    pub fn product_picture(id: &ProductId, path: &str) -> Self {
        let sql = "UPDATE products SET picture = $1, version = version + 1 WHERE id = $2";
        Self::new(sql, [text(path), text(id)])
    }

    /// Adds a picture after the other pictures of a product. Adds no row if the product has `most` pictures besides the
    /// first one.
    #[must_use]
    pub fn insert_product_picture(id: &ProductId, path: &str, most: i64) -> Self {
        let sql = "INSERT INTO product_pictures (product_id, path, position) \
                   SELECT $1, $2, CAST((SELECT COALESCE(MAX(position), 0) + 1 FROM product_pictures WHERE product_id = $3) \
                   AS BIGINT) WHERE (SELECT COUNT(*) FROM product_pictures WHERE product_id = $4) < $5";
        Self::new(sql, [text(id), text(path), text(id), text(id), Value::Number(most)])
    }

    /// Removes a picture of a product. The first picture is not in this table.
    #[must_use]
    pub fn delete_product_picture(id: &ProductId, path: &str) -> Self {
        let sql = "DELETE FROM product_pictures WHERE product_id = $1 AND path = $2";
        Self::new(sql, [text(id), text(path)])
    }

    /// Sets the position of a picture of a product. The first picture is not in this table.
    #[must_use]
    pub fn place_product_picture(id: &ProductId, path: &str, position: i64) -> Self {
        let sql = "UPDATE product_pictures SET position = $1 WHERE product_id = $2 AND path = $3";
        Self::new(sql, [Value::Number(position), text(id), text(path)])
    }

    /// Adds a specification after the others of its product. Adds no row if the id is taken.
    #[must_use]
    pub fn insert_sku(product: &ProductId, new: &Specification) -> Self {
        let sql = "INSERT INTO skus (id, product_id, position, spec, price, stock, weight_g) \
                   SELECT $1, $2, CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT), $3, $4, $5, $6 FROM skus \
                   WHERE product_id = $7 ON CONFLICT (id) DO NOTHING";
        let values = [
            text(&new.sku),
            text(product),
            text(&new.spec),
            Value::Number(new.price.0),
            Value::Number(new.stock),
            Value::Number(new.weight_g),
            text(product),
        ];
        Self::new(sql, values)
    }

    /// Changes the name and the price of a specification. Changes no row if the price is no longer `seen`.
    #[must_use]
    pub fn sku_price(sku: &Sku, spec: &str, price: Fen, seen: Fen) -> Self {
        let sql = "UPDATE skus SET spec = $1, price = $2 WHERE id = $3 AND price = $4";
        Self::new(sql, [text(spec), Value::Number(price.0), text(sku), Value::Number(seen.0)])
    }

    /// Sets the weight of a piece, grams.
    #[must_use]
    pub fn sku_weight(sku: &Sku, weight_g: i64) -> Self {
        Self::new("UPDATE skus SET weight_g = $1 WHERE id = $2", [Value::Number(weight_g), text(sku)])
    }

    /// Sets the stock of a specification. Changes no row if the stock is no longer `seen`.
    #[must_use]
    pub fn set_stock(sku: &Sku, stock: i64, seen: i64) -> Self {
        let sql = "UPDATE skus SET stock = $1 WHERE id = $2 AND stock = $3";
        Self::new(sql, [Value::Number(stock), text(sku), Value::Number(seen)])
    }

    /// Adds pieces to a stock; `pieces` may be negative. Changes no row if the result is not from 0 to `largest`.
    #[must_use]
    pub fn add_stock(sku: &Sku, pieces: i64, largest: i64) -> Self {
        let sql = "UPDATE skus SET stock = stock + $1 WHERE id = $2 AND stock + $3 BETWEEN 0 AND $4";
        let values = [Value::Number(pieces), text(sku), Value::Number(pieces), Value::Number(largest)];
        Self::new(sql, values)
    }
}
