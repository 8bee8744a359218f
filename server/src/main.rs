//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use server::{Assets, Server, config::Config, open_shop};
use shop::{FixedClock, SystemClock};
use tokio::signal::unix::{SignalKind, signal};

/// The shop's server. Its configuration is in the environment or in `.env`: see `.env.sample`.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Read the variables that are not set from this file; otherwise from `.env`, if there is one.
    #[arg(long, global = true)]
    env_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the shop (the default).
    Serve,
    /// Run the jobs that are due, and end.
    Jobs {
        /// As if it were this time, such as 2026-11-21T10:00:00+08:00.
        #[arg(long)]
        now: Option<jiff::Timestamp>,
    },
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Outcome {
    let config = Config::from_environment(arguments.env_file.as_deref())?;
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(config).await,
        Command::Jobs { now } => jobs(config, now).await,
    }
}

async fn serve(config: Config) -> Outcome {
    let assets = Assets::beside_binary()?;
    let shop = open_shop(&config, SystemClock).await?;
    let server = Server::bind(&config, shop, &assets).await?;
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
        .await?;
    Ok(())
}

async fn jobs(config: Config, now: Option<jiff::Timestamp>) -> Outcome {
    let shop = match now {
        Some(now) => open_shop(&config, FixedClock { now_ms: now.as_millisecond() }).await?,
        None => open_shop(&config, SystemClock).await?,
    };
    let (mut run, mut failed) = (0, 0);
    loop {
        let round = shop.run_due_jobs().await?;
        run += round.run;
        failed += round.failed;
        if round.run == 0 {
            break;
        }
    }
    tracing::info!(run, failed, "the due jobs have run");
    Ok(())
}
