//! The orders that staff pack together: the waiting orders, their delivery notes, and the pick list.

use std::collections::BTreeMap;

use model::{
    Language, LocalizedText, OrderId, Sku,
    audit::AuditAction,
    order::OrderKind,
    record::{AfterSaleRecord, DeliveryRecord, ItemRecord},
};
use store::ShopperOrder;

use super::{Shipping, parcel_file::PARCEL_FILE_COLUMNS};
use crate::{
    Right, ShopError, Staff,
    clock::shanghai,
    orders::{has_pieces, standing},
    spreadsheet::row,
};

/// The number of waiting orders on one page.
pub const PACKING_PAGE: usize = 100;

/// A paid order of goods that goes to an address.
#[derive(Clone, Debug)]
pub struct OrderToPack {
    /// Its number.
    pub id: OrderId,
    /// When it was paid, ms.
    pub paid_ms: Option<i64>,
    /// Where it goes.
    pub delivery: DeliveryRecord,
    /// Its lines, with the pieces that staff have to send.
    pub items: Vec<ItemRecord>,
    /// Whether an after-sale of it waits for staff.
    pub wants_refund: bool,
}

/// A page of the orders that wait for a parcel.
#[derive(Clone, Debug)]
pub struct WaitingOrders {
    /// The orders, the oldest first.
    pub orders: Vec<OrderToPack>,
    /// The id after which the next page begins. An order that has just changed is not in `orders`, so this may be another id
    /// than that of the last order. `None` if nothing follows `after`.
    pub last: Option<OrderId>,
    /// Whether more orders follow.
    pub more: bool,
}

/// A line of the pick list: goods to take from the shelves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickLine {
    /// The specification.
    pub sku: Sku,
    /// The product's name.
    pub name: String,
    /// The specification's name; may be empty.
    pub spec: String,
    /// The number of pieces in all orders.
    pub pieces: i64,
    /// The number of lines of orders with them.
    pub order_lines: usize,
}

impl Shipping {
    /// A page of the orders that wait for a parcel. The page begins after `after`. Pickups are not included.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn orders_to_pack(
        &self,
        staff: &Staff,
        after: Option<&OrderId>,
    ) -> Result<WaitingOrders, ShopError> {
        staff.check(Right::OrdersToShip)?;
        self.waiting_orders(after).await
    }

    async fn waiting_orders(&self, after: Option<&OrderId>) -> Result<WaitingOrders, ShopError> {
        let mut ids = self.store.orders_to_pack(after, PACKING_PAGE + 1).await?;
        let more = ids.len() > PACKING_PAGE;
        ids.truncate(PACKING_PAGE);
        let orders = self.store.orders_with_parts(&ids).await?;
        Ok(WaitingOrders { orders: orders.into_iter().filter_map(to_pack).collect(), last: ids.pop(), more })
    }

    /// The chosen orders that can be packed, the oldest first: goods to an address, for which the shop keeps money. It
    /// includes shipped orders, so that staff can print a delivery note again. Received orders need the right
    /// [`Right::Read`]. Reads at most [`PACKING_PAGE`] orders.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn chosen_orders(&self, staff: &Staff, ids: &[OrderId]) -> Result<Vec<OrderToPack>, ShopError> {
        staff.check(Right::OrdersToShip)?;
        let ids = &ids[..ids.len().min(PACKING_PAGE)];
        let reads_all = staff.role.may(Right::Read);
        let is_received = |order: &ShopperOrder| {
            order.shipment.as_ref().is_some_and(|shipment| shipment.received_ms.is_some())
        };
        let orders = self.store.orders_with_parts(ids).await?.into_iter();
        Ok(orders.filter(|order| reads_all || !is_received(order)).filter_map(to_pack).collect())
    }

    /// Begins the CSV file of the waiting orders, which the import of parcels reads. Checks the right to ship, and
    /// writes the audit row. Returns the head of the file: a byte order mark, with which spreadsheets recognise UTF-8,
    /// and the names of the columns.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn begin_waiting_export(&self, staff: &Staff, language: Language) -> Result<String, ShopError> {
        staff.check(Right::Ship)?;
        self.audit.write(staff.name.as_str(), AuditAction::Export, "待发货").await?;
        let columns = PARCEL_FILE_COLUMNS.map(|column| column.to(language));
        Ok(format!("\u{feff}{}", row(&columns)))
    }

    /// The next rows of the file, and the id after which the next page begins; `None` at the end.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn waiting_export_page(
        &self,
        staff: &Staff,
        after: Option<&OrderId>,
        language: Language,
    ) -> Result<Option<(String, OrderId)>, ShopError> {
        staff.check(Right::Ship)?;
        let WaitingOrders { orders, last, .. } = self.waiting_orders(after).await?;
        Ok(last.map(|last| (orders.iter().map(|order| csv_row(order, language)).collect(), last)))
    }
}

