//! Properties of the parsers of untrusted input. They must hold for all inputs. `cargo fuzz` (in `fuzz/`) searches for
//! inputs that break them, and `tests/fuzz_seeds.rs` runs the saved inputs.
//!
//! Each function takes an input and panics if a property does not hold.

use std::io::Write;

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use wechat::{
    Secret,
    bill::{BillDate, Direction, FundFlowBill, TradeBill, fen_from_yuan, hundred_thousandths, unpack},
    miniprogram::SessionKey,
    oauth::{Scope, State, authorize_url},
    pay::{
        v2::{self, SignType, refund_notification},
        v3::{
            ApiV3Key, CombineTransaction, KeyRing, Promotion, Refund, SignatureHeaders, Transaction,
            notification::{Notification, generate_test_notification, generate_test_signature},
        },
    },
    push::{EncodingAesKey, PushMessage, PushMode, PushQuery, PushReceiver, signature},
    time,
    wire::{
        Fields, aead, aes,
        certificate::Certificate,
        rsa::{PrivateKey, PublicKey},
        sign, xml,
    },
};

/// The name of the seed folder and the test function of a parser.
type Target = (&'static str, fn(&Keys, &[u8]));

/// All targets.
pub(crate) const TARGETS: [Target; 13] = [
    ("bills", bills),
    ("certificates", certificates),
    ("encrypted_data", encrypted_data),
    ("login", login),
    ("push", push),
    ("texts", texts),
    ("unpack", decompressed),
    ("v2_notification", v2_notification),
    ("v2_refund", v2_refund),
    ("v3_envelope", v3_envelope),
    ("v3_headers", v3_headers),
    ("v3_json", v3_json),
    ("xml", xml),
];

const NOW: i64 = 1_767_240_000;
const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0114232134912410000000000000";
const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const API_KEY: &str = "192006250b4c09247ec02edce69f6a2d";
const API_V3_KEY: &str = "5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6";

/// The keys of the tests. They are loaded once, because loading is slower than a test.
pub(crate) struct Keys {
    ring: KeyRing,
    wechat: PrivateKey,
    api_v3: ApiV3Key,
}

impl Keys {
    pub(crate) fn new() -> Self {
        let ring = KeyRing::new();
        let public = PublicKey::from_pem(include_str!("../keys/wechatpay_public.pem")).unwrap();
        ring.add_public_key(PUBLIC_KEY_ID, public);
        let certificate = Certificate::from_pem(include_str!("../keys/platform_cert.pem")).unwrap();
        ring.replace_certificates(vec![certificate]);
        Self {
            ring,
            wechat: PrivateKey::from_pem(include_str!("../keys/wechatpay_key.pem")).unwrap(),
            api_v3: ApiV3Key::parse(API_V3_KEY).unwrap(),
        }
    }
}

/// Splits the input into its first line and the rest.
fn first_line(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, b""),
    }
}

