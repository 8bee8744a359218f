use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use model::{
    AfterSaleId, Fen, OpenId, OrderId, OutRefundNo, OutTradeNo, ProductId, Shopper, Sku,
    event::{EventKind, EventSource},
    job::JobKind,
    message::MessagePlan,
    order::{OrderEvent, OrderState, Refusal, transition},
    push::PushOutcome,
    record::{
        AfterSaleRecord, AttemptRecord, AuditRecord, ComplaintAnswerRecord, ComplaintEntryRecord,
        ComplaintRecord, DeliveryRecord, DeliveryReportRecord, DiscrepancyRecord, EventRecord, ItemRecord,
        JobRecord, MessageRecord, OrderRecord, PictureRecord, ProfileRecord, PushRecord, RefundRecord,
        ShipmentRecord, StockRecord, WalletMoveRecord,
    },
};

use super::shoppers::{Belongings, Join, KnownOpenId};

/// The unit of work: the rows that a group of commands has read, and the changes of these commands in memory. `flush`
/// writes the changes.
///
/// A command checks first and changes afterwards, so a refused command changes nothing.
#[derive(Debug, Default)]
pub struct UnitOfWork {
    pub(super) orders: HashMap<OrderId, Entry<OrderRecord>>,
    pub(super) attempts: HashMap<OutTradeNo, Entry<AttemptRecord>>,
    pub(super) requests: Vec<(OutTradeNo, String)>,
    pub(super) refunds: HashMap<OutRefundNo, Entry<RefundRecord>>,
    pub(super) balances: HashMap<String, Fen>,
    pub(super) items: HashMap<OrderId, Vec<ItemRecord>>,
    pub(super) stock: HashMap<Sku, StockRecord>,
    pub(super) new_items: Vec<ItemRecord>,
    // sorted, so that all servers lock the rows in the same sequence
    pub(super) stock_moves: BTreeMap<String, i64>,
    pub(super) wallet_moves: Vec<WalletMoveRecord>,
    pub(super) events: Vec<EventRecord>,
    pub(super) jobs: Vec<JobRecord>,
    pub(super) discrepancies: Vec<DiscrepancyRecord>,
    /// The ids of discrepancies to resolve, with the resolutions.
    pub(super) resolutions: Vec<(String, String)>,
    // by openid: PostgreSQL refuses the same row twice in one ON CONFLICT DO UPDATE
    pub(super) profiles: BTreeMap<String, ProfileRecord>,
    pub(super) audits: Vec<AuditRecord>,
    pub(super) shipments: BTreeMap<String, Entry<ShipmentRecord>>,
    pub(super) delivery_reports: BTreeMap<String, Entry<DeliveryReportRecord>>,
    pub(super) after_sales: BTreeMap<AfterSaleId, Entry<AfterSaleRecord>>,
    /// Pictures to insert, with their numbers.
    pub(super) after_sale_pictures: Vec<(AfterSaleId, i64, PictureRecord)>,
    pub(super) pushes: BTreeMap<String, Entry<PushRecord>>,
    pub(super) messages: BTreeMap<String, Entry<MessageRecord>>,
    pub(super) complaints: BTreeMap<String, Entry<ComplaintRecord>>,
    pub(super) complaint_entries: Vec<ComplaintEntryRecord>,
    pub(super) complaint_answers: BTreeMap<String, Entry<ComplaintAnswerRecord>>,
    /// Which messages commands write.
    pub(super) plan: Arc<MessagePlan>,
    pub(super) deleted_profiles: BTreeSet<String>,
    pub(super) visitors: BTreeSet<(String, String)>,
    /// The deliveries of the orders with the same basket.
    pub(super) known_deliveries: BTreeMap<String, DeliveryRecord>,
    /// The deliveries to write.
    pub(super) deliveries: BTreeMap<String, DeliveryRecord>,
    pub(super) bought: BTreeSet<(String, String)>,
    pub(super) unpaid_of_shoppers: HashMap<String, Unpaid>,
    pub(super) unpaid_of_addresses: HashMap<String, Unpaid>,
    /// The pieces that shoppers have bought of the products with a purchase limit.
    pub(super) bought_pieces: HashMap<(String, ProductId), i64>,
    /// The openids that were read. Only openids with a known unionid have a row.
    pub(super) openids: HashMap<String, KnownOpenId>,
    /// The shoppers of the unionids that were read.
    pub(super) owners: HashMap<String, OpenId>,
    /// What the openids of [`ReadSet::login`](super::ReadSet::login) have.
    pub(super) belongings: HashMap<String, Belongings>,
    /// The joins, in the sequence of the commands.
    pub(super) joins: Vec<Join>,
}

