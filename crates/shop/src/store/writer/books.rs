use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{
    Fen, OrderId, OutRefundNo, OutTradeNo, Shopper, Sku,
    order::{OrderEvent, OrderState, Refusal, transition},
};

use super::super::rows::{
    AttemptRow, AuditRow, DeliveryRow, DifferenceRow, EventRow, ItemRow, JobRow, OrderRow, ProfileRow,
    RefundRequestRow, RefundRow, ShipmentRow, StockRow, WalletMoveRow,
};

/// The rows that a group of commands has read, and what the commands have made of them.
///
/// A command that refuses has changed nothing: it looks first and changes then.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(super) orders: HashMap<OrderId, Entry<OrderRow>>,
    pub(super) attempts: HashMap<OutTradeNo, Entry<AttemptRow>>,
    pub(super) requests: Vec<(OutTradeNo, String)>,
    pub(super) refunds: HashMap<OutRefundNo, Entry<RefundRow>>,
    pub(super) balances: HashMap<String, Fen>,
    pub(super) items: HashMap<OrderId, Vec<ItemRow>>,
    pub(super) stock: HashMap<Sku, StockRow>,
    pub(super) new_items: Vec<ItemRow>,
    // sorted, so that two servers lock the rows in the same order
    pub(super) stock_moves: BTreeMap<String, i64>,
    pub(super) wallet_moves: Vec<WalletMoveRow>,
    pub(super) events: Vec<EventRow>,
    pub(super) jobs: Vec<JobRow>,
    pub(super) differences: Vec<DifferenceRow>,
    /// Ids of differences, and what was done about them.
    pub(super) resolutions: Vec<(String, String)>,
    // by openid: PostgreSQL refuses the same row twice in one ON CONFLICT DO UPDATE
    pub(super) profiles: BTreeMap<String, ProfileRow>,
    pub(super) audits: Vec<AuditRow>,
    pub(super) shipments: BTreeMap<String, Entry<ShipmentRow>>,
    pub(super) refund_requests: BTreeMap<String, Entry<RefundRequestRow>>,
    pub(super) visits: BTreeSet<(String, String)>,
    pub(super) deliveries: BTreeMap<String, DeliveryRow>,
    pub(super) bought: BTreeSet<(String, String)>,
    pub(super) of_shoppers: HashMap<String, Unpaid>,
    pub(super) of_addresses: HashMap<String, Unpaid>,
}

/// The unpaid orders of goods of one shopper, or from one address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unpaid {
    /// How many they are.
    pub(crate) orders: i64,
    /// How many pieces they hold.
    pub(crate) pieces: i64,
}

/// A row, and what is to be done with it.
#[derive(Debug)]
pub(super) struct Entry<T> {
    pub(super) row: T,
    pub(super) fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Unchanged,
    Changed,
    New,
}

impl<T> Entry<T> {
    pub(super) const fn read(row: T) -> Self {
        Self { row, fate: Fate::Unchanged }
    }

    const fn change(&mut self) -> &mut T {
        if matches!(self.fate, Fate::Unchanged) {
            self.fate = Fate::Changed;
        }
        &mut self.row
    }
}

/// What is written beside a change of an order.
pub(crate) struct Note<'a> {
    /// When, ms.
    pub(crate) at_ms: i64,
    /// Who said so.
    pub(crate) who: &'static str,
    /// What.
    pub(crate) what: &'static str,
    /// The attempt it is about.
    pub(crate) out_trade_no: Option<&'a OutTradeNo>,
    /// Why.
    pub(crate) detail: String,
}

impl Books {
    pub(crate) fn order(&self, id: &OrderId) -> Option<&OrderRow> {
        self.orders.get(id).map(|entry| &entry.row)
    }

    pub(crate) fn attempt(&self, out_trade_no: &OutTradeNo) -> Option<&AttemptRow> {
        self.attempts.get(out_trade_no).map(|entry| &entry.row)
    }

    /// The attempts of an order that was asked for as a whole, oldest first.
    pub(crate) fn attempts_of(&self, id: &OrderId) -> Vec<&AttemptRow> {
        let mut attempts: Vec<_> =
            self.attempts.values().map(|entry| &entry.row).filter(|row| row.order_id == *id).collect();
        attempts.sort_unstable_by_key(|row| row.seq);
        attempts
    }

