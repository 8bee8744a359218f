//! The list of orders: newest first, paged by key, so that the last page costs what the first does.

use model::{
    Fen, OrderId,
    order::{Money, OrderKind, OrderState, Standing},
};
use sqlx::{Row, any::AnyRow};

use crate::{
    Shop, ShopError, Store, StoreError, orders::HELD_BACK, refunds::needs_a_person,
    store::rows::RefundRequestState,
};

/// Orders on a page of the list.
pub const CONSOLE_PAGE: usize = 50;

/// Which orders are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Those in this state.
    pub state: Option<OrderState>,
    /// Those of this kind.
    pub kind: Option<OrderKind>,
    /// Placed on this day in Shanghai or later: `2026-11-21`.
    pub from: Option<String>,
    /// Placed on this day in Shanghai or earlier.
    pub to: Option<String>,
    /// Those that somebody has to do something about: to be sent, a shopper's wish, a refund that got stuck, a difference.
    pub attention: bool,
    /// A whole number (of the order, at WeChat), a phone number or a name.
    pub search: String,
    /// Those older than this one.
    pub before: Option<OrderId>,
}

/// An order, as the list shows it.
#[derive(Clone, Debug)]
pub struct ListedOrder {
    /// Its number.
    pub id: OrderId,
    /// What it is for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// What it costs.
    pub total_fee: Fen,
    /// When it was placed, ms.
    pub created_ms: i64,
    /// When it was paid, ms.
    pub paid_ms: Option<i64>,
    /// When it was shipped, ms.
    pub shipped_ms: Option<i64>,
    /// To whom it goes; empty where nothing goes anywhere.
    pub name: String,
    /// Their phone number.
    pub phone: String,
    /// Whether the shopper waits for the shop.
    pub wants_refund: bool,
    /// Where its money stands.
    pub standing: Standing,
    /// What was bought, in a line.
    pub things: String,
}

impl ListedOrder {
    /// Whether it is still to be sent.
    #[must_use]
    pub fn is_to_ship(&self) -> bool {
        self.kind == OrderKind::Goods && self.standing.may_ship() && self.shipped_ms.is_none()
    }
}

/// `20261121` of `2026-11-21`: what the ids of that day begin with.
fn digits_of(day: &str) -> Option<String> {
    let day: jiff::civil::Date = day.parse().ok()?;
    (day.year() >= 2000).then(|| format!("{:04}{:02}{:02}", day.year(), day.month(), day.day()))
}

/// The orders whose paid goods are still here: as the index `orders_to_ship` has it, word for word.
const UNSENT: &str =
    "o.shipped_ms IS NULL AND o.kind = 'goods' AND (o.state || '') IN ('paid', 'partly_refunded')";

/// Those of them that are to be sent: the shop keeps money of them.
pub(super) fn to_ship() -> String {
    format!("{UNSENT} AND NOT {HELD_BACK}")
}

/// Why somebody has to look.
fn reasons(now_ms: i64) -> [String; 4] {
    [
        to_ship(),
        format!("o.id IN (SELECT order_id FROM refund_requests WHERE {WAITING})"),
        format!("o.id IN (SELECT order_id FROM refunds WHERE {})", needs_a_person(now_ms)),
        "o.id IN (SELECT a.order_id FROM differences f JOIN attempts a ON a.out_trade_no = f.out_trade_no \
         WHERE f.resolution = '')"
            .to_owned(),
    ]
}

/// The wishes of shoppers that wait for the shop: [`RefundRequestState::is_waiting`] in SQL.
pub(super) const WAITING: &str = "state IN ('open', 'failed')";

/// Where a word may be found, whole.
fn found(place: &str) -> String {
    [
        format!("SELECT id FROM orders WHERE id = {place}"),
        format!("SELECT order_id FROM attempts WHERE out_trade_no = {place}"),
        format!("SELECT order_id FROM attempts WHERE transaction_id = {place}"),
        format!("SELECT order_id FROM refunds WHERE out_refund_no = {place}"),
        format!("SELECT order_id FROM deliveries WHERE phone = {place}"),
        format!("SELECT order_id FROM deliveries WHERE name = {place}"),
    ]
    .join(" UNION ")
}

