//! Fills a database with open orders, as the load of `make bench` pays them: ordinary rows, written through `shop`.

mod order;

use std::process::ExitCode;

use clap::Parser;
use model::OpenId;
use shop::{Clock, OpenOrder, SystemClock};
use store::{Store, StoreError};

use crate::order::Merchant;

/// Orders in one commit.
const TOGETHER: u32 = 1000;

/// Fills a database with open orders: `out_trade_no` is P and 15 digits from 0, `total_fee` 100 and up.
#[derive(Parser)]
struct Arguments {
    /// Where they go: sqlite://FILE or postgres://…
    #[arg(long)]
    database: String,
    /// How many.
    #[arg(long, default_value_t = 150_000)]
    orders: u32,
    /// Who has placed the first of them; a shopper whom nobody knows, where nothing is said.
    #[arg(long)]
    shopper: Option<OpenId>,
    #[command(flatten)]
    merchant: Merchant,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match fill(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn fill(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let store = Store::open(&arguments.database).await?;
    let now_ms = SystemClock.now_ms();
    for first in (0..arguments.orders).step_by(TOGETHER as usize) {
        let last = arguments.orders.min(first + TOGETHER);
        let orders =
            (first..last).map(|at| order::open(at, now_ms, arguments.shopper.as_ref(), &arguments.merchant));
        let written: Result<(), StoreError> =
            OpenOrder::import(&store, orders.collect::<Result<_, _>>()?).await;
        written?;
    }
    Ok(())
}
