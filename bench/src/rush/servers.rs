//! The simulated WeChat and the servers as processes of their own.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use simulator::{Running, Simulator};

/// The address of each server.
#[derive(Clone)]
pub(crate) struct Addresses(Arc<[String]>);

impl Addresses {
    /// The address of the server that the proxy gives to a request.
    pub(crate) fn of(&self, at: usize) -> &str {
        self.0.get(at % self.0.len()).map_or("", String::as_str)
    }
}

/// A client of the servers, with connections of its own.
pub(crate) fn http() -> Result<reqwest::Client> {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    Ok(client.timeout(Duration::from_secs(30)).build()?)
}

/// The servers, which end with this value.
pub(crate) struct Servers {
    /// SHOP_PUBLIC_URL.
    pub(crate) url: String,
    pub(crate) addresses: Addresses,
    pub(crate) http: reqwest::Client,
    children: Vec<Child>,
    _wechat: Running,
}

impl Servers {
    /// Starts them on a database.
    pub(crate) async fn start(program: &Path, folder: &Path, database: &str, count: usize) -> Result<Self> {
        install(program, folder)?;
        let ports: Vec<u16> = (0..count).map(|_| free_port()).collect::<Result<_>>()?;
        let addresses: Arc<[String]> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
        let url = format!("http://{}", addresses.first().context("a rush needs a server")?);
        let config = simulator::Config {
            env_dir: Some(folder.join("keys")),
            ..simulator::Config::on_free_ports(url.parse().context("the shop's address")?)
        };
        let wechat = Simulator::start(config).await.context("starting the simulated WeChat")?;
        let http = http()?;
        let env = format!("{}/_simulator/env", wechat.url().to_string().trim_end_matches('/'));
        let env = http.get(env).send().await?.text().await?;
        let mut servers = Self {
            url,
            addresses: Addresses(Arc::clone(&addresses)),
            http,
            children: Vec::new(),
            _wechat: wechat,
        };
        for address in addresses.iter() {
            let log = std::fs::File::create(folder.join(format!("server-{address}.log")))?;
            let child = Command::new(folder.join("server"))
                .current_dir(folder)
                .env_clear()
                .envs(env.lines().filter_map(|line| line.split_once('=')))
                .env("SHOP_ADDR", address)
                .env("SHOP_PUBLIC_URL", &servers.url)
                .env("SHOP_DATABASE_URL", database)
                .env("SHOP_SESSION_KEYS", "rush-key-0123456789-0123456789-0")
                .env("SHOP_TRUSTED_PROXIES", "127.0.0.1")
                .env("RUST_LOG", "warn")
                .stdout(Stdio::null())
                .stderr(log)
                .spawn()
                .with_context(|| format!("starting {}", program.display()))?;
            servers.children.push(child);
            servers.until_ready(address).await?;
        }
        Ok(servers)
    }

    async fn until_ready(&self, address: &str) -> Result<()> {
        for _ in 0..600 {
            let ready = self.http.get(format!("http://{address}/readyz")).send().await;
            if ready.is_ok_and(|answer| answer.status() == 200) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the server at {address} is not ready after 30 s")
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for child in &mut self.children {
            // it has ended already, or ends now
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Copies the program into a folder with the browser's files, as on a server.
fn install(program: &Path, folder: &Path) -> Result<()> {
    let beside = program.parent().context("the server's folder")?;
    let site =
        [beside.join("site"), beside.join("../site")].into_iter().find(|site| site.join("pkg").is_dir());
    let site = site.context("the browser's files are missing: run `make build` first")?;
    std::fs::copy(program, folder.join("server"))
        .with_context(|| format!("copying {}", program.display()))?;
    std::os::unix::fs::symlink(site.canonicalize()?, folder.join("site"))?;
    let hashes = beside.join("hash.txt");
    if hashes.exists() {
        std::fs::copy(hashes, folder.join("hash.txt"))?;
    }
    ensure!(folder.join("server").exists(), "the server was not copied");
    Ok(())
}
