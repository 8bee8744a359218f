//! The simulator's command line.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::Parser;
use simulator::{Config, Running, Simulator};
use tokio::signal::unix::{SignalKind, signal};
use url::Url;

/// A strict simulation of WeChat
#[derive(Parser)]
#[command(name = "simulator", version)]
struct Arguments {
    /// Address that plays every WeChat host; the path selects the host
    #[arg(long, default_value = "127.0.0.1:8900")]
    listen: SocketAddr,
    /// Address of the same with TLS
    #[arg(long, default_value = "127.0.0.1:8943")]
    tls_listen: SocketAddr,
    /// Address of the phone: WeChat's browser for a desktop
    #[arg(long, default_value = "127.0.0.1:8901")]
    phone_listen: SocketAddr,
    /// Address of the shop
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    shop: Url,
    /// File that keeps the state
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Folder for the account's keys and certificates, which lines of /_simulator/env name
    #[arg(long, value_name = "DIR")]
    env_dir: Option<PathBuf>,
    /// The JS-SDK script: lib/index.js of the npm package jweixin-module
    #[arg(long, value_name = "FILE")]
    jssdk: Option<PathBuf>,
    /// Allows a login in browsers other than WeChat's
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
            print_addresses(&running);
            stop_signal().await;
            running.stop().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the addresses are for the terminal")]
fn print_addresses(running: &Running) {
    println!("simulated WeChat   {}/", running.url());
    println!("the same over TLS  {}/", running.tls_url());
    println!("the phone          {}/   <- open this one", running.phone_url());
}

/// Waits for SIGTERM or SIGINT.
async fn stop_signal() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
