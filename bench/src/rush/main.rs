//! A rush (抢购): many shoppers at once want a few pieces of one product. Starts the server that it is given, lets the shoppers
//! buy, and checks how many got a piece, what the others were told, and how long other pages took meanwhile. `make rush` calls it.

#![allow(clippy::float_arithmetic, reason = "times and ratios, no money")]

mod books;
mod page_times;
mod report;
mod servers;
mod shoppers;
mod threads;

use std::{io::Write as _, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context as _, Result};
use clap::Parser;

use crate::{books::Books, page_times::PageTimes, report::Report, servers::Servers, shoppers::Rush};

/// The specification that all want.
const SKU: &str = "pen-brass-f";

/// The time before the first measurement.
const WARM_UP: Duration = Duration::from_secs(2);

/// Runs a rush on one database. Exits with an error if a check fails.
#[derive(Parser)]
struct Arguments {
    /// The program of the server: target/release/server. Beside it, or in ../site, are the browser's files.
    #[arg(long)]
    server: PathBuf,
    /// An empty database: postgres://… Without it, a new file of SQLite.
    #[arg(long)]
    database: Option<String>,
    /// The number of servers.
    #[arg(long, default_value_t = 1)]
    servers: usize,
    /// The number of shoppers, each with an address of its own.
    #[arg(long, default_value_t = 20_000)]
    shoppers: usize,
    /// The number of pieces.
    #[arg(long, default_value_t = 100)]
    pieces: i64,
    /// The number of requests that the proxy sends at the same time, to all servers together.
    #[arg(long, default_value_t = 128)]
    at_once: usize,
    /// The core of the shoppers and of those who open other pages, so that they take no time from the servers.
    #[arg(long)]
    load_core: Option<usize>,
    /// How long other pages are measured before the rush, seconds.
    #[arg(long, default_value_t = 10)]
    calm_s: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the rush could not run: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all checks hold.
async fn run(arguments: &Arguments) -> Result<bool> {
    let folder = tempfile::tempdir().context("making a folder")?;
    let database = match &arguments.database {
        Some(url) => url.clone(),
        None => format!("sqlite://{}/shop.db", folder.path().display()),
    };
    let servers = Servers::start(&arguments.server, folder.path(), &database, arguments.servers).await?;
    let books = Books::open(&database, arguments.pieces).await?;
    let pages = PageTimes::prepare(&servers, arguments.load_core).await?;
    // what the server keeps is rendered once
    pages.measure(tokio::time::sleep(WARM_UP)).await?;
    let calm = pages.measure(tokio::time::sleep(Duration::from_secs(arguments.calm_s))).await?.0;
    let rush = Rush::new(&servers, arguments, books.old_price())?;
    let (busy, (answers, changed)) = pages
        .measure(async { tokio::join!(rush.run(), books.change_price_after(arguments.pieces / 4)) })
        .await?;
    changed?;
    let report =
        Report { answers: answers?, calm, busy, sold: books.sold().await?, pieces: arguments.pieces };
    write!(std::io::stdout(), "{report}")?;
    Ok(report.failures().is_empty())
}
