use std::error::Error;

use clap::Args;
use model::{
    Fen, OpenId,
    order::{OrderKind, OrderState},
    payment::{self, AttemptState, PayApi, TradeType},
    record::{AttemptRecord, ItemRecord, OrderRecord},
};
use shop::OpenOrder;
use wechat::wire::{
    Fields,
    sign::{SignType, sign},
    xml,
};

/// The number of orders of each user.
const ORDERS_PER_USER: u32 = 20;

/// The time until an order expires. ms.
const LIFETIME_MS: i64 = 30 * 86_400_000;

/// The merchant of the orders.
#[derive(Args)]
pub(crate) struct Merchant {
    /// The appid.
    #[arg(long)]
    appid: String,
    /// The merchant id.
    #[arg(long)]
    mch_id: String,
    /// The APIv2 key. It signs the stored request of each payment attempt.
    #[arg(long)]
    key: String,
}

/// Builds the order with the number `at`. The first orders belong to the user `first`. An order has one item and an open
/// payment attempt of V2 with MD5.
pub(crate) fn open(
    at: u32,
    now_ms: i64,
    first: Option<&OpenId>,
    merchant: &Merchant,
) -> Result<OpenOrder, Box<dyn Error>> {
    // one second between two orders, in the last hour
    let created_ms = now_ms - 3_600_000 + i64::from(at % 3_000) * 1000;
    let id: model::OrderId =
        format!("{}{at:010}", shop::shanghai(now_ms).strftime("%Y%m%d%H%M%S")).parse()?;
    let openid = match first {
        Some(first) if at < ORDERS_PER_USER => first.clone(),
        _ => format!("oBench{:022}", at / ORDERS_PER_USER).parse()?,
    };
    let out_trade_no: model::OutTradeNo = format!("P{at:015}").parse()?;
    let (total_fee, expires_ms) = (Fen(100 + i64::from(at % 900)), now_ms + LIFETIME_MS);
    let sku: model::Sku = "mug-celadon-300".parse()?;
    let item = ItemRecord {
        order_id: id.clone(),
        position: 1,
        sku: sku.clone(),
        name: "青瓷马克杯".to_owned(),
        spec: "300 毫升".to_owned(),
        picture: "/pictures/mug-celadon.svg".to_owned(),
        price: total_fee,
        quantity: 1.try_into()?,
        reduction: Fen::ZERO,
    };
    let order = OrderRecord {
        id: id.clone(),
        kind: OrderKind::Goods,
        shopper: openid.as_str().parse()?,
        basket: format!("{sku}*1"),
        state: OrderState::Created,
        total_fee,
        freight_fee: Fen::ZERO,
        reduction_fee: Fen::ZERO,
        balance_fee: Fen::ZERO,
        created_ms,
        expires_ms,
        paid_ms: None,
        paid_out_trade_no: None,
        version: 0,
        link_key: format!("{at:032}"),
        placed_from: String::new(),
        held: 0,
    };
    let request = Fields::new()
        .with("appid", &*merchant.appid)
        .with("mch_id", &*merchant.mch_id)
        .with("nonce_str", &*order.link_key)
        .with("body", "小店-青瓷马克杯")
        .with("out_trade_no", out_trade_no.as_str())
        .with("total_fee", total_fee.0.to_string())
        .with("spbill_create_ip", "127.0.0.1")
        .with("notify_url", "https://shop.example.com/api/wechat/pay/callback")
        .with("trade_type", TradeType::Jsapi.as_str())
        .with("openid", openid.as_str());
    let signature = sign(&request, &merchant.key, SignType::Md5);
    let attempt = AttemptRecord {
        out_trade_no,
        order_id: id,
        seq: 1,
        state: AttemptState::Open,
        api: PayApi::V2(payment::SignType::Md5),
        trade_type: TradeType::Jsapi,
        appid: merchant.appid.clone(),
        mch_id: merchant.mch_id.clone(),
        openid: Some(openid),
        total_fee,
        balance_fee: Fen::ZERO,
        created_ms,
        expires_ms,
        prepay_id: Some(format!("wx{at:034}")),
        pay_url: None,
        prepay_ms: Some(created_ms),
        transaction_id: None,
        paid_ms: None,
        payer_total: None,
        settlement_total: None,
        refunded: Fen::ZERO,
        refunding: Fen::ZERO,
        refunds_unknown: false,
    };
    Ok(OpenOrder { order, items: vec![item], attempt, request: xml::write(&request.with("sign", signature)) })
}
