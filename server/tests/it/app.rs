//! The shop and the simulated WeChat, on ports of their own.

use std::{
    net::TcpListener,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU16, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use server::{Assets, ConnectionLimits, Metrics, Server, config::Config, open_shop};
use shop::{Clock, Shop, SystemClock};
use simulator::{Running, Seed, Simulator};
use tokio::sync::oneshot;
use wechat::bill::BillDate;

use test_support::Database;

use crate::shopper::{Shopper, thumb};

/// The key of the merchant's program that may refund.
pub(crate) const ADMIN_KEY: &str = "erp-admin-key-0123456789";

/// The variable that lets it.
pub(crate) const ADMIN: (&str, &str) = ("SHOP_ADMIN_CLIENTS", "erp:erp-admin-key-0123456789");

/// The machine's clock, moved.
#[derive(Clone, Default)]
pub(crate) struct MovedClock(Arc<AtomicI64>);

impl MovedClock {
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

impl Clock for MovedClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.0.load(Ordering::Relaxed)
    }
}

/// With what the simulated WeChat begins.
#[derive(Default)]
struct WechatState {
    file: Option<PathBuf>,
    seed: Seed,
}

pub(crate) struct TestApp {
    pub(crate) url: String,
    pub(crate) shop: Shop,
    pub(crate) clock: MovedClock,
    pub(crate) database: Database,
    pub(crate) http: reqwest::Client,
    wechat: Option<Running>,
    variables: Vec<(String, String)>,
    _keys: tempfile::TempDir,
    stop: Option<(oneshot::Sender<()>, tokio::task::JoinHandle<()>)>,
}

impl TestApp {
    pub(crate) async fn start(database: Database) -> Self {
        Self::start_with(database, &[]).await
    }

    /// With more variables than the simulator's account.
    pub(crate) async fn start_with(database: Database, more: &[(&str, &str)]) -> Self {
        Self::start_beside(database, more, None).await
    }

    /// With other limits for its connections.
    pub(crate) async fn start_limited(database: Database, limits: ConnectionLimits) -> Self {
        Self::start_limited_with(database, limits, &[]).await
    }

    /// With other limits for its connections, and more variables.
    pub(crate) async fn start_limited_with(
        database: Database,
        limits: ConnectionLimits,
        more: &[(&str, &str)],
    ) -> Self {
        Self::start_as(database, more, WechatState::default(), limits).await
    }

    /// With other accounts at WeChat.
    pub(crate) async fn start_seeded(database: Database, seed: &str, more: &[(&str, &str)]) -> Self {
        let wechat = WechatState { seed: Seed::from_toml(seed).unwrap(), file: None };
        Self::start_as(database, more, wechat, ConnectionLimits::default()).await
    }

    /// With a WeChat that keeps its state, its private keys too, in a file.
    pub(crate) async fn start_beside(
        database: Database,
        more: &[(&str, &str)],
        state: Option<PathBuf>,
    ) -> Self {
        let wechat = WechatState { file: state, seed: Seed::default() };
        Self::start_as(database, more, wechat, ConnectionLimits::default()).await
    }

