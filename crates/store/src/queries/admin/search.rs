//! The search of orders: a complete number or name in all orders, a part of a text in the newest.

use model::admin::OrderFilter;

use super::order_list::end_of;
use crate::{Store, StoreError, rows};

/// The number of orders whose texts a search reads. No index serves a part of a text on both databases, so the search is a
/// scan with an end: 20,000 orders back from the last day that the filter allows.
pub const SEARCHED_ORDERS: u32 = 20_000;

/// The number of words of a search that are looked for. An order has all of them: `小美 5678`, `139 0000 5678`.
pub(super) const SEARCHED_WORDS: usize = 6;

/// The fewest digits that are looked for at the end of an order's number.
pub(super) const SHORTEST_TAIL: usize = 4;

/// What `LIKE` looks for: this text in any place, in lower case, with `%` and `_` as they are.
pub(super) fn pattern_of(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Where the words of a search stand among the values that are bound.
pub(super) struct Places<'a> {
    /// The word as typed.
    pub(super) whole: &'a str,
    /// The pattern of its parts.
    pub(super) part: &'a str,
    /// The oldest order whose texts are read.
    pub(super) from: &'a str,
}

/// The orders that the word names, and those of the newest that have the pattern in their telephone number, their recipient's
/// name, a product and its specification, or a parcel; for a number also those whose own number ends with it.
pub(super) fn found(places: &Places<'_>, is_number: bool) -> String {
    let Places { whole, part, from } = places;
    let like = |column: &str| format!("LOWER({column}) LIKE {part} ESCAPE '\\'");
    let found = [
        format!("SELECT id FROM orders WHERE id = {whole}"),
        format!("SELECT order_id FROM attempts WHERE out_trade_no = {whole}"),
        format!("SELECT order_id FROM attempts WHERE transaction_id = {whole}"),
        format!("SELECT order_id FROM refunds WHERE out_refund_no = {whole}"),
        format!("SELECT order_id FROM deliveries WHERE phone = {whole}"),
        format!("SELECT order_id FROM deliveries WHERE name = {whole}"),
        format!(
            "SELECT order_id FROM deliveries WHERE order_id >= {from} AND ({} OR {})",
            like("phone"),
            like("name")
        ),
        format!(
            "SELECT order_id FROM order_items WHERE order_id >= {from} AND ({} OR {})",
            like("name"),
            like("spec")
        ),
        format!("SELECT order_id FROM parcels WHERE order_id >= {from} AND {}", like("tracking_no")),
    ];
    // people read out the end of an order's number
    let tail = format!("SELECT id FROM orders WHERE id >= {from} AND id LIKE '%' || {whole}");
    found.into_iter().chain(is_number.then_some(tail)).collect::<Vec<_>>().join(" UNION ")
}

impl Store {
    /// The id of the oldest order whose texts a search reads; empty if it reads all. A statement of its own, so that
    /// PostgreSQL knows how few rows the range has, and reads it by the primary key.
    pub(super) async fn searched_from(&self, filter: &OrderFilter) -> Result<String, StoreError> {
        if filter.search.trim().is_empty() {
            return Ok(String::new());
        }
        let end = end_of(filter);
        let before = if end.is_some() { "WHERE id < $1 " } else { "" };
        let sql = format!("SELECT id FROM orders {before}ORDER BY id DESC LIMIT 1 OFFSET {SEARCHED_ORDERS}");
        let bound: Vec<&str> = end.iter().map(String::as_str).collect();
        let rows = self.select_long(sql, &bound).await?;
        rows.first().map_or(Ok(String::new()), |row| rows::text(row, "id"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_wildcard_is_a_letter() {
        assert_eq!(pattern_of("50%_A\\"), "%50\\%\\_a\\\\%");
    }
}
