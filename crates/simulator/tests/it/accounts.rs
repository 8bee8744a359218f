//! Several merchants, service accounts and mini programs in one world.

use serde_json::{Value, json};
use simulator::{Config, Seed, Simulator};
use wechat::wire::{Fields, sign::SignType, xml};

use crate::{
    test_simulator::{TestSimulator, text},
    v3_calls::{Signing, VALID_SIGNATURE},
};

const SECOND_MERCHANT: &str = "1900000999";
const SECOND_APPID: &str = "wx1111111111111111";
const VALID_FOR_SECOND: Signing =
    Signing { mchid: SECOND_MERCHANT, skew: 0, serial: None, body_signed: None };

/// A service account with its own merchant.
fn second() -> Value {
    json!({
        "service_accounts": [{ "appid": SECOND_APPID, "js_domains": ["second.test"] }],
        "merchants": [{
            "mch_id": SECOND_MERCHANT,
            "name": "第二家",
            "appids": [SECOND_APPID],
            "platform_keys": "public_key",
        }],
    })
}

impl TestSimulator {
    /// Adds the second merchant.
    async fn with_second_merchant() -> Self {
        let sim = Self::start().await;
        sim.control("accounts", second()).await;
        sim
    }

    /// Acts as the second merchant from now on.
    async fn become_second(&mut self) {
        let accounts = self.json("/_simulator/accounts").await;
        let list = accounts["merchants"].as_array().unwrap();
        let merchant = list.iter().find(|merchant| merchant["mch_id"] == SECOND_MERCHANT).unwrap();
        for (name, value) in merchant.as_object().unwrap() {
            self.account[name] = value.clone();
        }
        self.account["appid"] = SECOND_APPID.into();
        self.openid = text(&accounts["users"][0]["openids"][SECOND_APPID]);
    }

    /// The mistakes that the signature doctor found in the newest request.
    async fn mistakes(&self) -> Value {
        self.json("/_simulator/requests").await["requests"].as_array().unwrap().last().unwrap()["mistakes"]
            .clone()
    }
}

#[track_caller]
fn error(fields: &Fields) -> &str {
    fields.get("return_msg").unwrap_or_default()
}

#[tokio::test]
async fn two_merchants_pay_and_refund_with_v2_and_their_own_keys() {
    let mut sim = TestSimulator::with_second_merchant().await;
    sim.control("account", json!({ "notification_extras": false })).await;
    let mut notifications = 0;
    for second in [false, true] {
        if second {
            sim.become_second().await;
        }
        // both merchants use the same numbers
        sim.place_order("order1").await;
        sim.control(
            "pay",
            json!({ "out_trade_no": "order1", "mch_id": sim.account("mch_id"), "outcome": "ok" }),
        )
        .await;
        assert_eq!(sim.query("order1").await.get("trade_state"), Some("SUCCESS"));
        let refund = sim.refund_fields("order1", "refund1", 1990).with("notify_url", sim.shop.notify_url());
        let reply = sim.send_refund(refund).await;
        assert_eq!(reply.get("result_code"), Some("SUCCESS"), "{}", xml::write(&reply));
        assert_eq!(reply.get("mch_id"), Some(sim.account("mch_id").as_str()));
        sim.advance(2).await;
        notifications += 2;
        sim.until(|ledger| {
            let all = ledger["notifications"].as_array().unwrap();
            all.len() == notifications && all.iter().all(|each| each["acknowledged"] == true)
        })
        .await;
        let received = sim.shop.received();
        let own: Vec<Fields> = received
            .iter()
            .map(|each| xml::parse(each.body.as_bytes()).unwrap())
            .filter(|fields| fields.get("mch_id") == Some(sim.account("mch_id").as_str()))
            .collect();
        let payment = own.iter().find(|fields| fields.get("sign").is_some()).unwrap();
        assert!(wechat::wire::sign::verify(payment, &sim.account("api_v2_key"), SignType::HmacSha256));
        assert_eq!(payment.get("openid"), Some(sim.openid.as_str()));
        let refund = own.iter().find_map(|fields| sim.decrypted_refund(fields)).unwrap();
        assert_eq!(refund.get("out_refund_no"), Some("refund1"));
    }
}

