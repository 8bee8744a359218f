//! Tests of the messages that WeChat pushes, with the published vectors and hostile input.
#![cfg(feature = "v3")]
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

use proptest::prelude::*;
use serde_json::Value;
use wechat::push::{
    EncodingAesKey, PushError, PushEvent, PushMessage, PushMode, PushQuery, PushReceiver, signature,
};

#[track_caller]
fn vector(id: &str) -> Value {
    let all: Vec<Value> = serde_json::from_str(include_str!("vectors_push.json")).unwrap();
    all.into_iter().find(|vector| vector["id"] == id).unwrap()
}

#[track_caller]
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// A number or a text, as a text.
#[track_caller]
fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn key(vector: &Value) -> EncodingAesKey {
    EncodingAesKey::parse(text(vector, "encoding_aes_key")).unwrap()
}

fn query(vector: &Value) -> PushQuery {
    let word = |name: &str| vector.get(name).map(word).unwrap_or_default();
    PushQuery {
        signature: word("signature"),
        msg_signature: word("msg_signature"),
        timestamp: word("timestamp"),
        nonce: word("nonce"),
        echostr: word("echostr"),
    }
}

fn plain() -> PushReceiver {
    PushReceiver::new("wx1", "AAAAA", PushMode::Plain)
}

/// A query of the plain mode with a right signature.
fn signed() -> PushQuery {
    let (timestamp, nonce) = ("1".to_owned(), "2".to_owned());
    let signature = signature(["AAAAA", &timestamp, &nonce]);
    PushQuery { signature, timestamp, nonce, ..PushQuery::default() }
}

#[track_caller]
fn received(body: &str) -> PushMessage {
    plain().receive(&signed(), body.as_bytes()).unwrap()
}

#[test]
fn the_published_check_of_a_url_is_answered() {
    let vector = vector("push-url-verify");
    let mut query = query(&vector);
    query.signature = text(&vector, "expect_signature").to_owned();
    assert_eq!(plain().check_url(&query).unwrap(), text(&vector, "expect_body"));
    assert_eq!(plain().sign_check(1_714_036_504, "1514711492", "4375120948345356249"), query);
    for wrong in [String::new(), query.signature.to_uppercase(), query.signature.replace('f', "e")] {
        let query = PushQuery { signature: wrong, ..query.clone() };
        assert_eq!(plain().check_url(&query), Err(PushError::Signature));
    }
}

#[test]
fn the_published_plain_event_is_read() {
    let vector = vector("push-plain-json");
    let mut query = query(&vector);
    query.signature = text(&vector, "expect_signature").to_owned();
    let body = word(&vector["body"]);
    let message = plain().receive(&query, body.as_bytes()).unwrap();
    assert_eq!(message.event, Some(PushEvent::Other("debug_demo".to_owned())));
    assert!(message.dedup_key().starts_with("event:o9AgO5Kd5ggOC-bXrbNODIiE3bGY:1714037059:debug_demo:"));
    query.nonce.push('1');
    assert_eq!(plain().receive(&query, body.as_bytes()), Err(PushError::Signature));
}

#[test]
fn the_published_encrypted_messages_are_read() {
    for (id, appid, kind) in [
        ("push-secure-json", "appid", "event"),
        ("push-secure-xml-component", "appid", "event"),
        ("wxbizmsgcrypt-corp-sample", "receive_id", "text"),
    ] {
        let vector = vector(id);
        let secrets = vector.get("query").unwrap_or(&vector);
        let body = match vector.get("body") {
            Some(body) => word(body),
            None => format!("<xml><Encrypt><![CDATA[{}]]></Encrypt></xml>", text(&vector, "encrypt")),
        };
        let receiver =
            |appid: &str| PushReceiver::new(appid, text(&vector, "token"), PushMode::Encrypted(key(&vector)));
        let message = receiver(text(&vector, appid)).receive(&query(secrets), body.as_bytes());
        assert_eq!(message.unwrap().msg_type, kind, "{id}");
        let foreign = receiver("wx0000000000000000").receive(&query(secrets), body.as_bytes());
        assert_eq!(foreign, Err(PushError::Appid), "{id}");
        let mut wrong = query(secrets);
        wrong.timestamp.push('0');
        let changed = receiver(text(&vector, appid)).receive(&wrong, body.as_bytes());
        assert_eq!(changed, Err(PushError::Signature), "{id}");
    }
}

