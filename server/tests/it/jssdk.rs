//! `GET /api/wechat/jssdk` and the server function beside it.

use serde_json::Value;

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::field};

on_both!(a_page_of_the_shop_is_signed_with_the_live_ticket, a_foreign_page_is_not_signed,);

async fn a_page_of_the_shop_is_signed_with_the_live_ticket(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let page = format!("{}/products/mug-celadon?from=singlemessage&isappinstalled=0", app.url);
    let raw: Value = shopper.get(&format!("/api/wechat/jssdk?url={page}#top")).await.json().await.unwrap();
    assert_eq!(raw["code"], 0, "{raw}");
    // the ticket stays the same for two hours, for whoever asks with the token
    let token = app.ledger().await["tokens"][0]["access_token"].as_str().unwrap().to_owned();
    let ask = format!("{}/cgi-bin/ticket/getticket?access_token={token}&type=jsapi", app.wechat_url());
    let reply: Value = app.http.get(ask).send().await.unwrap().json().await.unwrap();
    let ticket = reply["ticket"].as_str().unwrap_or_else(|| panic!("no ticket in {reply}")).to_owned();
    let data = &raw["data"];
    let signed = wechat::wire::jssdk::signature(
        &ticket,
        data["nonceStr"].as_str().unwrap(),
        data["timestamp"].as_i64().unwrap(),
        &page,
    );
    assert_eq!(data["signature"], signed);

    let (status, text) = shopper.call("js_config", &format!("url {}/\n", app.url)).await;
    assert_eq!(status, 200, "{text}");
    let signed = wechat::wire::jssdk::signature(
        &ticket,
        &field(&text, "nonceStr"),
        field(&text, "timestamp").parse().unwrap(),
        &format!("{}/", app.url),
    );
    assert_eq!(field(&text, "signature"), signed);
    app.stop().await;
}

async fn a_foreign_page_is_not_signed(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    for url in ["https%3A%2F%2Fevil.test%2F", "https://evil.test/", &format!("{}0/", app.url), "", "x"] {
        let answer = shopper.get(&format!("/api/wechat/jssdk?url={url}")).await;
        assert_eq!(answer.status(), 400, "{url}");
        let json: Value = answer.json().await.unwrap();
        assert!(json["code"].as_i64().unwrap() > 0 && json["msg"].is_string(), "{url}: {json}");
    }
    app.stop().await;
}
