//! The messages that WeChat pushes: each is stored once, whatever happens, and handled by a job.

use serde_json::{Value, json};
use wechat::push::{EncodingAesKey, PushMode, PushQuery, PushReceiver, signature};

use test_support::Database;

use crate::{app::TestApp, on_both};

const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const TOKEN: &str = "pushtoken";
const OFFICIAL: &str = "/api/wechat/push";
const MINIPROGRAM: &str = "/api/wechat/miniprogram/push";

on_both!(
    the_check_of_the_url_is_answered_only_with_the_right_token,
    a_message_is_stored_once_and_its_event_is_recorded_once,
    an_event_before_its_order_waits_for_the_order,
    a_person_who_unsubscribes_is_forgotten,
    a_forged_message_changes_nothing,
    the_simulated_wechat_reaches_both_accounts,
);

/// The official account sends plain XML, the mini program encrypted JSON.
async fn start(database: Database) -> TestApp {
    let settings = [
        ("WECHAT_PUSH_TOKEN", TOKEN),
        ("WECHAT_PUSH_AES_KEY", ""),
        ("WECHAT_MINIPROGRAM_PUSH_TOKEN", TOKEN),
        ("WECHAT_MINIPROGRAM_PUSH_AES_KEY", KEY),
    ];
    TestApp::start_with(database, &settings).await
}

fn plain_query(token: &str) -> PushQuery {
    PushReceiver::new("", token, PushMode::Plain).sign_check(1, "2", "echo")
}

