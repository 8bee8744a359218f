//! The rows of the tables, and how they are read.

use std::str::FromStr;

use model::{
    Fen, OpenId, OrderId, OutRefundNo, OutTradeNo, Quantity, Shopper, Sku, TransactionId,
    order::{OrderKind, OrderState},
    refund::RefundState,
};
use sqlx::{Any, Decode, Row, Type, any::AnyRow};

use wechat::pay::v2::TradeType;

use super::StoreError;
use crate::{Api, Recipient};

/// An order.
#[derive(Clone, Debug)]
pub struct OrderRow {
    /// Its number in the shop.
    pub id: OrderId,
    /// What it is for.
    pub kind: OrderKind,
    /// Who placed it.
    pub shopper: Shopper,
    /// Its items as a text: what the same shopper orders twice in a row is recognised by it.
    pub basket: String,
    /// Where it stands.
    pub state: OrderState,
    /// What it costs.
    pub total_fee: Fen,
    /// When it was placed, ms.
    pub created_ms: i64,
    /// When it can no longer be paid, ms.
    pub expires_ms: i64,
    /// When WeChat took the money, ms.
    pub paid_ms: Option<i64>,
    /// The attempt that paid it.
    pub paid_out_trade_no: Option<OutTradeNo>,
    /// How many events it has.
    pub version: i64,
    /// What a link to it carries, so that nobody can guess one; empty for orders older than such links.
    pub link_key: String,
}

/// What became of a payment attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptState {
    /// It may still be paid.
    Open,
    /// WeChat took the money.
    Paid,
    /// WeChat confirmed that it can no longer be paid.
    Closed,
}

impl AttemptState {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Closed => "closed",
        }
    }
}

impl FromStr for AttemptState {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "open" => Ok(Self::Open),
            "paid" => Ok(Self::Paid),
            "closed" => Ok(Self::Closed),
            _ => Err("unknown attempt state"),
        }
    }
}

/// A payment attempt.
#[derive(Clone, Debug)]
pub struct AttemptRow {
    /// Its number at WeChat.
    pub out_trade_no: OutTradeNo,
    /// The order that it is to pay.
    pub order_id: OrderId,
    /// The how-manieth attempt of the order, from 1.
    pub seq: i64,
    /// What became of it.
    pub state: AttemptState,
    /// The generation of WeChat Pay, and how its messages are signed.
    pub api: Api,
    /// How it is paid.
    pub trade_type: TradeType,
    /// The account that it was ordered with.
    pub appid: String,
    /// The merchant that it was ordered with.
    pub mch_id: String,
    /// Who is to pay; `None` where WeChat does not ask.
    pub openid: Option<OpenId>,
    /// What is to be paid.
    pub total_fee: Fen,
    /// The request, byte for byte.
    pub request: String,
    /// When it was written down, ms.
    pub created_ms: i64,
    /// `time_expire`, ms.
    pub expires_ms: i64,
    /// WeChat's answer; empty where it is the address alone.
    pub prepay_id: Option<String>,
    /// Where it is paid, for the kinds that have an address: `code_url` or `mweb_url`.
    pub pay_url: Option<String>,
    /// When WeChat answered, ms.
    pub prepay_ms: Option<i64>,
    /// WeChat's number of the payment.
    pub transaction_id: Option<TransactionId>,
    /// When WeChat took the money, ms.
    pub paid_ms: Option<i64>,
    /// What the payer paid, less than `total_fee` by coupons, as far as WeChat told.
    pub payer_total: Option<Fen>,
    /// What the merchant is paid out of, as far as WeChat told (`settlement_total_fee`).
    pub settlement_total: Option<Fen>,
    /// What has been given back.
    pub refunded: Fen,
    /// What refunds that have not ended reserve.
    pub refunding: Fen,
}

