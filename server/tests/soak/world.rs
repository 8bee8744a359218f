//! The simulated WeChat, the servers as processes of their own, and their end.

use std::{
    collections::VecDeque,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use simulator::Simulator;

use test_support::{Database, TestConnection};

use crate::{
    books,
    chance::Chance,
    load_balancer, notified, service, shoppers,
    staff::{self, Task},
    wechat::Wechat,
};

pub(crate) const ADMIN_KEY: &str = "soak-admin-key-0123456789";

/// The staff.
const STAFF: [&str; 2] = ["anna", "bert"];

/// Shoppers at the same time.
const SHOPPERS: usize = 12;

pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) wechat: Wechat,
    pub(crate) chance: Chance,
    pub(crate) http: reqwest::Client,
    pub(crate) database: Database,
    pub(crate) kills: AtomicUsize,
    pub(crate) placed: AtomicUsize,
    pub(crate) seed: u64,
    /// When shoppers began and ended to buy, ms since 1970.
    pub(crate) load: Mutex<Option<(i64, i64)>>,
    /// What staff have to do, and the tasks with which it began.
    tasks: Mutex<VecDeque<Task>>,
    pub(crate) given: Mutex<Vec<Task>>,
    /// Whether all shoppers have left.
    sold: AtomicBool,
    /// A program that disturbs the database once, instead of the kills of servers: SOAK_DISTURB.
    disturber: Option<String>,
    variables: Vec<(String, String)>,
    servers: Vec<SocketAddr>,
    orders: usize,
    least_kills: usize,
    folder: tempfile::TempDir,
    log: AtomicU64,
}

/// A server of its own, which ends with the test.
pub(crate) struct Server(Child);

impl Server {
    /// SIGKILL: it has no time for anything.
    #[track_caller]
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "make soak says how long the run is")]
pub(crate) fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[expect(clippy::disallowed_methods, reason = "make soak-ha names the program")]
fn disturber() -> Option<String> {
    std::env::var("SOAK_DISTURB").ok()
}

