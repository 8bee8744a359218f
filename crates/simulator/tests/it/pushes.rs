//! The messages that WeChat pushes, read with the client's own code.

use axum::{
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use wechat::push::{EncodingAesKey, PushError, PushEvent, PushMessage, PushMode, PushQuery, PushReceiver};

use crate::{
    fake_shop::{FakeShop, Received},
    test_simulator::TestSimulator,
};

const SECURE_JSON: &str = "wx8b3f6a1d0c9e2745";

fn success(_: &str) -> Response {
    Response::new(Body::from("success"))
}

/// The receiver of the account with these settings.
#[track_caller]
fn receiver(appid: &str, settings: &Value, is_plain: bool) -> PushReceiver {
    let key = EncodingAesKey::parse(settings["encoding_aes_key"].as_str().unwrap()).unwrap();
    let mode = if is_plain { PushMode::Plain } else { PushMode::Encrypted(key) };
    PushReceiver::new(appid, settings["token"].as_str().unwrap(), mode)
}

#[track_caller]
fn read(receiver: &PushReceiver, received: &Received) -> Result<PushMessage, PushError> {
    let pairs = url::form_urlencoded::parse(received.query.as_bytes());
    let query: PushQuery = serde_json::from_value(Value::Object(
        pairs.map(|(name, value)| (name.into_owned(), json!(value))).collect(),
    ))
    .unwrap();
    receiver.receive(&query, received.body.as_bytes())
}

async fn start() -> TestSimulator {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(success);
    sim
}

#[tokio::test]
async fn the_service_account_gets_encrypted_xml_and_the_mini_program_encrypted_json() {
    let sim = start().await;
    let event = json!({ "MsgType": "event", "Event": "unsubscribe" });
    let answer = sim.control("push", json!({ "message": event })).await;
    assert_eq!((&answer["acknowledged"], &answer["tries"][0]["status"]), (&json!(true), &json!(200)));
    sim.control("push", json!({ "appid": SECURE_JSON, "message": event })).await;
    let received = sim.shop.received();
    for (received, appid, settings, kind) in [
        (&received[0], sim.account("appid"), &sim.account["push"], "text/xml"),
        (&received[1], SECURE_JSON.to_owned(), &sim.account["miniprogram_push"], "application/json"),
    ] {
        assert_eq!(received.headers["content-type"], kind);
        assert!(!received.body.contains("unsubscribe"), "{}", received.body);
        let message = read(&receiver(&appid, settings, false), received).unwrap();
        assert_eq!(message.event, Some(PushEvent::Unsubscribe));
        assert!(message.create_time > 0);
        let plain = read(&receiver(&appid, settings, true), received);
        assert_eq!(plain, Err(PushError::NoKey));
    }
}

#[tokio::test]
async fn the_compatible_mode_has_both_forms_and_the_plain_mode_one() {
    let sim = start().await;
    for (mode, format, is_plain) in [
        ("compatible", "json", false),
        ("compatible", "xml", true),
        ("plain", "json", true),
        ("plain", "xml", true),
    ] {
        let appid = format!("wx{}", &format!("{mode}{format}0000000000000000")[..16]);
        let settings =
            json!({ "mode": mode, "format": format, "token": "abc", "encoding_aes_key": "k".repeat(43) });
        sim.control("accounts", json!({ "service_accounts": [{ "appid": appid, "push": settings }] })).await;
        let message = json!({ "MsgType": "event", "Event": "subscribe_msg_popup_event",
            "SubscribeMsgPopupEvent": { "List": [{ "TemplateId": "t", "SubscribeStatusString": "accept" }] } });
        sim.control("push", json!({ "appid": appid, "message": message })).await;
        let received = sim.shop.received().pop().unwrap();
        assert!(received.body.contains("subscribe_msg_popup_event"), "{mode}: {}", received.body);
        let message = read(&receiver(&appid, &settings, is_plain), &received).unwrap();
        let Some(PushEvent::SubscribeAnswers(answers)) = message.event else { panic!("{mode} {format}") };
        assert!(answers[0].is_accepted);
    }
}

#[tokio::test]
async fn a_push_is_tried_three_times_in_all() {
    let sim = TestSimulator::start().await;
    sim.shop.respond_with(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    let event = json!({ "message": { "MsgType": "event", "Event": "unsubscribe" } });
    let answer = sim.control("push", event.clone()).await;
    assert_eq!((&answer["acknowledged"], answer["tries"].as_array().unwrap().len()), (&json!(false), 3));
    let bodies: Vec<_> = sim.shop.received().iter().map(|each| each.body.clone()).collect();
    assert!(bodies.len() == 3 && bodies.iter().all(|body| *body == bodies[0]));
    sim.shop.respond_with(|_| Response::new(Body::from("thanks")));
    assert_eq!(sim.control("push", event.clone()).await["acknowledged"], false);
    sim.shop.respond_with(|_| Response::new(Body::empty()));
    assert_eq!(sim.control("push", event).await["tries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn each_way_to_forge_a_push_is_found() {
    let sim = start().await;
    let event = json!({ "MsgType": "event", "Event": "unsubscribe" });
    let receiver = receiver(&sim.account("appid"), &sim.account["push"], false);
    for (tamper, found) in [
        ("signature", PushError::Signature),
        ("token", PushError::Signature),
        ("key", PushError::Decryption),
        ("appid", PushError::Appid),
    ] {
        sim.control("push", json!({ "message": event, "tamper": tamper })).await;
        let received = sim.shop.received().pop().unwrap();
        assert_eq!(read(&receiver, &received), Err(found), "{tamper}");
    }
}

#[tokio::test]
async fn the_check_of_the_url_wants_the_same_text() {
    let sim = start().await;
    assert_eq!(sim.control("push/check", json!({})).await["accepted"], false);
    let echoing = FakeShop::start_echoing().await;
    let seed = json!({ "service_accounts": [{ "appid": "wx2222222222222222", "push": { "url": echoing.as_str() } }] });
    sim.control("accounts", seed).await;
    let answer = sim.control("push/check", json!({ "appid": "wx2222222222222222" })).await;
    assert_eq!((&answer["accepted"], &answer["status"]), (&json!(true), &json!(200)), "{answer}");
}

#[tokio::test]
async fn wrong_input_is_refused_with_a_sentence() {
    let sim = start().await;
    for (body, status, words) in [
        (json!({}), 400, "missing field `message`"),
        (json!({ "message": {} }), 400, "no MsgType"),
        (json!({ "message": { "MsgType": "text" }, "mode": "plain" }), 400, "unknown field"),
        (json!({ "message": { "MsgType": "text" }, "appid": "wx0" }), 404, "no account has the appid wx0"),
    ] {
        let (given, answer) = sim.try_control("push", body).await;
        assert_eq!(given, status, "{answer}");
        assert!(answer["error"].as_str().unwrap().contains(words), "{answer}");
    }
    for (push, words) in [
        (json!({ "token": "a" }), "push.token: write 3 to 32 letters or digits"),
        (json!({ "encoding_aes_key": "a" }), "push.encoding_aes_key: write 43 letters or digits"),
    ] {
        let seed = json!({ "service_accounts": [{ "appid": "wx3333333333333333", "push": push }] });
        let (status, answer) = sim.try_control("accounts", seed).await;
        assert_eq!(status, 400);
        assert!(answer["error"].as_str().unwrap().contains(words), "{answer}");
    }
}