impl AttemptRow {
    /// What may still be given back.
    #[must_use]
    pub const fn refundable(&self) -> Fen {
        match self.state {
            AttemptState::Paid => Fen(self.total_fee.0 - self.refunded.0 - self.refunding.0),
            AttemptState::Open | AttemptState::Closed => Fen::ZERO,
        }
    }
}

/// A refund.
#[derive(Clone, Debug)]
pub struct RefundRow {
    /// Its number, the same however often WeChat is asked.
    pub out_refund_no: OutRefundNo,
    /// The order.
    pub order_id: OrderId,
    /// The attempt that was paid.
    pub out_trade_no: OutTradeNo,
    /// Where it stands.
    pub state: RefundState,
    /// Who asked for it: a person's name, `shop` for one that the shop makes by itself, `elsewhere`.
    pub who: String,
    /// Why, as the shopper may read it.
    pub reason: String,
    /// How much.
    pub refund_fee: Fen,
    /// The request, byte for byte, from the first time it is sent; empty before, and for refunds made elsewhere.
    pub request: String,
    /// WeChat's number.
    pub refund_id: Option<String>,
    /// What the payer gets back (`cash_refund_fee`, `payer_refund`), as far as WeChat told.
    pub payer_refund: Option<Fen>,
    /// What it costs the merchant (`settlement_refund_fee`), as far as WeChat told.
    pub settlement_refund: Option<Fen>,
    /// When it was written down, ms.
    pub created_ms: i64,
    /// When it last moved, ms.
    pub changed_ms: i64,
    /// Why WeChat has not accepted it yet, or gave it up.
    pub last_error: String,
}

/// One line of an order.
#[derive(Clone, Debug)]
pub struct ItemRow {
    /// The order.
    pub order_id: OrderId,
    /// The line, from 1.
    pub position: i64,
    /// What is bought.
    pub sku: Sku,
    /// Its name when it was bought.
    pub name: String,
    /// Its specification when it was bought; may be empty.
    pub spec: String,
    /// Its picture.
    pub picture: String,
    /// Its price when it was bought.
    pub price: Fen,
    /// How many.
    pub quantity: Quantity,
}

/// Where an order goes.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    /// The order.
    pub order_id: OrderId,
    /// Who gets it; empty where the shopper fetches it at the shop.
    pub name: String,
    /// Their telephone number.
    pub phone: String,
    /// Where, in one line.
    pub address: String,
    /// What the shopper wants to tell.
    pub note: String,
}

impl DeliveryRow {
    pub(crate) fn new(order_id: OrderId, to: Option<&Recipient>, note: String) -> Self {
        let text = |part: fn(&Recipient) -> String| to.map(part).unwrap_or_default();
        Self {
            order_id,
            name: text(|to| to.name.clone()),
            phone: text(|to| to.phone.clone()),
            address: text(Recipient::address),
            note,
        }
    }
}

/// What is on the shelf of one thing.
#[derive(Clone, Debug)]
pub struct StockRow {
    /// The thing.
    pub sku: Sku,
    /// What it costs now.
    pub price: Fen,
    /// How many are left.
    pub stock: i64,
    /// Whether its product is on the shelf.
    pub on_sale: bool,
}

/// Something that happened to an order.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// The order.
    pub order_id: OrderId,
    /// Its how-manieth event, from 1.
    pub seq: i64,
    /// When, ms.
    pub at_ms: i64,
    /// Who said so.
    pub who: &'static str,
    /// What.
    pub what: &'static str,
    /// The attempt it is about.
    pub out_trade_no: Option<OutTradeNo>,
    /// Why, in English.
    pub detail: String,
}

/// Money that went into a shopper's balance, or out of it.
#[derive(Clone, Debug)]
pub struct WalletMoveRow {
    /// What moved it, once: the order, or the refund.
    pub id: String,
    /// The top-up that it goes back to.
    pub order_id: OrderId,
    /// Whose balance.
    pub shopper: Shopper,
    /// How much; less than nothing where it went out.
    pub amount: Fen,
    /// When, ms.
    pub at_ms: i64,
}

