//! SUCCESS means: on disk. Notifications at the rate of WeChat's own cap, with a disk whose syncs are slow.

use std::{
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use test_support::{Database, TestValue};
use wechat::{
    Secret,
    pay::v2::{SignType, notification::generate_test_notification},
    wire::Fields,
};

use crate::world::World;

/// WeChat's cap for one merchant: notifications in a second.
const RATE: u64 = 600;

/// A time far ahead, ms.
const FAR_MS: i64 = 9_999_999_999_999;

/// Orders with an attempt that waits for its payment, as the shop writes them.
async fn fill(database: &Database, world: &World, count: usize) -> Vec<String> {
    let connection = database.connect().await;
    let account = world.wechat.json("account").await;
    let (appid, mch_id) = (account["appid"].as_str().unwrap(), account["mch_id"].as_str().unwrap());
    let numbers: Vec<String> =
        (0..count).map(|at| format!("{:024}", 202_611_210_000_u64 + at as u64)).collect();
    let orders: Vec<_> = numbers
        .iter()
        .map(|id| {
            let texts = [id, "goods", "oLoad", "x", "paying"].map(TestValue::from);
            texts.into_iter().chain([100, 0, FAR_MS, 1].map(TestValue::from)).collect()
        })
        .collect();
    let columns =
        ["id", "kind", "openid", "basket", "state", "total_fee", "created_ms", "expires_ms", "version"];
    connection.table("orders").insert_many(&columns, &orders).await;
    let attempts: Vec<_> = numbers
        .iter()
        .map(|id| {
            let number = format!("{id}01");
            let texts = [&*number, id, "open", "v2", "JSAPI", "HMAC-SHA256", appid, mch_id, "oLoad"]
                .map(TestValue::from);
            texts.into_iter().chain([1, 100, 0, FAR_MS].map(TestValue::from)).collect()
        })
        .collect();
    let columns = [
        "out_trade_no",
        "order_id",
        "state",
        "api",
        "trade_type",
        "sign_type",
        "appid",
        "mch_id",
        "openid",
        "seq",
        "total_fee",
        "created_ms",
        "expires_ms",
    ];
    connection.table("attempts").insert_many(&columns, &attempts).await;
    let key = Secret::new(account["api_v2_key"].as_str().unwrap());
    numbers.iter().map(|id| notification(appid, mch_id, &format!("{id}01"), &key)).collect()
}

fn notification(appid: &str, mch_id: &str, out_trade_no: &str, key: &Secret) -> String {
    let fields: Fields = [
        ("return_code", "SUCCESS"),
        ("result_code", "SUCCESS"),
        ("appid", appid),
        ("mch_id", mch_id),
        ("nonce_str", "5d2b6c2a8db53831f7eda20af46e531c"),
        ("openid", "oLoad"),
        ("is_subscribe", "N"),
        ("trade_type", "JSAPI"),
        ("bank_type", "OTHERS"),
        ("total_fee", "100"),
        ("cash_fee", "100"),
        ("transaction_id", out_trade_no),
        ("out_trade_no", out_trade_no),
        ("time_end", "20261121120000"),
    ]
    .into_iter()
    .collect();
    generate_test_notification(fields, key, SignType::HmacSha256)
}

/// The shim, compiled: the server is started with it.
#[track_caller]
pub(crate) fn slow_syncs(folder: &Path) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/soak/slowsync.c");
    let shim = folder.join("slowsync.so");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&shim).arg(source).status();
    assert!(built.unwrap().success(), "cc compiles the slow disk");
    shim.display().to_string()
}

/// Posts one; says how long the answer took if it was SUCCESS.
async fn post(world: &World, body: String) -> Option<Duration> {
    let began = Instant::now();
    let url = format!("{}/api/wechat/pay/callback", world.url);
    let answer = world.http.post(url).body(body).send().await.ok()?;
    let success = answer.status() == 200 && answer.text().await.ok()?.contains("SUCCESS");
    success.then(|| began.elapsed())
}

/// With syncs that take half a second, no SUCCESS comes sooner.
pub(crate) async fn no_success_before_a_sync(world: Arc<World>) {
    let server = world.start_server(0).await;
    let bodies = fill(&world.database, &world, 40).await;
    drop(server);
    let slow = world.start_server_on_slow_disk(0, 500_000).await;
    let mut answers = Vec::new();
    for chunk in bodies.chunks(10) {
        // some come together, some while a commit is under way
        let together = chunk.iter().enumerate().map(|(at, body)| {
            let (world, body) = (Arc::clone(&world), body.clone());
            async move {
                tokio::time::sleep(Duration::from_millis(at as u64 * 37)).await;
                post(&world, body).await
            }
        });
        answers.extend(futures::future::join_all(together).await);
    }
    drop(slow);
    let took: Vec<Duration> = answers.into_iter().map(|answer| answer.expect("SUCCESS")).collect();
    let soonest = took.iter().min().unwrap();
    assert!(
        *soonest >= Duration::from_millis(500),
        "a SUCCESS came after {soonest:?}, before a sync could end"
    );
}

/// At WeChat's cap, then killed: what got SUCCESS is in the database.
pub(crate) async fn what_got_success_is_there_after_a_kill(world: Arc<World>, seconds: u64) {
    let server = world.start_server(0).await;
    let bodies = fill(&world.database, &world, usize::try_from(RATE * seconds).unwrap()).await;
    drop(server);
    let mut slow = world.start_server_on_slow_disk(0, 2_000).await;
    let began = Instant::now();
    let mut posts = Vec::new();
    for (at, body) in bodies.into_iter().enumerate() {
        let due = began + Duration::from_micros(at as u64 * 1_000_000 / RATE);
        tokio::time::sleep_until(due.into()).await;
        let world = Arc::clone(&world);
        posts.push(tokio::spawn(async move { post(&world, body).await }));
    }
    // in the middle of the last answers
    slow.kill();
    let mut took: Vec<Duration> = Vec::new();
    for answer in futures::future::join_all(posts).await {
        took.extend(answer.unwrap());
    }
    took.sort_unstable();
    let (acknowledged, paid) = (took.len(), world.database.count("attempts", &[("state", "paid")]).await);
    let line = format!(
        "{RATE} notifications a second for {seconds} s, syncs of 2 ms: {acknowledged} SUCCESS, {paid} paid after SIGKILL, \
         median {:?}, 99 % within {:?}\n",
        took[took.len() / 2],
        took[took.len() * 99 / 100]
    );
    std::io::Write::write_all(&mut std::io::stderr().lock(), line.as_bytes()).unwrap();
    assert!(
        paid >= i64::try_from(acknowledged).unwrap(),
        "{acknowledged} were acknowledged, {paid} are paid"
    );
    assert!(acknowledged > 0);
}
