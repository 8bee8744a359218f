//! Fills a database with open orders for `make bench`. It writes ordinary rows with the import of `shop`.

mod order;

use std::process::ExitCode;

use clap::Parser;
use model::OpenId;
use shop::{Clock, OpenOrder, SystemClock};
use store::{Store, StoreError};

use crate::order::Merchant;

/// The number of orders in one commit.
const BATCH_SIZE: u32 = 1000;

/// Fills a database with open orders. `out_trade_no` is P and 15 digits, `total_fee` is 100 to 999.
#[derive(Parser)]
struct Arguments {
    /// The database: sqlite://FILE or postgres://…
    #[arg(long)]
    database: String,
    /// The number of orders.
    #[arg(long, default_value_t = 150_000)]
    orders: u32,
    /// The OpenID of the user that has placed the first 20 orders. The default is an unknown user.
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
    for first in (0..arguments.orders).step_by(BATCH_SIZE as usize) {
        let last = arguments.orders.min(first + BATCH_SIZE);
        let orders =
            (first..last).map(|at| order::open(at, now_ms, arguments.shopper.as_ref(), &arguments.merchant));
        let written: Result<(), StoreError> =
            OpenOrder::import(&store, orders.collect::<Result<_, _>>()?).await;
        written?;
    }
    Ok(())
}
