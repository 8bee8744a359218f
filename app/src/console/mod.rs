//! The pages of the merchant's console. They are plain forms without islands and scripts.
//!
//! They have their own layout and style sheet. The handlers in `server/src/routes/console` check the session and the
//! role, and pass the data to a page.

mod abnormal_refund;
mod account;
mod after_sale;
mod after_sales;
mod audit;
mod audit_detail;
mod charts;
mod comparison;
mod complaint;
mod complaints;
mod correct_address;
mod dashboard;
mod delivery_report;
mod detail;
mod discrepancies;
mod discrepancy_detail;
mod event_detail;
mod figures;
mod freight;
mod invitation;
mod invoice;
mod language;
mod layout;
mod message_page;
mod messages;
mod new_product;
mod order;
mod order_messages;
mod orders;
mod packing;
mod parcel_import;
mod payments;
mod privacy;
mod product;
mod product_import;
mod product_options;
mod product_pictures;
mod products;
mod recovery_codes;
mod refund;
mod settings;
mod share;
mod ship_until;
mod shipping;
mod sign_in;
mod specification_table;
mod staff;
mod typed_form;

pub use self::{
    account::{account_page, recovery_codes_page},
    after_sales::after_sales_page,
    audit::audit_page,
    audit_detail::CatalogueNames,
    complaint::{TypedAnswer, complaint_page},
    complaints::complaints_page,
    dashboard::{Overview, dashboard_page},
    discrepancies::discrepancies_page,
    figures::figures_page,
    freight::{FreightForm, TypedFreightRule, freight_page, seen_rule},
    invitation::{invited_page, join_page, joined_page, no_invitation_page},
    language::{in_language, translate},
    layout::{Head, STYLE, STYLE_PATH},
    message_page::message_page,
    messages::sentence,
    new_product::{NewProductForm, new_product_page},
    order::order_page,
    orders::{OrderList, orders_page, query_of},
    packing::{delivery_notes_page, packing_page, pick_list_page},
    parcel_import::{ParcelSource, parcel_file_page, parcel_preview_page, parcels_shipped_page},
    privacy::privacy_page,
    product::{ProductForm, product_page},
    product_import::{product_file_page, product_import_page},
    product_options::OptionsForm,
    products::products_page,
    refund::{Confirmation, refund_page},
    settings::{SECRET, settings_page},
    share::share_page,
    ship_until::ShipUntil,
    sign_in::sign_in_page,
    staff::staff_page,
    typed_form::{TypedAddress, TypedForm, TypedParcel},
};
