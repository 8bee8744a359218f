//! How long other pages take: the list, a product, the order of another shopper, the console's sign-in.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use futures::future::try_join_all;
use reqwest::header;

use crate::{
    servers::{Addresses, Servers},
    threads::{self, Place},
};

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0";

/// The pause after each request to a page.
const PAUSE: Duration = Duration::from_millis(10);

/// The times of each page, ms, sorted.
pub(crate) type Times = BTreeMap<&'static str, Vec<f64>>;

#[derive(Clone)]
pub(crate) struct PageTimes {
    servers: Addresses,
    http: reqwest::Client,
    /// The name of each page and its path.
    pages: [(&'static str, String); 4],
    cookie: String,
    place: Place,
}

impl PageTimes {
    /// Another shopper places an order, whose page is measured.
    pub(crate) async fn prepare(servers: &Servers, core: Option<usize>) -> Result<Self> {
        let placed = servers
            .http
            .post(format!("{}/orders", servers.url))
            .header(header::USER_AGENT, AGENT)
            .header(header::ORIGIN, &servers.url)
            .form(&[("sku", "test-sticker-1"), ("quantity", "1")])
            .send()
            .await?;
        let headers = placed.headers();
        let location = headers.get(header::LOCATION).context("no order was placed")?.to_str()?;
        let order = location.trim_end_matches("/confirm").to_owned();
        let cookies = headers.get_all(header::SET_COOKIE).iter();
        let cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next().map(str::to_owned));
        let cookie = cookies.collect::<Vec<_>>().join("; ");
        let pages = [
            ("list", "/".to_owned()),
            ("product", "/products/mug-celadon".to_owned()),
            ("order of another", order),
            ("console sign-in", "/console/sign-in".to_owned()),
        ];
        let place = Place { core, nice: 0 };
        Ok(Self { servers: servers.addresses.clone(), http: crate::servers::http()?, pages, cookie, place })
    }

    /// Opens the pages again and again while `work` runs. A thread of their own measures them: the program's other work does not
    /// count.
    pub(crate) async fn measure<T>(&self, work: impl Future<Output = T>) -> Result<(Times, T)> {
        let is_over = Arc::new(AtomicBool::new(false));
        let (this, until) = (self.clone(), Arc::clone(&is_over));
        let visits = threads::run("pages", self.place, async move { this.visit_all(&until).await });
        let work = async {
            let done = work.await;
            is_over.store(true, Relaxed);
            done
        };
        let (visited, done) = tokio::join!(visits, work);
        Ok((visited??, done))
    }

    async fn visit_all(&self, is_over: &AtomicBool) -> Result<Times> {
        let visits = self.pages.iter().map(|(name, path)| self.visit(name, path, is_over));
        Ok(try_join_all(visits).await?.into_iter().collect())
    }

    async fn visit(
        &self,
        name: &'static str,
        path: &str,
        is_over: &AtomicBool,
    ) -> Result<(&'static str, Vec<f64>)> {
        let mut times = Vec::new();
        while !is_over.load(Relaxed) {
            let begun = Instant::now();
            let answer = self
                .http
                .get(format!("http://{}{path}", self.servers.of(times.len())))
                .header(header::USER_AGENT, AGENT)
                .header(header::COOKIE, &self.cookie)
                .header(header::ACCEPT_ENCODING, "gzip")
                .send()
                .await?;
            let status = answer.status();
            ensure!(status == 200, "{path} answers {status}");
            answer.bytes().await?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
            tokio::time::sleep(PAUSE).await;
        }
        times.sort_by(f64::total_cmp);
        Ok((name, times))
    }
}
