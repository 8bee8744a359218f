//! The command line: `server` serves the shop, and its subcommands are in `commands`.

mod commands;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use model::{Fen, OrderId, OutRefundNo, OutTradeNo};
use server::{Assets, Metrics, Server, Telemetry, config::Config, open_shop};
use shop::RefundRequest;
use tokio::signal::unix::{SignalKind, signal};

/// Requests and rows make many small allocations. With the allocator of the C library the server needs a fifth more
/// time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The shop's server. Its configuration is in the environment or in `.env`: see `.env.sample`.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Read variables that are not set from this file. The default is `.env`, if it exists.
    #[arg(long, global = true)]
    env_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the shop (the default).
    Serve,
    /// Refund a paid order.
    Refund {
        /// The order's number.
        order: OrderId,
        /// The amount in fen. The default is everything that is left.
        #[arg(long)]
        fee: Option<i64>,
        /// The reason that the shopper reads: at most 80 bytes (26 Chinese characters).
        #[arg(long)]
        reason: String,
        /// Your own number (out_refund_no), as an idempotency key: two calls with the same number make one refund.
        #[arg(long)]
        number: Option<OutRefundNo>,
        /// The payment to refund (out_trade_no), if the order has several.
        #[arg(long)]
        payment: Option<OutTradeNo>,
        /// Return the order's pieces to the stock when the refund has succeeded. Only before the order is shipped.
        #[arg(long)]
        restock: bool,
    },
    /// Compare WeChat's bill of a day with the books.
    Bill {
        /// The day in Shanghai, such as 2026-11-20. Its bill is ready at ten the next morning.
        date: String,
    },
    /// Query WeChat about all open payments and refunds, and show the discrepancies that a person must decide.
    Reconcile,
    /// Show the open discrepancies, or resolve one.
    Differences {
        /// The id of the discrepancy to resolve.
        #[arg(long, requires = "note")]
        resolve: Option<String>,
        /// The note: what you did about it.
        #[arg(long)]
        note: Option<String>,
    },
    /// Write a copy of the SQLite database while the shop runs.
    Backup {
        /// The file to write. It must not exist yet.
        file: String,
    },
    /// Check configuration, keys, database, address and WeChat's endpoints, and say what to do.
    Doctor {
        /// Only warn if a fail-over of PostgreSQL can lose the newest commits.
        #[arg(long)]
        accept_asynchronous: bool,
    },
    /// Manage the notifications about complaints of shoppers at WeChat.
    Complaints {
        #[command(subcommand)]
        command: ComplaintsCommand,
    },
    /// Manage the place of the pictures.
    Pictures {
        #[command(subcommand)]
        command: commands::PicturesCommand,
    },
    /// Ask the server that runs with this configuration whether it can serve: the health check of a container.
    Ready,
    /// Manage the staff accounts, which sign in at /console.
    Staff {
        #[command(subcommand)]
        command: commands::StaffCommand,
    },
    /// Run the due jobs, then exit.
    Jobs {
        /// Run the jobs that are due at this time, such as 2026-11-21T10:00:00+08:00.
        #[arg(long)]
        now: Option<jiff::Timestamp>,
    },
}

/// A command about complaints.
#[derive(Subcommand)]
enum ComplaintsCommand {
    /// Register this shop's address for WeChat's notifications about complaints.
    Register {
        /// Replace another registered address.
        #[arg(long)]
        replace: bool,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    // only the user of this process may read the database, its log and backups
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let arguments = Arguments::parse();
    let config = Config::from_environment(arguments.env_file.as_deref());
    let doctor = match arguments.command {
        Some(Command::Doctor { accept_asynchronous }) => Some(accept_asynchronous),
        _ => None,
    };
    // the doctor prints its findings itself
    let level = if doctor.is_some() { "error" } else { "info" };
    let telemetry =
        Telemetry::start(config.as_ref().ok().and_then(|config| config.telemetry.as_ref()), level);
    let ended = match (doctor, config, &telemetry) {
        (Some(accept_asynchronous), config, _) => commands::doctor(config, accept_asynchronous).await,
        (None, Err(error), _) => Err(error.into()),
        (None, _, Err(error)) => Err(error.to_string().into()),
        (None, Ok(config), Ok(_)) => run(arguments.command, config).await,
    };
    let code = match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    };
    if let Ok(telemetry) = telemetry {
        telemetry.stop().await;
    }
    code
}

async fn run(command: Option<Command>, config: Config) -> commands::Outcome {
    match command.unwrap_or(Command::Serve) {
        Command::Serve => serve(config).await,
        Command::Bill { date } => commands::bill(config, &date).await,
        Command::Doctor { accept_asynchronous } => commands::doctor(Ok(config), accept_asynchronous).await,
        Command::Backup { file } => commands::backup(config, &file).await,
        Command::Complaints { command: ComplaintsCommand::Register { replace } } => {
            commands::register_complaints(config, replace).await
        }
        Command::Pictures { command } => commands::pictures(config, command).await,
        Command::Ready => commands::ready(&config).await,
        Command::Staff { command } => commands::staff(config, command).await,
        Command::Reconcile => commands::reconcile(config).await,
        Command::Differences { resolve, note } => commands::differences(config, resolve, note).await,
        Command::Jobs { now } => commands::jobs(config, now).await,
        Command::Refund { order, fee, reason, number, payment, restock } => {
            let who = "command line".to_owned();
            commands::refund(
                config,
                order,
                RefundRequest {
                    out_trade_no: payment,
                    fee: fee.map(Fen),
                    reason,
                    who,
                    out_refund_no: number,
                    restock,
                },
            )
            .await
        }
    }
}

async fn serve(config: Config) -> commands::Outcome {
    let assets = Assets::beside_binary()?;
    let metrics = Metrics::new();
    let shop = open_shop(&config, config.clock(), &metrics).await?;
    let server = Server::bind(&config, shop, metrics, &assets).await?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tracing::info!(
        "listening on http://{}, shoppers come to {}",
        server.local_addr()?,
        config.shop.public_url
    );
    server
        .run(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping");
        })
        .await;
    Ok(())
}