/// Something to do later.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Kind and subject; the same job twice is one job.
    pub id: String,
    /// What to do.
    pub kind: String,
    /// With what.
    pub subject: String,
    /// Not before, ms.
    pub run_ms: i64,
    /// How often it was begun.
    pub tries: i64,
}

/// Something that verifies but does not fit.
#[derive(Clone, Debug)]
pub struct DifferenceRow {
    /// The same difference twice is one row.
    pub id: String,
    /// What does not fit: one of those that `resolution_of` knows.
    pub kind: &'static str,
    /// The number that it names.
    pub out_trade_no: String,
    /// When it was seen, ms.
    pub at_ms: i64,
    /// What was expected and what came, in English.
    pub detail: String,
    /// What came, byte for byte.
    pub payload: Vec<u8>,
    /// What was done about it; empty while it is open.
    pub resolution: String,
}

/// What a shopper let WeChat tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    /// Who.
    pub openid: OpenId,
    /// Their name in WeChat.
    pub nickname: String,
    /// Their picture's address; may be empty.
    pub headimgurl: String,
    /// When WeChat told it, ms.
    pub at_ms: i64,
}

/// An order that was handed to a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipmentRow {
    /// The order.
    pub order_id: OrderId,
    /// Who carries it.
    pub carrier: String,
    /// Under which number.
    pub tracking_no: String,
    /// Who of the shop said so.
    pub who: String,
    /// When, ms.
    pub shipped_ms: i64,
}

/// What became of a shopper's wish to have money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundRequestState {
    /// The shop has not answered.
    Open,
    /// The shop gives it back: see the refunds.
    Granted,
    /// The shop does not, and says why.
    Declined,
}

impl RefundRequestState {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Granted => "granted",
            Self::Declined => "declined",
        }
    }
}

impl FromStr for RefundRequestState {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Open, Self::Granted, Self::Declined]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or("unknown state of a refund request")
    }
}

/// A shopper's wish to have money back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequestRow {
    /// The order.
    pub order_id: OrderId,
    /// What became of it.
    pub state: RefundRequestState,
    /// Why.
    pub reason: String,
    /// When, ms.
    pub asked_ms: i64,
    /// What the shop says to it; may be empty.
    pub answer: String,
    /// Who of the shop answered.
    pub who: String,
    /// When, ms.
    pub answered_ms: Option<i64>,
}

/// Something done that is about no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its own number.
    pub id: String,
    /// When, ms.
    pub at_ms: i64,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// What came of it.
    pub detail: String,
}

/// The columns of `orders`, as [`order`] reads them.
pub(super) const ORDER: &str = "o.id, o.kind, o.openid, o.basket, o.state, o.total_fee, o.created_ms, o.expires_ms, \
                                o.paid_ms, o.paid_out_trade_no, o.version, o.link_key";

/// The columns of `attempts`, as [`attempt`] reads them from the given position on.
pub(super) const ATTEMPT: &str = "a.out_trade_no, a.order_id, a.seq, a.state, a.api, a.trade_type, a.sign_type, \
                                  a.appid, a.mch_id, a.openid, a.total_fee, a.request, a.created_ms, \
                                  a.expires_ms, a.prepay_id, a.prepay_ms, a.transaction_id, a.paid_ms, a.payer_total, \
                                  a.settlement_total, a.refunded, a.refunding, a.pay_url";

/// The columns of `refunds`, as [`refund`] reads them.
pub(super) const REFUND: &str = "out_refund_no, order_id, out_trade_no, state, who, reason, refund_fee, request, \
                                 refund_id, payer_refund, settlement_refund, created_ms, changed_ms, last_error";

/// How many columns [`ORDER`] has.
pub(super) const ORDER_WIDTH: usize = 12;

/// The columns of `order_items`, as [`item`] reads them.
pub(super) const ITEM: &str = "order_id, position, sku, name, spec, picture, price, quantity";

