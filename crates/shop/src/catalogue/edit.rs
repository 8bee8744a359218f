//! What the merchant changes of the catalogue. An order keeps what was bought at the price it was bought for.

use model::{Fen, ProductId, Sku};

use super::Product;
use crate::{
    Right, Shop, ShopError, Staff,
    ids::digits,
    store::{Edit, Value, text},
    typed,
};

/// Fen of a price at most: a million yuan.
const HIGHEST_PRICE: i64 = 100_000_000;

/// Pieces of a stock at most.
const LARGEST_STOCK: i64 = 1_000_000;

/// The words of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductWords {
    /// Its name.
    pub name: String,
    /// The shelf it stands on.
    pub category: String,
    /// One line.
    pub summary: String,
    /// A paragraph or more.
    pub description: String,
}

/// A new thing that a product comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSpecification {
    /// Colour, size; empty where there is one form only.
    pub spec: String,
    /// What a piece costs.
    pub price: Fen,
    /// How many there are.
    pub stock: i64,
}

/// How a stock is corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockChange {
    /// So many are there; refused if meanwhile there are no longer as many as the editor saw.
    To {
        /// What the editor saw.
        seen: i64,
        /// What is there.
        stock: i64,
    },
    /// So many have come, or less than nothing: have gone.
    By(i64),
}

impl ProductWords {
    fn checked(&self) -> Result<Self, ShopError> {
        let words = Self {
            name: typed::line(&self.name),
            category: typed::line(&self.category),
            summary: typed::line(&self.summary),
            description: typed::lines(&self.description),
        };
        let line =
            |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(char::is_control);
        if words.name.is_empty() || !line(&words.name, 60) {
            return Err(ShopError::Invalid("请填写商品名称，不超过 60 个字"));
        }
        if words.category.is_empty() || !line(&words.category, 20) {
            return Err(ShopError::Invalid("请填写分类，不超过 20 个字"));
        }
        if !line(&words.summary, 100) {
            return Err(ShopError::Invalid("一句话介绍不超过 100 个字"));
        }
        if words.description.chars().count() > 5000 {
            return Err(ShopError::Invalid("商品介绍不超过 5000 个字"));
        }
        Ok(words)
    }
}

fn spec_of(text: &str) -> Result<String, ShopError> {
    let text = typed::line(text);
    if text.chars().count() > 40 || text.chars().any(char::is_control) {
        return Err(ShopError::Invalid("规格名称不超过 40 个字"));
    }
    Ok(text)
}

fn price_of(price: Fen) -> Result<Value, ShopError> {
    if (1..=HIGHEST_PRICE).contains(&price.0) {
        Ok(Value::Number(price.0))
    } else {
        Err(ShopError::Invalid("价格为 0.01 元至 1000000 元"))
    }
}

fn stock_of(stock: i64) -> Result<Value, ShopError> {
    if (0..=LARGEST_STOCK).contains(&stock) {
        Ok(Value::Number(stock))
    } else {
        Err(ShopError::Invalid("库存为 0 至 1000000 件"))
    }
}

impl Shop {
    /// Changes the words of a product, if nobody else has since the editor saw it.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::Invalid`], [`ShopError::Changed`] also where there is no such product,
    /// or a failing database; so for each of these.
    pub async fn change_product(
        &self,
        staff: &Staff,
        id: &ProductId,
        seen: i64,
        words: &ProductWords,
    ) -> Result<(), ShopError> {
        let words = words.checked()?;
        let sql = "UPDATE products SET name = $1, category = $2, summary = $3, description = $4, \
                   version = version + 1 WHERE id = $5 AND version = $6";
        let detail = format!("{id}: {} / {} / {}", words.name, words.category, words.summary);
        let values = [
            text(words.name),
            text(words.category),
            text(words.summary),
            text(words.description),
            text(id),
            Value::Number(seen),
        ];
        self.edit_catalogue(staff, "change product", detail, vec![Edit::new(sql, values)]).await
    }

    /// Adds a product with one specification, off the shelf: it is put there once it looks right.
    ///
    /// # Errors
    /// As [`Shop::change_product`].
    pub async fn add_product(
        &self,
        staff: &Staff,
        words: &ProductWords,
        first: &NewSpecification,
    ) -> Result<ProductId, ShopError> {
        let words = words.checked()?;
        let id: ProductId =
            format!("p{}", digits(self.ids(), 12)).parse().map_err(|_| ShopError::NotFound)?;
        let detail = format!("{id}: {}, {} fen, {} pieces", words.name, first.price.0, first.stock);
        let sql = "INSERT INTO products (id, position, name, category, summary, description, picture, on_sale) \
                   SELECT $1, CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT), $2, $3, $4, $5, '/pictures/shop.svg', 0 \
                   FROM products";
        let values =
            [text(&id), text(words.name), text(words.category), text(words.summary), text(words.description)];
        let edits = vec![Edit::new(sql, values), self.new_sku(&id, first)?];
        self.edit_catalogue(staff, "add product", detail, edits).await?;
        Ok(id)
    }

