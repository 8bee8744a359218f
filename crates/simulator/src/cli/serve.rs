//! Runs the simulator until a signal stops it.

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use simulator::{Config, Running, Seed, Simulator};
use tokio::signal::unix::{SignalKind, signal};

use super::{UNUSABLE, arguments::ServeArguments, complain};

/// The variable that names the JS-SDK script.
const SCRIPT_VARIABLE: &str = "WECHAT_SIMULATOR_JSSDK";

/// The name of the JS-SDK script beside the program.
const SCRIPT: &str = "jweixin-1.6.0.js";

const NO_SCRIPT: &str = "no JS-SDK script, so pages cannot load /open/js/jweixin-1.6.0.js; give lib/index.js of the npm \
    package jweixin-module 1.6.0 with --jssdk, or put it beside this program as jweixin-1.6.0.js";

pub(super) async fn run(arguments: ServeArguments) -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    // not by clap: a verb must not conflict with the variable
    let named = || std::env::var_os(SCRIPT_VARIABLE).map(PathBuf::from);
    let asked = arguments.jssdk.or_else(named);
    // an empty name means that the caller wants no script
    let wants_none = asked.as_ref().is_some_and(|file| file.as_os_str().is_empty());
    let asked = asked.filter(|_| !wants_none);
    let missing = asked.clone().filter(|file| !file.is_file());
    let jssdk = asked.or_else(beside_the_program).filter(|file| file.is_file());
    let has_script = jssdk.is_some();
    let seed = match arguments.seed.map(read_seed).transpose() {
        Ok(seed) => seed.unwrap_or_default(),
        Err(why) => {
            complain(why);
            return ExitCode::from(UNUSABLE);
        }
    };
    let config = Config {
        seed,
        listen: arguments.listen,
        tls_listen: arguments.tls_listen,
        phone_listen: arguments.phone_listen,
        shop: arguments.shop,
        state: arguments.state,
        env_dir: arguments.env_dir,
        jssdk,
        wechat_only: !arguments.any_browser,
        reuse_keys: false,
    };
    match Simulator::start(config).await {
        Ok(running) => {
            match missing {
                Some(file) => complain(format!("{} is not a file: {NO_SCRIPT}", file.display())),
                None if !has_script && !wants_none => complain(NO_SCRIPT),
                None => {}
            }
            print_addresses(&running);
            stop_signal().await;
            running.stop().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(error);
            ExitCode::from(UNUSABLE)
        }
    }
}

fn read_seed(path: PathBuf) -> Result<Seed, String> {
    let at = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let text = std::fs::read_to_string(&path).map_err(|why| at(&why))?;
    Seed::from_toml(&text).map_err(|why| at(&why))
}

/// The JS-SDK script in the folder of this program, also if the program was started through a link.
fn beside_the_program() -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.join(SCRIPT))
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
