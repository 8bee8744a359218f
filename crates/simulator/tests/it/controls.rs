use std::time::{Duration, Instant};

use serde_json::json;
use simulator::{Config, Simulator};
use wechat::wire::{
    sign::{SignType, verify},
    xml,
};

use crate::test_simulator::{TestSimulator, text};

#[tokio::test]
async fn an_invalid_input_is_refused_with_the_valid_values() {
    let sim = TestSimulator::start().await;
    for (control, body) in [
        ("pay", json!({ "outcome": "ok" })),
        ("pay", json!({ "out_trade_no": "a", "prepay_id": "b", "outcome": "ok" })),
        ("pay", json!({ "out_trade_no": "a", "outcome": "maybe" })),
        ("faults", json!({ "endpoint": "nowhere", "kind": "refuse" })),
        ("faults", json!({ "endpoint": "token", "kind": "wrong_signature" })),
        ("faults", json!({ "endpoint": "token", "kind": "refuse", "probability": 2 })),
        ("notifications", json!({ "tamper": "something" })),
        ("notifications", json!({ "dorp": 1 })),
        ("clock", json!({ "advance_s": -1 })),
        ("account", json!({ "pay_directories": ["http://a/b"] })),
        (
            "account",
            json!({ "pay_directories": ["http://a/", "http://b/", "http://c/", "http://d/", "http://e/", "http://f/"] }),
        ),
        ("account", json!({ "js_domains": ["http://a"] })),
    ] {
        let (status, answer) = sim.try_control(control, body.clone()).await;
        assert_eq!(status, 400, "{control} {body}: {answer}");
        assert!(!text(&answer["error"]).is_empty() && !text(&answer["accepted"]).is_empty(), "{answer}");
    }
    let (status, answer) = sim.try_control("pay", json!({ "out_trade_no": "order1", "outcome": "ok" })).await;
    assert_eq!(status, 404);
    assert!(text(&answer["error"]).contains("order1"));
}

#[tokio::test]
async fn a_cancelled_payment_can_still_be_paid_by_its_payer_only() {
    let sim = TestSimulator::start().await;
    let prepay_id = sim.place_order("order1").await;
    for outcome in ["cancel", "fail"] {
        let answer = sim.control("pay", json!({ "out_trade_no": "order1", "outcome": outcome })).await;
        assert_eq!(answer["trade_state"], "NOTPAY");
    }
    let stranger = text(&sim.json("/_simulator/users").await[1]["openid"]);
    let pay = |openid: &str| json!({ "prepay_id": prepay_id, "openid": openid, "outcome": "ok" });
    assert_eq!(sim.try_control("pay", pay(&stranger)).await.0, 409);
    assert_eq!(sim.control("pay", pay(&sim.openid)).await["trade_state"], "SUCCESS");
    assert_eq!(sim.try_control("pay", pay(&sim.openid)).await.0, 409, "paid once");
}

#[tokio::test]
async fn a_system_error_happens_before_or_after_the_change() {
    let sim = TestSimulator::start().await;
    for (kind, orders) in [("system_error", 0), ("system_error_after", 1)] {
        sim.control("faults", json!({ "endpoint": "/pay/unifiedorder", "kind": kind, "times": 1 })).await;
        let reply = sim.call("/pay/unifiedorder", sim.order("order1")).await;
        assert_eq!(reply.get("err_code"), Some("SYSTEMERROR"));
        assert!(verify(&reply, &sim.account("api_v2_key"), SignType::HmacSha256));
        assert_eq!(sim.ledger().await["orders"].as_array().unwrap().len(), orders, "{kind}");
    }
    sim.place_order("order1").await;
}

#[tokio::test]
async fn a_time_out_happens_before_or_after_the_change() {
    let sim = TestSimulator::start().await;
    let order = xml::write(&sim.sign(sim.order("order1")));
    for (kind, orders) in [("timeout_before", 0), ("refuse", 0), ("timeout_after", 1), ("hang_up_after", 1)] {
        let fault = json!({ "endpoint": "unifiedorder", "kind": kind, "times": 1, "seconds": 1 });
        sim.control("faults", fault).await;
        let url = format!("{}/pay/unifiedorder", sim.simulator.url());
        let began = Instant::now();
        assert!(sim.client.post(url).body(order.clone()).send().await.is_err(), "{kind}");
        assert_eq!(began.elapsed() >= Duration::from_secs(1), kind.starts_with("timeout"), "{kind}");
        assert_eq!(sim.ledger().await["orders"].as_array().unwrap().len(), orders, "{kind}");
    }
}

#[tokio::test]
async fn faults_change_responses() {
    let sim = TestSimulator::start().await;
    let fault = |kind: &str| json!({ "endpoint": "orderquery", "kind": kind, "times": 1 });
    sim.place_order("order1").await;
    sim.control("faults", fault("wrong_signature")).await;
    let reply = sim.query("order1").await;
    assert_eq!(reply.get("trade_state"), Some("NOTPAY"));
    assert!(!verify(&reply, &sim.account("api_v2_key"), SignType::HmacSha256));
    let url = format!("{}/pay/orderquery", sim.simulator.url());
    let query = xml::write(&sim.sign(sim.signed_as("MD5").with("out_trade_no", "order1")));
    let send = || sim.client.post(&url).body(query.clone()).send();
    sim.control("faults", fault("truncated_body")).await;
    assert!(send().await.unwrap().bytes().await.is_err());
    sim.control("faults", fault("http_500")).await;
    assert_eq!(send().await.unwrap().status(), 500);
    assert_eq!(sim.query("order1").await.get("trade_state"), Some("NOTPAY"), "each fault happens once");
}

