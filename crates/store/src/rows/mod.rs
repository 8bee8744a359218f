//! How rows become records of `model`: the columns of each table, and the functions that read them.

mod after_sale;
mod attempt;
mod audit;
mod bought;
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
mod shipment;
mod stock;
mod wallet_move;

pub(crate) use self::{
    after_sale::{AFTER_SALE, AFTER_SALE_LINE, after_sales},
    attempt::{ATTEMPT, attempt, joined_attempt},
    audit::{AUDIT, audit},
    bought::{BOUGHT, BOUGHT_TAIL, bought},
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
    shipment::{COLLECTED, DELIVERY_REPORT, PARCEL, SHIPMENT, delivery_company, delivery_report, shipments},
    stock::{STOCK, sale_period, stock},
    wallet_move::{WALLET_MOVE, wallet_move},
};