async fn post(app: &TestApp, path: &str, query: &PushQuery, body: String) -> (u16, String) {
    let response = app.http.post(format!("{}{path}", app.url)).query(query).body(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Sends an event of the mini program, encrypted with this key.
async fn push_with(app: &TestApp, key: &str, event: &Value) -> (u16, String) {
    let appid = app.account().await["miniprogram_appid"].as_str().unwrap().to_owned();
    let key = EncodingAesKey::parse(key).unwrap();
    let sender = PushReceiver::new(appid, TOKEN, PushMode::Encrypted(key));
    let reply = sender.encrypt_reply(event.to_string().as_bytes(), &[7; 16], 5, "6").unwrap();
    let query = PushQuery {
        signature: signature([TOKEN, "5", "6"]),
        msg_signature: reply.msg_signature.clone(),
        timestamp: "5".to_owned(),
        nonce: "6".to_owned(),
        ..PushQuery::default()
    };
    post(app, MINIPROGRAM, &query, json!({ "ToUserName": "gh_1", "Encrypt": reply.encrypt }).to_string())
        .await
}

async fn push(app: &TestApp, event: &Value) {
    assert_eq!(push_with(app, KEY, event).await, (200, "success".to_owned()));
}

fn settlement(out_trade_no: &str, more: &Value) -> Value {
    let mut event = json!({
        "ToUserName": "gh_1", "FromUserName": "system", "CreateTime": 7, "MsgType": "event",
        "Event": "trade_manage_order_settlement", "merchant_trade_no": out_trade_no,
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

async fn pushes(app: &TestApp, outcome: &str) -> i64 {
    app.database.count("pushes", &[("outcome", outcome)]).await
}

async fn the_check_of_the_url_is_answered_only_with_the_right_token(database: Database) {
    let app = start(database).await;
    let check = async |path: &str, query: PushQuery| {
        let response = app.http.get(format!("{}{path}", app.url)).query(&query).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    for path in [OFFICIAL, MINIPROGRAM] {
        assert_eq!(check(path, plain_query(TOKEN)).await, (200, "echo".to_owned()));
        assert_eq!(check(path, plain_query("another")).await.0, 403);
        assert_eq!(check(path, PushQuery::default()).await.0, 403);
    }
    app.stop().await;
}

async fn a_message_is_stored_once_and_its_event_is_recorded_once(database: Database) {
    let app = start(database).await;
    let (order, number) = app.paid("mug-celadon-300").await;
    let first = settlement(&number, &json!({}));
    tokio::join!(push(&app, &first), push(&app, &first), push(&app, &first));
    let second = settlement(&number, &json!({ "CreateTime": 8, "settlement_time": 1_700_000_000 }));
    push(&app, &second).await;
    app.until("both are handled", async || pushes(&app, "order event").await == 2).await;
    push(&app, &first).await;
    app.until("no job is left", async || app.database.count("jobs", &[("kind", "push")]).await == 0).await;
    let events =
        async |what: &str| app.database.count("events", &[("order_id", &order), ("what", what)]).await;
    assert_eq!((events("delivery_reported").await, events("settled").await), (1, 1));
    assert_eq!(app.database.count("pushes", &[]).await, 2);
    app.stop().await;
}

async fn an_event_before_its_order_waits_for_the_order(database: Database) {
    let app = start(database).await;
    push(&app, &settlement("202611210000000101", &json!({}))).await;
    app.until("the job runs again later", async || {
        app.database.connect().await.table("jobs").with("kind", "push").without("tries", 0).count().await == 1
    })
    .await;
    assert_eq!(pushes(&app, "waiting").await, 1);
    // another system uses the same merchant number: the shop does not wait for ever
    app.wait(3600).await;
    app.until("the shop stops waiting", async || pushes(&app, "unknown order").await == 1).await;
    app.stop().await;
}

async fn a_person_who_unsubscribes_is_forgotten(database: Database) {
    let app = start(database).await;
    let user = app.shopper().await;
    let openid = user.openid.clone();
    let row = [
        ("openid", openid.as_str().into()),
        ("nickname", "林".into()),
        ("headimgurl", "".into()),
        ("at_ms", 1.into()),
    ];
    app.database.insert("profiles", &row).await;
    let body = format!(
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName><CreateTime>7</CreateTime>\
         <MsgType>event</MsgType><Event>unsubscribe</Event></xml>"
    );
    assert_eq!(post(&app, OFFICIAL, &plain_query(TOKEN), body).await, (200, "success".to_owned()));
    app.until("the profile is deleted", async || {
        app.database.count("profiles", &[("openid", &openid)]).await == 0
    })
    .await;
    assert_eq!(pushes(&app, "profile deleted").await, 1);
    app.stop().await;
}

async fn a_forged_message_changes_nothing(database: Database) {
    let app = start(database).await;
    let event = settlement("202611210000000101", &json!({}));
    let other_key = "B".repeat(43);
    assert_eq!(push_with(&app, &other_key, &event).await.0, 403);
    // the mini program is in the secure mode: a plain message is not taken
    assert_eq!(post(&app, MINIPROGRAM, &plain_query(TOKEN), event.to_string()).await.0, 403);
    assert_eq!(post(&app, OFFICIAL, &plain_query("another"), event.to_string()).await.0, 403);
    assert_eq!(post(&app, OFFICIAL, &plain_query(TOKEN), " ".repeat(70_000)).await.0, 413);
    assert_eq!(post(&app, OFFICIAL, &plain_query(TOKEN), "<xml>".to_owned()).await.0, 403);
    assert_eq!(app.database.count("pushes", &[]).await, 0);
    app.stop().await;
    let none = [("WECHAT_PUSH_TOKEN", ""), ("WECHAT_PUSH_AES_KEY", "")];
    let without = TestApp::start_with(Database::sqlite(), &none).await;
    assert_eq!(post(&without, OFFICIAL, &plain_query(TOKEN), event.to_string()).await.0, 404);
    without.stop().await;
}

async fn the_simulated_wechat_reaches_both_accounts(database: Database) {
    let app = TestApp::start(database).await;
    let miniprogram = app.account().await["miniprogram_appid"].clone();
    let (order, number) = app.paid("mug-celadon-300").await;
    assert_eq!(app.control("push/check", json!({})).await["accepted"], true);
    assert_eq!(app.control("push/check", json!({ "appid": miniprogram })).await["accepted"], true);
    let overdue =
        json!({ "MsgType": "event", "Event": "trade_manage_remind_shipping", "merchant_trade_no": number });
    let sent = app.control("push", json!({ "appid": miniprogram, "message": overdue })).await;
    assert_eq!(sent["tries"], json!([{ "status": 200, "body": "success", "acknowledged": true }]));
    let unsubscribe = json!({ "MsgType": "event", "Event": "unsubscribe" });
    assert_eq!(app.control("push", json!({ "message": unsubscribe })).await["acknowledged"], true);
    let forged = json!({ "message": unsubscribe, "tamper": "key" });
    assert_eq!(app.control("push", forged).await["tries"].as_array().unwrap().len(), 3);
    app.until("both are handled", async || {
        pushes(&app, "order event").await == 1 && pushes(&app, "profile deleted").await == 1
    })
    .await;
    let events = app.database.count("events", &[("order_id", &order), ("what", "shipping_overdue")]).await;
    assert_eq!(events, 1);
    app.stop().await;
}
