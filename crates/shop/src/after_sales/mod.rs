//! After-sales (售后): a shopper asks for money back for pieces of an order, staff answer, the shopper may return goods,
//! and the shop refunds. Only `model::after_sale::transition` decides the next state of an after-sale.

mod add_picture;
mod answer;
mod apply;
mod claim;
mod pictures;
mod refund;
mod refund_ended;
mod send_back;
mod step;
mod time_limit;

use std::{sync::Arc, time::Duration};

use model::{
    AfterSaleId, LocalizedText, OrderId, Shopper,
    admin::{AfterSaleView, ListedAfterSale},
    record::AfterSaleRecord,
};
use store::Store;

use crate::{Clock, Orders, Picture, Pictures, Refunds, ShopError, Staff, audit::Audit, shop::Parts, typed};

pub(crate) use self::refund_ended::{all_refunded, refund_closed, refund_created_instead, refund_succeeded};
pub use self::{
    apply::AfterSaleForm,
    pictures::{MAX_AFTER_SALE_PICTURE_BYTES, MAX_AFTER_SALE_PICTURES},
    refund::AfterSaleRefund,
};

/// The maximum length of a shopper's reason and of the answer of staff, characters.
pub(crate) const LONGEST: usize = 200;

/// The number of after-sales on a page of the console's list.
pub const AFTER_SALES_PAGE: usize = 50;

/// The time limits of after-sales, and the address for returns.
#[derive(Clone, Debug)]
pub struct AfterSaleLimits {
    /// `SHOP_AFTER_SALE_ANSWER_DAYS`: if staff do not answer within this time, the shop agrees by itself. `None`: it
    /// waits for staff.
    pub answer: Option<Duration>,
    /// `SHOP_RETURN_DAYS`: the time in which the shopper can send goods back.
    pub send_back: Duration,
    /// `SHOP_RETURN_RECEIPT_DAYS`: if staff do not answer within this time after the shopper sent the parcel, the shop
    /// refunds by itself. `None`: it waits for staff.
    pub receipt: Option<Duration>,
    /// `SHOP_RETURN_ADDRESS`: where shoppers send goods. `None`: staff write the address in each answer.
    pub return_address: Option<String>,
}

impl Default for AfterSaleLimits {
    fn default() -> Self {
        let days = |days: u64| Duration::from_secs(days * 86_400);
        Self { answer: Some(days(7)), send_back: days(7), receipt: Some(days(10)), return_address: None }
    }
}

/// The handle of after-sales.
#[derive(Clone)]
pub struct AfterSales {
    orders: Orders,
    refunds: Refunds,
    pictures: Pictures,
    store: Store,
    clock: Arc<dyn Clock>,
    audit: Audit,
    limits: AfterSaleLimits,
}

impl AfterSales {
    pub(crate) fn new(parts: &Parts, orders: &Orders, refunds: &Refunds, pictures: &Pictures) -> Self {
        Self {
            orders: orders.clone(),
            refunds: refunds.clone(),
            pictures: pictures.clone(),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            audit: parts.audit.clone(),
            limits: parts.settings.after_sale.clone(),
        }
    }

    /// The after-sales of an order, oldest first.
    ///
    /// # Errors
    /// A failing database.
    pub async fn of_order(&self, id: &OrderId) -> Result<Vec<AfterSaleRecord>, ShopError> {
        Ok(self.store.after_sales_of(id).await?)
    }

    /// An after-sale of the shopper's own order.
    ///
    /// # Errors
    /// [`ShopError::NotFound`] also for another shopper's after-sale, or a failing database.
    pub async fn own(&self, shopper: &Shopper, id: &AfterSaleId) -> Result<AfterSaleRecord, ShopError> {
        let found = self.store.after_sale(id).await?.ok_or(ShopError::NotFound)?;
        self.orders.own_order(shopper, &found.order_id).await?;
        Ok(found)
    }

    /// A picture of an after-sale of the shopper's own order. Pictures are numbered from 1.
    ///
    /// # Errors
    /// As [`AfterSales::own`]; [`ShopError::PictureNotRead`].
    pub async fn own_picture(
        &self,
        shopper: &Shopper,
        id: &AfterSaleId,
        number: i64,
    ) -> Result<Picture, ShopError> {
        self.own(shopper, id).await?;
        self.picture_of(id, number).await
    }

    /// A picture of an after-sale, for staff. Pictures are numbered from 1.
    ///
    /// # Errors
    /// [`ShopError::NotFound`], [`ShopError::PictureNotRead`], or a failing database.
    pub async fn picture(&self, _: &Staff, id: &AfterSaleId, number: i64) -> Result<Picture, ShopError> {
        self.picture_of(id, number).await
    }

    async fn picture_of(&self, id: &AfterSaleId, number: i64) -> Result<Picture, ShopError> {
        let row = self.store.after_sale_picture(id, number).await?.ok_or(ShopError::NotFound)?;
        self.pictures.read(row).await?.ok_or(ShopError::NotFound)
    }

    /// The address that staff gave for the newest return; empty before the first one.
    ///
    /// # Errors
    /// A failing database.
    pub async fn last_return_address(&self) -> Result<String, ShopError> {
        Ok(self.store.last_return_address().await?)
    }

    /// A page of the console's list, newest first. It begins after `before`.
    ///
    /// # Errors
    /// A failing database.
    pub async fn list(
        &self,
        _: &Staff,
        view: AfterSaleView,
        before: Option<&AfterSaleId>,
    ) -> Result<Vec<ListedAfterSale>, ShopError> {
        Ok(self.store.listed_after_sales(view, before, AFTER_SALES_PAGE).await?)
    }
}

/// Normalises a typed text. `otherwise` is the error if it does not have 1 to [`LONGEST`] characters.
fn checked_text(text: &str, otherwise: LocalizedText) -> Result<String, ShopError> {
    if text.chars().any(|character| character.is_control() && !"\r\n\t".contains(character)) {
        return Err(ShopError::Invalid(otherwise));
    }
    let text = typed::lines(text);
    if (1..=LONGEST).contains(&text.chars().count()) { Ok(text) } else { Err(ShopError::Invalid(otherwise)) }
}