    /// Adds a specification to a product.
    ///
    /// # Errors
    /// As [`Shop::change_product`].
    pub async fn add_sku(
        &self,
        staff: &Staff,
        id: &ProductId,
        new: &NewSpecification,
    ) -> Result<(), ShopError> {
        let detail = format!("{id}: {}, {} fen, {} pieces", new.spec, new.price.0, new.stock);
        let touch = Edit::new("UPDATE products SET version = version + 1 WHERE id = $1", [text(id)]);
        self.edit_catalogue(staff, "add sku", detail, vec![touch, self.new_sku(id, new)?]).await
    }

    fn new_sku(&self, id: &ProductId, new: &NewSpecification) -> Result<Edit, ShopError> {
        let sql = "INSERT INTO skus (id, product_id, position, spec, price, stock) \
                   SELECT $1, $2, CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT), $3, $4, $5 FROM skus \
                   WHERE product_id = $6";
        let sku = format!("s{}", digits(self.ids(), 14));
        let (spec, price, stock) = (spec_of(&new.spec)?, price_of(new.price)?, stock_of(new.stock)?);
        Ok(Edit::new(sql, [text(sku), text(id), text(spec), price, stock, text(id)]))
    }

    /// Changes the name and the price of a specification, if the price is still the one that the editor saw. It counts
    /// for orders from now on.
    ///
    /// # Errors
    /// As [`Shop::change_product`].
    pub async fn change_sku(
        &self,
        staff: &Staff,
        sku: &Sku,
        seen: Fen,
        price: Fen,
        spec: &str,
    ) -> Result<(), ShopError> {
        let detail = format!("{sku}: {spec}, {} fen, was {} fen", price.0, seen.0);
        let sql = "UPDATE skus SET spec = $1, price = $2 WHERE id = $3 AND price = $4";
        let values = [text(spec_of(spec)?), price_of(price)?, text(sku), Value::Number(seen.0)];
        self.edit_catalogue(staff, "change sku", detail, vec![Edit::new(sql, values)]).await
    }

    /// Corrects how many pieces are there.
    ///
    /// # Errors
    /// As [`Shop::change_product`]; [`ShopError::Changed`] also where fewer are there than are taken away.
    pub async fn correct_stock(
        &self,
        staff: &Staff,
        sku: &Sku,
        change: StockChange,
    ) -> Result<(), ShopError> {
        let (detail, edit) = match change {
            StockChange::To { seen, stock } => {
                let sql = "UPDATE skus SET stock = $1 WHERE id = $2 AND stock = $3";
                let values = [stock_of(stock)?, text(sku), Value::Number(seen)];
                (format!("{sku}: {seen} to {stock}"), Edit::new(sql, values))
            }
            StockChange::By(pieces) => {
                if pieces == 0 || !(-LARGEST_STOCK..=LARGEST_STOCK).contains(&pieces) {
                    return Err(ShopError::Invalid("增减数量为 1 至 1000000 件"));
                }
                let sql =
                    "UPDATE skus SET stock = stock + $1 WHERE id = $2 AND stock + $3 BETWEEN 0 AND 1000000";
                let values = [Value::Number(pieces), text(sku), Value::Number(pieces)];
                (format!("{sku}: {pieces:+}"), Edit::new(sql, values))
            }
        };
        self.edit_catalogue(staff, "correct stock", detail, vec![edit]).await
    }

    /// Puts a product on the shelf, or takes it off: then nobody can order it.
    ///
    /// # Errors
    /// As [`Shop::change_product`].
    pub async fn put_on_sale(&self, staff: &Staff, id: &ProductId, on_sale: bool) -> Result<(), ShopError> {
        let what = if on_sale { "on the shelf" } else { "off the shelf" };
        let sql = "UPDATE products SET on_sale = $1, version = version + 1 WHERE id = $2";
        let values = [Value::Number(on_sale.into()), text(id)];
        self.edit_catalogue(staff, what, id.to_string(), vec![Edit::new(sql, values)]).await
    }

    /// A product as it is now, with its stock, wherever it stands.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database.
    pub async fn product_now(&self, id: &str) -> Result<Product, ShopError> {
        let catalogue = super::Catalogue::read(self.store()).await?;
        catalogue.product(id).cloned().ok_or(ShopError::NotFound)
    }

    pub(super) async fn edit_catalogue(
        &self,
        staff: &Staff,
        what: &str,
        detail: String,
        mut edits: Vec<Edit>,
    ) -> Result<(), ShopError> {
        staff.check(Right::Catalogue)?;
        let version = "UPDATE catalogue_version SET version = version + 1 WHERE id = 1";
        edits.push(Edit::new(version, []));
        let audit = self.audit_row(staff.name.as_str(), what, detail);
        if !self.store().edit("changing the catalogue", edits, audit).await? {
            return Err(ShopError::Changed);
        }
        Ok(self.refresh_catalogue().await?)
    }
}
