//! The future of each call is `Send`, so a server can await it in a spawned task.

use wechat::{
    Official, Secret, TokenMode,
    bill::{AccountType, BillDate, BillType},
    miniprogram::MiniProgram,
    official::WebToken,
    pay::{
        v2::{self, Polling, RefundQuery, SignType},
        v3::{self, KeyRing},
    },
};

type V2Requests = (
    v2::SignedRequest<v2::UnifiedOrder>,
    v2::SignedRequest<v2::RefundRequest>,
    v2::SignedRequest<v2::MicropayRequest>,
    v2::SignedRequest<v2::Report>,
);

type V3Requests = (
    v3::RequestBody<v3::PrepayRequest>,
    v3::RequestBody<v3::CombinePrepayRequest>,
    v3::RequestBody<v3::RefundRequest>,
);

fn any_thread<T: Send>(_: T) {}

#[allow(dead_code, reason = "this test only has to compile")]
fn v2_calls(client: &v2::Client, date: BillDate, of: &RefundQuery, requests: &V2Requests) {
    let (order, refund, code_payment, report) = requests;
    any_thread(client.unifiedorder(order));
    any_thread(client.orderquery("", SignType::Md5));
    any_thread(client.closeorder("", SignType::Md5));
    any_thread(client.refund(refund));
    any_thread(client.refundquery(of, 0, SignType::Md5));
    any_thread(client.downloadbill(date, BillType::All, SignType::Md5));
    any_thread(client.downloadfundflow(date, AccountType::Basic));
    any_thread(client.micropay(code_payment, Polling::default()));
    any_thread(client.reverse("", SignType::Md5));
    any_thread(client.report(report));
}

#[allow(dead_code, reason = "this test only has to compile")]
fn v3_calls(client: &v3::Client, date: BillDate, keys: KeyRing, requests: &V3Requests) {
    let (order, combined, refund) = requests;
    any_thread(keys);
    any_thread(client.jsapi(order));
    any_thread(client.app(order));
    any_thread(client.native(order));
    any_thread(client.h5(order));
    any_thread(client.query_by_out_trade_no(""));
    any_thread(client.query_by_transaction_id(""));
    any_thread(client.close(""));
    any_thread(client.refund(refund));
    any_thread(client.query_refund(""));
    any_thread(client.tradebill(date, BillType::All));
    any_thread(client.fundflowbill(date, AccountType::Basic));
    any_thread(client.combine_jsapi(combined));
    any_thread(client.combine_app(combined));
    any_thread(client.combine_native(combined));
    any_thread(client.combine_h5(combined));
    any_thread(client.combine_query(""));
    any_thread(client.combine_close("", &[]));
    any_thread(client.update_certificates());
}

#[allow(dead_code, reason = "this test only has to compile")]
fn account_calls(official: &Official, mini: &MiniProgram, token: &WebToken, secret: &Secret) {
    any_thread(official.web_token(""));
    any_thread(official.user_info(token));
    any_thread(official.refresh_token(token));
    any_thread(official.auth(token));
    any_thread(official.access_token());
    any_thread(official.access_token_with_lifetime());
    any_thread(official.jsapi_ticket());
    any_thread(official.report_invalid(secret));
    any_thread(official.js_config("", "", 0));
    any_thread(mini.jscode2session(""));
    any_thread(mini.getuserphonenumber("", None));
    any_thread(TokenMode::Stable);
}