/// An error has a short text on one line, so a log can contain it.
#[track_caller]
fn check_error_text(error: &impl std::error::Error) {
    let text = error.to_string();
    assert!(!text.is_empty() && text.len() < 400, "{text}");
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

/// A message is unchanged if it is parsed, written and parsed again. The parsed fields are not longer than the input.
fn xml(_: &Keys, data: &[u8]) {
    for root in ["xml", "root"] {
        let fields = match xml::parse_rooted(data, root) {
            Ok(fields) => fields,
            Err(error) => {
                check_error_text(&error);
                continue;
            }
        };
        assert!(data.len() <= xml::MAX_LENGTH && fields.len() <= xml::MAX_FIELDS);
        assert!(fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() <= data.len());
        let written = xml::write_rooted(&fields, root);
        match xml::parse_rooted(written.as_bytes(), root) {
            Ok(again) => assert_eq!(again.iter().collect::<Vec<_>>(), fields.iter().collect::<Vec<_>>()),
            Err(error) => {
                assert_eq!((error, true), (xml::XmlError::TooLong, written.len() > xml::MAX_LENGTH))
            }
        }
        assert_eq!(xml::parse(data).is_ok(), root == "xml");
    }
}

/// An unsigned input does not verify. A signed input is the same message in the plain and in the secure mode, and it is unchanged
/// if it is stored and read again. Text that is no encryption is refused.
fn push(_: &Keys, data: &[u8]) {
    const TOKEN: &str = "AAAAA";
    const APPID: &str = "wxba5fad812f8e6fb9";
    let (time, nonce) = (NOW.to_string(), "415670741".to_owned());
    let plain = PushReceiver::new(APPID, TOKEN, PushMode::Plain);
    let key = EncodingAesKey::parse(&"A".repeat(43)).unwrap();
    let secure = PushReceiver::new(APPID, TOKEN, PushMode::Encrypted(key));
    assert!(plain.receive(&PushQuery::default(), data).is_err());

    let signed = PushQuery {
        signature: signature([TOKEN, &*time, &*nonce]),
        timestamp: time.clone(),
        nonce: nonce.clone(),
        ..PushQuery::default()
    };
    let received = plain.receive(&signed, data);
    match &received {
        Ok(message) => {
            assert!(!message.dedup_key().is_empty());
            let again = PushMessage::from_json(&message.to_json());
            assert_eq!(again.map(|again| again.to_json()), Some(message.to_json()));
        }
        Err(error) => check_error_text(error),
    }

    let reply = secure.encrypt_reply(data, &[7; 16], NOW, &nonce).unwrap();
    let encrypted = |encrypt: &str| {
        let query = PushQuery {
            msg_signature: signature([TOKEN, &*time, &*nonce, encrypt]),
            timestamp: time.clone(),
            nonce: nonce.clone(),
            ..PushQuery::default()
        };
        let fields: Fields = [("Encrypt", encrypt)].into_iter().collect();
        secure.receive(&query, xml::write(&fields).as_bytes())
    };
    if let Ok(message) = encrypted(&reply.encrypt) {
        assert_eq!(received.ok().map(|plain| plain.to_json()), Some(message.to_json()));
    }
    if let Err(error) = encrypted(&String::from_utf8_lossy(data)) {
        check_error_text(&error);
    }
}

/// An unsigned input does not verify. A notification signed with the key verifies, and not after a change of a field.
fn v2_notification(_: &Keys, data: &[u8]) {
    let key = Secret::new(API_KEY);
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        match v2::notification::Notification::parse(data) {
            Ok(unverified) => {
                assert!(!unverified.out_trade_no().is_empty());
                if let Err(error) = unverified.verify(&key, sign_type) {
                    check_error_text(&error);
                }
            }
            Err(error) => check_error_text(&error),
        }
        let Ok(mut fields) = xml::parse(data) else { continue };
        fields.remove("sign");
        let body = v2::notification::generate_test_notification(fields.clone(), &key, sign_type);
        let Ok(unverified) = v2::notification::Notification::parse(body.as_bytes()) else { continue };
        match unverified.verify(&key, sign_type) {
            Ok(paid) => {
                assert!(paid.payment.total_fee >= 0 && paid.payment.cash_fee.is_none_or(|fee| fee >= 0));
                assert!(!paid.appid.is_empty() && !paid.mch_id.is_empty() && !paid.out_trade_no.is_empty());
                let _ = (
                    paid.payment.paid_at(),
                    v2::coupons(paid.fields()).map_err(|error| check_error_text(&error)),
                );
            }
            Err(error) => {
                assert!(error.is_verified(), "{error}");
                check_error_text(&error);
            }
        }
        // a change of any signed field makes the signature wrong
        let signature = sign::sign(&fields, API_KEY, sign_type);
        let changed: Vec<String> = fields.iter().map(|(name, _)| name.to_owned()).take(8).collect();
        for name in changed {
            let value = format!("{}0", fields.get(&name).unwrap_or_default());
            let forged = fields.clone().with(&name, value).with("sign", &signature);
            assert!(!sign::verify(&forged, API_KEY, sign_type), "{name}");
        }
        let mut flipped = signature.into_bytes();
        let at = data.len() % flipped.len();
        flipped[at] ^= 1;
        let flipped = String::from_utf8(flipped).unwrap();
        assert!(!sign::verify(&fields.with("sign", flipped), API_KEY, sign_type));
    }
}

