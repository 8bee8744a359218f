use serde_json::Value;
use simulator::{Config, Simulator, StartError};
use url::Url;

#[track_caller]
fn config(state: std::path::PathBuf) -> Config {
    let shop = Url::parse("http://127.0.0.1:9").unwrap();
    Config { state: Some(state), ..Config::on_free_ports(shop) }
}

#[track_caller]
fn client() -> reqwest::Client {
    reqwest::Client::builder().tls_danger_accept_invalid_certs(true).no_proxy().build().unwrap()
}

async fn get(simulator: &simulator::Running, control: &str) -> Value {
    let url = format!("{}/_simulator/{control}", simulator.url());
    client().get(url).send().await.unwrap().json().await.unwrap()
}

async fn post(simulator: &simulator::Running, control: &str, body: Value) -> Value {
    let url = format!("{}/_simulator/{control}", simulator.url());
    client().post(url).json(&body).send().await.unwrap().json().await.unwrap()
}

async fn advance(simulator: &simulator::Running, seconds: i64) -> Value {
    post(simulator, "clock", serde_json::json!({ "advance_s": seconds })).await
}

#[tokio::test]
async fn keys_clock_and_users_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let first = Simulator::start(config(state.clone())).await.unwrap();
    let before = get(&first, "account").await;
    advance(&first, 3600).await;
    let new_user = post(&first, "users", serde_json::json!({ "nickname": "新人" })).await;
    first.stop().await;
    let second = Simulator::start(config(state)).await.unwrap();
    assert_eq!(get(&second, "account").await["merchant_cert_pem"], before["merchant_cert_pem"]);
    assert_eq!(advance(&second, 0).await["ahead_s"], 3600);
    let users = get(&second, "users").await;
    assert_eq!(users[3], new_user);
}

#[tokio::test]
async fn a_state_that_cannot_be_read_or_written_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("state.json");
    std::fs::write(&broken, "{}").unwrap();
    for state in [broken, folder.path().join("nowhere/state.json")] {
        let error = Simulator::start(config(state.clone())).await.unwrap_err();
        assert!(matches!(error, StartError::State { .. }));
        assert!(error.to_string().contains(&state.display().to_string()));
    }
}

#[tokio::test]
async fn the_error_contains_the_address_of_a_used_port() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let mut config = Config::on_free_ports(Url::parse("http://127.0.0.1:9").unwrap());
    config.phone_listen = address;
    let error = Simulator::start(config).await.unwrap_err();
    assert!(error.to_string().contains(&address.to_string()), "{error}");
}

#[tokio::test]
async fn the_keys_are_written_as_files_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    let shop = Url::parse("http://127.0.0.1:9").unwrap();
    let config = Config { env_dir: Some(keys.clone()), ..Config::on_free_ports(shop.clone()) };
    let simulator = Simulator::start(config).await.unwrap();
    let account = get(&simulator, "account").await;
    let url = format!("{}/_simulator/env", simulator.url());
    let env = client().get(url).send().await.unwrap().text().await.unwrap();
    let value = |name: &str| {
        let line = env.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.unwrap_or_else(|| panic!("no {name} in {env}")).to_owned()
    };
    for (name, key) in [
        ("WECHAT_API_V3_KEY", "api_v3_key"),
        ("WECHAT_MERCHANT_SERIAL", "merchant_serial"),
        ("WECHAT_PUBLIC_KEY_ID", "public_key_id"),
        ("WECHAT_MINIPROGRAM_APPID", "miniprogram_appid"),
        ("WECHAT_MINIPROGRAM_SECRET", "miniprogram_secret"),
    ] {
        assert_eq!(value(name), account[key], "{name}");
    }
    for (name, key) in [
        ("WECHAT_MERCHANT_KEY_FILE", "merchant_private_key_pem"),
        ("WECHAT_MERCHANT_CERT_FILE", "merchant_cert_pem"),
        ("WECHAT_PUBLIC_KEY_FILE", "public_key_pem"),
        ("WECHAT_CA_FILE", "ca_pem"),
    ] {
        assert_eq!(std::fs::read_to_string(value(name)).unwrap(), account[key], "{name}");
    }
    assert_eq!(value("WECHAT_MCH_URL"), simulator.tls_url());
    let taken = folder.path().join("taken");
    std::fs::write(&taken, "").unwrap();
    let config = Config { env_dir: Some(taken.join("keys")), ..Config::on_free_ports(shop) };
    assert!(matches!(Simulator::start(config).await.unwrap_err(), StartError::Env { .. }));
}

#[tokio::test]
async fn requests_before_a_restart_are_available_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let first = Simulator::start(config(state.clone())).await.unwrap();
    let code = post(&first, "payment-code", serde_json::json!({})).await;
    let program = post(&first, "miniprogram", serde_json::json!({})).await;
    let account = get(&first, "account").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let phone = first.phone_url().replace("localhost", "127.0.0.1");
    let call = serde_json::json!({ "name": "invokeMiniProgramAPI", "document": "d", "url": "u", "entry_url": "u",
        "args": { "name": "postMessage", "arg": { "data": 1 } } });
    let request = client().post(format!("{phone}/_phone/bridge")).header("cookie", "phone_mode=miniprogram");
    request.json(&call).send().await.unwrap();
    first.stop().await;
    let second = Simulator::start(config(state)).await.unwrap();
    assert_eq!(get(&second, "ledger").await["miniprogram"][0]["api"], "postMessage");
    let fields = wechat::wire::Fields::new()
        .with("appid", text(&account["appid"]))
        .with("mch_id", text(&account["mch_id"]))
        .with("nonce_str", "n")
        .with("body", "茶")
        .with("out_trade_no", "order1")
        .with("total_fee", "1")
        .with("spbill_create_ip", "127.0.0.1")
        .with("auth_code", text(&code["auth_code"]));
    let sign = wechat::wire::sign::sign(&fields, &text(&account["api_v2_key"]), Default::default());
    let body = wechat::wire::xml::write(&fields.with("sign", sign));
    let url = format!("{}/pay/micropay", second.url());
    let reply = client().post(url).body(body).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(wechat::wire::xml::parse(&reply).unwrap().get("result_code"), Some("SUCCESS"));
    let session = format!(
        "{}/sns/jscode2session?appid={}&secret={}&js_code={}&grant_type=authorization_code",
        second.url(),
        text(&account["miniprogram_appid"]),
        text(&account["miniprogram_secret"]),
        text(&program["code"])
    );
    let session: Value = client().get(session).send().await.unwrap().json().await.unwrap();
    assert_eq!(session["openid"], program["openid"]);
}
