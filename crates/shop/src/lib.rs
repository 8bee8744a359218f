//! The shop itself: use cases, orders, payments, jobs and the database. No HTTP server, no pages.
//!
//! Every use case is one method of [`Shop`]; [`ShopError`] says why one was not done. Writes go through one
//! writer (`store::writer`), and an order changes its state in one place: `model::order::transition`.

mod addresses;
mod audit;
mod bills;
mod cart;
mod catalogue;
pub mod client_address;
mod clock;
mod console;
mod differences;
mod error;
mod ids;
mod jobs;
mod jssdk;
mod login;
mod miniprogram;
mod orders;
mod payments;
mod reconcile;
mod refunds;
mod settings;
mod shop;
mod staff;
pub mod store;
mod token;
mod turns;
pub mod typed;

pub use self::{
    addresses::{Address, Recipient},
    bills::{BillReport, BillSums},
    cart::CartLine,
    catalogue::{
        Catalogue, CatalogueError, LARGEST_PICTURE, NewSpecification, Picture, Product, ProductWords,
        Specification, StockChange,
    },
    clock::{Clock, FixedClock, SystemClock},
    console::{
        AUDIT_PAGE, CONSOLE_PAGE, DayFigures, DifferenceDetail, Figures, Happening, LATENCIES, ListedOrder,
        OrderFile, OrderFilter, ToDo, masked,
    },
    differences::{Difference, resolution_of},
    error::ShopError,
    ids::{Ids, SystemIds},
    jobs::{JobKind, Round},
    login::{LONGEST_CODE, Login, Profile},
    miniprogram::MiniPayment,
    orders::{Delivery, LONGEST_NOTE, Line, ORDERS_PAGE, OrderDetail, OrderLine, RefundLine, TOP_UP_LIMITS},
    payments::{Account, Api, Generation, Notified},
    reconcile::Reconciled,
    refunds::{AskRefund, Grant, LONGEST_REASON},
    settings::{HoldLimits, Settings},
    shop::{Shop, Wechat},
    staff::{
        Enrolment, Right, Role, STAFF_SESSION_S, SignInAlert, SignedIn, Staff, StaffAccount, StaffName,
        StaffNameError, TOTP_PERIOD_S, UnknownRole, totp_code,
    },
    store::{DataKeys, Dialect, Store, StoreError},
    token::PlatformToken,
};
pub use wechat::time::v2_time;
