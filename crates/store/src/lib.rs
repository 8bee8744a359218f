//! The shop's database: SQLite or PostgreSQL, with the same SQL for both. No other crate contains SQL.
//!
//! [`Store`] has four kinds of functions. Queries read records of `model`. A [`Command`] changes orders, payments and
//! refunds: it names the rows that it reads and decides in memory. [`Update`]s change the catalogue or the staff, with
//! an audit row. An [`Erasure`] removes a shopper's data from all tables. `schema.md` describes the tables.

mod audited_updates;
mod backup;
mod bulk;
mod connection;
mod data_keys;
mod dialect;
mod driver;
mod error;
mod files;
pub mod inspect;
mod migrations;
mod queries;
mod refund_requests;
mod rows;
mod seed;
mod standby;
#[cfg(feature = "testing")]
pub mod testing;
mod unit_of_work;

pub use self::{
    audited_updates::Update,
    data_keys::DataKeys,
    dialect::Dialect,
    error::StoreError,
    queries::{
        BillRecord, CartChange, DayMoney, DayOrders, Erasure, ExportedOrder, LoginClaim, LoginTimes,
        NewCredentials, Overdue, PictureMove, SEARCHED_ORDERS, ShopperOrder, SignInCounts, SignInTimes,
        StaffInvitationRecord, StaffRecord, StaffSessionRecord, TokenRecord, TotalAndLines,
    },
    unit_of_work::{
        Belongings, Command, EventEntry, Joined, KnownOpenId, NewMessage, QueueFull, ReadSet, UnitOfWork,
        Unpaid,
    },
};

/// The shop's database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: unit_of_work::Writer,
    readers: driver::Pool,
    standby: Option<standby::Standby>,
    dialect: Dialect,
    /// How far the database's time is moved forward, ms.
    ahead_ms: i64,
    data_keys: DataKeys,
}
