//! Flips single bits in responses and notifications that the simulator has signed, and expects that the crate refuses
//! them. `crates/simulator/clients` runs the same test with other clients of WeChat Pay and writes `captured.json`.

use std::{
    collections::HashMap,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use axum::{body::Body, http::HeaderValue, response::Response};
use serde_json::Value;
use wechat::{
    Secret,
    pay::{
        v2::{self, SignType},
        v3::{
            self, ApiV3Key, ClockAndNonce, Credential, KeyRing, SignatureHeaders,
            notification::NotificationError,
        },
    },
    wire::{aead, certificate::Certificate, rsa::PublicKey},
};

use crate::fake_wechat::{FakeWechat, endpoints, http};

#[derive(Clone, Debug, PartialEq, Eq)]
struct Message {
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

/// The captured messages of one `kind` (`answer` or `notification`) and one `api` (`v2` or `v3`).
struct Captured {
    account: Value,
    found: Vec<(Value, Message)>,
}

#[track_caller]
fn captured(api: &str, kind: &str) -> Captured {
    let all: Value = serde_json::from_str(include_str!("../captured.json")).unwrap();
    let found: Vec<(Value, Message)> = all["captured"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|each| each["api"] == api && each["kind"] == kind)
        .map(|each| {
            let headers = each["headers"].as_object().unwrap();
            let headers =
                headers.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
            let body = each["body"].as_str().unwrap().as_bytes().to_vec();
            (each.clone(), Message { headers: headers.collect(), body })
        })
        .collect();
    // one for each signature type
    assert_eq!(found.len(), 2);
    Captured { account: all["account"].clone(), found }
}

impl Captured {
    #[track_caller]
    fn text(&self, name: &str) -> &str {
        self.account[name].as_str().unwrap()
    }

    #[track_caller]
    fn keys(&self) -> KeyRing {
        let keys = KeyRing::new();
        keys.add_public_key(
            self.text("public_key_id"),
            PublicKey::from_pem(self.text("public_key_pem")).unwrap(),
        );
        keys.replace_certificates(vec![Certificate::from_pem(self.text("platform_cert_pem")).unwrap()]);
        keys
    }

    #[track_caller]
    fn api_v3_key(&self) -> ApiV3Key {
        ApiV3Key::parse(self.text("api_v3_key")).unwrap()
    }

    fn merchant(&self) -> v2::Merchant {
        v2::Merchant::new(self.text("appid"), self.text("mch_id"), self.text("api_v2_key"))
    }
}

#[track_caller]
fn sign_type(about: &Value) -> SignType {
    about["sign_type"].as_str().unwrap().parse().unwrap()
}

#[track_caller]
fn now(message: &Message) -> i64 {
    message.headers["wechatpay-timestamp"].parse().unwrap()
}

/// The message once for each flipped bit. `bits` selects the bits of each byte of the body and the headers.
fn flips(message: &Message, bits: impl Fn(usize) -> Vec<u32>) -> Vec<(String, Message)> {
    let flipped = |bytes: &[u8], at: usize, bit: u32| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 1 << bit;
        bytes
    };
    let mut all = Vec::new();
    for at in 0..message.body.len() {
        for bit in bits(at) {
            let body = flipped(&message.body, at, bit);
            all.push((format!("bit {bit} of byte {at}"), Message { body, ..message.clone() }));
        }
    }
    for (name, value) in &message.headers {
        for at in 0..value.len() {
            for bit in bits(at) {
                // an HTTP server refuses such a header value
                let Ok(other) = String::from_utf8(flipped(value.as_bytes(), at, bit)) else { continue };
                if HeaderValue::from_str(&other).is_err() || other.trim() != other {
                    continue;
                }
                // a certificate serial is a hexadecimal number: its case does not matter
                if value.bytes().all(|byte| byte.is_ascii_hexdigit()) && other.eq_ignore_ascii_case(value) {
                    continue;
                }
                let mut message = message.clone();
                message.headers.insert(name.clone(), other);
                all.push((format!("bit {bit} of byte {at} of {name}"), message));
            }
        }
    }
    all
}

fn all_bits(_: usize) -> Vec<u32> {
    (0..8).collect()
}

/// One bit of each byte, as in the tests of the other clients.
#[track_caller]
fn one_bit(at: usize) -> Vec<u32> {
    vec![u32::try_from(at % 8).unwrap()]
}

/// A server that gives the same response to every request.
struct TamperingServer {
    wechat: FakeWechat,
    answer: Arc<Mutex<Message>>,
}

impl TamperingServer {
    async fn start(message: &Message) -> Self {
        let answer = Arc::new(Mutex::new(message.clone()));
        let shared = Arc::clone(&answer);
        let wechat = FakeWechat::start(move |_, _| {
            let Message { headers, body } = shared.lock().unwrap().clone();
            async move {
                let mut response = Response::builder().status(200);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                response.body(Body::from(body)).unwrap()
            }
        })
        .await;
        Self { wechat, answer }
    }

    #[track_caller]
    fn answers(&self, message: Message) {
        *self.answer.lock().unwrap() = message;
    }
}

/// V2 signs what a message says, not its bytes: a flip is refused, or changes nothing that is said.
#[track_caller]
fn refused_or_same<T: Debug + PartialEq, E>(result: Result<T, E>, expected: &T, what: &str) -> bool {
    result.map(|result| assert_eq!(result, *expected, "{what}")).is_err()
}

#[tokio::test]
async fn a_v2_response_with_a_flipped_bit_is_refused() {
    let captured = captured("v2", "answer");
    for (about, message) in &captured.found {
        let server = TamperingServer::start(message).await;
        let client = v2::Client::new(http(), endpoints(&server.wechat.url), captured.merchant());
        let number = about["out_trade_no"].as_str().unwrap();
        let expected = client.orderquery(number, sign_type(about)).await.unwrap();
        assert_eq!(expected.payment.as_ref().unwrap().total_fee, 1990);
        let mut refused = 0;
        for (what, flipped) in flips(message, one_bit) {
            server.answers(flipped);
            let result = client.orderquery(number, sign_type(about)).await;
            refused += usize::from(refused_or_same(result, &expected, &what));
        }
        assert!(refused > message.body.len() / 2, "{refused}");
    }
}

#[test]
fn a_v2_notification_with_a_flipped_bit_is_refused() {
    let captured = captured("v2", "notification");
    let key = Secret::new(captured.text("api_v2_key"));
    for (about, message) in &captured.found {
        let read = |body: &[u8]| v2::notification::Notification::parse(body)?.verify(&key, sign_type(about));
        let expected = read(&message.body).unwrap();
        assert_eq!(expected.payment.total_fee, 1990);
        let mut refused = 0;
        let all = flips(message, all_bits);
        for (what, flipped) in &all {
            refused += usize::from(refused_or_same(read(&flipped.body), &expected, what));
        }
        assert!(refused > all.len() / 2, "{refused} of {}", all.len());
    }
}

/// A clock that stands.
struct FixedClock(i64);

impl ClockAndNonce for FixedClock {
    fn now(&self) -> i64 {
        self.0
    }

    fn nonce_str(&self) -> String {
        "n".to_owned()
    }
}

#[tokio::test]
async fn a_v3_response_with_a_flipped_bit_is_refused() {
    let captured = captured("v3", "answer");
    for (about, message) in &captured.found {
        let server = TamperingServer::start(message).await;
        let pem = include_str!("../keys/merchant_pkcs8.pem");
        let credential = Credential::from_pem(captured.text("mch_id"), "5157F09EFDC096DE", pem).unwrap();
        let merchant = v3::Merchant::new(captured.text("appid"), credential, captured.api_v3_key());
        let endpoints = endpoints(&server.wechat.url);
        let client = v3::Client::with_clock_and_nonce(
            http(),
            endpoints,
            merchant,
            captured.keys(),
            FixedClock(now(message)),
        );
        let number = about["out_trade_no"].as_str().unwrap();
        let expected = client.query_by_out_trade_no(number).await.unwrap();
        assert_eq!(expected.out_trade_no, number);
        for (what, flipped) in flips(message, one_bit) {
            server.answers(flipped);
            assert!(client.query_by_out_trade_no(number).await.is_err(), "{what}");
        }
        server.answers(message.clone());
        assert_eq!(client.query_by_out_trade_no(number).await.unwrap(), expected);
    }
}

#[test]
fn a_v3_notification_with_a_flipped_bit_is_refused() {
    let captured = captured("v3", "notification");
    let (keys, key) = (captured.keys(), captured.api_v3_key());
    for (_, message) in &captured.found {
        let read = |Message { headers, body }: &Message| {
            let headers =
                SignatureHeaders::read(|name| headers.get(&name.to_ascii_lowercase()).map(String::as_str))?;
            let parsed = v3::notification::Notification::parse(&headers, body, &keys, &key, now(message))?;
            Ok::<_, NotificationError>(parsed)
        };
        read(message).unwrap();
        for (what, flipped) in flips(message, all_bits) {
            let error = read(&flipped).expect_err(&what);
            assert!(!error.is_verified(), "{what}: {error}");
        }
        for name in ["timestamp", "nonce", "serial", "signature"] {
            let mut without = message.clone();
            without.headers.remove(&format!("wechatpay-{name}"));
            assert!(read(&without).is_err(), "without {name}");
        }
    }
}

#[test]
fn a_ciphertext_with_a_flipped_bit_is_refused() {
    let captured = captured("v3", "notification");
    let key = captured.api_v3_key();
    let (_, message) = &captured.found[0];
    let body: Value = serde_json::from_slice(&message.body).unwrap();
    let encrypted =
        ["nonce", "associated_data", "ciphertext"].map(|name| body["resource"][name].as_str().unwrap());
    let read = |[nonce, data, ciphertext]: [&str; 3]| aead::decrypt(key.expose(), nonce, data, ciphertext);
    read(encrypted).unwrap();
    for part in 0..encrypted.len() {
        for at in 0..encrypted[part].len() {
            for bit in all_bits(at) {
                let mut bytes = encrypted[part].as_bytes().to_vec();
                bytes[at] ^= 1 << bit;
                let Ok(other) = String::from_utf8(bytes) else { continue };
                let mut flipped = encrypted;
                flipped[part] = &other;
                assert!(read(flipped).is_err(), "bit {bit} of byte {at} of part {part}");
            }
        }
    }
}
