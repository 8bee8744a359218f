//! Downloads a trade bill.
//!
//! `cargo run -p weixin --example bill -- http://127.0.0.1:8900 2026-01-01`
#![allow(clippy::print_stdout, reason = "an example prints its results")]

mod simulator;

use simulator::{Outcome, Simulator, now};
use wechat::{
    bill::{BillDate, BillType, TradeBill},
    pay::v2::{Client, Merchant, SignType},
    time,
};

#[tokio::main]
async fn main() -> Outcome {
    let wechat = Simulator::find().await?;
    let merchant =
        Merchant::new(wechat.value("appid")?, wechat.value("mch_id")?, wechat.value("api_v2_key")?);
    let client = Client::new(wechat.http.clone(), wechat.endpoints.clone(), merchant);
    let yesterday = time::v2_time(now() - 24 * 60 * 60)[..8].to_owned();
    let date = BillDate::parse(&std::env::args().nth(2).unwrap_or(yesterday))?;
    match client.downloadbill(date, BillType::All, SignType::HmacSha256).await {
        Ok(file) => {
            for row in TradeBill::parse(&file)?.rows {
                println!("{} {} {} fen: {}", row.time, row.out_trade_no, row.order_fee, row.body);
            }
        }
        Err(error) if error.is_no_bill() => println!("{date}: no payments and no refunds"),
        Err(error) if error.is_bill_creating() => {
            println!("{date}: the bill is not ready, retry after ten o'clock")
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