/// The input as a refund notification, and the input encrypted with the key as one.
fn v2_refund(_: &Keys, data: &[u8]) {
    let key = Secret::new(API_KEY);
    let read = |body: &[u8]| match refund_notification::UntrustedRefund::parse(body, &key) {
        Ok(parsed) => {
            assert!(parsed.total_fee >= 0 && parsed.refund_fee >= 0 && !parsed.out_refund_no.is_empty());
            Some(parsed)
        }
        Err(error) => {
            check_error_text(&error);
            None
        }
    };
    read(data);
    let Ok(fields) = xml::parse_rooted(data, "root") else { return };
    let body = refund_notification::generate_test_notification(fields.clone(), "wx1", "1", &key);
    if let Some(parsed) = read(body.as_bytes()) {
        assert!(parsed.fields() == &fields);
        let other = Secret::new("0123456789abcdef0123456789abcdef");
        assert!(refund_notification::UntrustedRefund::parse(body.as_bytes(), &other).is_err());
    }
}

/// The input has one header on each line (timestamp, nonce, serial, signature, signature type), and then the body.
/// Only the message that was signed verifies.
fn v3_headers(keys: &Keys, data: &[u8]) {
    let mut rest = data;
    let mut next = || {
        let (line, left) = first_line(rest);
        rest = left;
        std::str::from_utf8(line).ok()
    };
    let (timestamp, nonce, serial, signature, kind) = (next(), next(), next(), next(), next());
    let body = rest;
    let headers = SignatureHeaders::read(|name| match name {
        "Wechatpay-Timestamp" => timestamp,
        "Wechatpay-Nonce" => nonce,
        "Wechatpay-Serial" => serial,
        "Wechatpay-Signature" => signature,
        _ => kind.filter(|kind| !kind.is_empty()),
    });
    let headers = match headers {
        Ok(headers) => headers,
        Err(error) => return check_error_text(&error),
    };
    let verify = |headers: &SignatureHeaders, body: &[u8], now| {
        let verified = keys.ring.verify(headers, body, now);
        let parsed = Notification::parse(headers, body, &keys.ring, &keys.api_v3, now);
        if let Err(error) = &parsed {
            check_error_text(error);
        }
        match &verified {
            Ok(()) => assert!(
                parsed.is_ok() || parsed.is_err_and(|error| error.is_verified() || body.len() > 65536)
            ),
            Err(error) => {
                check_error_text(error);
                assert!(parsed.is_err_and(|error| !error.is_verified()));
            }
        }
        verified
    };
    if verify(&headers, body, NOW).is_ok() {
        // only the correctly signed message of the seeds verifies
        let seconds: i64 = headers.timestamp.parse().unwrap();
        assert!(seconds.abs_diff(NOW) <= 300);
        // a certificate serial is hexadecimal: upper or lower case, with or without leading zeros
        let other_serial = if headers.serial == PUBLIC_KEY_ID { SERIAL } else { PUBLIC_KEY_ID };
        for now in [seconds - 301, seconds + 301] {
            assert!(verify(&headers, body, now).is_err());
        }
        for forged in [
            SignatureHeaders { timestamp: (seconds + 1).to_string(), ..headers.clone() },
            SignatureHeaders { nonce: format!("{}0", headers.nonce), ..headers.clone() },
            SignatureHeaders { serial: other_serial.into(), ..headers.clone() },
            SignatureHeaders { signature: headers.signature.replacen('A', "B", 1), ..headers.clone() },
            SignatureHeaders { signature: format!("{}=", headers.signature), ..headers.clone() },
        ] {
            assert!(forged == headers || verify(&forged, body, NOW).is_err());
        }
        // the boundary between nonce and body cannot be moved
        let (first, left) = first_line(body);
        let first = String::from_utf8_lossy(first);
        let moved = SignatureHeaders { nonce: format!("{}\n{first}", headers.nonce), ..headers.clone() };
        assert!(verify(&moved, left, NOW).is_err());
        let mut flipped = body.to_vec();
        if let Some(byte) = flipped.last_mut() {
            *byte ^= 1;
            assert!(verify(&headers, &flipped, NOW).is_err());
        }
    }
}

