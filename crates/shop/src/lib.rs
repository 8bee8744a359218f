//! The shop itself: its use cases and rules. It contains no SQL, no HTTP server and no pages.
//!
//! [`Shop`] hands out one handle for each subject, and each use case is a method of a handle:
//!
//! | handle | subject |
//! |---|---|
//! | [`Orders`] | an order as its page shows it, and who may see it |
//! | [`Checkout`] | from the cart to a placed order |
//! | [`Payments`] | attempts and notifications |
//! | [`Refunds`] | refunds |
//! | [`AfterSales`] | what shoppers ask for after the sale, and the answers of staff |
//! | [`Reconciliation`] | daily bills and discrepancies |
//! | [`Shipping`] | shipments, and their reports to WeChat |
//! | [`Identity`] | login, guests and profiles |
//! | [`Products`] | the catalogue, its changes, and pictures |
//! | [`Pictures`] | where the bytes of pictures are |
//! | [`StaffAccounts`] | accounts and sessions of the staff |
//! | [`Admin`] | what the console reads |
//! | [`Pushes`] | messages that WeChat pushes |
//! | [`Complaints`] | complaints that shoppers make at WeChat |
//! | [`Invoices`] | the invoices that shoppers ask for |
//! | [`Privacy`] | the copy and the erasure of a shopper's data |
//! | [`Messages`] | messages to shoppers and staff |
//! | [`Jobs`] | work that a server does later |
//! | [`OfficialAccount`] | `access_token` and JS-SDK |
//!
//! A handle holds only what its subject needs, and the handles that it calls. [`ShopError`] says why a use case failed.
//! Each change of orders, payments, refunds, stock or balances is a command (`store::Command`). Only
//! `model::order::transition` decides the next state of an order.

mod admin;
mod after_sales;
mod audit;
mod checkout;
pub mod client_address;
mod clock;
mod complaints;
mod error;
mod gateway;
mod identity;
mod ids;
mod invoices;
mod jobs;
mod keyed_mutex;
mod messages;
mod official;
mod orders;
mod payments;
mod pictures;
mod privacy;
mod products;
mod pushes;
mod reconciliation;
mod record_discrepancies;
mod refunds;
mod settings;
mod shipping;
mod shop;
mod spreadsheet;
mod staff;
mod ttl_cache;
pub mod typed;

pub use model::{
    address::{Address, Recipient},
    admin::{
        AfterSaleView, BestSeller, Dashboard, DaySums, Discrepancy, DiscrepancyDetail, LATENCIES,
        ListedOrder, OrderFilter, OrderView, SignInAlert, ToDo, ViewCounts,
    },
    catalogue::{Product, SalePeriod, SaleState, Specification},
    freight::{FreightRule, FreightUnit},
    job::JobKind,
    message::{MessageChannel, MessageSubject},
    payment::PayApi,
    price::PriceBreakdown,
};

pub use self::{
    admin::{
        AUDIT_PAGE, Admin, AdminOrder, BEST_DAYS, CONSOLE_PAGE, Days, MoneyExport, SEARCHED_ORDERS,
        figure_words, masked, order_words,
    },
    after_sales::{
        AFTER_SALES_PAGE, AfterSaleForm, AfterSaleLimits, AfterSaleRefund, AfterSales,
        MAX_AFTER_SALE_PICTURE_BYTES, MAX_AFTER_SALE_PICTURES,
    },
    checkout::{
        AddressField, CartLine, Checkout, Collector, Confirmation, Delivery, DeliveryField, Destination,
        LEDGER_PAGE, MAX_NOTE_CHARS, NewOrderLine, OverLimit, PurchaseLimit, SelectedLine, TOP_UP_LIMITS,
        address_problems, check_recipient,
    },
    clock::{Clock, FixedClock, MovedClock, SystemClock, shanghai},
    complaints::{ComplaintAnswer, ComplaintDetail, ComplaintList, ComplaintPicture, Complaints, Registered},
    error::ShopError,
    gateway::MerchantAccount,
    identity::{Identity, Login, LoginAccount, MAX_CODE_BYTES, Profile},
    ids::{Ids, SystemIds},
    invoices::{InvoiceField, InvoiceForm, Invoices},
    jobs::{JobRound, Jobs},
    messages::{
        ConsentMoment, MailSecurity, Mailbox, MessageSettings, MessageTemplate, Messages, OfficialMessages,
        StaffChannels, StaffMail, TemplateError, Webhook, WebhookError,
    },
    official::{AccessToken, DatabaseTokens, OfficialAccount},
    orders::{Fulfilment, LineLeft, ORDERS_PAGE, OpenOrder, OrderDetail, OrderLine, Orders, RefundLine},
    payments::{ApiVersion, MiniProgramPayment, NotificationOutcome, Payments, SheetOutcome},
    pictures::{MovedPictures, Picture, PicturePlaces, Pictures},
    privacy::{Privacy, SESSION_S},
    products::{
        Catalogue, CatalogueError, CellChange, CellProblem, CellText, CheckedLine, FillValues,
        FreightProblem, ImportOutcome, LINK_DAYS, LowStock, MAX_FREIGHT_RULES, MAX_OPTIONS,
        MAX_PICTURE_BYTES, MAX_PICTURES, MAX_PRODUCT_FILE_BYTES, MAX_PRODUCT_LINES, MAX_SPECIFICATIONS,
        NewProductRefused, NewSpecification, OptionsEdit, PictureChange, ProductColumn, ProductEdit,
        ProductField, ProductFile, ProductFilter, ProductImport, ProductLine, ProductProblem, ProductTexts,
        Products, SearchResult, SpecificationEdit, StockChange, Synonyms, TypedOption, TypedProduct,
        TypedSpecification, WrongCell, unfitting_specifications,
    },
    pushes::{PushReceivers, PushRefused, Pushes},
    reconciliation::{BillReport, BillSums, Reconciled, Reconciliation, advice_for},
    refunds::{MAX_REASON_BYTES, REFUND_BANKS, RefundRequest, RefundTarget, Refunds},
    settings::{ASK_FOR_PICKUP, HelpContacts, HoldLimits, LegalNotice, Licence, Settings, ship_until_ms},
    shipping::{
        AddressForm, CARRIERS, Carrier, CheckedParcel, ImportedParcels, MAX_PARCEL_FILE_BYTES,
        MAX_PARCEL_LINES, OrderToPack, PACKING_PAGE, PARCEL_FILE_COLUMNS, ParcelColumn, ParcelContents,
        ParcelFile, ParcelForm, ParcelLine, ParcelOutcome, ParcelProblem, PickLine, Shipping, WaitingOrders,
        pick_list, query_page,
    },
    shop::{Shop, Wechat},
    staff::{
        Accepted, Enrolment, Invitation, InvitationToken, OwnSession, RECOVERY_CODES, Right, Role,
        STAFF_SESSION_S, SignedIn, Staff, StaffAccount, StaffAccounts, StaffName, StaffNameError,
        TOTP_PERIOD_S, UnknownRole, check_repeated_password, totp_code,
    },
};