    async fn start_as(
        database: Database,
        more: &[(&str, &str)],
        state: WechatState,
        limits: ConnectionLimits,
    ) -> Self {
        let port = free_port();
        let url = format!("http://127.0.0.1:{port}");
        let keys = tempfile::tempdir().unwrap();
        // with the keys as files: Pay V3, and over TLS the client certificate of V2 refunds
        let wechat = simulator::Config {
            state: state.file,
            seed: state.seed,
            env_dir: Some(keys.path().to_owned()),
            ..simulator::Config::on_free_ports(url.parse().unwrap())
        };
        let wechat = Simulator::start(wechat).await.unwrap();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        let env =
            http.get(format!("{}/_simulator/env", wechat.url())).send().await.unwrap().text().await.unwrap();
        let mut variables: Vec<(String, String)> = env
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let own = [
            ("SHOP_ADDR", format!("127.0.0.1:{port}")),
            ("SHOP_PUBLIC_URL", url.clone()),
            ("SHOP_DATABASE_URL", database.url.clone()),
            ("SHOP_SESSION_KEYS", "test-key-0123456789-0123456789-0".to_owned()),
            // the tests run the jobs themselves, where they need one
            ("SHOP_QUERY_INTERVALS_S", "3600".to_owned()),
        ];
        variables.extend(own.map(|(name, value)| (name.to_owned(), value)));
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let clock = MovedClock::default();
        let (shop, stop) = serve(&variables, &clock, limits).await;
        let stop = Some(stop);
        Self { url, shop, clock, database, http, wechat: Some(wechat), variables, _keys: keys, stop }
    }

    /// Stops the server and starts it anew on the same database, with other variables.
    pub(crate) async fn restart_with(&mut self, more: &[(&str, &str)]) {
        self.stop_server().await;
        self.variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let (shop, stop) = serve(&self.variables, &self.clock, ConnectionLimits::default()).await;
        self.shop = shop;
        self.stop = Some(stop);
    }

    /// The configuration that it was started with.
    pub(crate) fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// Another server's shop on the same database.
    pub(crate) async fn second_shop(&self) -> Shop {
        open(&self.variables, &self.clock).await.1
    }

    pub(crate) async fn stop_server(&mut self) {
        if let Some((stop, served)) = self.stop.take() {
            let _ = stop.send(());
            served.await.unwrap();
        }
    }

    /// Ends both; a test that forgets it leaves them to the end of the process.
    pub(crate) async fn stop(mut self) {
        self.stop_server().await;
        if let Some(wechat) = self.wechat.take() {
            wechat.stop().await;
        }
    }

    #[track_caller]
    pub(crate) fn wechat_url(&self) -> String {
        self.wechat.as_ref().unwrap().url().to_string().trim_end_matches('/').to_owned()
    }

    /// Somebody new in WeChat, not logged in.
    pub(crate) async fn stranger(&self) -> Shopper {
        let user = self.control("users", json!({ "nickname": "tester" })).await;
        Shopper::new(self, user["openid"].as_str().unwrap_or_default())
    }

    /// Somebody new in WeChat, logged in.
    pub(crate) async fn shopper(&self) -> Shopper {
        let mut shopper = self.stranger().await;
        shopper.log_in(self).await;
        shopper
    }