/// The input as the signed body of a notification, and the input as the encrypted part of one.
fn v3_envelope(keys: &Keys, data: &[u8]) {
    let Keys { ring, wechat, api_v3 } = keys;
    let parse = |headers: &SignatureHeaders, body: &[u8]| {
        let parsed = Notification::parse(headers, body, ring, api_v3, NOW);
        if let Err(error) = &parsed {
            check_error_text(error);
            assert!(error.is_verified() || body.len() > 64 * 1024, "{error}");
        }
        parsed
    };
    if data.first() == Some(&b'{') {
        let headers = generate_test_signature(data, PUBLIC_KEY_ID, wechat, NOW, "n");
        if let Ok(parsed) = parse(&headers, data) {
            assert!(parsed.plaintext().len() <= data.len());
        }
        return;
    }
    // the first line is the event type
    let (kind, plain) = first_line(data);
    let (Ok(kind), Ok(plain)) = (std::str::from_utf8(kind), std::str::from_utf8(plain)) else { return };
    let test = generate_test_notification(kind, plain, api_v3, PUBLIC_KEY_ID, wechat, NOW, "n");
    if let Ok(parsed) = parse(&test.headers, test.body.as_bytes()) {
        assert_eq!((parsed.plaintext(), &*parsed.event_type), (plain, kind));
    }
    let key: &[u8; 32] = API_V3_KEY.as_bytes().try_into().unwrap();
    let encrypted = aead::encrypt(key, b"fdasflkja484", kind, plain.as_bytes());
    assert_eq!(aead::decrypt(key, "fdasflkja484", kind, &encrypted).unwrap(), plain.as_bytes());
    let mut flipped = STANDARD.decode(encrypted).unwrap();
    let at = data.len() % flipped.len();
    flipped[at] ^= 1;
    assert!(aead::decrypt(key, "fdasflkja484", kind, &STANDARD.encode(flipped)).is_err());
    assert!(aead::decrypt(key, kind, kind, plain).is_err());
}

#[track_caller]
fn no_discount_below_zero(promotions: &[Promotion]) {
    for promotion in promotions {
        assert!(promotion.amount >= 0);
        assert!(promotion.wechatpay_contribute.is_none_or(|amount| amount >= 0));
        assert!(promotion.merchant_contribute.is_none_or(|amount| amount >= 0));
        assert!(promotion.other_contribute.is_none_or(|amount| amount >= 0));
        assert!(promotion.goods_detail.iter().all(|goods| goods.discount_amount >= 0));
    }
}