impl OrderFilter {
    /// The condition, on orders `o`, and what is bound in it.
    pub(super) fn condition(&self, page: usize, now_ms: i64) -> (String, Vec<String>) {
        let mut bound: Vec<String> = Vec::new();
        let mut conditions: Vec<String> = Vec::new();
        let mut bind = |value: String| {
            bound.push(value);
            format!("${}", bound.len())
        };
        if let Some(before) = &self.before {
            conditions.push(format!("o.id < {}", bind(before.to_string())));
        }
        if let Some(from) = self.from.as_deref().and_then(digits_of) {
            conditions.push(format!("o.id >= {}", bind(from)));
        }
        if let Some(to) = self.to.as_deref().and_then(digits_of) {
            // an hour begins with 0 to 2: behind all ids of the day
            conditions.push(format!("o.id < {}", bind(to + "9")));
        }
        if let Some(state) = self.state {
            conditions.push(format!("o.state = {}", bind(state.to_string())));
        }
        // written out, so that the index for it is found
        match self.kind {
            Some(OrderKind::TopUp) => conditions.push("o.kind = 'top_up'".to_owned()),
            Some(OrderKind::Goods) => conditions.push("o.kind = 'goods'".to_owned()),
            None => {}
        }
        let search = self.search.trim();
        if !search.is_empty() {
            let place = bind(search.to_owned());
            conditions.push(format!("o.id IN ({})", found(&place)));
        }
        if conditions.is_empty() {
            conditions.push("1 = 1".to_owned());
        }
        let condition = conditions.join(" AND ");
        if !self.attention {
            return (condition, bound);
        }
        // the newest of each reason, then the newest of those: no reason is read to its end
        let reasons: Vec<String> = reasons(now_ms)
            .iter()
            .enumerate()
            .map(|(at, reason)| {
                format!(
                    "SELECT id FROM (SELECT o.id FROM orders o WHERE {reason} AND {condition} ORDER BY o.id DESC \
                     LIMIT {page}) AS reason_{at}"
                )
            })
            .collect();
        (format!("o.id IN ({})", reasons.join(" UNION ")), bound)
    }
}

impl Shop {
    /// A page of the orders that are wanted, newest first; and whether there are older ones.
    ///
    /// # Errors
    /// A failing database.
    pub async fn console_orders(&self, filter: &OrderFilter) -> Result<(Vec<ListedOrder>, bool), ShopError> {
        let now_ms = self.clock().now_ms();
        let mut orders = self.store().listed(filter, CONSOLE_PAGE + 1, now_ms).await?;
        let more = orders.len() > CONSOLE_PAGE;
        orders.truncate(CONSOLE_PAGE);
        Ok((orders, more))
    }
}

impl Store {
    async fn listed(
        &self,
        filter: &OrderFilter,
        page: usize,
        now_ms: i64,
    ) -> Result<Vec<ListedOrder>, StoreError> {
        let (condition, bound) = filter.condition(page, now_ms);
        let sql = format!(
            "SELECT o.id, o.kind, o.state, o.total_fee, o.created_ms, o.paid_ms, o.shipped_ms, d.name, d.phone, \
             r.state, {MONEY} FROM orders o {PAID_BY} LEFT JOIN deliveries d ON d.order_id = o.id LEFT JOIN refund_requests r ON \
             r.order_id = o.id WHERE {condition} ORDER BY o.id DESC LIMIT {page}"
        );
        let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
        let rows = self.select(sql, &bound).await?;
        let mut orders: Vec<ListedOrder> = rows.iter().map(listed).collect::<Result<_, _>>()?;
        let ids: Vec<&str> = orders.iter().map(|order| order.id.as_str()).collect();
        let things = self.things_of(&ids).await?;
        for order in &mut orders {
            order.things = in_a_line(things.iter().filter(|(id, ..)| *id == order.id.as_str()));
        }
        Ok(orders)
    }