#[tokio::test]
async fn two_merchants_pay_and_refund_with_v3_and_their_own_keys() {
    let mut sim = TestSimulator::with_second_merchant().await;
    sim.acknowledge_v3();
    sim.place_v3_order("order1").await;
    sim.become_second().await;
    let send = async |sim: &TestSimulator, method: &str, path: &str, body: Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        sim.verified(sim.v3_with(method, path, &body, &VALID_FOR_SECOND, "").await).await
    };
    let path = "/v3/pay/transactions/out-trade-no/order1?mchid=1900000999";
    assert_eq!(send(&sim, "GET", path, Value::Null).await.0, 404, "the order of the other merchant");
    let (status, answer) = send(&sim, "POST", "/v3/pay/transactions/jsapi", sim.v3_order("order1")).await;
    assert_eq!(status, 200, "{answer}");
    sim.control("pay", json!({ "prepay_id": answer["prepay_id"], "outcome": "ok" })).await;
    let (_, order) = send(&sim, "GET", path, Value::Null).await;
    assert_eq!((&order["trade_state"], &order["mchid"]), (&json!("SUCCESS"), &json!(SECOND_MERCHANT)));
    let refund = TestSimulator::v3_refund("order1", "refund1", 1990);
    let (status, answer) = send(&sim, "POST", "/v3/refund/domestic/refunds", refund).await;
    assert_eq!(status, 200, "{answer}");
    sim.until(|ledger| ledger["notifications"][0]["acknowledged"] == true).await;
    let received = sim.shop.received();
    assert!(sim.is_signed(&received[0].headers, received[0].body.as_bytes()));
    assert_eq!(received[0].headers["wechatpay-serial"], sim.account("public_key_id").as_str());
    let message: Value = serde_json::from_str(&received[0].body).unwrap();
    assert_eq!(sim.decrypted(&message["resource"])["mchid"], SECOND_MERCHANT);
    // a merchant in the public key mode has no certificate; the first merchant has one
    assert_eq!(send(&sim, "GET", "/v3/certificates", Value::Null).await.0, 404);
    let ledger = sim.ledger().await;
    let states: Vec<_> = ledger["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| (&order["mch_id"], &order["trade_state"]))
        .collect();
    assert_eq!(
        states,
        [(&json!("1900000109"), &json!("NOTPAY")), (&json!(SECOND_MERCHANT), &json!("REFUND"))]
    );
}

#[tokio::test]
async fn the_doctor_names_the_key_of_another_merchant() {
    let mut sim = TestSimulator::with_second_merchant().await;
    let first_key = sim.account("api_v2_key");
    let (first_pem, first_serial) = (sim.account("merchant_private_key_pem"), sim.account("merchant_serial"));
    let first_certificate = sim.with_certificate();
    sim.become_second().await;
    let second_key = std::mem::replace(&mut sim.account["api_v2_key"], first_key.into());
    assert_eq!(error(&sim.call("/pay/unifiedorder", sim.order("order1")).await), "签名错误");
    assert_eq!(sim.mistakes().await, json!(["key_of_other_merchant"]));
    sim.account["api_v2_key"] = second_key;
    sim.place_order("order1").await;
    let second_pem = std::mem::replace(&mut sim.account["merchant_private_key_pem"], first_pem.into());
    let path = "/v3/pay/transactions/out-trade-no/order1?mchid=1900000999";
    assert_eq!(sim.v3_with("GET", path, "", &VALID_FOR_SECOND, "").await.status(), 401);
    assert_eq!(sim.mistakes().await, json!(["key_of_other_merchant"]));
    let with_serial = Signing { serial: Some(first_serial), ..VALID_FOR_SECOND };
    assert_eq!(sim.v3_with("GET", path, "", &with_serial, "").await.status(), 401);
    assert_eq!(sim.mistakes().await, json!(["serial_of_other_merchant"]));
    sim.account["merchant_private_key_pem"] = second_pem;
    // the certificate of another merchant is refused too
    sim.control("pay", json!({ "out_trade_no": "order1", "outcome": "ok" })).await;
    let url = format!("{}/secapi/pay/refund", sim.simulator.tls_url());
    let body = xml::write(&sim.sign(sim.refund_fields("order1", "refund1", 1)));
    let answer = first_certificate.post(url).body(body).send().await.unwrap().bytes().await.unwrap();
    assert!(error(&xml::parse(&answer).unwrap()).contains("证书"));
    assert_eq!(sim.refund("order1", "refund1", 1).await.get("result_code"), Some("SUCCESS"));
}

