//! Shipments: parcels and pickups that staff record, receipts, and the delivery reports to WeChat for orders that were
//! paid in the mini program (发货信息录入).

mod carriers;
mod confirm_receipt;
mod content;
mod correct_address;
mod hand_over;
mod import_parcels;
mod packing;
mod parcel_file;
mod query_page;
mod report;
mod report_outcome;
mod request_report;
mod ship;

use std::sync::Arc;

use model::{OrderId, record::ShipmentRecord};
use store::Store;
use wechat::miniprogram::MiniProgram;

use crate::{Clock, Orders, ShopError, audit::Audit, clock::ms, keyed_mutex::KeyedMutex, shop::Parts};

pub use self::{
    carriers::{CARRIERS, Carrier},
    correct_address::AddressForm,
    import_parcels::{CheckedParcel, ImportedParcels, ParcelContents, ParcelOutcome, ParcelProblem},
    packing::{OrderToPack, PACKING_PAGE, PickLine, WaitingOrders, pick_list},
    parcel_file::{
        MAX_PARCEL_FILE_BYTES, MAX_PARCEL_LINES, PARCEL_FILE_COLUMNS, ParcelColumn, ParcelFile, ParcelLine,
    },
    query_page::query_page,
    ship::ParcelForm,
};
pub(crate) use self::{
    confirm_receipt::receive,
    request_report::{drop_report, enqueue_state_query, report_of_payment},
    ship::{check_parcel, shippable},
};

/// The handle of shipments: parcels, pickups, receipts, and delivery reports to WeChat.
#[derive(Clone)]
pub struct Shipping {
    orders: Orders,
    store: Store,
    clock: Arc<dyn Clock>,
    audit: Audit,
    /// The mini program whose orders are reported.
    miniprogram: Option<MiniProgram>,
    /// An order counts as received this long after its last parcel, ms.
    receipt_ms: i64,
    /// Locks an order while its delivery is reported.
    reporting: Arc<KeyedMutex>,
}

impl Shipping {
    pub(crate) fn new(parts: &Parts, orders: &Orders) -> Self {
        Self {
            orders: orders.clone(),
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            audit: parts.audit.clone(),
            miniprogram: parts.miniprogram.clone(),
            receipt_ms: ms(parts.settings.receipt),
            reporting: Arc::default(),
        }
    }

    /// The shipment of an order; `None` before the first parcel or the pickup.
    ///
    /// # Errors
    /// A failing database.
    pub async fn shipment(&self, id: &OrderId) -> Result<Option<ShipmentRecord>, ShopError> {
        Ok(self.store.shipment(id).await?)
    }

    /// The appid of the mini program, whose payments are under WeChat's trade management.
    fn managed_appid(&self) -> Option<String> {
        self.miniprogram.as_ref().map(|program| program.account().appid().to_owned())
    }
}
