//! What pages, jobs and checks read, and the statements that change one table.

use std::time::Duration;

mod addresses;
mod admin;
mod audit;
mod bills;
mod carts;
mod catalogue;
mod discrepancies;
mod jobs;
mod login_states;
mod messages;
mod orders;
mod payments;
mod pushes;
mod refunds;
mod shoppers;
mod sign_in_failures;
mod staff;
mod staff_sessions;
mod tokens;

pub use self::{
    admin::{DayMoney, DayOrders, ExportedOrder, SEARCHED_ORDERS, StuckRefunds},
    bills::BillRecord,
    carts::CartChange,
    login_states::{LoginClaim, LoginTimes},
    orders::ShopperOrder,
    sign_in_failures::{SignInCounts, SignInTimes},
    staff::{NewCredentials, StaffRecord},
    tokens::TokenRecord,
};

/// A length of time in milliseconds.
fn ms(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