    /// The lines of an order that was asked for as a whole.
    pub(crate) fn items_of(&self, id: &OrderId) -> &[ItemRow] {
        self.items.get(id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn stock(&self, sku: &Sku) -> Option<&StockRow> {
        self.stock.get(sku)
    }

    /// The untouched orders of the same things by the same shopper.
    pub(crate) fn same_basket<'a>(
        &'a self,
        shopper: &'a Shopper,
        basket: &'a str,
    ) -> impl Iterator<Item = &'a OrderRow> {
        self.orders.values().map(|entry| &entry.row).filter(move |row| {
            row.state == OrderState::Created && row.shopper == *shopper && row.basket == basket
        })
    }

    pub(crate) fn add_order(&mut self, order: OrderRow, items: Vec<ItemRow>) {
        self.items.insert(order.id.clone(), items.clone());
        self.new_items.extend(items);
        self.orders.insert(order.id.clone(), Entry { row: order, fate: Fate::New });
    }

    /// Adds an attempt, with its request byte for byte.
    pub(crate) fn add_attempt(&mut self, attempt: AttemptRow, request: String) {
        self.requests.push((attempt.out_trade_no.clone(), request));
        self.attempts.insert(attempt.out_trade_no.clone(), Entry { row: attempt, fate: Fate::New });
    }

    pub(crate) fn change_order(&mut self, id: &OrderId) -> Option<&mut OrderRow> {
        self.orders.get_mut(id).map(Entry::change)
    }

    pub(crate) fn change_attempt(&mut self, out_trade_no: &OutTradeNo) -> Option<&mut AttemptRow> {
        self.attempts.get_mut(out_trade_no).map(Entry::change)
    }

    /// Takes pieces off the shelf (negative) or puts them back. The caller has looked whether they are there.
    pub(crate) fn move_stock(&mut self, sku: &Sku, pieces: i64) {
        if let Some(row) = self.stock.get_mut(sku) {
            row.stock += pieces;
        }
        *self.stock_moves.entry(sku.as_str().to_owned()).or_default() += pieces;
    }

    /// Puts all that an order held back on the shelf.
    pub(crate) fn return_stock(&mut self, id: &OrderId) {
        let held: Vec<_> = self
            .items
            .get(id)
            .into_iter()
            .flatten()
            .map(|item| (item.sku.clone(), item.quantity.get()))
            .collect();
        for (sku, pieces) in held {
            self.move_stock(&sku, pieces);
        }
    }

    /// The unpaid orders of a shopper that was asked for.
    pub(crate) fn unpaid_of(&self, shopper: &Shopper) -> Unpaid {
        self.of_shoppers.get(&shopper.to_string()).copied().unwrap_or_default()
    }

    /// The unpaid orders from an address that was asked for.
    pub(crate) fn unpaid_from(&self, placed_from: &str) -> Unpaid {
        self.of_addresses.get(placed_from).copied().unwrap_or_default()
    }

    /// Counts orders and pieces that a command of this group adds, so that the next command sees them.
    pub(crate) fn count_unpaid(&mut self, shopper: &Shopper, placed_from: &str, more: Unpaid) {
        let shopper = self.of_shoppers.entry(shopper.to_string()).or_default();
        shopper.orders += more.orders;
        shopper.pieces += more.pieces;
        let address = self.of_addresses.entry(placed_from.to_owned()).or_default();
        address.orders += more.orders;
        address.pieces += more.pieces;
    }

    /// Puts the pieces that an unpaid order holds back on the shelf. Does nothing where it holds none.
    pub(crate) fn release(&mut self, id: &OrderId) {
        let held = self.order(id).map_or(0, |order| order.held);
        if held == 0 {
            return;
        }
        self.return_stock(id);
        if let Some(order) = self.change_order(id) {
            order.held = 0;
        }
    }

    pub(crate) fn refund(&self, out_refund_no: &OutRefundNo) -> Option<&RefundRow> {
        self.refunds.get(out_refund_no).map(|entry| &entry.row)
    }

    /// The refunds of an attempt whose order's refunds were asked for.
    pub(crate) fn refunds_of<'a>(&'a self, number: &'a OutTradeNo) -> impl Iterator<Item = &'a RefundRow> {
        self.refunds.values().map(|entry| &entry.row).filter(move |row| row.out_trade_no == *number)
    }

    pub(crate) fn add_refund(&mut self, row: RefundRow) {
        self.refunds.insert(row.out_refund_no.clone(), Entry { row, fate: Fate::New });
    }

    pub(crate) fn change_refund(&mut self, out_refund_no: &OutRefundNo) -> Option<&mut RefundRow> {
        self.refunds.get_mut(out_refund_no).map(Entry::change)
    }