    /// What was bought: the order, the name, the specification, how many.
    pub(super) async fn things_of(
        &self,
        ids: &[&str],
    ) -> Result<Vec<(String, String, String, i64)>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT order_id, name, spec, quantity FROM order_items WHERE order_id IN ({}) ORDER BY order_id, position",
            places.join(", ")
        );
        let read = |row: &AnyRow| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?));
        let rows = self.select(sql, ids).await?;
        rows.iter().map(read).collect::<Result<_, sqlx::Error>>().map_err(StoreError::during("reading items"))
    }
}

/// `青瓷马克杯 300 ml ×2；…`
pub(super) fn in_a_line<'a>(things: impl Iterator<Item = &'a (String, String, String, i64)>) -> String {
    let line = |(_, name, spec, quantity): &(String, String, String, i64)| {
        let space = if spec.is_empty() { "" } else { " " };
        format!("{name}{space}{spec} ×{quantity}")
    };
    things.map(line).collect::<Vec<_>>().join("；")
}

/// What [`listed_standing`] reads.
pub(super) const MONEY: &str = "p.total_fee, p.refunded, p.refunding, p.refunds_unknown";

/// The attempt that paid an order `o`.
pub(super) const PAID_BY: &str = "LEFT JOIN attempts p ON p.out_trade_no = o.paid_out_trade_no";

/// Where the money of a listed order stands, from its state in one column and [`MONEY`] from another on.
pub(super) fn listed_standing(row: &AnyRow, state: usize, money: usize) -> Result<Standing, StoreError> {
    let doing = "reading the list of orders";
    let number = |column: usize| row.try_get::<Option<i64>, _>(column).map_err(StoreError::during(doing));
    let state = row.try_get::<String, _>(state).map_err(StoreError::during(doing))?;
    let total = number(money)?;
    let (refunded, refunding, unknown) = (number(money + 1)?, number(money + 2)?, number(money + 3)?);
    let money = total.map(|total| Money {
        total: Fen(total),
        refunded: Fen(refunded.unwrap_or(0)),
        refunding: Fen(refunding.unwrap_or(0)),
        refunds_unknown: unknown.is_some_and(|unknown| unknown != 0),
    });
    Ok(Standing::of(state.parse().map_err(StoreError::during(doing))?, money))
}

fn wants_refund(state: Option<String>) -> bool {
    state
        .and_then(|state| state.parse::<RefundRequestState>().ok())
        .is_some_and(RefundRequestState::is_waiting)
}

fn listed(row: &AnyRow) -> Result<ListedOrder, StoreError> {
    let doing = "reading the list of orders";
    let text = |column: usize| row.try_get::<String, _>(column).map_err(StoreError::during(doing));
    let maybe = |column: usize| row.try_get::<Option<String>, _>(column).map_err(StoreError::during(doing));
    let number = |column: usize| row.try_get::<i64, _>(column).map_err(StoreError::during(doing));
    let time = |column: usize| row.try_get::<Option<i64>, _>(column).map_err(StoreError::during(doing));
    Ok(ListedOrder {
        id: text(0)?.parse().map_err(StoreError::during(doing))?,
        kind: text(1)?.parse().map_err(StoreError::during(doing))?,
        state: text(2)?.parse().map_err(StoreError::during(doing))?,
        total_fee: Fen(number(3)?),
        created_ms: number(4)?,
        paid_ms: time(5)?,
        shipped_ms: time(6)?,
        name: maybe(7)?.unwrap_or_default(),
        phone: maybe(8)?.unwrap_or_default(),
        wants_refund: wants_refund(maybe(9)?),
        standing: listed_standing(row, 2, 10)?,
        things: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_bound_and_never_part_of_the_statement() {
        let evil = "'; DROP TABLE orders; --";
        let filter = OrderFilter {
            search: evil.to_owned(),
            from: Some(evil.to_owned()),
            to: Some("2026-11-21".to_owned()),
            attention: true,
            ..OrderFilter::default()
        };
        let (condition, bound) = filter.condition(51, 0);
        assert!(!condition.contains("DROP"), "{condition}");
        assert_eq!(bound, ["202611219", evil]);
    }
}
