use serde_json::Value;
use simulator::{Config, Simulator, StartError};
use url::Url;

fn config(state: std::path::PathBuf) -> Config {
    let shop = Url::parse("http://127.0.0.1:9").unwrap();
    Config { state: Some(state), ..Config::on_free_ports(shop) }
}

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
    let somebody = post(&first, "users", serde_json::json!({ "nickname": "新人" })).await;
    first.stop().await;
    let second = Simulator::start(config(state)).await.unwrap();
    assert_eq!(get(&second, "account").await["merchant_cert_pem"], before["merchant_cert_pem"]);
    assert_eq!(advance(&second, 0).await["ahead_s"], 3600);
    let users = get(&second, "users").await;
    assert_eq!(users[3], somebody);
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
async fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let mut config = Config::on_free_ports(Url::parse("http://127.0.0.1:9").unwrap());
    config.phone_listen = address;
    let error = Simulator::start(config).await.unwrap_err();
    assert!(error.to_string().contains(&address.to_string()), "{error}");
}
