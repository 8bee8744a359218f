//! Measures the cost of a request and of a notification: `cargo bench -p weixin`.

use divan::{Bencher, black_box};
use wechat::{
    Secret,
    pay::v2::{
        SignType,
        notification::{Notification, generate_test_notification},
    },
    wire::{Fields, jssdk, sign, xml},
};

const KEY: &str = "192006250b4c09247ec02edce69f6a2d";

const TYPES: [SignType; 2] = [SignType::Md5, SignType::HmacSha256];

fn main() {
    divan::main();
}

/// A payment notification.
fn fields() -> Fields {
    let fields = [
        ("appid", "wxd930ea5d5a258f4f"),
        ("attach", "支付测试"),
        ("bank_type", "CFT"),
        ("cash_fee", "1990"),
        ("fee_type", "CNY"),
        ("is_subscribe", "Y"),
        ("mch_id", "10000100"),
        ("nonce_str", "5d2b6c2a8db53831f7eda20af46e531c"),
        ("openid", "oUpF8uMEb4qRXf22hE3X68TekukE"),
        ("out_trade_no", "P000000000000001"),
        ("result_code", "SUCCESS"),
        ("return_code", "SUCCESS"),
        ("time_end", "20260101133525"),
        ("total_fee", "1990"),
        ("trade_type", "JSAPI"),
        ("transaction_id", "4200000000001000000000000001"),
    ];
    fields.into_iter().collect()
}

fn notification(sign_type: SignType) -> String {
    generate_test_notification(fields(), &Secret::new(KEY), sign_type)
}

#[divan::bench(args = TYPES)]
fn sign_v2(bencher: Bencher<'_, '_>, sign_type: SignType) {
    let fields = fields();
    bencher.bench_local(|| sign::sign(black_box(&fields), KEY, sign_type));
}

#[divan::bench]
fn sign_jssdk() -> String {
    jssdk::signature(black_box("a ticket"), "a nonce", 1_767_240_000, "https://shop.example.com/cart?a=1")
}

#[divan::bench]
fn parse_xml(bencher: Bencher<'_, '_>) {
    let body = notification(SignType::Md5);
    bencher.bench_local(|| xml::parse(black_box(body.as_bytes())).is_ok());
}

#[divan::bench(args = TYPES)]
fn read_notification(bencher: Bencher<'_, '_>, sign_type: SignType) {
    let (body, key) = (notification(sign_type), Secret::new(KEY));
    bencher.bench_local(|| {
        Notification::parse(black_box(body.as_bytes())).and_then(|unread| unread.verify_either(&key)).is_ok()
    });
}
