//! The console's list of orders, newest first, with keyset pagination.

use model::{
    Fen,
    admin::{ListedOrder, OrderFilter},
    order::{Money, OrderKind, Standing},
    record::{AfterSaleRecord, pieces_in_words},
};

use super::{
    attention::{HAS_PIECES, Overdue, conditions_of, reasons},
    search::{Places, SEARCHED_WORDS, SHORTEST_TAIL, found, found_by_tail, pattern_of, tail_of},
};
use crate::{Store, StoreError, driver::Row, queries::after_sales::WAITING, rows};

/// The columns that [`standing`] reads.
pub(super) const MONEY: &str = "p.total_fee AS paid_fee, p.refunded AS refunded, p.refunding AS refunding, \
     p.refunds_unknown AS refunds_unknown";

/// The attempt that paid an order `o`.
pub(super) const PAID_BY: &str = "LEFT JOIN attempts p ON p.out_trade_no = o.paid_out_trade_no";

/// The beginning of the ids of a day: `20261121` for `2026-11-21`. `None` for other text.
fn digits_of(day: &str) -> Option<String> {
    let day: jiff::civil::Date = day.parse().ok()?;
    (day.year() >= 2000).then(|| format!("{:04}{:02}{:02}", day.year(), day.month(), day.day()))
}

/// A text that sorts after all ids of the filter's last day: the hour in an id begins with 0 to 2, so `9` is greater.
pub(super) fn end_of(filter: &OrderFilter) -> Option<String> {
    filter.to.as_deref().and_then(digits_of).map(|to| to + "9")
}

/// The condition on `orders AS o` for a filter, and its bound values. `searched_from` is the oldest order whose texts
/// the search reads.
pub(super) fn condition(
    filter: &OrderFilter,
    limit: usize,
    overdue: Overdue,
    searched_from: &str,
) -> (String, Vec<String>) {
    let mut bound: Vec<String> = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    let mut bind = |value: String| {
        bound.push(value);
        format!("${}", bound.len())
    };
    if let Some(before) = &filter.before {
        conditions.push(format!("o.id < {}", bind(before.to_string())));
    }
    if let Some(from) = filter.from.as_deref().and_then(digits_of) {
        conditions.push(format!("o.id >= {}", bind(from)));
    }
    if let Some(end) = end_of(filter) {
        conditions.push(format!("o.id < {}", bind(end)));
    }
    if let Some(state) = filter.state {
        conditions.push(format!("o.state = {}", bind(state.to_string())));
    }
    // not bound as a value, so that the database can use a partial index
    if let Some(kind) = filter.kind {
        conditions.push(format!("o.kind = '{kind}'"));
    }
    let tail = tail_of(&filter.search);
    if let Some(tail) = tail {
        let (whole, from) = (bind(tail.to_owned()), bind(searched_from.to_owned()));
        conditions.push(format!("o.id IN ({})", found_by_tail(&whole, &from)));
    }
    let words = if tail.is_some() { "" } else { filter.search.as_str() };
    for word in words.split_whitespace().take(SEARCHED_WORDS) {
        let (whole, part) = (bind(word.to_owned()), bind(pattern_of(word)));
        let from = bind(searched_from.to_owned());
        let places = Places { whole: &whole, part: &part, from: &from };
        let is_number = word.len() >= SHORTEST_TAIL && word.bytes().all(|byte| byte.is_ascii_digit());
        conditions.push(format!("o.id IN ({})", found(&places, is_number)));
    }
    if conditions.is_empty() {
        conditions.push("1 = 1".to_owned());
    }
    let condition = conditions.join(" AND ");
    let lists =
        [filter.attention.then(|| reasons(overdue)), filter.view.map(|view| conditions_of(view, overdue))];
    let newest: Vec<String> = lists.iter().flatten().map(|list| newest_of(list, &condition, limit)).collect();
    if newest.is_empty() { (condition, bound) } else { (newest.join(" AND "), bound) }
}

/// The newest orders of each of these conditions. With the limit the database stops early in each of them.
fn newest_of(either: &[String], condition: &str, limit: usize) -> String {
    let each: Vec<String> = either
        .iter()
        .enumerate()
        .map(|(at, reason)| {
            format!(
                "SELECT id FROM (SELECT o.id FROM orders o WHERE {reason} AND {condition} ORDER BY o.id DESC \
                 LIMIT {limit}) AS reason_{at}"
            )
        })
        .collect();
    format!("o.id IN ({})", each.join(" UNION "))
}

