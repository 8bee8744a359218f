//! The shop itself: its use cases and its rules. No SQL, no HTTP server, no pages.
//!
//! Every use case is a method of [`Shop`]; [`ShopError`] says why one was refused. The folders are the subjects. A change of
//! orders, payments or refunds is a command (`store::Command`), and an order changes its state in one place:
//! `model::order::transition`.

mod admin;
mod audit;
mod catalogue;
mod checkout;
pub mod client_address;
mod clock;
mod error;
mod identity;
mod ids;
mod jobs;
mod keyed_mutex;
mod official;
mod payments;
mod reconciliation;
mod refunds;
mod settings;
mod shipping;
mod shop;
mod staff;
mod ttl_cache;
pub mod typed;

pub use model::{
    address::{Address, Recipient},
    admin::{
        Dashboard, DaySums, Discrepancy, DiscrepancyDetail, LATENCIES, ListedOrder, OrderFilter, SignInAlert,
        ToDo,
    },
    catalogue::{Product, Specification},
    job::JobKind,
    payment::PayApi,
};

pub use self::{
    admin::{AUDIT_PAGE, AdminOrder, CONSOLE_PAGE, masked, order_words},
    catalogue::{
        Catalogue, CatalogueError, LARGEST_PICTURE, NewSpecification, Picture, ProductWords, StockChange,
    },
    checkout::{
        CartLine, Delivery, LONGEST_NOTE, Line, ORDERS_PAGE, OpenOrder, OrderDetail, OrderLine, RefundLine,
        TOP_UP_LIMITS, check_recipient,
    },
    clock::{Clock, FixedClock, SystemClock, shanghai},
    error::ShopError,
    identity::{LONGEST_CODE, Login, Profile},
    ids::{Ids, SystemIds},
    jobs::Round,
    official::{AccessToken, DatabaseTokens},
    payments::{ApiVersion, MerchantAccount, MiniPayment, NotificationOutcome},
    reconciliation::{BillReport, BillSums, Reconciled, resolution_of},
    refunds::{Grant, LONGEST_REASON, RefundCommand},
    settings::{HoldLimits, Settings},
    shop::{Shop, Wechat},
    staff::{
        Enrolment, Right, Role, STAFF_SESSION_S, SignedIn, Staff, StaffAccount, StaffName, StaffNameError,
        TOTP_PERIOD_S, UnknownRole, totp_code,
    },
};
