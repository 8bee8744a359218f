//! The search of orders: a whole number or name in all orders, a part of a text in the newest orders.

use model::admin::{FoundBy, ListedOrder, OrderFilter};

use super::order_list::end_of;
use crate::{Store, StoreError, rows};

/// The number of orders whose texts a search reads: the newest ones up to the filter's last day. SQLite and PostgreSQL
/// have no common index for a part of a text, so the search scans these orders.
pub const SEARCHED_ORDERS: u32 = 20_000;

/// The maximum number of words of a search. An order must contain all of them: `小美 5678`, `139 0000 5678`.
pub(super) const SEARCHED_WORDS: usize = 6;

/// The minimum number of digits that a search compares with the end of an order's id.
pub(super) const SHORTEST_TAIL: usize = 4;

/// A search for four digits: people read out the end of a telephone number or of an order's id. So the digits are
/// compared with the end only; anywhere in a number they would match too many orders.
pub(super) fn tail_of(search: &str) -> Option<&str> {
    let text = search.trim();
    (text.len() == SHORTEST_TAIL && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// Of the newest orders: those whose telephone number or id ends with the digits in the placeholder `whole`.
pub(super) fn found_by_tail(whole: &str, from: &str) -> String {
    // PostgreSQL cannot infer the type of the value here
    let end = format!("LIKE '%' || CAST({whole} AS TEXT)");
    format!(
        "SELECT id FROM orders WHERE id >= {from} AND id {end} UNION \
         SELECT order_id FROM deliveries WHERE order_id >= {from} AND phone {end}"
    )
}

/// Whether the list shows a text that contains the word.
fn shows(order: &ListedOrder, word: &str) -> bool {
    let shown = [order.id.as_str(), &order.name, &order.phone, &order.items];
    shown.into_iter().any(|text| text.to_lowercase().contains(word))
}

/// The `LIKE` pattern for a text at any place, in lower case. `%` and `_` in the text are escaped.
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

/// The placeholders of one word of a search.
pub(super) struct Places<'a> {
    /// The word as typed.
    pub(super) whole: &'a str,
    /// The pattern of its parts.
    pub(super) part: &'a str,
    /// The oldest order whose texts are read.
    pub(super) from: &'a str,
}

/// The orders that a word finds: by a whole number or name in all orders; by a part of the telephone number, the
/// recipient's name, a product, a specification or a tracking number in the newest orders. A number also finds newest
/// orders whose id ends with it.
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
    // people read out the end of an order's id
    let tail = format!("SELECT id FROM orders WHERE id >= {from} AND id LIKE '%' || {whole}");
    found.into_iter().chain(is_number.then_some(tail)).collect::<Vec<_>>().join(" UNION ")
}

/// Wraps a number as the variant of its source.
type Found = fn(String) -> FoundBy;

impl Store {
    /// The id of the oldest order whose texts a search reads; empty if it reads all. It is a separate statement, so
    /// that PostgreSQL knows the range and uses the primary key.
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
    /// Adds to each order the numbers by which the search found it, if the list does not show a word of the search.
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
                // a search finds a part of a tracking number, but only the whole of other numbers
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