/// Orders, combined orders and refunds of V3: no amount is negative, and a paid order has a payment.
fn v3_json(_: &Keys, data: &[u8]) {
    let Ok(json) = std::str::from_utf8(data) else { return };
    match Transaction::from_json(json) {
        Ok(parsed) => {
            assert_eq!(parsed.payment.is_some(), parsed.trade_state.is_paid());
            assert_eq!(parsed.json(), json);
            no_discount_below_zero(&parsed.promotion_detail);
            if let Some(payment) = &parsed.payment {
                assert!(payment.total >= 0 && payment.payer_total.is_none_or(|amount| amount >= 0));
                assert!(!payment.transaction_id.is_empty());
                let _ = payment.paid_at();
            }
            assert_eq!(Transaction::from_json(parsed.json()).as_ref(), Ok(&parsed));
        }
        Err(error) => check_error_text(&error),
    }
    match CombineTransaction::from_json(json) {
        Ok(parsed) => {
            for order in &parsed.sub_orders {
                assert_eq!(order.payment.is_some(), order.trade_state.is_paid());
                assert!(order.payment.as_ref().is_none_or(|payment| payment.total >= 0));
                no_discount_below_zero(&order.promotion_detail);
            }
        }
        Err(error) => check_error_text(&error),
    }
    match Refund::from_json(json) {
        Ok(parsed) => {
            let amount = &parsed.amount;
            assert!(amount.total >= 0 && amount.refund >= 0);
            assert!(amount.payer_total >= 0 && amount.payer_refund >= 0);
            for part in [amount.settlement_refund, amount.settlement_total, amount.discount_refund] {
                assert!(part.is_none_or(|amount| amount >= 0));
            }
            let _ = parsed.refunded_at();
        }
        Err(error) => check_error_text(&error),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = GzEncoder::new(Vec::new(), Compression::fast());
    compressed.write_all(bytes).unwrap();
    compressed.finish().unwrap()
}

/// The sums of a completely read bill are correct, compressed or not. A partly read bill has fewer rows than its summary
/// counts.
fn bills(_: &Keys, data: &[u8]) {
    let compressed = gzip(data);
    let lines = data.iter().filter(|byte| **byte == b'\n').count();
    let trades = TradeBill::parse(data);
    assert!(data.starts_with(&[0x1f, 0x8b]) || TradeBill::parse(&compressed) == trades);
    match trades {
        Ok(bill) if !bill.unreadable.is_empty() => {
            assert!(bill.rows.len() < bill.summary.count && bill.rows.len() + bill.unreadable.len() <= lines);
        }
        Ok(bill) => {
            assert!(bill.rows.len() == bill.summary.count && bill.rows.len() <= lines);
            let settled: i64 = bill.rows.iter().map(|row| row.settlement_fee).sum();
            assert_eq!(settled, bill.summary.settlement_fee);
            let fees: i64 = bill.rows.iter().map(|row| row.fee).sum();
            assert_eq!(fees, bill.summary.fee);
            if let Some(parsed) = bill.summary.order_fee {
                let ordered: i64 = bill.rows.iter().map(|row| row.order_fee).sum();
                assert_eq!(ordered, parsed);
            }
        }
        Err(error) => check_error_text(&error),
    }
    let flows = FundFlowBill::parse(data);
    assert!(data.starts_with(&[0x1f, 0x8b]) || FundFlowBill::parse(&compressed) == flows);
    match flows {
        Ok(bill) if !bill.unreadable.is_empty() => {
            assert!(bill.rows.len() < bill.summary.count && bill.rows.len() + bill.unreadable.len() <= lines);
        }
        Ok(bill) => {
            assert!(bill.rows.len() == bill.summary.count && bill.rows.len() <= lines);
            assert_eq!(bill.summary.in_count + bill.summary.out_count, bill.summary.count);
            let taken: i64 =
                bill.rows.iter().filter(|row| row.direction == Direction::Income).map(|row| row.amount).sum();
            assert_eq!(taken, bill.summary.in_amount);
        }
        Err(error) => check_error_text(&error),
    }
}

/// The decompressed data is not longer than deflate allows. Compressed data decompresses to the original, and truncated
/// data is refused.
fn decompressed(_: &Keys, data: &[u8]) {
    match unpack(data) {
        Ok(file) => assert!(file.len() <= data.len() * 1032),
        Err(error) => check_error_text(&error),
    }
    let compressed = gzip(data);
    assert_eq!(&*unpack(&compressed).unwrap(), data);
    assert!(unpack(&compressed[..compressed.len() - 1]).is_err());
    // the last eight bytes are the checksum and the length of the content
    let mut flipped = compressed;
    let at = flipped.len() - 1 - data.len() % 8;
    flipped[at] ^= 1;
    assert!(unpack(&flipped).is_err());
}

/// A mini program's `iv` and `encryptedData`, and the input encrypted with the key.
fn encrypted_data(_: &Keys, data: &[u8]) {
    let raw = [7; 16];
    let key = SessionKey::parse(&STANDARD.encode(raw)).unwrap();
    let read = |encrypted: &str, iv: &str| match key.decrypt(encrypted, iv, "wx4f4bc4dec97d474b") {
        Ok(parsed) => {
            let _ = parsed.phone_info().map_err(|error| check_error_text(&error));
            let _ = parsed.clone().not_older_than(300, NOW);
            assert!(!format!("{parsed:?}").contains("watermark"));
            Some(parsed)
        }
        Err(error) => {
            check_error_text(&error);
            None
        }
    };
    let (iv, encrypted) = first_line(data);
    if let (Ok(iv), Ok(encrypted)) = (std::str::from_utf8(iv), std::str::from_utf8(encrypted)) {
        read(encrypted, iv);
        let _ = SessionKey::parse(iv).map_err(|error| check_error_text(&error));
        assert!(!key.verify(encrypted, iv));
    }
    let iv = [9; 16];
    let encrypted = aes::encrypt_cbc(&raw, &iv, data);
    assert_eq!(aes::decrypt_cbc(&raw, &iv, &encrypted).unwrap(), data);
    let encrypted = STANDARD.encode(encrypted);
    if let Some(parsed) = read(&encrypted, &STANDARD.encode(iv)) {
        assert_eq!(parsed.plaintext().as_bytes(), data);
        assert!(key.decrypt(&encrypted, &STANDARD.encode(iv), "wx0").is_err());
    }
    let _ = aes::decrypt_ecb(&[7; 32], data).map_err(|error| check_error_text(&error));
}

/// The input of a login: only the documented format is a valid `state`, and a redirect URI cannot add URL parameters.
fn login(_: &Keys, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match State::parse(text) {
        Ok(state) => {
            assert!(state.as_str() == text && (1..=State::MAX_LENGTH).contains(&text.len()));
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
        Err(error) => check_error_text(&error),
    }
    match text.parse::<Scope>() {
        Ok(scope) => assert_eq!(scope.as_str(), text),
        Err(error) => check_error_text(&error),
    }
    let state = State::parse("s").unwrap();
    let url = authorize_url("https://open.weixin.qq.com", text, text, Scope::Base, &state);
    let (address, fragment) = url.split_once('#').unwrap();
    assert_eq!(fragment, "wechat_redirect");
    let (_, query) = address.split_once('?').unwrap();
    let pairs: Vec<(&str, &str)> = query.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["appid", "redirect_uri", "response_type", "scope", "state"]);
    for (_, value) in &pairs[..2] {
        assert_eq!(percent_encoding::percent_decode_str(value).collect::<Vec<u8>>(), data);
    }
}

/// Keys and certificates as PEM text and as DER bytes.
fn certificates(_: &Keys, data: &[u8]) {
    let read = |text: &str| {
        match Certificate::from_pem(text) {
            Ok(certificate) => {
                let serial = &certificate.serial_no;
                assert!(serial.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte)));
                assert!(!serial.starts_with('0') && !serial.is_empty());
                assert!(!certificate.is_valid_at(certificate.not_after.saturating_add(1)));
                assert!(!certificate.public_key.verify(b"message", "AAAA"));
            }
            Err(error) => check_error_text(&error),
        }
        match PublicKey::from_pem(text) {
            Ok(key) => assert!(!key.verify(b"message", text)),
            Err(error) => check_error_text(&error),
        }
        if let Err(error) = PrivateKey::from_pem(text) {
            check_error_text(&error);
        }
    };
    if let Ok(text) = std::str::from_utf8(data) {
        read(text);
    }
    let compressed = STANDARD.encode(data);
    for label in ["CERTIFICATE", "PUBLIC KEY", "PRIVATE KEY", "RSA PRIVATE KEY"] {
        read(&format!("-----BEGIN {label}-----\n{compressed}\n-----END {label}-----\n"));
    }
}