/// What [`stock`] reads.
pub(super) const STOCK: &str =
    "SELECT s.id, s.price, s.stock, p.on_sale FROM skus s JOIN products p ON p.id = s.product_id";

/// The columns of `shipments`, as [`shipment`] reads them.
pub(super) const SHIPMENT: &str = "order_id, carrier, tracking_no, who, shipped_ms";

/// The columns of `refund_requests`, as [`refund_request`] reads them.
pub(super) const REFUND_REQUEST: &str = "order_id, state, reason, asked_ms, answer, who, answered_ms";

fn text_or_null<T: FromStr>(row: &AnyRow, column: usize) -> Result<Option<T>, StoreError> {
    let text: Option<&str> = row.try_get(column).map_err(StoreError::during("reading a row"))?;
    let wrong = || StoreError::new("reading a row", format!("column {column} does not parse"));
    text.map(|text| text.parse().map_err(|_| wrong())).transpose()
}

fn text<T: FromStr>(row: &AnyRow, column: usize) -> Result<T, StoreError> {
    text_or_null(row, column)?
        .ok_or_else(|| StoreError::new("reading a row", format!("column {column} is empty")))
}

/// A column that is empty where there is nothing to say.
fn text_or_empty<T: FromStr>(row: &AnyRow, column: usize) -> Result<Option<T>, StoreError> {
    match text::<String>(row, column)?.as_str() {
        "" => Ok(None),
        _ => text(row, column).map(Some),
    }
}

fn number<N: for<'r> Decode<'r, Any> + Type<Any>>(row: &AnyRow, column: usize) -> Result<N, StoreError> {
    row.try_get(column).map_err(StoreError::during("reading a row"))
}

pub(super) fn order(row: &AnyRow) -> Result<OrderRow, StoreError> {
    Ok(OrderRow {
        id: text(row, 0)?,
        kind: text(row, 1)?,
        shopper: text(row, 2)?,
        basket: text(row, 3)?,
        state: text(row, 4)?,
        total_fee: Fen(number(row, 5)?),
        created_ms: number(row, 6)?,
        expires_ms: number(row, 7)?,
        paid_ms: number(row, 8)?,
        paid_out_trade_no: text_or_null(row, 9)?,
        version: number(row, 10)?,
        link_key: text(row, 11)?,
    })
}

pub(super) fn attempt(row: &AnyRow, from: usize) -> Result<AttemptRow, StoreError> {
    Ok(AttemptRow {
        out_trade_no: text(row, from)?,
        order_id: text(row, from + 1)?,
        seq: number(row, from + 2)?,
        state: text(row, from + 3)?,
        api: Api::parse(&text::<String>(row, from + 4)?, &text::<String>(row, from + 6)?)
            .ok_or_else(|| StoreError::new("reading a row", "an attempt is of an unknown kind"))?,
        trade_type: TradeType::from(text::<String>(row, from + 5)?.as_str()),
        appid: text(row, from + 7)?,
        mch_id: text(row, from + 8)?,
        openid: text_or_empty(row, from + 9)?,
        total_fee: Fen(number(row, from + 10)?),
        request: text(row, from + 11)?,
        created_ms: number(row, from + 12)?,
        expires_ms: number(row, from + 13)?,
        prepay_id: text_or_null(row, from + 14)?,
        prepay_ms: number(row, from + 15)?,
        transaction_id: text_or_null(row, from + 16)?,
        paid_ms: number(row, from + 17)?,
        payer_total: number::<Option<i64>>(row, from + 18)?.map(Fen),
        settlement_total: number::<Option<i64>>(row, from + 19)?.map(Fen),
        refunded: Fen(number(row, from + 20)?),
        refunding: Fen(number(row, from + 21)?),
        pay_url: text_or_null(row, from + 22)?,
    })
}

