//! The rows of pictures: of products (`pictures`) and of after-sales (`after_sale_pictures`). The bytes are in the row,
//! or in a folder or a bucket under the key in the column `object`. During a move they can be in both.

use model::{
    AfterSaleId, OrderId,
    record::{PictureOwner, PictureRecord, PictureRow},
};

use crate::{
    Store, StoreError, Update,
    driver::{Row, Value, text},
    rows,
};

const CONTEXT: &str = "moving a picture";

/// One step of moving a picture between the database and a folder or a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureMove {
    /// Out of the database, before the bytes are written: the row gets this key and keeps its bytes.
    Name(String),
    /// Out of the database, after the bytes are under this key: the row loses its bytes.
    RemoveBytes(String),
    /// Into the database: the row with this key gets the bytes.
    AddBytes(String, Vec<u8>),
    /// Into the database, after the object under this key is deleted: the row loses the key.
    RemoveName(String),
}

fn picture(row: &Row) -> Result<PictureRecord, StoreError> {
    Ok(PictureRecord {
        media_type: rows::text(row, "media_type")?,
        bytes: rows::bytes(row, "bytes")?,
        object: rows::text(row, "object")?,
    })
}

/// An SQL expression: 1 if the row has the bytes of its picture, otherwise 0.
const INSIDE: &str = "CAST(CASE WHEN length(bytes) > 0 THEN 1 ELSE 0 END AS BIGINT)";

fn picture_row(owner: PictureOwner, row: &Row) -> Result<PictureRow, StoreError> {
    Ok(PictureRow { owner, object: rows::text(row, "object")?, is_inside: rows::flag(row, "inside")? })
}

impl Store {
    /// A product's picture; `None` if it does not exist. `id` is the hash of the bytes.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn picture(&self, id: &str) -> Result<Option<PictureRecord>, StoreError> {
        let sql = "SELECT media_type, bytes, object FROM pictures WHERE id = $1".to_owned();
        self.select(sql, &[id]).await?.first().map(picture).transpose()
    }

    /// A picture of an after-sale; `None` if it does not exist. Pictures are numbered from 1.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn after_sale_picture(
        &self,
        id: &AfterSaleId,
        number: i64,
    ) -> Result<Option<PictureRecord>, StoreError> {
        let sql = format!(
            "SELECT media_type, bytes, object FROM after_sale_pictures WHERE after_sale_id = $1 AND number = {number}"
        );
        self.select(sql, &[id.as_str()]).await?.first().map(picture).transpose()
    }

    /// The picture of a row.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn picture_of(&self, owner: &PictureOwner) -> Result<Option<PictureRecord>, StoreError> {
        match owner {
            PictureOwner::Product(id) => self.picture(id).await,
            PictureOwner::AfterSale(id, number) => self.after_sale_picture(id, *number).await,
        }
    }

    /// A page of the rows of pictures, without the bytes; those of products come first: at most `limit`. It begins
    /// after `after`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn picture_rows(
        &self,
        after: Option<&PictureOwner>,
        limit: usize,
    ) -> Result<Vec<PictureRow>, StoreError> {
        let mut found = Vec::new();
        if !matches!(after, Some(PictureOwner::AfterSale(..))) {
            let sql = format!(
                "SELECT id, object, {INSIDE} AS inside FROM pictures WHERE id > $1 ORDER BY id LIMIT {limit}"
            );
            let behind = match after {
                Some(PictureOwner::Product(id)) => id,
                _ => "",
            };
            for row in &self.select(sql, &[behind]).await? {
                let owner = PictureOwner::Product(rows::text(row, "id")?);
                found.push(picture_row(owner, row)?);
            }
        }
        if found.len() < limit {
            let (behind, number) = match after {
                Some(PictureOwner::AfterSale(id, number)) => (id.as_str(), *number),
                _ => ("", 0),
            };
            let sql = format!(
                "SELECT after_sale_id, number, object, {INSIDE} AS inside FROM after_sale_pictures WHERE after_sale_id > $1 OR \
                 (after_sale_id = $2 AND number > {number}) ORDER BY after_sale_id, number LIMIT {}",
                limit - found.len()
            );
            for row in &self.select(sql, &[behind, behind]).await? {
                let owner =
                    PictureOwner::AfterSale(rows::text(row, "after_sale_id")?, rows::number(row, "number")?);
                found.push(picture_row(owner, row)?);
            }
        }
        Ok(found)
    }

    /// Applies one step of a move to a row. Returns `false` if the row is gone, or another process has changed it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn move_picture(&self, owner: &PictureOwner, step: PictureMove) -> Result<bool, StoreError> {
        let (set, tail) = match &step {
            PictureMove::Name(_) => ("object = $1", "length(bytes) > 0 AND object = ''"),
            PictureMove::RemoveBytes(_) => ("bytes = $1", "object = $2"),
            PictureMove::AddBytes(..) => ("bytes = $1", "object = $2"),
            PictureMove::RemoveName(_) => ("object = $1", "length(bytes) > 0 AND object = $2"),
        };
        let mut values = match step {
            PictureMove::Name(key) => vec![text(key)],
            PictureMove::RemoveBytes(key) => vec![Value::Bytes(Vec::new()), text(key)],
            PictureMove::AddBytes(key, bytes) => vec![Value::Bytes(bytes), text(key)],
            PictureMove::RemoveName(key) => vec![text(""), text(key)],
        };
        let place = values.len() + 1;
        let sql = match owner {
            PictureOwner::Product(id) => {
                values.push(text(id));
                format!("UPDATE pictures SET {set} WHERE {tail} AND id = ${place}")
            }
            PictureOwner::AfterSale(id, number) => {
                values.push(text(id));
                format!(
                    "UPDATE after_sale_pictures SET {set} WHERE {tail} AND after_sale_id = ${place} AND number = {number}"
                )
            }
        };
        self.exclusive(move |connection| {
            Box::pin(async move { Ok(connection.execute(CONTEXT, &sql, values).await? == 1) })
        })
        .await
    }

    /// The number of pictures whose bytes are only in a folder or a bucket.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn pictures_outside(&self) -> Result<i64, StoreError> {
        self.count_pictures(0).await
    }

    /// The number of pictures whose bytes are in the database.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn pictures_inside(&self) -> Result<i64, StoreError> {
        self.count_pictures(1).await
    }

    async fn count_pictures(&self, inside: u8) -> Result<i64, StoreError> {
        let sql = format!(
            "SELECT CAST((SELECT COUNT(*) FROM pictures WHERE {INSIDE} = {inside}) + \
             (SELECT COUNT(*) FROM after_sale_pictures WHERE {INSIDE} = {inside}) AS BIGINT) AS pictures"
        );
        self.select(sql, &[]).await?.first().map_or(Ok(0), |row| rows::number(row, "pictures"))
    }

    /// Whether a row has this key and no bytes, so that it still needs the object.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn is_picture_only_outside(&self, key: &str) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT id AS owner FROM pictures WHERE object = $1 AND {INSIDE} = 0 UNION ALL \
             SELECT after_sale_id AS owner FROM after_sale_pictures WHERE object = $2 AND {INSIDE} = 0 LIMIT 1"
        );
        Ok(!self.select(sql, &[key, key]).await?.is_empty())
    }

    /// The keys in a folder or a bucket of all after-sale pictures of an order.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn after_sale_objects(&self, id: &OrderId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT p.object AS object FROM after_sale_pictures p JOIN after_sales a ON a.id = p.after_sale_id \
                   WHERE a.order_id = $1 AND p.object <> ''";
        let rows = self.select(sql.to_owned(), &[id.as_str()]).await?;
        rows.iter().map(|row| rows::text(row, "object")).collect()
    }

    /// Plans the `unused_pictures` job of an order at `run_ms`. If the job runs now, it runs again then.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn plan_unused_pictures(&self, id: &OrderId, run_ms: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO jobs (id, kind, subject, run_ms, tries, leased_ms, lease, last_error) \
                   VALUES ($1, 'unused_pictures', $2, $3, 0, 0, '', '') ON CONFLICT (id) DO UPDATE SET \
                   run_ms = excluded.run_ms, leased_ms = 0, lease = ''";
        let values = vec![text(format!("unused_pictures:{id}")), text(id), Value::Number(run_ms)];
        self.execute("planning a job", sql, values).await
    }
}