#[test]
fn the_published_answers_are_written() {
    for (id, encrypt, msg_signature) in [
        ("push-secure-json-reply", "/expect/Encrypt", "/expect/MsgSignature"),
        ("push-secure-xml-component-reply", "/expect_encrypt", "/expect_msg_signature"),
    ] {
        let vector = vector(id);
        let time_stamp = vector.pointer("/expect/TimeStamp").or(vector.get("timestamp")).map(word).unwrap();
        let nonce = vector.pointer("/expect/Nonce").map_or_else(|| "415670741".to_owned(), word);
        let random: &[u8; 16] = text(&vector, "random").as_bytes().try_into().unwrap();
        let receiver = PushReceiver::new(
            text(&vector, "appid"),
            text(&vector, "token"),
            PushMode::Encrypted(key(&vector)),
        );
        let reply = receiver
            .encrypt_reply(text(&vector, "msg").as_bytes(), random, time_stamp.parse().unwrap(), &nonce)
            .unwrap();
        assert_eq!(reply.encrypt, word(vector.pointer(encrypt).unwrap()), "{id}");
        assert_eq!(reply.msg_signature, word(vector.pointer(msg_signature).unwrap()), "{id}");
    }
    assert_eq!(plain().encrypt_reply(b"success", &[7; 16], 1, "2"), None);
}

#[test]
fn the_key_with_trailing_bits_encrypts_as_published() {
    for id in ["wxbizmsgcrypt-official-1", "wxbizmsgcrypt-official-2"] {
        let vector = vector(id);
        let receiver = PushReceiver::new(text(&vector, "appid"), "t", PushMode::Encrypted(key(&vector)));
        let random: &[u8; 16] = text(&vector, "random").as_bytes().try_into().unwrap();
        let reply = receiver.encrypt_reply(text(&vector, "msg").as_bytes(), random, 1, "2").unwrap();
        assert_eq!(reply.encrypt, text(&vector, "expect_encrypt"), "{id}");
    }
}

#[test]
fn the_mode_and_the_message_must_fit() {
    let key = || EncodingAesKey::parse(&"A".repeat(43)).unwrap();
    let encrypted = PushReceiver::new("wx1", "AAAAA", PushMode::Encrypted(key()));
    let event = r#"{"ToUserName":"g","FromUserName":"o","CreateTime":1,"MsgType":"event","Event":"e"}"#;
    assert_eq!(encrypted.receive(&signed(), event.as_bytes()), Err(PushError::NotEncrypted));
    assert_eq!(plain().receive(&signed(), br#"{"Encrypt":"AAAA"}"#), Err(PushError::NoKey));
    let reply = encrypted.encrypt_reply(event.as_bytes(), &[7; 16], 5, "6").unwrap();
    let query = PushQuery {
        msg_signature: reply.msg_signature,
        timestamp: "5".to_owned(),
        nonce: "6".to_owned(),
        ..PushQuery::default()
    };
    // in the compatible mode a person can change the plain fields; the encrypted ones count
    let body = format!(r#"{{"MsgType":"event","Event":"forged","Encrypt":"{}"}}"#, reply.encrypt);
    let message = encrypted.receive(&query, body.as_bytes()).unwrap();
    assert_eq!(message.event, Some(PushEvent::Other("e".to_owned())));
    let other = PushReceiver::new(
        "wx1",
        "AAAAA",
        PushMode::Encrypted(EncodingAesKey::parse(&"B".repeat(43)).unwrap()),
    );
    assert_eq!(other.receive(&query, body.as_bytes()), Err(PushError::Decryption));
}

#[test]
fn events_are_read_from_xml_and_json() {
    let head = "<ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>7</CreateTime>\
                <MsgType><![CDATA[event]]></MsgType>";
    let event = |rest: &str| received(&format!("<xml>{head}{rest}</xml>")).event.unwrap();
    assert_eq!(
        event("<Event>subscribe</Event><EventKey>qrscene_12</EventKey>"),
        PushEvent::Subscribe { scene: Some("12".to_owned()) }
    );
    assert_eq!(event("<Event>subscribe</Event><EventKey></EventKey>"), PushEvent::Subscribe { scene: None });
    assert_eq!(event("<Event>unsubscribe</Event>"), PushEvent::Unsubscribe);
    let entry = |id: &str, word: &str| {
        format!(
            "<List><TemplateId>{id}</TemplateId><SubscribeStatusString>{word}</SubscribeStatusString></List>"
        )
    };
    let answers = event(&format!(
        "<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>{}{}</SubscribeMsgPopupEvent>",
        entry("a", "accept"),
        entry("b", "reject")
    ));
    let PushEvent::SubscribeAnswers(answers) = answers else { panic!("{answers:?}") };
    let read: Vec<_> = answers.iter().map(|answer| (&*answer.template_id, answer.is_accepted)).collect();
    assert_eq!(read, [("a", true), ("b", false)]);
    // JSON has the list at the top, as an array or as one object
    for list in [
        r#"[{"TemplateId":"a","MsgID":"9","ErrorCode":"0"}]"#,
        r#"{"TemplateId":"a","MsgID":9,"ErrorCode":0}"#,
    ] {
        let json = format!(
            r#"{{"ToUserName":"g","FromUserName":"o","CreateTime":7,"MsgType":"event","Event":"subscribe_msg_sent_event","List":{list}}}"#
        );
        let PushEvent::SubscribeSent(sent) = received(&json).event.unwrap() else { panic!("{json}") };
        assert_eq!((&*sent[0].msg_id, &*sent[0].error_code), ("9", "0"));
    }
}

#[test]
fn a_settlement_is_read_in_both_of_its_forms() {
    let event = |rest: &str| {
        received(&format!(
            r#"{{"ToUserName":"g","FromUserName":"o","CreateTime":7,"MsgType":"event",
                "Event":"trade_manage_order_settlement","transaction_id":"42"{rest}}}"#
        ))
        .event
        .unwrap()
    };
    let PushEvent::Settlement { order, settlement_time: None } = event("") else { panic!("the first") };
    assert_eq!((order.transaction_id.as_deref(), order.merchant_trade_no), (Some("42"), None));
    let second = event(r#","settlement_time":1700000000"#);
    assert!(
        matches!(second, PushEvent::Settlement { settlement_time: Some(1_700_000_000), .. }),
        "{second:?}"
    );
}

#[test]
fn a_repeated_message_has_the_same_key() {
    let body = |id: &str| {
        format!(
            "<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>7</CreateTime>\
                 <MsgType>text</MsgType><Content>hi</Content><MsgId>{id}</MsgId></xml>"
        )
    };
    let message = received(&body("23"));
    assert_eq!(
        (message.dedup_key(), message.text("Content")),
        ("message:23".to_owned(), Some("hi".to_owned()))
    );
    assert_ne!(message.dedup_key(), received(&body("24")).dedup_key());
    assert!(!format!("{message:?}").contains("hi"));
    assert_eq!(PushMessage::from_json(&message.to_json()), Some(message));
    assert_eq!(PushMessage::from_json("{}"), None);
}

#[test]
fn two_events_of_one_second_have_different_keys() {
    let key = |order: &str| {
        received(&format!(
            r#"{{"ToUserName":"g","FromUserName":"system","CreateTime":7,"MsgType":"event",
                "Event":"trade_manage_remind_shipping","merchant_trade_no":"{order}"}}"#
        ))
        .dedup_key()
    };
    assert_eq!(key("1"), key("1"));
    assert_ne!(key("1"), key("2"));
}

