//! How the rows of each table are read: the columns, and the record that they make.

mod attempt;
mod audit;
mod column;
mod complaint;
mod delivery;
mod invoice;
mod item;
mod message;
mod openid;
mod order;
mod profile;
mod push;
mod refund;
mod refund_application;
mod shipment;
mod stock;
mod wallet_move;

pub(crate) use self::{
    attempt::{ATTEMPT, attempt, joined_attempt},
    audit::{AUDIT, audit},
    column::{bytes, flag, number, number_or_null, text, text_or_null},
    complaint::{COMPLAINT, COMPLAINT_ANSWER, COMPLAINT_ENTRY, complaint, complaint_answer, complaint_entry},
    delivery::{DELIVERY, delivery},
    invoice::{INVOICE, invoice},
    item::{ITEM, item},
    message::{MESSAGE, message},
    openid::{OPENID, openid},
    order::{ORDER, order},
    profile::{PROFILE, profile},
    push::{PUSH, push},
    refund::{REFUND, refund},
    refund_application::{REFUND_APPLICATION, refund_application},
    shipment::{COLLECTED, DELIVERY_REPORT, PARCEL, SHIPMENT, delivery_company, delivery_report, shipments},
    stock::{STOCK, sale_period, stock},
    wallet_move::{WALLET_MOVE, wallet_move},
};