    /// What a shopper has in their balance, where an order's refunds were asked for.
    pub(crate) fn balance(&self, shopper: &Shopper) -> Fen {
        self.balances.get(&shopper.to_string()).copied().unwrap_or(Fen::ZERO)
    }

    /// Moves a shopper's balance, once for each id. The caller has looked that it does not go below nothing.
    pub(crate) fn move_balance(&mut self, row: WalletMoveRow) {
        let balance = self.balances.entry(row.shopper.to_string()).or_insert(Fen::ZERO);
        balance.0 += row.amount.0;
        self.wallet_moves.push(row);
    }

    #[cfg(test)]
    pub(crate) fn wallet_moves(&self) -> &[WalletMoveRow] {
        &self.wallet_moves
    }

    /// Moves an order and writes the event beside it. The only place where an order's state changes.
    pub(crate) fn happen(
        &mut self,
        id: &OrderId,
        event: OrderEvent,
        note: Note<'_>,
    ) -> Result<OrderState, Refusal> {
        let Some(order) = self.orders.get_mut(id) else { return Err(Refusal::Closed) };
        let next = transition(order.row.state, event)?;
        order.change().state = next;
        self.note(id, note);
        Ok(next)
    }

    /// Writes an event that does not move the order.
    pub(crate) fn note(&mut self, id: &OrderId, note: Note<'_>) {
        let Some(order) = self.orders.get_mut(id) else { return };
        let order = order.change();
        order.version += 1;
        self.events.push(EventRow {
            order_id: id.clone(),
            seq: order.version,
            at_ms: note.at_ms,
            who: note.who,
            what: note.what,
            out_trade_no: note.out_trade_no.cloned(),
            detail: note.detail,
        });
    }

    /// Plans a job; the same kind and subject twice is one job.
    pub(crate) fn plan(&mut self, kind: &'static str, subject: impl ToString, run_ms: i64) {
        let subject = subject.to_string();
        self.jobs.push(JobRow {
            id: format!("{kind}:{subject}"),
            kind: kind.to_owned(),
            subject,
            run_ms,
            tries: 0,
        });
    }

    /// Keeps something that verifies but does not fit.
    pub(crate) fn differ(&mut self, difference: DifferenceRow) {
        self.differences.push(difference);
    }

    /// Says what was done about a difference, where there is an open one of this id.
    pub(crate) fn resolve(&mut self, id: String, resolution: &str) {
        self.resolutions.push((id, resolution.to_owned()));
    }

    /// Keeps what a shopper let WeChat tell; the newest counts.
    pub(crate) fn know(&mut self, profile: ProfileRow) {
        self.profiles.insert(profile.openid.to_string(), profile);
    }

    /// Keeps that a shopper has opened an order by its link.
    pub(crate) fn visit(&mut self, id: &OrderId, shopper: &Shopper) {
        self.visits.insert((id.to_string(), shopper.to_string()));
    }

    /// The shipment of an order whose service was asked for.
    pub(crate) fn shipment(&self, id: &OrderId) -> Option<&ShipmentRow> {
        self.shipments.get(id.as_str()).map(|entry| &entry.row)
    }

    /// Writes a shipment down, in the place of an earlier one.
    pub(crate) fn set_shipment(&mut self, row: ShipmentRow) {
        self.shipments.insert(row.order_id.to_string(), Entry { row, fate: Fate::Changed });
    }

    /// The shopper's wish to have the money back, of an order whose service was asked for.
    pub(crate) fn refund_request(&self, id: &OrderId) -> Option<&RefundRequestRow> {
        self.refund_requests.get(id.as_str()).map(|entry| &entry.row)
    }

    /// Writes a wish down, in the place of an earlier one.
    pub(crate) fn set_refund_request(&mut self, row: RefundRequestRow) {
        self.refund_requests.insert(row.order_id.to_string(), Entry { row, fate: Fate::Changed });
    }

    /// Writes down where an order goes; the newest counts.
    pub(crate) fn deliver(&mut self, row: DeliveryRow) {
        self.deliveries.insert(row.order_id.to_string(), row);
    }

    /// Takes something that was ordered out of the shopper's cart.
    pub(crate) fn take_from_cart(&mut self, shopper: &Shopper, sku: &Sku) {
        self.bought.insert((shopper.to_string(), sku.to_string()));
    }

    /// Keeps what was done that is about no order.
    pub(crate) fn audit(&mut self, row: AuditRow) {
        self.audits.push(row);
    }
}