/// The attempt beside an order in a LEFT JOIN.
pub(super) fn attempt_beside(row: &AnyRow) -> Result<Option<AttemptRow>, StoreError> {
    match text_or_null::<String>(row, ORDER_WIDTH)? {
        Some(_) => attempt(row, ORDER_WIDTH).map(Some),
        None => Ok(None),
    }
}

pub(super) fn item(row: &AnyRow) -> Result<ItemRow, StoreError> {
    let quantity: i64 = number(row, 7)?;
    Ok(ItemRow {
        order_id: text(row, 0)?,
        position: number(row, 1)?,
        sku: text(row, 2)?,
        name: text(row, 3)?,
        spec: text(row, 4)?,
        picture: text(row, 5)?,
        price: Fen(number(row, 6)?),
        quantity: Quantity::try_from(quantity).map_err(StoreError::during("reading a row"))?,
    })
}

pub(super) fn delivery(row: &AnyRow) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        order_id: text(row, 0)?,
        name: text(row, 1)?,
        phone: text(row, 2)?,
        address: text(row, 3)?,
        note: text(row, 4)?,
    })
}

pub(super) fn refund(row: &AnyRow) -> Result<RefundRow, StoreError> {
    Ok(RefundRow {
        out_refund_no: text(row, 0)?,
        order_id: text(row, 1)?,
        out_trade_no: text(row, 2)?,
        state: text(row, 3)?,
        who: text(row, 4)?,
        reason: text(row, 5)?,
        refund_fee: Fen(number(row, 6)?),
        request: text(row, 7)?,
        refund_id: text_or_null(row, 8)?,
        payer_refund: number::<Option<i64>>(row, 9)?.map(Fen),
        settlement_refund: number::<Option<i64>>(row, 10)?.map(Fen),
        created_ms: number(row, 11)?,
        changed_ms: number(row, 12)?,
        last_error: text(row, 13)?,
    })
}

pub(super) fn balance(row: &AnyRow) -> Result<(String, Fen), StoreError> {
    Ok((text(row, 0)?, Fen(number(row, 1)?)))
}

pub(super) fn stock(row: &AnyRow) -> Result<StockRow, StoreError> {
    Ok(StockRow {
        sku: text(row, 0)?,
        price: Fen(number(row, 1)?),
        stock: number(row, 2)?,
        on_sale: number::<i64>(row, 3)? != 0,
    })
}

pub(super) fn shipment(row: &AnyRow) -> Result<ShipmentRow, StoreError> {
    Ok(ShipmentRow {
        order_id: text(row, 0)?,
        carrier: text(row, 1)?,
        tracking_no: text(row, 2)?,
        who: text(row, 3)?,
        shipped_ms: number(row, 4)?,
    })
}

pub(super) fn refund_request(row: &AnyRow) -> Result<RefundRequestRow, StoreError> {
    Ok(RefundRequestRow {
        order_id: text(row, 0)?,
        state: text(row, 1)?,
        reason: text(row, 2)?,
        asked_ms: number(row, 3)?,
        answer: text(row, 4)?,
        who: text(row, 5)?,
        answered_ms: number(row, 6)?,
    })
}

pub(super) fn profile(row: &AnyRow) -> Result<ProfileRow, StoreError> {
    Ok(ProfileRow {
        openid: text(row, 0)?,
        nickname: text(row, 1)?,
        headimgurl: text(row, 2)?,
        at_ms: number(row, 3)?,
    })
}

pub(crate) fn audit(row: &AnyRow) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        id: text(row, 0)?,
        at_ms: number(row, 1)?,
        who: text(row, 2)?,
        what: text(row, 3)?,
        detail: text(row, 4)?,
    })
}

pub(crate) fn job(row: &AnyRow) -> Result<JobRow, StoreError> {
    Ok(JobRow {
        id: text(row, 0)?,
        kind: text(row, 1)?,
        subject: text(row, 2)?,
        run_ms: number(row, 3)?,
        tries: number(row, 4)?,
    })
}