impl Store {
    /// The orders of a filter, newest first: at most `limit`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn listed_orders(
        &self,
        filter: &OrderFilter,
        limit: usize,
        overdue: Overdue,
    ) -> Result<Vec<ListedOrder>, StoreError> {
        let searched_from = self.searched_from(filter).await?;
        let (condition, bound) = condition(filter, limit, overdue, &searched_from);
        let sql = format!(
            "SELECT o.id AS id, o.kind AS kind, o.state AS state, o.total_fee AS total_fee, o.created_ms AS created_ms, \
             o.paid_ms AS paid_ms, o.shipped_ms AS shipped_ms, \
             o.received_ms AS received_ms, d.name AS name, d.phone AS phone, d.address AS address, \
             CAST(CASE WHEN EXISTS (SELECT 1 FROM after_sales WHERE order_id = o.id AND {WAITING}) THEN 1 ELSE 0 END AS BIGINT) \
             AS wants_refund, CAST(CASE WHEN {HAS_PIECES} THEN 1 ELSE 0 END AS BIGINT) AS has_pieces, \
             {MONEY} FROM orders o {PAID_BY} LEFT JOIN deliveries d ON d.order_id = o.id WHERE {condition} ORDER BY o.id DESC LIMIT {limit}"
        );
        let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
        let rows = self.select_long(sql, &bound).await?;
        let mut orders: Vec<ListedOrder> = rows.iter().map(listed).collect::<Result<_, _>>()?;
        let ids: Vec<&str> = orders.iter().map(|order| order.id.as_str()).collect();
        let lines = self.item_lines(&ids).await?;
        for order in &mut orders {
            order.items = in_a_line(lines.iter().filter(|line| line.order_id == order.id.as_str()));
        }
        if !filter.search.trim().is_empty() {
            self.add_found_by(&filter.search, &mut orders).await?;
        }
        Ok(orders)
    }

    /// The lines of these orders, sorted by order and position.
    pub(in crate::queries) async fn item_lines(&self, ids: &[&str]) -> Result<Vec<ItemLine>, StoreError> {
        let head = "SELECT order_id, position, name, spec, quantity FROM order_items";
        let read = |row: &Row| {
            Ok(ItemLine {
                order_id: rows::text(row, "order_id")?,
                position: rows::number(row, "position")?,
                name: rows::text(row, "name")?,
                spec: rows::text(row, "spec")?,
                quantity: rows::number(row, "quantity")?,
            })
        };
        self.select_of_orders(head, ids, "ORDER BY order_id, position").await?.iter().map(read).collect()
    }
}

/// The part of a line of an order that lists show.
pub(in crate::queries) struct ItemLine {
    pub(super) order_id: String,
    position: i64,
    name: String,
    spec: String,
    quantity: i64,
}

/// The lines in one text: `青瓷马克杯 300 ml ×2；…`
pub(super) fn in_a_line<'a>(lines: impl Iterator<Item = &'a ItemLine>) -> String {
    lines.map(|line| words(line, line.quantity)).collect::<Vec<_>>().join("；")
}

/// The pieces of an after-sale in the form of [`in_a_line`]. An after-sale without lines has all lines of its order.
pub(in crate::queries) fn claimed_in_a_line(lines: &[ItemLine], after_sale: &AfterSaleRecord) -> String {
    let of_order = || lines.iter().filter(|line| line.order_id == after_sale.order_id.as_str());
    if after_sale.lines.is_empty() {
        return in_a_line(of_order());
    }
    let claimed = after_sale.lines.iter().filter_map(|claimed| {
        let line = of_order().find(|line| line.position == claimed.position)?;
        Some(words(line, claimed.pieces))
    });
    claimed.collect::<Vec<_>>().join("；")
}

fn words(line: &ItemLine, pieces: i64) -> String {
    pieces_in_words(&line.name, &line.spec, pieces)
}

/// The standing of a listed order, from its state and the columns [`MONEY`].
pub(super) fn standing(row: &Row) -> Result<Standing, StoreError> {
    let fen = |column| rows::number_or_null(row, column).map(|fen| fen.map(Fen));
    let (refunded, refunding) = (fen("refunded")?, fen("refunding")?);
    let unknown = rows::number_or_null(row, "refunds_unknown")?;
    let money = fen("paid_fee")?.map(|total| Money {
        total,
        refunded: refunded.unwrap_or(Fen::ZERO),
        refunding: refunding.unwrap_or(Fen::ZERO),
        refunds_unknown: unknown.is_some_and(|unknown| unknown != 0),
    });
    Ok(Standing::of(rows::text(row, "state")?, money))
}

fn listed(row: &Row) -> Result<ListedOrder, StoreError> {
    let kind = rows::text(row, "kind")?;
    let address: Option<String> = rows::text_or_null(row, "address")?;
    Ok(ListedOrder {
        id: rows::text(row, "id")?,
        kind,
        is_pickup: kind == OrderKind::Goods && address.is_none_or(|address| address.is_empty()),
        state: rows::text(row, "state")?,
        total_fee: Fen(rows::number(row, "total_fee")?),
        created_ms: rows::number(row, "created_ms")?,
        paid_ms: rows::number_or_null(row, "paid_ms")?,
        shipped_ms: rows::number_or_null(row, "shipped_ms")?,
        received_ms: rows::number_or_null(row, "received_ms")?,
        name: rows::text_or_null(row, "name")?.unwrap_or_default(),
        phone: rows::text_or_null(row, "phone")?.unwrap_or_default(),
        wants_refund: rows::flag(row, "wants_refund")?,
        has_pieces: rows::flag(row, "has_pieces")?,
        standing: standing(row)?,
        items: String::new(),
        found_by: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_is_bound_and_never_part_of_the_statement() {
        let evil = "';DROP\u{a0}TABLE";
        let filter = OrderFilter {
            search: evil.to_owned(),
            from: Some(evil.to_owned()),
            to: Some("2026-11-21".to_owned()),
            attention: true,
            ..OrderFilter::default()
        };
        let overdue =
            Overdue { not_reported_before_ms: 0, unfinished_before_ms: 0, not_accepted_before_ms: 0 };
        let (condition, bound) = condition(&filter, 51, overdue, "2026");
        assert!(!condition.contains("DROP"), "{condition}");
        // each word by itself
        assert_eq!(bound, ["202611219", "';DROP", "%';drop%", "2026", "TABLE", "%table%", "2026"]);
    }
}