#[tokio::test]
async fn errors_of_the_platform_api_are_json_and_faults_can_be_cleared() {
    let sim = TestSimulator::start().await;
    let path = "/cgi-bin/token?grant_type=client_credential";
    sim.control("faults", json!({ "endpoint": "token", "kind": "system_error" })).await;
    assert_eq!(sim.json(path).await["errcode"], -1);
    sim.control("faults", json!({})).await;
    let fault = json!({ "endpoint": "token", "kind": "error", "code": "45011", "message": "api minute-quota", "times": 1 });
    sim.control("faults", fault).await;
    assert_eq!(sim.json(path).await["errcode"], 45011);
    assert_eq!(sim.json(path).await["errcode"], 41002);
}

#[tokio::test]
async fn the_account_is_complete_and_matches_the_env_lines() {
    let sim = TestSimulator::start().await;
    for name in [
        "appid",
        "secret",
        "miniprogram_appid",
        "miniprogram_secret",
        "mch_id",
        "api_v2_key",
        "api_v3_key",
        "merchant_serial",
        "merchant_private_key_pem",
        "merchant_cert_pem",
        "platform_serial",
        "platform_cert_pem",
        "public_key_id",
        "public_key_pem",
        "ca_pem",
    ] {
        assert!(!sim.account(name).is_empty(), "{name}");
    }
    let env = sim.get("/_simulator/env").await.text().await.unwrap();
    assert!(env.contains(&format!("SHOP_PUBLIC_URL={}\n", sim.simulator.phone_url())));
    assert!(env.contains(&format!("WECHAT_APPID={}\n", sim.account("appid"))));
}

#[tokio::test]
async fn the_status_page_escapes_the_texts_of_shops() {
    let sim = TestSimulator::start().await;
    let order = sim.order("order1").with("body", "<script>alert(1)</script>");
    sim.call("/pay/unifiedorder", order).await;
    let page = sim.get("/").await.text().await.unwrap();
    assert!(page.contains("order1") && page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>"));
    let code = format!("{}/page/payment-code", sim.simulator.url());
    let code = sim.client.post(code).form(&[("openid", &sim.openid)]).send().await.unwrap();
    assert_eq!(code.text().await.unwrap().len(), 18);
    let pay = format!("{}/page/pay", sim.simulator.url());
    let answer = sim.client.post(pay).form(&[("out_trade_no", "order1")]).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    assert_eq!(sim.query("order1").await.get("trade_state"), Some("SUCCESS"));
    let refund = json!({ "out_trade_no": "order1", "refund_fee": 990 });
    let refund = text(&sim.control("refund", refund).await["out_refund_no"]);
    let page = sim.get("/").await.text().await.unwrap();
    assert!(page.contains(&refund) && page.contains("¥9.90"), "refunds are shown");
}

#[tokio::test]
async fn the_status_page_says_what_is_next_and_plans_faults() {
    let sim = TestSimulator::start().await;
    let page = || async { sim.get("/").await.text().await.unwrap() };
    let form = async |path: &str, fields: &[(&str, &str)]| {
        let url = format!("{}{path}", sim.simulator.url());
        sim.client.post(url).form(fields).send().await.unwrap()
    };
    let first = page().await;
    let places = ["id=\"next\"", "id=\"orders\"", "id=\"notifications\"", "id=\"clock\"", "id=\"faults\""];
    let places: Vec<usize> = places.iter().map(|place| first.find(place).expect(place)).collect();
    assert!(places.is_sorted(), "{places:?}");
    sim.call("/pay/unifiedorder", sim.order("order1")).await;
    assert!(page().await.contains("1 笔订单"), "the order waits for a payment");
    let answer =
        form("/page/fault", &[("endpoint", "orderquery"), ("kind", "http_502"), ("times", "1")]).await;
    assert_eq!(answer.status(), 303);
    assert!(page().await.contains("还有 1 次") && page().await.contains("1 个故障"));
    assert_eq!(form("/page/faults-clear", &[]).await.status(), 303);
    assert!(page().await.contains("没有故障"));
    let refused =
        form("/page/fault", &[("endpoint", "token"), ("kind", "callback_never"), ("times", "1")]).await;
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn the_script_is_served_or_its_absence_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("index.js");
    std::fs::write(&script, "var wx = 1;").unwrap();
    let get = async |jssdk: Option<std::path::PathBuf>| {
        let config = Config { jssdk, ..Config::on_free_ports("http://127.0.0.1:9".parse().unwrap()) };
        let simulator = Simulator::start(config).await.unwrap();
        let url = format!("{}/open/js/jweixin-1.6.0.js", simulator.url());
        let answer = reqwest::Client::builder().no_proxy().build().unwrap().get(url).send().await.unwrap();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        (answer.status().as_u16(), kind, answer.text().await.unwrap())
    };
    let (status, kind, text) = get(Some(script)).await;
    assert_eq!((status, text.as_str()), (200, "var wx = 1;"));
    assert!(kind.contains("javascript"));
    let (status, _, text) = get(None).await;
    assert!(status == 503 && text.contains("--jssdk"), "{text}");
    let (status, _, text) = get(Some(folder.path().join("nowhere.js"))).await;
    assert!(status == 503 && text.contains("nowhere.js"), "{text}");
}

#[tokio::test]
async fn the_simulator_serves_tls_with_the_certificate_authority_of_the_account() {
    let sim = TestSimulator::start().await;
    let authority = reqwest::Certificate::from_pem(sim.account("ca_pem").as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([authority]).no_proxy().build().unwrap();
    let url = format!("{}/_simulator/ledger", sim.simulator.tls_url());
    assert_eq!(client.get(url).send().await.unwrap().status(), 200);
}