#[track_caller]
fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl World {
    pub(crate) async fn start(database: Database, servers: usize) -> Arc<Self> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        let seed = setting("SOAK_SEED", u64::from_le_bytes(bytes) >> 16);
        let servers: Vec<_> = (0..servers).map(|_| free_port()).collect();
        let url = format!("http://{}", load_balancer::start(servers.clone()).await);
        let folder = tempfile::tempdir().unwrap();
        // with the keys as files, and over TLS: V2 refunds need the client certificate
        let wechat = simulator::Config {
            env_dir: Some(folder.path().join("keys")),
            ..simulator::Config::on_free_ports(url.parse().unwrap())
        };
        let running = Simulator::start(wechat).await.unwrap();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        let wechat = Wechat::new(running, http.clone());
        install(folder.path());
        let variables = variables(&wechat, &url, &database).await;
        Arc::new(Self {
            url,
            wechat,
            chance: Chance::new(seed),
            http,
            database,
            kills: AtomicUsize::new(0),
            placed: AtomicUsize::new(0),
            seed,
            load: Mutex::default(),
            tasks: Mutex::default(),
            given: Mutex::default(),
            sold: AtomicBool::new(false),
            disturber: disturber(),
            variables,
            servers,
            orders: usize::try_from(setting("SOAK_ORDERS", 120)).unwrap(),
            least_kills: usize::try_from(setting("SOAK_KILLS", 8)).unwrap(),
            folder,
            log: AtomicU64::new(0),
        })
    }

    pub(crate) async fn run(self: Arc<Self>) {
        for name in STAFF {
            self.add_staff(name);
        }
        let mut servers = Vec::new();
        for at in 0..self.servers.len() {
            servers.push(self.start_server(at).await);
        }
        self.register_complaints();
        let calls = service::follow(&self);
        // more on the shelf than anybody can buy
        self.database.set("skus", "stock", 1000000, &[]).await;
        self.wechat.fail_calls().await;
        self.wechat.refuse_refunds(&self.chance).await;
        let staff = STAFF.map(|name| tokio::spawn(staff::work(Arc::clone(&self), name)));
        let began_ms = now_ms();
        let shoppers: Vec<_> =
            (0..SHOPPERS).map(|_| tokio::spawn(shoppers::buy(Arc::clone(&self)))).collect();
        let disturber =
            self.disturber.clone().map(|program| tokio::spawn(Arc::clone(&self).disturb(program)));
        let killers: Vec<_> = servers
            .into_iter()
            .enumerate()
            .map(|(at, server)| tokio::spawn(Arc::clone(&self).kill_again_and_again(at, server)))
            .collect();
        for shopper in shoppers {
            shopper.await.unwrap();
        }
        if let Some(disturber) = disturber {
            disturber.await.unwrap();
        }
        *self.load.lock().unwrap() = Some((began_ms, now_ms()));
        self.sold.store(true, Ordering::Relaxed);
        let mut servers = Vec::new();
        for killer in killers {
            servers.push(killer.await.unwrap());
        }
        self.wechat.behave().await;
        for person in staff {
            person.await.unwrap();
        }
        self.settle().await;
        books::compare(&self, &calls.end().await).await;
        drop(servers);
    }

    /// Leaves this to the staff.
    pub(crate) fn give_to_staff(&self, task: Task) {
        self.tasks.lock().unwrap().push_back(task);
    }

    /// Leaves this to the staff, and to the comparison at the end. An order is shipped once: a shopper who orders the same goods
    /// again before the payment is booked gets the same order.
    pub(crate) fn give_first_to_staff(&self, task: Task) {
        let mut given = self.given.lock().unwrap();
        if given.iter().any(|known| known.subject() == task.subject()) {
            return;
        }
        given.push(task.clone());
        drop(given);
        self.give_to_staff(task);
    }

    pub(crate) fn next_task(&self) -> Option<Task> {
        self.tasks.lock().unwrap().pop_front()
    }

    /// Whether all shoppers have left.
    pub(crate) fn is_sold(&self) -> bool {
        self.sold.load(Ordering::Relaxed)
    }

    /// Lets the jobs of complaints run now: in a shop they run in some minutes.
    pub(crate) async fn hurry_complaints(&self) {
        // while the database fails over, the run cannot reach it
        if self.disturber.is_some() && self.load.lock().unwrap().is_none() {
            return;
        }
        for kind in ["complaint_poll", "complaint_answer"] {
            self.database.set("jobs", "run_ms", 0, &[("kind", kind)]).await;
        }
    }

    /// Whether one more order is to be placed. The kills have to have happened too; a run that never gets them ends all
    /// the same.
    pub(crate) fn wants_more(&self) -> bool {
        !self.is_over() && self.placed.load(Ordering::Relaxed) < self.orders * 10
    }

    fn is_over(&self) -> bool {
        self.placed.load(Ordering::Relaxed) >= self.orders
            && self.kills.load(Ordering::Relaxed) >= self.least_kills
    }

    async fn kill_again_and_again(self: Arc<Self>, at: usize, mut server: Server) -> Server {
        while !self.is_over() && self.disturber.is_none() {
            self.wechat.disturb(&self.chance).await;
            tokio::time::sleep(Duration::from_millis(150 + self.chance.below(1500))).await;
            server.kill();
            self.kills.fetch_add(1, Ordering::Relaxed);
            server = self.start_server(at).await;
        }
        server
    }

    /// Runs the program again and again; each time it makes the database fail over, and ends when the database is whole again.
    async fn disturb(self: Arc<Self>, program: String) {
        while !self.is_over() {
            self.wechat.disturb(&self.chance).await;
            let mut command = Command::new(&program);
            let ended = tokio::task::spawn_blocking(move || command.status()).await.unwrap().unwrap();
            assert!(ended.success(), "{program} failed");
            self.kills.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) async fn start_server(&self, at: usize) -> Server {
        self.start_server_with(at, &[]).await
    }

    /// On a disk whose syncs take so many microseconds.
    pub(crate) async fn start_server_on_slow_disk(&self, at: usize, sync_us: u32) -> Server {
        let shim = notified::slow_syncs(self.folder.path());
        self.start_server_with(at, &[("LD_PRELOAD", shim), ("SYNC_US", sync_us.to_string())]).await
    }

    /// The program with its variables.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.folder.path().join("server"));
        command.current_dir(self.folder.path()).env_clear().envs(self.variables.clone()).args(arguments);
        command
    }

    async fn start_server_with(&self, at: usize, more: &[(&str, String)]) -> Server {
        let address = self.servers[at];
        let number = self.log.fetch_add(1, Ordering::Relaxed);
        let log =
            std::fs::File::create(self.folder.path().join(format!("server-{at}-{number}.log"))).unwrap();
        let server = self
            .command(&[])
            .env("SHOP_ADDR", address.to_string())
            .envs(more.iter().map(|(name, value)| (*name, value)))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Server(server);
        for _ in 0..600 {
            let ready = self.http.get(format!("http://{address}/readyz")).send().await;
            if ready.is_ok_and(|answer| answer.status() == 200) {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let log = std::fs::read_to_string(self.folder.path().join(format!("server-{at}-{number}.log")));
        panic!("a server does not start: {}", log.unwrap_or_default());
    }

    /// Waits until the servers have found out what happened, each by its jobs.
    async fn settle(&self) {
        let database = self.database.connect().await;
        for round in 0..1500 {
            // WeChat's notifications and refunds go on by its own clock
            self.wechat.control("clock", serde_json::json!({ "advance_s": 15 })).await;
            if open_work(&database).await.is_empty() {
                return;
            }
            // a job that failed often waits up to an hour: the run does not
            if round % 50 == 0 {
                for kind in ["refund", "delivery_report", "complaint", "complaint_answer", "complaint_poll"] {
                    database.table("jobs").with("kind", kind).set("run_ms", 0).await;
                }
                database
                    .table("jobs")
                    .with("kind", "message")
                    .without("last_error", "")
                    .set("run_ms", 0)
                    .await;
                database.table("jobs").with("kind", "query").without("last_error", "").set("run_ms", 0).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let open = open_work(&database).await;
        panic!("the books are still open (seed {}): {open:#?}", self.seed);
    }
}

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the run measures the time that shoppers waited")]
fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// The refunds that have not ended, the open attempts that a `query` job still asks about, and the messages, reports of deliveries
/// and answers to complaints that have no outcome, each with its job.
async fn open_work(database: &TestConnection) -> Vec<String> {
    let refunds = database.table("refunds").without("state", "success").without("state", "closed");
    let refunds = refunds.rows("out_refund_no").await;
    let attempts = database.table("attempts").with("state", "open").not_null("prepay_id");
    let attempts = attempts.rows("out_trade_no").await;
    let jobs = database.table("jobs").rows("kind, subject, run_ms, tries, leased_ms, last_error").await;
    let job =
        |kind: &str, subject: &str| jobs.iter().find(|job| job["kind"] == kind && job["subject"] == subject);
    let of_refunds = refunds.iter().map(|row| format!("{row:?}: {:?}", job("refund", &row["out_refund_no"])));
    let of_attempts = attempts.iter().filter_map(|row| job("query", &row["out_trade_no"]));
    let mut messages = Vec::new();
    for state in ["waiting", "sending"] {
        let open = database.table("messages").with("subject", "paid").with("state", state);
        messages.extend(open.rows("id, state").await);
    }
    let of_messages = messages.iter().map(|row| format!("{row:?}: {:?}", job("message", &row["id"])));
    let of_attempts = of_attempts.map(|job| format!("{job:?}"));
    let mut open: Vec<String> = of_refunds.chain(of_attempts).chain(of_messages).collect();
    let reports = database.table("delivery_reports").with("state", "waiting").rows("order_id, version").await;
    open.extend(reports.iter().map(|row| format!("a delivery is not reported: {row:?}")));
    let complaints = database.table("complaints").without("state", "processed").rows("id, state").await;
    open.extend(complaints.iter().map(|row| format!("a complaint is open: {row:?}")));
    for state in ["waiting", "sending"] {
        let answers = database.table("complaint_answers").with("state", state).rows("id, complaint_id").await;
        open.extend(answers.iter().map(|row| format!("an answer is {state}: {row:?}")));
    }
    open
}

/// The server as it is now, in a folder of its own: a build meanwhile does not change the run.
#[track_caller]
fn install(folder: &Path) {
    let built = Path::new(env!("CARGO_BIN_EXE_server"));
    let site = built.parent().unwrap().join("../site");
    assert!(site.join("pkg").is_dir(), "the browser's files are missing: run `make build` first");
    std::fs::copy(built, folder.join("server")).unwrap();
    std::os::unix::fs::symlink(site.canonicalize().unwrap(), folder.join("site")).unwrap();
    let hashes = built.with_file_name("hash.txt");
    if hashes.exists() {
        std::fs::copy(hashes, folder.join("hash.txt")).unwrap();
    }
}

/// The fields of the message about a payment.
const FIELDS: &str = "character_string1=order,thing2=goods,amount3=amount,time4=time";

async fn variables(wechat: &Wechat, url: &str, database: &Database) -> Vec<(String, String)> {
    let env = wechat.get("env").await;
    let mut variables: Vec<(String, String)> = env
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let own = [
        ("SHOP_PUBLIC_URL", url.to_owned()),
        ("SHOP_DATABASE_URL", database.url.clone()),
        ("SHOP_SESSION_KEYS", "soak-key-0123456789-0123456789-0".to_owned()),
        ("SHOP_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
        ("SHOP_DATA_KEYS", "soak-data-key-0123456789-0123456789".to_owned()),
        ("SHOP_ADMIN_CLIENTS", format!("soak:{ADMIN_KEY}")),
        ("SHOP_QUERY_INTERVALS_S", "1,1,2,2,3,3,5,5,5,5,5,5,5,5,5,5,5,5".to_owned()),
        ("WECHAT_TEMPLATE_KIND", "template".to_owned()),
        ("WECHAT_TEMPLATE_PAID", format!("{:-<43}:{FIELDS}", "ServiceTemplate-Paid")),
        ("RUST_LOG", "warn".to_owned()),
    ];
    variables.extend(own.map(|(name, value)| (name.to_owned(), value)));
    variables
}