/// Times, dates and amounts: a parsed value is written in the same form.
fn texts(_: &Keys, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match time::parse_v2_time(text) {
        Ok(seconds) if seconds >= 0 => assert_eq!(time::v2_time(seconds), text),
        Ok(_) => assert!(text < "19700101080000"),
        Err(error) => check_error_text(&error),
    }
    match time::parse_v2_date_time(text) {
        Ok(seconds) => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(time::parse_v2_time(&digits), Ok(seconds));
        }
        Err(error) => check_error_text(&error),
    }
    match time::parse_rfc3339(text) {
        Ok(seconds) if seconds >= 0 => {
            assert_eq!(time::parse_rfc3339(&time::rfc3339(seconds)), Ok(seconds), "{text}");
        }
        Ok(_) => {}
        Err(error) => check_error_text(&error),
    }
    match BillDate::parse(text) {
        Ok(date) => {
            assert_eq!(BillDate::parse(&date.to_string()), Ok(date));
            assert_eq!(BillDate::parse(&date.v2()), Ok(date));
            assert!(date.to_string() == text || date.v2() == text, "{text}");
        }
        Err(error) => check_error_text(&error),
    }
    if let Some(amount) = fen_from_yuan(text) {
        assert_eq!(hundred_thousandths(text), Some(amount * 1000));
        let sign = if amount < 0 { "-" } else { "" };
        let yuan = format!("{sign}{}.{:02}", amount.abs() / 100, amount.abs() % 100);
        assert_eq!(fen_from_yuan(&yuan), Some(amount), "{text}");
    }
    let fields = Fields::new().with("a", text);
    assert_eq!(fields.get("a"), Some(text));
}