/// The statement that plans the `unused_pictures` jobs of the orders that the subquery `of_orders` selects. It runs in
/// the transaction that deletes the rows of the pictures.
pub(in crate::queries) fn unused_pictures_sql(of_orders: &str, run_ms: i64) -> String {
    format!(
        "INSERT INTO jobs (id, kind, subject, run_ms, tries, leased_ms, lease, last_error) \
         SELECT DISTINCT 'unused_pictures:' || a.order_id, 'unused_pictures', a.order_id, CAST({run_ms} AS BIGINT), \
         CAST(0 AS BIGINT), CAST(0 AS BIGINT), '', '' FROM after_sales a JOIN after_sale_pictures p ON p.after_sale_id = a.id \
         WHERE p.object <> '' AND a.order_id IN ({of_orders}) \
         ON CONFLICT (id) DO UPDATE SET run_ms = excluded.run_ms, leased_ms = 0, lease = ''"
    )
}

impl Update {
    /// Inserts or updates a product's picture. For a known picture it updates the time, and adds the bytes or the key
    /// to the row.
    #[must_use]
    pub fn upsert_picture(id: &str, picture: PictureRecord, now_ms: i64) -> Self {
        let sql = "INSERT INTO pictures (id, media_type, bytes, at_ms, object) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms, \
                   bytes = CASE WHEN length(excluded.bytes) > 0 THEN excluded.bytes ELSE pictures.bytes END, \
                   object = CASE WHEN excluded.object = '' THEN pictures.object ELSE excluded.object END";
        let bytes = Value::Bytes(picture.bytes);
        let values = [text(id), text(picture.media_type), bytes, Value::Number(now_ms), text(picture.object)];
        Self::new(sql, values)
    }
}