/// The number of unpaid orders of goods of one shopper, or from one IP address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unpaid {
    /// The number of orders.
    pub orders: i64,
    /// The number of pieces that they hold.
    pub pieces: i64,
}

/// A row, and whether a command changed or inserted it.
#[derive(Debug)]
pub(super) struct Entry<T> {
    pub(super) row: T,
    pub(super) change: RowChange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowChange {
    Unchanged,
    Updated,
    Inserted,
}

impl<T> Entry<T> {
    pub(super) const fn read(row: T) -> Self {
        Self { row, change: RowChange::Unchanged }
    }

    pub(super) const fn insert(row: T) -> Self {
        Self { row, change: RowChange::Inserted }
    }

    pub(super) const fn update(&mut self) -> &mut T {
        if matches!(self.change, RowChange::Unchanged) {
            self.change = RowChange::Updated;
        }
        &mut self.row
    }
}

/// An event to record in the history of an order.
pub struct EventEntry<'a> {
    /// When it happened, ms.
    pub at_ms: i64,
    /// Who or what reported it.
    pub source: EventSource,
    /// What happened.
    pub kind: EventKind,
    /// The attempt that it is about; `None` if it is about the whole order.
    pub out_trade_no: Option<&'a OutTradeNo>,
    /// Details; may be empty.
    pub detail: String,
}

impl UnitOfWork {
    /// An order that was read or added.
    #[must_use]
    pub fn order(&self, id: &OrderId) -> Option<&OrderRecord> {
        self.orders.get(id).map(|entry| &entry.row)
    }

    /// An attempt that was read or added.
    #[must_use]
    pub fn attempt(&self, out_trade_no: &OutTradeNo) -> Option<&AttemptRecord> {
        self.attempts.get(out_trade_no).map(|entry| &entry.row)
    }

    /// The attempts of an order that was read with [`ReadSet::order`](super::ReadSet::order), oldest first.
    #[must_use]
    pub fn attempts_of(&self, id: &OrderId) -> Vec<&AttemptRecord> {
        let mut attempts: Vec<_> =
            self.attempts.values().map(|entry| &entry.row).filter(|row| row.order_id == *id).collect();
        attempts.sort_unstable_by_key(|row| row.seq);
        attempts
    }

    /// The lines of an order that was read with [`ReadSet::order`](super::ReadSet::order).
    #[must_use]
    pub fn items_of(&self, id: &OrderId) -> &[ItemRecord] {
        self.items.get(id).map_or(&[], Vec::as_slice)
    }

    /// The price and the stock of a specification that was read.
    #[must_use]
    pub fn stock(&self, sku: &Sku) -> Option<&StockRecord> {
        self.stock.get(sku)
    }