/// The order, if it can be packed.
fn to_pack(order: ShopperOrder) -> Option<OrderToPack> {
    let may_ship = standing(order.order.state, order.paid_by.as_ref()).may_ship();
    let delivery = order.delivery.filter(|delivery| !delivery.is_pickup())?;
    let wants_refund = order.after_sales.iter().any(|one| one.state.waits_for_staff());
    let may_ship = may_ship && has_pieces(&order.items, &order.after_sales);
    (may_ship && order.order.kind == OrderKind::Goods).then(|| OrderToPack {
        id: order.order.id,
        paid_ms: order.order.paid_ms,
        delivery,
        items: order.items.iter().filter_map(|item| to_send(item, &order.after_sales)).collect(),
        wants_refund,
    })
}

/// The line with the pieces that staff have to send; `None` if there are none.
fn to_send(item: &ItemRecord, after_sales: &[AfterSaleRecord]) -> Option<ItemRecord> {
    let quantity = item.to_send(after_sales).try_into().ok()?;
    Some(ItemRecord { quantity, ..item.clone() })
}

/// The row of a waiting order. Staff fill in the empty cells of the carrier and the tracking number.
fn csv_row(order: &OrderToPack, language: Language) -> String {
    let paid = order.paid_ms.map_or_else(String::new, |ms| shanghai(ms).strftime("%F %T").to_string());
    let goods = order.items.iter().map(|item| item.in_words(item.quantity)).collect::<Vec<_>>().join("；");
    let to = &order.delivery;
    let attention = [(order.wants_refund, WANTS_REFUND), (to.changed_ms.is_some(), ADDRESS_CHANGED)];
    let attention: Vec<_> =
        attention.into_iter().filter(|(applies, _)| *applies).map(|(_, words)| words.to(language)).collect();
    let attention = attention.join("；");
    row(&[order.id.as_str(), "", "", &paid, &to.name, &to.phone, &to.address, &to.note, &goods, &attention])
}

const WANTS_REFUND: LocalizedText = LocalizedText { zh: "有售后申请", en: "After-sale requested" };

const ADDRESS_CHANGED: LocalizedText = LocalizedText { zh: "地址已修改", en: "Address changed" };

/// The pick list (拣货单) of these orders, sorted by name.
#[must_use]
pub fn pick_list(orders: &[OrderToPack]) -> Vec<PickLine> {
    let mut lines: BTreeMap<(&str, &str, &Sku), PickLine> = BTreeMap::new();
    for item in orders.iter().flat_map(|order| &order.items) {
        let line = lines.entry((&item.name, &item.spec, &item.sku)).or_insert_with(|| PickLine {
            sku: item.sku.clone(),
            name: item.name.clone(),
            spec: item.spec.clone(),
            pieces: 0,
            order_lines: 0,
        });
        line.pieces += item.quantity.get();
        line.order_lines += 1;
    }
    lines.into_values().collect()
}
