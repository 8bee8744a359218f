//! The search of orders: a complete number or name in all orders, a part of a text in the newest.

use model::admin::{FoundBy, ListedOrder, OrderFilter};

use super::order_list::end_of;
use crate::{Store, StoreError, rows};

/// The number of orders whose texts a search reads. No index serves a part of a text on both databases, so the search is a
/// scan with an end: 20,000 orders back from the last day that the filter allows.
pub const SEARCHED_ORDERS: u32 = 20_000;

/// The number of words of a search that are looked for. An order has all of them: `小美 5678`, `139 0000 5678`.
pub(super) const SEARCHED_WORDS: usize = 6;

/// The fewest digits that are looked for at the end of an order's number.
pub(super) const SHORTEST_TAIL: usize = 4;

/// A search for four digits: people read out the end of a telephone number or of an order's number. Parts of longer numbers would
/// bury what they look for.
pub(super) fn tail_of(search: &str) -> Option<&str> {
    let text = search.trim();
    (text.len() == SHORTEST_TAIL && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// The newest orders whose telephone number or own number ends with the digits at the place `whole`.
pub(super) fn found_by_tail(whole: &str, from: &str) -> String {
    // the cast says the value's type where nothing else does
    let end = format!("LIKE '%' || CAST({whole} AS TEXT)");
    format!(
        "SELECT id FROM orders WHERE id >= {from} AND id {end} UNION \
         SELECT order_id FROM deliveries WHERE order_id >= {from} AND phone {end}"
    )
}

/// Whether the list shows what the word found.
fn shows(order: &ListedOrder, word: &str) -> bool {
    let shown = [order.id.as_str(), &order.name, &order.phone, &order.items];
    shown.into_iter().any(|text| text.to_lowercase().contains(word))
}

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

/// Makes the word for what was found of a number.
type Found = fn(String) -> FoundBy;

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

impl Store {
    /// Writes into the orders of a list by which numbers the search found them, where the list shows none of its words.
    pub(super) async fn add_found_by(
        &self,
        search: &str,
        orders: &mut [ListedOrder],
    ) -> Result<(), StoreError> {
        let words: Vec<String> =
            search.split_whitespace().take(SEARCHED_WORDS).map(str::to_lowercase).collect();
        let is_hidden = |order: &&ListedOrder| words.iter().any(|word| !shows(order, word));
        let hidden: Vec<String> = orders.iter().filter(is_hidden).map(|order| order.id.to_string()).collect();
        let ids: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let sources: [(&str, Found); 4] = [
            ("SELECT order_id, tracking_no AS number FROM parcels", FoundBy::TrackingNo),
            ("SELECT order_id, out_trade_no AS number FROM attempts", FoundBy::OutTradeNo),
            ("SELECT order_id, transaction_id AS number FROM attempts", FoundBy::TransactionId),
            ("SELECT order_id, out_refund_no AS number FROM refunds", FoundBy::OutRefundNo),
        ];
        for (head, found_by) in sources {
            for row in self.select_of_orders(head, &ids, "ORDER BY order_id").await? {
                let number: Option<String> = rows::text_or_null(&row, "number")?;
                let id: String = rows::text(&row, "order_id")?;
                let Some(number) = number else { continue };
                // a part of a tracking number, and the whole of another number
                let found = found_by(number.clone());
                let is_part = matches!(found, FoundBy::TrackingNo(_));
                let number = number.to_lowercase();
                let is_found = words.iter().any(|word| number == *word || (is_part && number.contains(word)));
                let order = orders.iter_mut().find(|order| is_found && order.id.as_str() == id);
                if let Some(order) = order {
                    order.found_by.push(found);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_alone_are_an_end() {
        assert_eq!((tail_of(" 8000 "), tail_of("0077")), (Some("8000"), Some("0077")));
        for other in ["800", "80000", "8000 小明", "80a0", ""] {
            assert_eq!(tail_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_typed_wildcard_is_a_letter() {
        assert_eq!(pattern_of("50%_A\\"), "%50\\%\\_a\\\\%");
    }
}