    /// The unpaid orders of the same items by the same shopper, which were read with
    /// [`ReadSet::basket`](super::ReadSet::basket).
    pub fn same_basket<'a>(
        &'a self,
        shopper: &'a Shopper,
        basket: &'a str,
    ) -> impl Iterator<Item = &'a OrderRecord> {
        self.orders
            .values()
            .map(|entry| &entry.row)
            .filter(move |row| row.state.is_payable() && row.shopper == *shopper && row.basket == basket)
    }

    /// The order of a shopper with this link key, unless it is closed. It was read with
    /// [`ReadSet::order_with_link_key`](super::ReadSet::order_with_link_key).
    #[must_use]
    pub fn order_with_link_key(&self, shopper: &Shopper, link_key: &str) -> Option<&OrderRecord> {
        let is_open = |row: &OrderRecord| !matches!(row.state, OrderState::Closing | OrderState::Closed);
        self.orders
            .values()
            .map(|entry| &entry.row)
            .find(|row| row.shopper == *shopper && row.link_key == link_key && is_open(row))
    }

    /// Adds an order with its lines.
    pub fn add_order(&mut self, mut order: OrderRecord, items: Vec<ItemRecord>) {
        order.shopper = self.current_shopper(order.shopper);
        self.items.insert(order.id.clone(), items.clone());
        self.new_items.extend(items);
        self.orders.insert(order.id.clone(), Entry::insert(order));
    }

    /// Adds an attempt, with its request byte for byte.
    pub fn add_attempt(&mut self, attempt: AttemptRecord, request: String) {
        self.requests.push((attempt.out_trade_no.clone(), request));
        self.attempts.insert(attempt.out_trade_no.clone(), Entry::insert(attempt));
    }

    /// An order to change. Only [`UnitOfWork::apply_event`] may change its state.
    pub fn update_order(&mut self, id: &OrderId) -> Option<&mut OrderRecord> {
        self.orders.get_mut(id).map(Entry::update)
    }

    /// An attempt to change.
    pub fn update_attempt(&mut self, out_trade_no: &OutTradeNo) -> Option<&mut AttemptRecord> {
        self.attempts.get_mut(out_trade_no).map(Entry::update)
    }

    /// Adds pieces to the stock; a negative number takes them. The caller has checked that the stock is enough.
    pub fn move_stock(&mut self, sku: &Sku, pieces: i64) {
        if let Some(row) = self.stock.get_mut(sku) {
            row.stock += pieces;
        }
        *self.stock_moves.entry(sku.as_str().to_owned()).or_default() += pieces;
    }

    /// Returns all pieces of an order to the stock. See [`UnitOfWork::return_pieces`].
    pub fn return_stock(&mut self, id: &OrderId) {
        let pieces: Vec<_> =
            self.items_of(id).iter().map(|item| (item.position, item.quantity.get())).collect();
        self.return_pieces(id, &pieces);
    }

    /// Returns pieces of an order to the stock: the position of each line, and the number of pieces. The order was read
    /// with [`ReadSet::order_that_returns_stock`](super::ReadSet::order_that_returns_stock).
    pub fn return_pieces(&mut self, id: &OrderId, pieces: &[(i64, i64)]) {
        let of_line = |position: i64| {
            self.items_of(id).iter().find(|item| item.position == position).map(|item| item.sku.clone())
        };
        let moves: Vec<_> =
            pieces.iter().filter_map(|(position, pieces)| Some((of_line(*position)?, *pieces))).collect();
        for (sku, pieces) in moves {
            self.move_stock(&sku, pieces);
        }
    }

    /// The unpaid orders of a shopper, which were read with [`ReadSet::holds`](super::ReadSet::holds).
    #[must_use]
    pub fn unpaid_of(&self, shopper: &Shopper) -> Unpaid {
        self.unpaid_of_shoppers.get(&shopper.to_string()).copied().unwrap_or_default()
    }

    /// The unpaid orders from an IP address, which were read with [`ReadSet::holds`](super::ReadSet::holds).
    #[must_use]
    pub fn unpaid_from(&self, placed_from: &str) -> Unpaid {
        self.unpaid_of_addresses.get(placed_from).copied().unwrap_or_default()
    }

    /// Adds the orders and pieces of a command to the counts, so that the next command of the group sees them.
    pub fn count_unpaid(&mut self, shopper: &Shopper, placed_from: &str, more: Unpaid) {
        let shopper = self.unpaid_of_shoppers.entry(shopper.to_string()).or_default();
        shopper.orders += more.orders;
        shopper.pieces += more.pieces;
        let address = self.unpaid_of_addresses.entry(placed_from.to_owned()).or_default();
        address.orders += more.orders;
        address.pieces += more.pieces;
    }

    /// How many pieces of a product with a purchase limit a shopper has bought. They were read with
    /// [`ReadSet::holds`](super::ReadSet::holds).
    #[must_use]
    pub fn bought_of(&self, shopper: &Shopper, product: &ProductId) -> i64 {
        self.bought_pieces.get(&(shopper.to_string(), product.clone())).copied().unwrap_or_default()
    }

    /// Adds the pieces of a command to the count, so that the next command of the group sees them.
    pub fn count_bought(&mut self, shopper: &Shopper, product: &ProductId, pieces: i64) {
        *self.bought_pieces.entry((shopper.to_string(), product.clone())).or_default() += pieces;
    }

    /// Returns the held pieces of an unpaid order to the stock. Does nothing if it holds none.
    pub fn release(&mut self, id: &OrderId) {
        let held = self.order(id).map_or(0, |order| order.held);
        if held == 0 {
            return;
        }
        self.return_stock(id);
        if let Some(order) = self.update_order(id) {
            order.held = 0;
        }
    }

    /// A refund that was read or added.
    #[must_use]
    pub fn refund(&self, out_refund_no: &OutRefundNo) -> Option<&RefundRecord> {
        self.refunds.get(out_refund_no).map(|entry| &entry.row)
    }

    /// The refunds of an attempt. Its order was read with [`ReadSet::refunds`](super::ReadSet::refunds).
    pub fn refunds_of<'a>(&'a self, number: &'a OutTradeNo) -> impl Iterator<Item = &'a RefundRecord> {
        self.refunds.values().map(|entry| &entry.row).filter(move |row| row.out_trade_no == *number)
    }

    /// Adds a refund.
    pub fn add_refund(&mut self, row: RefundRecord) {
        self.refunds.insert(row.out_refund_no.clone(), Entry::insert(row));
    }

    /// A refund to change.
    pub fn update_refund(&mut self, out_refund_no: &OutRefundNo) -> Option<&mut RefundRecord> {
        self.refunds.get_mut(out_refund_no).map(Entry::update)
    }

    /// The balance of a shopper, which was read with [`ReadSet::balance`](super::ReadSet::balance) or
    /// [`ReadSet::refunds`](super::ReadSet::refunds).
    #[must_use]
    pub fn balance(&self, shopper: &Shopper) -> Fen {
        self.balances.get(&shopper.to_string()).copied().unwrap_or(Fen::ZERO)
    }

    /// Changes a shopper's balance. The caller has checked that it does not fall below zero. The id of the row is
    /// unique: the commit fails if the database has it.
    pub fn move_balance(&mut self, row: WalletMoveRecord) {
        let balance = self.balances.entry(row.shopper.to_string()).or_insert(Fen::ZERO);
        balance.0 += row.amount.0;
        self.wallet_moves.push(row);
    }

    /// The changes of balances in this unit of work.
    #[must_use]
    pub fn wallet_moves(&self) -> &[WalletMoveRecord] {
        &self.wallet_moves
    }

    /// Moves an order to its next state and records the event. Nothing else changes an order's state.
    ///
    /// # Errors
    /// The [`Refusal`] of [`transition`]. The order does not change then, and no event is recorded.
    pub fn apply_event(
        &mut self,
        id: &OrderId,
        event: OrderEvent,
        entry: EventEntry<'_>,
    ) -> Result<OrderState, Refusal> {
        let Some(order) = self.orders.get_mut(id) else { return Err(Refusal::Closed) };
        let next = transition(order.row.state, event)?;
        order.update().state = next;
        self.record_event(id, entry);
        Ok(next)
    }

    /// Changes the delivery cost of an order, and with it the amount to pay.
    pub fn set_freight(&mut self, id: &OrderId, freight: Fen) {
        let Some(order) = self.orders.get_mut(id) else { return };
        let order = order.update();
        order.total_fee = Fen(order.total_fee.0 - order.freight_fee.0 + freight.0);
        order.freight_fee = freight;
    }

    /// Records an event that does not change the order's state.
    pub fn record_event(&mut self, id: &OrderId, entry: EventEntry<'_>) {
        let Some(order) = self.orders.get_mut(id) else { return };
        let order = order.update();
        order.version += 1;
        self.events.push(EventRecord {
            order_id: id.clone(),
            seq: order.version,
            at_ms: entry.at_ms,
            source: entry.source,
            kind: entry.kind,
            out_trade_no: entry.out_trade_no.cloned(),
            detail: entry.detail,
        });
    }

    /// Adds a job. If a job of the same kind and subject exists, it does not change.
    pub fn enqueue(&mut self, kind: JobKind, subject: impl ToString, run_ms: i64) {
        let subject = subject.to_string();
        self.jobs.push(JobRecord {
            id: format!("{kind}:{subject}"),
            kind: kind.to_string(),
            subject,
            run_ms,
            tries: 0,
        });
    }

    /// Records a discrepancy. A known id only counts once more. Staff get one message about it.
    pub fn record_discrepancy(&mut self, row: DiscrepancyRecord) {
        self.tell_of_discrepancy(&row);
        self.discrepancies.push(row);
    }

    /// Resolves a discrepancy, if an open one has this id.
    pub fn resolve_discrepancy(&mut self, id: String, resolution: &str) {
        self.resolutions.push((id, resolution.to_owned()));
    }

    /// Stores a shopper's profile. It replaces an earlier one.
    pub fn upsert_profile(&mut self, profile: ProfileRecord) {
        self.profiles.insert(profile.openid.to_string(), profile);
    }

    /// Deletes a shopper's profile.
    pub fn delete_profile(&mut self, openid: &OpenId) {
        self.deleted_profiles.insert(openid.to_string());
    }

    /// Whether the database has a pushed message, which was read with [`ReadSet::push`](super::ReadSet::push).
    #[must_use]
    pub fn has_push(&self, id: &str) -> bool {
        self.pushes.contains_key(id)
    }

    /// Adds a pushed message. A known message does not change.
    pub fn insert_push(&mut self, row: PushRecord) {
        self.pushes.entry(row.id.clone()).or_insert_with(|| Entry::insert(row));
    }

    /// Marks a pushed message as handled. It was read with [`ReadSet::push`](super::ReadSet::push). Returns `false` if
    /// it was handled before; the command must change nothing then.
    pub fn handle_push(&mut self, id: &str, outcome: PushOutcome, now_ms: i64) -> bool {
        let Some(entry) = self.pushes.get_mut(id).filter(|entry| entry.row.handled_ms.is_none()) else {
            return false;
        };
        let row = entry.update();
        row.handled_ms = Some(now_ms);
        row.outcome = outcome;
        true
    }

    /// Records that a shopper opened an order by its link.
    pub fn record_visitor(&mut self, id: &OrderId, shopper: &Shopper) {
        self.visitors.insert((id.to_string(), shopper.to_string()));
    }

    /// The shipment of an order that was read with
    /// [`ReadSet::order_with_after_sales`](super::ReadSet::order_with_after_sales).
    #[must_use]
    pub fn shipment(&self, id: &OrderId) -> Option<&ShipmentRecord> {
        self.shipments.get(id.as_str()).map(|entry| &entry.row)
    }

    /// Inserts or replaces a shipment with its parcels. Parcels are never removed.
    pub fn set_shipment(&mut self, row: ShipmentRecord) {
        self.shipments.insert(row.order_id.to_string(), Entry { row, change: RowChange::Updated });
    }

    /// The delivery report of an order that was read with
    /// [`ReadSet::order_with_after_sales`](super::ReadSet::order_with_after_sales).
    #[must_use]
    pub fn delivery_report(&self, id: &OrderId) -> Option<&DeliveryReportRecord> {
        self.delivery_reports.get(id.as_str()).map(|entry| &entry.row)
    }

    /// Inserts or replaces a delivery report.
    pub fn set_delivery_report(&mut self, row: DeliveryReportRecord) {
        self.delivery_reports.insert(row.order_id.to_string(), Entry { row, change: RowChange::Updated });
    }

    /// The after-sales of an order that was read with
    /// [`ReadSet::order_with_after_sales`](super::ReadSet::order_with_after_sales), oldest first.
    pub fn after_sales_of<'a>(
        &'a self,
        id: &'a OrderId,
    ) -> impl Iterator<Item = &'a AfterSaleRecord> + Clone {
        self.after_sales.values().map(|entry| &entry.row).filter(move |row| row.order_id == *id)
    }

    /// An after-sale of an order that was read with
    /// [`ReadSet::order_with_after_sales`](super::ReadSet::order_with_after_sales).
    #[must_use]
    pub fn after_sale(&self, id: &AfterSaleId) -> Option<&AfterSaleRecord> {
        self.after_sales.get(id).map(|entry| &entry.row)
    }

    /// Adds an after-sale with its pictures.
    pub fn add_after_sale(&mut self, row: AfterSaleRecord, pictures: Vec<PictureRecord>) {
        let numbered = (1..).zip(pictures).map(|(number, picture)| (row.id.clone(), number, picture));
        self.after_sale_pictures.extend(numbered);
        self.after_sales.insert(row.id.clone(), Entry::insert(row));
    }

    /// An after-sale to change. Changes of its lines are not written.
    pub fn update_after_sale(&mut self, id: &AfterSaleId) -> Option<&mut AfterSaleRecord> {
        self.after_sales.get_mut(id).map(Entry::update)
    }

    /// Adds a picture after the other pictures of a known after-sale.
    pub fn add_after_sale_picture(&mut self, id: &AfterSaleId, picture: PictureRecord) {
        if let Some(row) = self.update_after_sale(id) {
            row.pictures += 1;
            let number = row.pictures;
            self.after_sale_pictures.push((id.clone(), number, picture));
        }
    }

    /// The delivery of an order of [`UnitOfWork::same_basket`]; `None` if its shopper has not chosen.
    #[must_use]
    pub fn delivery_of_same_basket(&self, id: &OrderId) -> Option<&DeliveryRecord> {
        self.deliveries.get(id.as_str()).or_else(|| self.known_deliveries.get(id.as_str()))
    }

    /// Stores where an order goes. It replaces an earlier delivery.
    pub fn set_delivery(&mut self, row: DeliveryRecord) {
        self.deliveries.insert(row.order_id.to_string(), row);
    }

    /// Removes an ordered specification from the shopper's cart.
    pub fn remove_from_cart(&mut self, shopper: &Shopper, sku: &Sku) {
        let shopper = self.current_shopper(shopper.clone());
        self.bought.insert((shopper.to_string(), sku.to_string()));
    }

    /// Adds a row to the audit log.
    pub fn record_audit(&mut self, row: AuditRecord) {
        self.audits.push(row);
    }
}