#[tokio::test]
async fn an_account_must_be_bound_to_the_merchant() {
    let sim = TestSimulator::with_second_merchant().await;
    let order = sim.order("order1").with("appid", SECOND_APPID);
    assert_eq!(error(&sim.call("/pay/unifiedorder", order).await), "appid和mch_id不匹配");
    let mut order = sim.v3_order("order1");
    order["appid"] = SECOND_APPID.into();
    let (status, answer) = sim.v3("POST", "/v3/pay/transactions/jsapi", order).await;
    assert_eq!((status, text(&answer["code"])), (400, "APPID_MCHID_NOT_MATCH".to_owned()));
    let mut order = sim.v3_order("order1");
    order["mchid"] = SECOND_MERCHANT.into();
    let (status, answer) = sim.v3("POST", "/v3/pay/transactions/jsapi", order).await;
    assert_eq!((status, text(&answer["detail"]["field"])), (400, "/mchid".to_owned()));
    // the openid of another account
    let order = sim.v3_with("POST", "/v3/pay/transactions/jsapi", "{}", &VALID_SIGNATURE, "").await;
    assert_eq!(order.status(), 400);
    let users = sim.json("/_simulator/users").await;
    let order = sim.order("order1").with("openid", text(&users[0]["openids"][SECOND_APPID]));
    assert_eq!(sim.call("/pay/unifiedorder", order).await.get("err_code_des"), Some("appid和openid不匹配"));
}

#[tokio::test]
async fn each_service_account_has_its_own_token_ticket_and_openids() {
    let sim = TestSimulator::with_second_merchant().await;
    let accounts = sim.json("/_simulator/accounts").await;
    let app =
        accounts["service_accounts"].as_array().unwrap().iter().find(|app| app["appid"] == SECOND_APPID);
    let secret = text(&app.unwrap()["secret"]);
    let token = |appid: &str, secret: &str| {
        format!("/cgi-bin/token?grant_type=client_credential&appid={appid}&secret={secret}")
    };
    assert_eq!(sim.json(&token(SECOND_APPID, &sim.account("secret"))).await["errcode"], 40125);
    let second = text(&sim.json(&token(SECOND_APPID, &secret)).await["access_token"]);
    let first = text(&sim.json(&token(&sim.account("appid"), &sim.account("secret"))).await["access_token"]);
    let ticket = async |token: &str| {
        text(&sim.json(&format!("/cgi-bin/ticket/getticket?type=jsapi&access_token={token}")).await["ticket"])
    };
    assert_ne!(ticket(&first).await, ticket(&second).await);
    assert_eq!(ticket(&second).await, ticket(&second).await);
    let redirect = format!("{}/back", sim.simulator.phone_url());
    let redirect: String = url::form_urlencoded::byte_serialize(redirect.as_bytes()).collect();
    let link = format!(
        "{}/connect/oauth2/authorize?appid={SECOND_APPID}&redirect_uri={redirect}&response_type=code&\
         scope=snsapi_base&state=a",
        sim.simulator.url()
    );
    let answer =
        sim.client.get(link).header("user-agent", crate::test_simulator::WECHAT).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let code = location.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned();
    let exchange = |appid: &str, secret: &str| {
        format!(
            "/sns/oauth2/access_token?appid={appid}&secret={secret}&code={code}&grant_type=authorization_code"
        )
    };
    let other = exchange(&sim.account("appid"), &sim.account("secret"));
    let refused: Value = serde_json::from_str(&sim.get(&other).await.text().await.unwrap()).unwrap();
    assert_eq!(refused["errcode"], 40029, "the code of another service account");
    let granted = sim.get(&exchange(SECOND_APPID, &secret)).await.text().await.unwrap();
    let granted: Value = serde_json::from_str(&granted).unwrap();
    assert_eq!(granted["openid"], accounts["users"][0]["openids"][SECOND_APPID]);
}

