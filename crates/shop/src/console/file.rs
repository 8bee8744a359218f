//! One order with all that belongs to it.

use model::{
    Fen, OrderId, OutTradeNo,
    order::{OrderKind, Standing},
};
use sqlx::Row;

use super::DifferenceDetail;
use crate::{
    Shop, ShopError, Store, StoreError,
    orders::standing,
    refunds::refundable_payment,
    store::rows::{AttemptRow, DeliveryRow, ItemRow, OrderRow, RefundRequestRow, RefundRow, ShipmentRow},
};

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When, ms.
    pub at_ms: i64,
    /// Who said so.
    pub who: String,
    /// What.
    pub what: String,
    /// About which attempt.
    pub out_trade_no: String,
    /// Why.
    pub detail: String,
}

/// An order with all that belongs to it.
#[derive(Clone, Debug)]
pub struct OrderFile {
    /// The order.
    pub order: OrderRow,
    /// What was bought.
    pub items: Vec<ItemRow>,
    /// Where it goes.
    pub delivery: Option<DeliveryRow>,
    /// How it was to be paid.
    pub attempts: Vec<AttemptRow>,
    /// What WeChat was asked for each of them: its number and the request, byte for byte.
    pub requests: Vec<(String, String)>,
    /// What was given back.
    pub refunds: Vec<RefundRow>,
    /// What happened.
    pub events: Vec<Happening>,
    /// Who carries it.
    pub shipment: Option<ShipmentRow>,
    /// What the shopper asks for.
    pub request: Option<RefundRequestRow>,
    /// What does not fit.
    pub differences: Vec<DifferenceDetail>,
}

impl OrderFile {
    /// What can still be given back of the payment that a refund is about where none is named.
    #[must_use]
    pub fn refundable(&self) -> Fen {
        self.payment(None).map_or(Fen::ZERO, AttemptRow::refundable)
    }

    /// The payment of this number, or the one that a refund is about where none is named.
    #[must_use]
    pub fn payment(&self, out_trade_no: Option<&OutTradeNo>) -> Option<&AttemptRow> {
        let number = match out_trade_no {
            Some(number) => number.clone(),
            None => refundable_payment(&self.order, self.attempts.iter())?,
        };
        self.attempts.iter().find(|attempt| attempt.out_trade_no == number)
    }

    /// Every payment of which money can still be given back.
    pub fn refundable_payments(&self) -> impl Iterator<Item = &AttemptRow> {
        self.attempts.iter().filter(|attempt| attempt.refundable() > Fen::ZERO)
    }

    /// Where its money stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let paid_by = self.order.paid_out_trade_no.as_ref();
        standing(
            self.order.state,
            self.attempts.iter().find(|attempt| Some(&attempt.out_trade_no) == paid_by),
        )
    }

    /// Whether the shop is asked, with a refund of all that is left, what becomes of the pieces: they are still here.
    #[must_use]
    pub fn may_restock(&self, payment: &AttemptRow, fee: Fen) -> bool {
        self.order.kind == OrderKind::Goods
            && self.shipment.is_none()
            && self.order.paid_out_trade_no.as_ref() == Some(&payment.out_trade_no)
            && fee == payment.refundable()
    }
}

impl Shop {
    /// An order with all that belongs to it, whoever placed it.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], or a failing database.
    pub async fn console_order(&self, id: &OrderId) -> Result<OrderFile, ShopError> {
        let store = self.store();
        let order = store.order(id).await?.ok_or(ShopError::NotFound)?;
        Ok(OrderFile {
            order,
            items: store.items(id).await?,
            delivery: store.delivery(id).await?,
            attempts: store.attempts_of(id).await?,
            requests: store.requests_of(id).await?,
            refunds: store.refunds_of(id).await?,
            events: store.happenings(id).await?,
            shipment: store.shipment(id).await?,
            request: store.refund_request(id).await?,
            differences: store.differences_of(id).await?,
        })
    }
}

impl Store {
    async fn requests_of(&self, id: &OrderId) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT r.out_trade_no, r.request FROM attempts a JOIN attempt_requests r \
                   ON r.out_trade_no = a.out_trade_no WHERE a.order_id = $1 ORDER BY a.seq";
        let rows = self.select(sql.to_owned(), &[id.as_str()]).await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<Result<_, sqlx::Error>>()
            .map_err(StoreError::during("reading requests"))
    }

    async fn happenings(&self, id: &OrderId) -> Result<Vec<Happening>, StoreError> {
        let sql =
            "SELECT at_ms, who, what, out_trade_no, detail FROM events WHERE order_id = $1 ORDER BY seq";
        let rows = self.select(sql.to_owned(), &[id.as_str()]).await?;
        rows.iter()
            .map(|row| {
                Ok(Happening {
                    at_ms: row.try_get(0)?,
                    who: row.try_get(1)?,
                    what: row.try_get(2)?,
                    out_trade_no: row.try_get::<Option<String>, _>(3)?.unwrap_or_default(),
                    detail: row.try_get(4)?,
                })
            })
            .collect::<Result<_, sqlx::Error>>()
            .map_err(StoreError::during("reading events"))
    }
}
