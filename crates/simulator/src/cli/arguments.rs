//! The arguments of the command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use simulator::{Event, OrderApi};
use url::Url;

/// A strict simulation of WeChat. Without a verb it starts; a verb controls one that is running
#[derive(Parser)]
#[command(name = env!("CARGO_BIN_NAME"), version, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) serve: ServeArguments,
    #[command(subcommand)]
    pub(super) verb: Option<Verb>,
}

#[derive(Args)]
pub(super) struct ServeArguments {
    /// Address that plays every WeChat host; the path selects the host
    #[arg(long, default_value = "127.0.0.1:8900")]
    pub(super) listen: SocketAddr,
    /// Address of the same listener with TLS
    #[arg(long, default_value = "127.0.0.1:8943")]
    pub(super) tls_listen: SocketAddr,
    /// Address of the phone: WeChat's browser for a desktop
    #[arg(long, default_value = "127.0.0.1:8901")]
    pub(super) phone_listen: SocketAddr,
    /// Address of the shop
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    pub(super) shop: Url,
    /// File that keeps the state
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// Folder for the account's keys and certificates, which lines of /_simulator/env name
    #[arg(long, value_name = "DIR")]
    pub(super) env_dir: Option<PathBuf>,
    /// The accounts, in TOML; by default the demo account. A state file that exists has its own accounts
    #[arg(long, value_name = "FILE")]
    pub(super) seed: Option<PathBuf>,
    /// The JS-SDK script: lib/index.js of the npm package jweixin-module 1.6.0; by default the file that
    /// WECHAT_SIMULATOR_JSSDK names, or jweixin-1.6.0.js beside this program
    #[arg(long, value_name = "FILE")]
    pub(super) jssdk: Option<PathBuf>,
    /// Allows a login in browsers other than WeChat's
    #[arg(long)]
    pub(super) any_browser: bool,
}

/// Where the running simulator is, and how to print.
#[derive(Args, Clone)]
pub(super) struct Target {
    /// Address of the running simulator
    #[arg(
        long = "simulator",
        global = true,
        value_name = "URL",
        env = "WECHAT_SIMULATOR_URL",
        default_value = "http://127.0.0.1:8900"
    )]
    pub(super) url: Url,
    /// Prints JSON for programs
    #[arg(long, global = true)]
    pub(super) json: bool,
}

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Shows the addresses, the clock, the orders and the planned faults
    Status {
        #[command(flatten)]
        target: Target,
    },
    /// Makes an event happen, with everything that it needs
    Trigger(Trigger),
    /// Acts as the shopper on the payment sheet of an order
    Pay {
        /// An out_trade_no, a prepay_id, a code_url or an H5 link
        order: String,
        /// What the shopper does
        #[arg(long, value_enum, default_value = "ok")]
        outcome: Outcome,
        /// The payer, if the order names none
        #[arg(long)]
        openid: Option<String>,
        #[command(flatten)]
        target: Target,
    },
    /// Sends the notifications of an order again
    Resend {
        out_trade_no: String,
        /// Only this kind
        #[arg(long, value_enum)]
        kind: Option<NotificationKind>,
        #[command(flatten)]
        target: Target,
    },
    /// Shows the clock, or moves it forward: +90s, +30m, +2h, +7d
    Clock {
        #[arg(value_parser = seconds)]
        advance: Option<i64>,
        #[command(flatten)]
        target: Target,
    },
    /// Lists the requests with their verdicts
    Logs {
        /// Continues with new requests
        #[arg(long, short)]
        follow: bool,
        /// Only this verdict
        #[arg(long, value_enum)]
        verdict: Option<VerdictFilter>,
        #[command(flatten)]
        target: Target,
    },
    /// Lists the planned faults, adds one or clears them
    Faults(Faults),
    /// Forgets everything except the keys
    Reset {
        #[command(flatten)]
        target: Target,
    },
}

