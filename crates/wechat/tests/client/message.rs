//! Tests of the messages to users.

use serde_json::{Value, json};
use wechat::{
    Official, Secret, TokenMode,
    message::{
        MessageData, MiniProgramLink, MiniProgramState, SubscribeMessage, SubscriptionNotification,
        TemplateMessage,
    },
    miniprogram::MiniProgram,
};

use crate::fake_wechat::{FakeWechat, endpoints, http, status, text};

async fn server_with_response(value: Value) -> FakeWechat {
    FakeWechat::start(move |_, recorded| {
        let value = value.clone();
        async move {
            match recorded.path.as_str() {
                "/cgi-bin/stable_token" => text(json!({"access_token": "t", "expires_in": 7200}).to_string()),
                _ => text(value.to_string()),
            }
        }
    })
    .await
}

fn account(wechat: &FakeWechat) -> Official {
    Official::new(http(), endpoints(&wechat.url), "wx1", Secret::new("app-secret"), TokenMode::Stable)
}

fn data() -> MessageData {
    MessageData::new().with("thing1", "mug").unwrap().with("amount2", "59.00元").unwrap()
}

#[track_caller]
fn last(wechat: &FakeWechat) -> (String, Value) {
    let request = wechat.requests().pop().unwrap();
    (request.url(), serde_json::from_slice(&request.body).unwrap())
}

#[tokio::test]
async fn a_mini_program_sends_a_subscription_message() {
    let wechat = server_with_response(json!({"errcode": 0, "errmsg": "ok"})).await;
    let program = MiniProgram::new(account(&wechat));
    let message = SubscribeMessage::new("o1", "t1", data())
        .with_page("pages/order?id=7")
        .with_state(MiniProgramState::Trial)
        .in_english();
    program.send_subscribe_message(&message).await.unwrap();
    let body = json!({
        "touser": "o1", "template_id": "t1", "page": "pages/order?id=7", "miniprogram_state": "trial", "lang": "en_US",
        "data": {"thing1": {"value": "mug"}, "amount2": {"value": "59.00元"}},
    });
    assert_eq!(last(&wechat), ("/cgi-bin/message/subscribe/send?access_token=t".to_owned(), body));
}

#[tokio::test]
async fn a_refusal_of_the_user_is_told_and_nothing_is_sent_twice() {
    let refused = json!({"errcode": 43101, "errmsg": "user refuse to accept the msg rid: 1-2-3"});
    let wechat = server_with_response(refused).await;
    let program = MiniProgram::new(account(&wechat));
    let message = SubscribeMessage::new("o1", "t1", data());
    assert!(program.send_subscribe_message(&message).await.unwrap_err().is_message_refused());
    let broken = FakeWechat::start(|_, recorded| async move {
        match recorded.path.as_str() {
            "/cgi-bin/stable_token" => text(json!({"access_token": "t", "expires_in": 7200}).to_string()),
            _ => status(502),
        }
    })
    .await;
    let error = MiniProgram::new(account(&broken)).send_subscribe_message(&message).await.unwrap_err();
    assert!(!error.is_message_refused());
    assert_eq!(broken.count("/cgi-bin/message/subscribe/send"), 1);
}

#[tokio::test]
async fn a_template_message_returns_a_number_of_more_than_53_bits() {
    let wechat =
        server_with_response(json!({"errcode": 0, "errmsg": "ok", "msgid": 4_006_300_418_765_045_765_i64}))
            .await;
    let link = MiniProgramLink { appid: "wx2".into(), pagepath: "index?a=1".into() };
    let message = TemplateMessage::new("o1", "t1", data())
        .with_url("https://shop.example/orders/7")
        .with_miniprogram(link)
        .with_client_msg_id("paid:7");
    let number = account(&wechat).send_template_message(&message).await.unwrap();
    assert_eq!(number, 4_006_300_418_765_045_765);
    let (url, body) = last(&wechat);
    assert_eq!(url, "/cgi-bin/message/template/send?access_token=t");
    assert_eq!(body["client_msg_id"], "paid:7");
    assert_eq!(body["miniprogram"], json!({"appid": "wx2", "pagepath": "index?a=1"}));
}

#[tokio::test]
async fn a_service_account_sends_a_subscription_notification() {
    let wechat = server_with_response(json!({"errcode": 0, "errmsg": "ok"})).await;
    let message =
        SubscriptionNotification::new("o1", "t1", data()).with_page("https://shop.example/orders/7");
    account(&wechat).send_subscription_notification(&message).await.unwrap();
    let (url, body) = last(&wechat);
    assert_eq!(url, "/cgi-bin/message/subscribe/bizsend?access_token=t");
    assert_eq!((&body["touser"], &body["page"]), (&json!("o1"), &json!("https://shop.example/orders/7")));
}