#[tokio::test]
async fn a_wrong_description_changes_nothing() {
    let sim = TestSimulator::with_second_merchant().await;
    let before = sim.json("/_simulator/accounts").await;
    for (body, expected) in [
        (second(), "service_accounts[0]: the appid wx1111111111111111 is used twice"),
        (
            json!({ "merchants": [{ "mch_id": SECOND_MERCHANT }] }),
            "merchants[0]: the mch_id 1900000999 is used twice",
        ),
        (
            json!({ "merchants": [{ "mch_id": "1900000998" }, { "mch_id": "1900000997", "api_v2_key": "x" }] }),
            "merchants[1].api_v2_key: write 32 letters or digits",
        ),
        (json!({ "merchants": [{ "mchid": "1900000998" }] }), "unknown field `mchid`"),
    ] {
        let (status, answer) = sim.try_control("accounts", body).await;
        let line = text(&answer["error"]);
        assert_eq!((status, line.contains(expected), line.lines().count()), (400, true, 1), "{line}");
    }
    assert_eq!(sim.json("/_simulator/accounts").await, before);
}

#[tokio::test]
async fn a_world_may_have_accounts_of_its_own() {
    let sim = TestSimulator::start().await;
    let merchants = json!([{ "mch_id": SECOND_MERCHANT, "api_v2_key": "SecondMerchantsApiV2Key012345678" }]);
    let world = sim.control("worlds", json!({ "accounts": { "merchants": merchants } })).await;
    let account: Value = {
        let url = format!("{}/_simulator/account", text(&world["url"]));
        sim.client.get(url).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(account["mch_id"], SECOND_MERCHANT);
    assert_eq!(account["api_v2_key"], "SecondMerchantsApiV2Key012345678");
    assert_eq!(account["appid"], sim.account["appid"]);
    assert_eq!(sim.json("/_simulator/account").await["mch_id"], "1900000109");
    let wrong = json!({ "accounts": { "merchants": [] } });
    let (status, answer) = sim.try_control("worlds", wrong).await;
    assert_eq!((status, text(&answer["error"])), (400, "merchants: a world needs at least one".to_owned()));
}

#[tokio::test]
async fn a_seed_is_kept_in_the_state_file_and_its_registered_values_are_those_of_the_flat_account() {
    let folder = tempfile::tempdir().unwrap();
    let seed = "[[service_accounts]]\nappid = \"wx2222222222222222\"\njs_domains = [\"one.test\"]\n\
        [[service_accounts]]\nappid = \"wx3333333333333333\"\njs_domains = [\"two.test\"]\n\
        [[merchants]]\nmch_id = \"1900000998\"\nrefund_notify_url = \"https://one.test/refund\"\n";
    let config = |seed: Seed| Config {
        seed,
        state: Some(folder.path().join("state.json")),
        ..Config::on_free_ports("http://127.0.0.1:9".parse().unwrap())
    };
    let get = async |simulator: &simulator::Running, path: &str| -> Value {
        let client =
            reqwest::Client::builder().tls_danger_accept_invalid_certs(true).no_proxy().build().unwrap();
        client.get(format!("{}{path}", simulator.url())).send().await.unwrap().json().await.unwrap()
    };
    let first = Simulator::start(config(Seed::from_toml(seed).unwrap())).await.unwrap();
    let account = get(&first, "/_simulator/account").await;
    assert_eq!((&account["appid"], &account["mch_id"]), (&json!("wx2222222222222222"), &json!("1900000998")));
    assert_eq!(account["registered"]["js_domains"], json!(["one.test"]));
    assert_eq!(account["registered"]["refund_notify_url"], "https://one.test/refund");
    let accounts = get(&first, "/_simulator/accounts").await;
    assert_eq!(accounts["service_accounts"][1]["js_domains"], json!(["two.test"]));
    assert!(accounts["merchants"][0].get("public_key_private_key_pem").is_none());
    first.stop().await;
    let again = Simulator::start(config(Seed::default())).await.unwrap();
    assert_eq!(get(&again, "/_simulator/accounts").await, accounts);
    let registered = get(&again, "/_simulator/account").await["registered"].clone();
    for name in ["js_domains", "refund_notify_url"] {
        assert_eq!(registered[name], account["registered"][name], "{name}");
    }
}