#[derive(Args)]
pub(super) struct Trigger {
    #[arg(value_enum)]
    pub(super) event: Event,
    /// An order that exists, or the number of a new one
    #[arg(long)]
    pub(super) out_trade_no: Option<String>,
    /// Where the notification goes; by default as for the newest order, or to the shop's address
    #[arg(long, value_name = "URL")]
    pub(super) notify_url: Option<String>,
    /// The amount of a new order in fen
    #[arg(long, value_name = "FEN")]
    pub(super) total_fee: Option<i64>,
    /// The merchant; by default the first one
    #[arg(long)]
    pub(super) mch_id: Option<String>,
    /// The interface of a new order
    #[arg(long, value_enum, default_value = "v3")]
    pub(super) api: OrderApi,
    #[command(flatten)]
    pub(super) target: Target,
}

#[derive(Args)]
pub(super) struct Faults {
    #[command(subcommand)]
    pub(super) change: Option<FaultChange>,
    #[command(flatten)]
    pub(super) target: Target,
}

#[derive(Subcommand)]
pub(super) enum FaultChange {
    /// Plans a fault
    Add {
        /// The last part of the path, for example unifiedorder; * for all
        endpoint: String,
        /// For example http_500, system_error, timeout_after, wrong_signature
        kind: String,
        /// How often; the default is always
        #[arg(long)]
        times: Option<u32>,
        /// The seconds of a delay or a time-out
        #[arg(long)]
        seconds: Option<u64>,
        /// The code of an error
        #[arg(long)]
        code: Option<String>,
        /// The message of an error
        #[arg(long)]
        message: Option<String>,
        /// The HTTP status of http_status
        #[arg(long)]
        status: Option<u16>,
    },
    /// Clears all faults
    Clear,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Outcome {
    Ok,
    Cancel,
    Fail,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum NotificationKind {
    Payment,
    Refund,
    Complaint,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum VerdictFilter {
    Accepted,
    Refused,
    WrongSignature,
    Fault,
    NoAnswer,
}

impl Verb {
    pub(super) const fn target(&self) -> &Target {
        match self {
            Self::Status { target }
            | Self::Pay { target, .. }
            | Self::Resend { target, .. }
            | Self::Clock { target, .. }
            | Self::Logs { target, .. }
            | Self::Reset { target } => target,
            Self::Trigger(trigger) => &trigger.target,
            Self::Faults(faults) => &faults.target,
        }
    }
}

/// The word of a choice, as the controls write it.
pub(super) fn word(choice: impl ValueEnum) -> String {
    choice.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// Reads `+2h`, `90s`, `1d` or a number of seconds.
fn seconds(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is not a time: write for example +90s, +30m, +2h or +7d");
    let number = text.strip_prefix('+').unwrap_or(text);
    let (number, unit) = match number.as_bytes().last() {
        Some(b's') => (number.strip_suffix('s'), 1),
        Some(b'm') => (number.strip_suffix('m'), 60),
        Some(b'h') => (number.strip_suffix('h'), 3600),
        Some(b'd') => (number.strip_suffix('d'), 86_400),
        _ => (Some(number), 1),
    };
    let number: u32 = number.and_then(|number| number.parse().ok()).ok_or_else(wrong)?;
    Ok(i64::from(number) * unit)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_options_of_the_server_need_no_verb() {
        let arguments = Arguments::parse_from(["simulator", "--listen", "127.0.0.1:1", "--any-browser"]);
        assert!(arguments.verb.is_none() && arguments.serve.any_browser);
        assert!(Arguments::try_parse_from(["simulator", "--any-browser", "status"]).is_err());
    }

    #[test]
    fn a_time_has_a_unit() {
        assert_eq!(
            [seconds("+2h"), seconds("90s"), seconds("30m"), seconds("+7d"), seconds("5")],
            [Ok(7200), Ok(90), Ok(1800), Ok(604_800), Ok(5)]
        );
        for wrong in ["", "+", "h", "-5s", "2 h", "1w"] {
            assert!(seconds(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
    }
}