    /// One of the simulator's controls.
    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/_simulator/{path}", self.wechat_url());
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path} {body}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub(crate) async fn account(&self) -> Value {
        let url = format!("{}/_simulator/account", self.wechat_url());
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    pub(crate) async fn ledger(&self) -> Value {
        let url = format!("{}/_simulator/ledger", self.wechat_url());
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// What WeChat has on its books for an order of the shop: each of its attempts.
    pub(crate) async fn at_wechat(&self, order: &str) -> Vec<Value> {
        let ledger = self.ledger().await;
        let of_order =
            |row: &&Value| row["out_trade_no"].as_str().is_some_and(|number| number.starts_with(order));
        ledger["orders"].as_array().unwrap().iter().filter(of_order).cloned().collect()
    }

    /// The answers that the notifications of an order got so far.
    pub(crate) async fn answers(&self, order: &str) -> Vec<Value> {
        let ledger = self.ledger().await;
        let of_order =
            |row: &&Value| row["out_trade_no"].as_str().is_some_and(|number| number.starts_with(order));
        let rows = ledger["notifications"].as_array().unwrap().iter().filter(of_order);
        rows.flat_map(|row| row["attempts"].as_array().cloned().unwrap_or_default()).collect()
    }

    /// WeChat's time and the shop's go on; what is due is done.
    pub(crate) async fn wait(&self, seconds: i64) {
        self.control("clock", json!({ "advance_s": seconds })).await;
        self.clock.advance(seconds);
        self.shop.jobs().run_due().await.unwrap();
    }

    /// Waits until something is so; a minute at most.
    pub(crate) async fn until<F: Future<Output = bool>>(&self, what: &str, is_so: impl Fn() -> F) {
        for _ in 0..600 {
            if is_so().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it never came to this: {what}");
    }

    /// The state of an order, from the database.
    pub(crate) async fn state(&self, order: &str) -> String {
        self.shop.store().order(&order.parse().unwrap()).await.unwrap().unwrap().state.to_string()
    }

    pub(crate) async fn until_state(&self, order: &str, state: &str) {
        self.until(&format!("the order is {state}"), async || self.state(order).await == state).await;
    }

    /// A paid order of one piece, and the number of the attempt that paid it.
    pub(crate) async fn paid(&self, sku: &str) -> (String, String) {
        let (order, number) = self.shopper().await.about_to_pay(sku, 1).await;
        thumb(self, &number).await;
        self.until_state(&order, "paid").await;
        (order, number)
    }

    /// Asks for a refund as the program of [`ADMIN`]; the status and the answer.
    pub(crate) async fn refund(&self, order: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/api/admin/orders/{order}/refunds", self.url);
        let answer = self.http.post(url).bearer_auth(ADMIN_KEY).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// The next day after ten in Shanghai, for both clocks. Gives the day that it was before.
    pub(crate) async fn tomorrow(&self) -> BillDate {
        const DAY_S: i64 = 86_400;
        let now_s = self.shop.clock().now_ms() / 1000;
        let today = BillDate::of(now_s);
        let seconds = today.begins_at() + DAY_S + 11 * 3600 - now_s;
        self.control("clock", json!({ "advance_s": seconds })).await;
        self.clock.advance(seconds);
        today
    }

    /// Adds an open discrepancy of the kind `other_amount`.
    pub(crate) async fn discrepancy(&self, id: &str, out_trade_no: &str, detail: &str, payload: &[u8]) {
        let row = [
            ("id", id.into()),
            ("kind", "other_amount".into()),
            ("out_trade_no", out_trade_no.into()),
            ("first_ms", 1.into()),
            ("last_ms", 1.into()),
            ("times", 1.into()),
            ("detail", detail.into()),
            ("payload", payload.into()),
            ("resolution", "".into()),
        ];
        self.database.insert("differences", &row).await;
    }

    /// How many pieces of a thing are left.
    pub(crate) async fn stock(&self, sku: &str) -> i64 {
        let all = self.shop.store().stock().await.unwrap();
        all.iter().find(|row| row.sku.as_str() == sku).unwrap().stock
    }
}

async fn open(variables: &[(String, String)], clock: &MovedClock) -> (Config, Shop, Metrics) {
    let config = Config::from_variables(variables.iter().map(|(name, value)| (&**name, &**value))).unwrap();
    let metrics = Metrics::new();
    let shop = open_shop(&config, clock.clone(), &metrics).await.unwrap();
    (config, shop, metrics)
}

async fn serve(
    variables: &[(String, String)],
    clock: &MovedClock,
    limits: ConnectionLimits,
) -> (Shop, (oneshot::Sender<()>, tokio::task::JoinHandle<()>)) {
    let (config, shop, metrics) = open(variables, clock).await;
    let server =
        Server::bind(&config, shop.clone(), metrics, &Assets::none()).await.unwrap().with_limits(limits);
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(async move {
        let stopped = async move {
            let _ = stopped.await;
        };
        server.run(stopped).await;
    });
    (shop, (stop, served))
}

/// A port that nobody else takes meanwhile: below those that the system gives to outgoing connections, and each one
/// once in this process.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 50).unwrap_or(0) * 200;
    loop {
        let port = 20_000 + own + NEXT.fetch_add(1, Ordering::Relaxed) % 200;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
