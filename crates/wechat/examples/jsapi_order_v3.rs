//! Pay V3: loads the keys, places an order, pays it, queries it and refunds it.
//!
//! `cargo run -p weixin --example jsapi_order_v3 -- http://127.0.0.1:8900`
#![allow(clippy::print_stdout, reason = "an example prints its results")]

mod simulator;

use simulator::{Outcome, Simulator, now};
use wechat::{
    pay::v3::{
        ApiV3Key, Client, Credential, KeyRing, Merchant, PaymentId, PrepayRequest, RefundRequest,
        RefundRequestAmount, Trade, jsapi_parameters,
    },
    wire::rsa::PublicKey,
};

#[tokio::main]
async fn main() -> Outcome {
    let wechat = Simulator::find().await?;
    let credential = Credential::from_pem(
        wechat.value("mch_id")?,
        wechat.value("merchant_serial")?,
        wechat.value("merchant_private_key_pem")?,
    )?;
    let key = ApiV3Key::parse(wechat.value("api_v3_key")?)?;
    let merchant = Merchant::new(wechat.value("appid")?, credential, key);

    // the key ring has both kinds of keys: WeChat may sign with either
    let keys = KeyRing::new();
    keys.add_public_key(
        wechat.value("public_key_id")?,
        PublicKey::from_pem(wechat.value("public_key_pem")?)?,
    );
    let client = Client::new(wechat.http.clone(), wechat.endpoints.clone(), merchant.clone(), keys);
    println!("certificates: {}", client.update_certificates().await?);

    let out_trade_no = format!("examplev3{}", now());
    let openid = wechat.openid().await?;
    let order = PrepayRequest::new(
        "Tea, 50 g",
        &out_trade_no,
        1990,
        "https://shop.example.com/notify",
        Trade::Jsapi { openid },
    );
    let prepay_id = client.jsapi(&order.request(&merchant)).await?;
    let page = jsapi_parameters(&merchant, &prepay_id, now(), "examplenonce");
    println!("placed: the page hands over {} signed {}", page.package, page.sign_type);

    wechat.pay(&out_trade_no).await?;
    let transaction = client.query_by_out_trade_no(&out_trade_no).await?;
    println!("paid: {}", transaction.trade_state.as_str());

    let refund = RefundRequest::new(
        PaymentId::OutTradeNo(out_trade_no.clone()),
        format!("R{out_trade_no}"),
        RefundRequestAmount { total: 1990, refund: 990 },
    );
    let refund = client.refund(&refund.request()).await?;
    println!("refund: {}", refund.status.as_str());
    Ok(())
}
