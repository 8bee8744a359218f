//! The simulator as a program.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::Parser;
use simulator::{Config, Running, Simulator};
use tokio::signal::unix::{SignalKind, signal};
use url::Url;

/// A strict WeChat to run against.
#[derive(Parser)]
#[command(name = "simulator", version)]
struct Arguments {
    /// Plays every WeChat host, told apart by path
    #[arg(long, default_value = "127.0.0.1:8900")]
    listen: SocketAddr,
    /// The same over TLS
    #[arg(long, default_value = "127.0.0.1:8943")]
    tls_listen: SocketAddr,
    /// The phone: WeChat's browser for a desktop
    #[arg(long, default_value = "127.0.0.1:8901")]
    phone_listen: SocketAddr,
    /// The shop's own address
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    shop: Url,
    /// Keeps the state in this file
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Writes the account's keys and certificates here, for the lines of /_simulator/env that name files
    #[arg(long, value_name = "DIR")]
    env_dir: Option<PathBuf>,
    /// The JS-SDK script: lib/index.js of the npm package jweixin-module
    #[arg(long, value_name = "FILE")]
    jssdk: Option<PathBuf>,
    /// Lets browsers log in that are not WeChat's
    #[arg(long)]
    any_browser: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let config = Config {
        listen: arguments.listen,
        tls_listen: arguments.tls_listen,
        phone_listen: arguments.phone_listen,
        shop: arguments.shop,
        state: arguments.state,
        env_dir: arguments.env_dir,
        jssdk: arguments.jssdk.unwrap_or_else(Config::default_jssdk),
        wechat_only: !arguments.any_browser,
    };
    match Simulator::start(config).await {
        Ok(running) => {
            announce(&running);
            stopped().await;
            running.stop().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "a person started this in a terminal")]
fn announce(running: &Running) {
    println!("simulated WeChat   {}/", running.url());
    println!("the same over TLS  {}/", running.tls_url());
    println!("the phone          {}/   <- open this one", running.phone_url());
}

/// SIGTERM or SIGINT.
async fn stopped() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
