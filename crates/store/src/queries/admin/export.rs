//! Reads the orders of a CSV export, one page at a time, so that a million orders need little memory.

use model::{
    Fen, OrderId,
    admin::OrderFilter,
    order::{OrderKind, OrderState, Standing},
    record::{InvoiceRecord, ParcelRecord},
};

use super::{
    attention::Overdue,
    order_list::{MONEY, PAID_BY, condition, in_a_line, standing},
};
use crate::{
    Store, StoreError,
    driver::Row,
    rows::{self, INVOICE},
};

/// An order as a row of the exported file. A text is empty if the order has no such value.
#[derive(Clone, Debug)]
pub struct ExportedOrder {
    /// Its number.
    pub id: OrderId,
    /// Goods or a top-up.
    pub kind: OrderKind,
    /// Its state.
    pub state: OrderState,
    /// Where its money is.
    pub standing: Standing,
    /// When the shopper placed it, ms since 1970.
    pub created_ms: i64,
    /// When it was paid, ms.
    pub paid_ms: Option<i64>,
    /// When staff sent the first parcel, or handed the order over, ms.
    pub shipped_ms: Option<i64>,
    /// The amount to pay, fen.
    pub total_fee: Fen,
    /// The delivery cost in `total_fee`, fen.
    pub freight_fee: Fen,
    /// The reduction of the price of the goods, fen.
    pub reduction_fee: Fen,
    /// The part of `total_fee` that the balance pays, fen.
    pub balance_fee: Fen,
    /// The amount of the refunds that succeeded, fen; `None` before the payment.
    pub refunded: Option<Fen>,
    /// The recipient's name.
    pub name: String,
    /// The recipient's phone number.
    pub phone: String,
    /// The recipient's address.
    pub address: String,
    /// The shopper's note.
    pub note: String,
    /// Its items in one line.
    pub items: String,
    /// The carriers of its parcels, separated by `；`.
    pub carriers: String,
    /// The tracking numbers of its parcels, in the same order, separated by `；`.
    pub tracking_numbers: String,
    /// The invoice that its shopper asks for.
    pub invoice: Option<InvoiceRecord>,
    /// Our number of the attempt that paid it.
    pub out_trade_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
}

impl Store {
    /// The orders of a filter, newest first: at most `limit`. For the next page, set `before` of the filter to the last
    /// order.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn exported_orders(
        &self,
        filter: &OrderFilter,
        limit: usize,
        overdue: Overdue,
    ) -> Result<Vec<ExportedOrder>, StoreError> {
        let searched_from = self.searched_from(filter).await?;
        let (condition, bound) = condition(filter, limit, overdue, &searched_from);
        let sql = format!(
            "SELECT o.id AS id, o.kind AS kind, o.state AS state, o.created_ms AS created_ms, o.paid_ms AS paid_ms, \
             o.shipped_ms AS shipped_ms, o.total_fee AS total_fee, \
             o.freight_fee AS freight_fee, o.reduction_fee AS reduction_fee, o.balance_fee AS balance_fee, d.name AS name, d.phone AS phone, \
             d.address AS address, d.note AS note, \
             p.out_trade_no AS out_trade_no, p.transaction_id AS transaction_id, {MONEY} FROM orders o {PAID_BY} \
             LEFT JOIN deliveries d ON d.order_id = o.id \
             WHERE {condition} ORDER BY o.id DESC LIMIT {limit}"
        );
        let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
        let rows = self.select_long(sql, &bound).await?;
        let mut orders: Vec<ExportedOrder> = rows.iter().map(exported).collect::<Result<_, _>>()?;
        let ids: Vec<&str> = orders.iter().map(|order| order.id.as_str()).collect();
        let lines = self.item_lines(&ids).await?;
        let shipments = self.shipments_of(&ids).await?;
        let head = format!("SELECT {INVOICE} FROM invoices");
        let invoices = self.select_of_orders(&head, &ids, "ORDER BY order_id").await?;
        let invoices: Vec<InvoiceRecord> = invoices.iter().map(rows::invoice).collect::<Result<_, _>>()?;
        // the rows are sorted by order id, so a binary search finds those of one order
        for order in &mut orders {
            let begin = lines.partition_point(|line| line.order_id.as_str() < order.id.as_str());
            let own = lines.get(begin..).unwrap_or_default().iter();
            order.items = in_a_line(own.take_while(|line| line.order_id == order.id.as_str()));
            let invoice = invoices.binary_search_by(|invoice| invoice.order_id.cmp(&order.id));
            order.invoice = invoice.ok().and_then(|at| invoices.get(at).cloned());
            let shipment = shipments.binary_search_by(|shipment| shipment.order_id.cmp(&order.id));
            let parcels = shipment.map_or(&[][..], |at| &shipments[at].parcels);
            let words =
                |word: fn(&ParcelRecord) -> &str| parcels.iter().map(word).collect::<Vec<_>>().join("；");
            order.carriers = words(|parcel| &parcel.carrier);
            order.tracking_numbers = words(|parcel| &parcel.tracking_no);
        }
        Ok(orders)
    }
}

fn exported(row: &Row) -> Result<ExportedOrder, StoreError> {
    let text = |column| rows::text_or_null::<String>(row, column).map(Option::unwrap_or_default);
    Ok(ExportedOrder {
        id: rows::text(row, "id")?,
        kind: rows::text(row, "kind")?,
        state: rows::text(row, "state")?,
        standing: standing(row)?,
        created_ms: rows::number(row, "created_ms")?,
        paid_ms: rows::number_or_null(row, "paid_ms")?,
        shipped_ms: rows::number_or_null(row, "shipped_ms")?,
        total_fee: Fen(rows::number(row, "total_fee")?),
        freight_fee: Fen(rows::number(row, "freight_fee")?),
        reduction_fee: Fen(rows::number(row, "reduction_fee")?),
        balance_fee: Fen(rows::number(row, "balance_fee")?),
        refunded: rows::number_or_null(row, "refunded")?.map(Fen),
        name: text("name")?,
        phone: text("phone")?,
        address: text("address")?,
        note: text("note")?,
        items: String::new(),
        carriers: String::new(),
        tracking_numbers: String::new(),
        invoice: None,
        out_trade_no: text("out_trade_no")?,
        transaction_id: text("transaction_id")?,
    })
}
