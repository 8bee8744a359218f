//! The shoppers of the rush: each has the confirmation's page open, and taps once. A listed proxy forwards the address of each.

use std::{collections::BTreeMap, fmt, time::Instant};

use anyhow::{Context as _, Result};
use futures::{StreamExt, stream};
use model::Fen;
use reqwest::{StatusCode, header};

use crate::{
    Arguments, SKU,
    servers::{Addresses, Servers},
    threads::{self, Place},
};

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0";

/// How it ended for a shopper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// An order, at the price that the page showed.
    Placed,
    /// 409 with the words that the stock is not enough.
    SoldOut,
    /// 429 with words that say what to do.
    Wait,
    /// An answer of another kind: its status.
    Other(u16),
    /// No answer: the connection was cut, or 30 s passed.
    NoAnswer,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Placed => f.write_str("placed"),
            Self::SoldOut => f.write_str("409, sold out in words"),
            Self::Wait => f.write_str("429, says to wait"),
            Self::Other(status) => write!(f, "{status}, not clear"),
            Self::NoAnswer => f.write_str("no answer"),
        }
    }
}

/// What the shoppers were told.
pub(crate) struct Answers {
    /// How many ends of each kind.
    pub(crate) ends: BTreeMap<End, usize>,
    /// How many shoppers were told that the price has changed, and read the new one.
    pub(crate) price_changed: usize,
    /// The time of each request, ms, sorted.
    pub(crate) times_ms: Vec<f64>,
    /// How long it took, s.
    pub(crate) seconds: f64,
}

/// How much lower the priority of the shoppers' thread is: in life their phones do this work.
const NICE: i32 = 19;

pub(crate) struct Rush {
    servers: Addresses,
    /// SHOP_PUBLIC_URL.
    url: String,
    http: reqwest::Client,
    shoppers: usize,
    at_once: usize,
    price: Fen,
    place: Place,
}

struct Shopper {
    end: End,
    price_changed: bool,
    times_ms: Vec<f64>,
}

impl Rush {
    /// `price` is that of the page which all shoppers have open.
    pub(crate) fn new(servers: &Servers, arguments: &Arguments, price: Fen) -> Result<Self> {
        let &Arguments { shoppers, at_once, load_core: core, .. } = arguments;
        let (url, http) = (servers.url.clone(), crate::servers::http()?);
        let place = Place { core, nice: NICE };
        Ok(Self { servers: servers.addresses.clone(), url, http, shoppers, at_once, price, place })
    }

    /// Lets them buy, on a thread of their own.
    pub(crate) async fn run(self) -> Result<Answers> {
        threads::run("shoppers", self.place, async move { self.shop_all().await }).await
    }

    async fn shop_all(&self) -> Answers {
        let begun = Instant::now();
        let mut all = stream::iter(0..self.shoppers).map(|at| self.shop(at)).buffer_unordered(self.at_once);
        let mut answers =
            Answers { ends: BTreeMap::new(), price_changed: 0, times_ms: Vec::new(), seconds: 0.0 };
        while let Some(shopper) = all.next().await {
            *answers.ends.entry(shopper.end).or_default() += 1;
            answers.price_changed += usize::from(shopper.price_changed);
            answers.times_ms.extend(shopper.times_ms);
        }
        answers.seconds = begun.elapsed().as_secs_f64();
        answers.times_ms.sort_by(f64::total_cmp);
        answers
    }

    /// Taps, and once more if the page says that the price has changed.
    async fn shop(&self, at: usize) -> Shopper {
        let mut shopper = Shopper { end: End::NoAnswer, price_changed: false, times_ms: Vec::new() };
        let mut price = self.price;
        for _ in 0..3 {
            let begun = Instant::now();
            let answer = self.tap(at, price).await;
            shopper.times_ms.push(begun.elapsed().as_secs_f64() * 1000.0);
            let Ok((status, page)) = answer else { return shopper };
            if status == StatusCode::CONFLICT
                && page.contains("商品价格有变化")
                && let Some(new) = price_in(&page)
            {
                shopper.price_changed = true;
                price = new;
                continue;
            }
            shopper.end = match status {
                StatusCode::SEE_OTHER => End::Placed,
                StatusCode::CONFLICT if page.contains("库存不足") => End::SoldOut,
                StatusCode::TOO_MANY_REQUESTS if page.contains("请") && page.contains("再试") => End::Wait,
                other => End::Other(other.as_u16()),
            };
            return shopper;
        }
        shopper
    }

    async fn tap(&self, at: usize, price: Fen) -> Result<(StatusCode, String)> {
        let address = format!("10.{}.{}.{}", at / 62_500, at / 250 % 250, at % 250 + 1);
        let price = price.0.to_string();
        let form = [
            ("sku", SKU),
            ("quantity", "1"),
            ("price_seen", &price),
            ("to", "pickup"),
            ("pickup_name", "小李"),
            ("pickup_phone", "13800000000"),
        ];
        let request = self
            .http
            .post(format!("http://{}/orders", self.servers.of(at)))
            .header(header::USER_AGENT, AGENT)
            .header(header::ORIGIN, &self.url)
            .header(header::ACCEPT, "text/html")
            .header("x-forwarded-for", address)
            .form(&form);
        let answer = request.send().await?;
        let status = answer.status();
        // `text` checks the letters in code that a development build does not optimise
        Ok((status, String::from_utf8(answer.bytes().await?.into()).context("the page is not UTF-8")?))
    }
}

/// The price in the form of a confirmation.
fn price_in(page: &str) -> Option<Fen> {
    page.split("name=\"price_seen\" value=\"").nth(1)?.split('"').next()?.parse().ok()
}
