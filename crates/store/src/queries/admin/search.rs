//! The search of orders: a whole number among all orders, a part of a text among the newest.

/// The number of orders whose texts a search reads. No index serves a part of a text on both databases, so the search is a
/// scan with an end: 20,000 orders back from the last day that the filter allows.
pub const SEARCHED_ORDERS: u32 = 20_000;

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

/// The orders that the text in the place `whole` names, and those of the newest that have the pattern in the place `part` in
/// their telephone number, their recipient's name or the name of a product. `end` is the place of an id that is behind all
/// ids to search.
pub(super) fn found(whole: &str, part: &str, end: Option<&str>) -> String {
    let before = end.map_or_else(String::new, |end| format!("WHERE id < {end} "));
    // the id of the oldest order whose texts are read; without so many orders there is none, and every order is read
    let from = format!(
        "COALESCE((SELECT id FROM orders {before}ORDER BY id DESC LIMIT 1 OFFSET {SEARCHED_ORDERS}), '')"
    );
    let like = |column: &str| format!("LOWER({column}) LIKE {part} ESCAPE '\\'");
    [
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
        format!("SELECT order_id FROM order_items WHERE order_id >= {from} AND {}", like("name")),
    ]
    .join(" UNION ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_wildcard_is_a_letter() {
        assert_eq!(pattern_of("50%_A\\"), "%50\\%\\_a\\\\%");
    }
}