#[test]
fn hostile_bodies_are_refused() {
    let deep = format!("<xml>{}", "<a>".repeat(40));
    for (body, expected) in [
        ("", PushError::Malformed),
        ("[]", PushError::Malformed),
        ("<xml>", PushError::Malformed),
        ("<xml/>", PushError::Malformed),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><xml><MsgType>&b;</MsgType></xml>", PushError::Malformed),
        ("<other><MsgType>event</MsgType></other>", PushError::Malformed),
        (&deep, PushError::Malformed),
        (&" ".repeat(70_000), PushError::TooLong),
    ] {
        assert_eq!(plain().receive(&signed(), body.as_bytes()), Err(expected));
    }
}

proptest! {
    #[test]
    fn no_text_causes_a_panic(encrypt in "[A-Za-z0-9+/]{0,200}={0,2}", body in "\\PC{0,100}") {
        let key = EncodingAesKey::parse(&"A".repeat(43)).unwrap();
        let receiver = PushReceiver::new("wx1", "AAAAA", PushMode::Encrypted(key));
        let msg_signature = signature(["AAAAA", "1", "2", &encrypt]);
        let query = PushQuery { msg_signature, ..signed() };
        let sent = format!(r#"{{"Encrypt":"{encrypt}"}}"#);
        prop_assert_eq!(receiver.receive(&query, sent.as_bytes()), Err(PushError::Decryption));
        let _ = plain().receive(&signed(), body.as_bytes());
        let _ = plain().receive(&signed(), format!("<xml>{body}</xml>").as_bytes());
    }

    #[test]
    fn each_message_survives_encryption(message in prop::collection::vec(any::<u8>(), 0..200), random: [u8; 16]) {
        let key = EncodingAesKey::parse(&"A".repeat(43)).unwrap();
        let receiver = PushReceiver::new("wx1", "AAAAA", PushMode::Encrypted(key));
        let content = serde_json::json!({
            "ToUserName": "g", "FromUserName": "o", "CreateTime": 1, "MsgType": "text",
            "Content": hex::encode(&message),
        }).to_string();
        let reply = receiver.encrypt_reply(content.as_bytes(), &random, 1, "2").unwrap();
        let query = PushQuery { msg_signature: reply.msg_signature.clone(), ..signed() };
        let body = serde_json::to_vec(&reply).unwrap();
        prop_assert_eq!(receiver.receive(&query, &body).unwrap().text("Content"), Some(hex::encode(&message)));
    }
}
