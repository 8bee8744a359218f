//! The reads of pages and jobs, and the writes that need no command.

use std::time::Duration;

mod addresses;
mod admin;
mod after_sales;
mod audit;
mod bills;
mod carts;
mod catalogue;
mod complaints;
mod discrepancies;
mod erasure;
mod freight;
mod invoices;
mod jobs;
mod login_states;
mod messages;
mod orders;
mod packing;
mod payments;
mod personal_data;
mod pictures;
mod pushes;
mod refunds;
mod shipments;
mod shoppers;
mod sign_in_failures;
mod staff;
mod staff_invitations;
mod staff_sessions;
mod tokens;

pub use self::{
    admin::{DayMoney, DayOrders, ExportedOrder, Overdue, SEARCHED_ORDERS},
    bills::BillRecord,
    carts::CartChange,
    erasure::Erasure,
    login_states::{LoginClaim, LoginTimes},
    orders::{ShopperOrder, TotalAndLines},
    pictures::PictureMove,
    sign_in_failures::{SignInCounts, SignInTimes},
    staff::{NewCredentials, StaffRecord},
    staff_invitations::StaffInvitationRecord,
    staff_sessions::StaffSessionRecord,
    tokens::TokenRecord,
};

pub(crate) use self::freight::{FREIGHT_HEAD, freight_values};

/// A duration in milliseconds.
fn ms(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
