//! Pay V2: places an order, pays it and queries it.
//!
//! `cargo run -p weixin --example jsapi_order -- http://127.0.0.1:8900`
#![allow(clippy::print_stdout, reason = "an example prints its results")]

mod simulator;

use simulator::{Outcome, Simulator, now};
use wechat::pay::v2::{Client, Merchant, SignType, Trade, UnifiedOrder, jsapi_parameters};

#[tokio::main]
async fn main() -> Outcome {
    let wechat = Simulator::find().await?;
    let merchant =
        Merchant::new(wechat.value("appid")?, wechat.value("mch_id")?, wechat.value("api_v2_key")?);
    let client = Client::new(wechat.http.clone(), wechat.endpoints.clone(), merchant.clone());

    let out_trade_no = format!("example{}", now());
    let order = UnifiedOrder::new(
        "Tea, 50 g",
        &out_trade_no,
        1990,
        "203.0.113.7",
        "https://shop.example.com/notify",
        Trade::Jsapi { openid: wechat.openid().await? },
    );
    // save the request before the first call: a retry must send the same bytes
    let request = order.request(&merchant, SignType::HmacSha256, "examplenonce1");
    let prepared = client.unifiedorder(&request).await?;
    let page = jsapi_parameters(&merchant, SignType::HmacSha256, &prepared.prepay_id, now(), "examplenonce2");
    println!("placed: the page hands over {} signed {}", page.package, page.pay_sign);

    let order = client.orderquery(&out_trade_no, SignType::HmacSha256).await?;
    println!("before: {}", order.trade_state.as_str());
    wechat.pay(&out_trade_no).await?;
    let order = client.orderquery(&out_trade_no, SignType::HmacSha256).await?;
    println!("after: {}", order.trade_state.as_str());
    if let Some(payment) = order.payment {
        println!("paid: {} fen by {}", payment.total_fee, payment.openid.unwrap_or_default());
    }
    Ok(())
}
