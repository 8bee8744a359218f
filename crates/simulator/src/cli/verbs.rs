//! What each verb asks of a running simulator, and what it prints.

use serde_json::{Value, json};

use super::{
    arguments::{FaultChange, Faults, Trigger, Verb, word},
    client::{Client, Failure},
    print,
};

pub(super) async fn run(client: &Client, verb: Verb) -> Result<(), Failure> {
    let answer = match verb {
        Verb::Status { .. } => return status(client).await,
        Verb::Logs { follow, verdict, .. } => {
            let verdict = verdict.map(|verdict| format!("&verdict={}", word(verdict))).unwrap_or_default();
            return logs(client, follow, &verdict).await;
        }
        Verb::Faults(faults) => return self::faults(client, faults).await,
        Verb::Trigger(trigger) => client.post("trigger", &event(trigger)).await?,
        Verb::Pay { order, outcome, openid, .. } => {
            let mut body = json!({ "out_trade_no": order, "outcome": word(outcome) });
            if let Some(openid) = openid {
                body["openid"] = openid.into();
            }
            client.post("pay", &body).await?
        }
        Verb::Resend { out_trade_no, kind, .. } => {
            let mut body = json!({ "out_trade_no": out_trade_no });
            if let Some(kind) = kind {
                body["kind"] = word(kind).into();
            }
            client.post("resend", &body).await?
        }
        Verb::Clock { advance: Some(advance), .. } => {
            client.post("clock", &json!({ "advance_s": advance })).await?
        }
        Verb::Clock { advance: None, .. } => client.get("clock").await?,
        Verb::Reset { .. } => client.post("reset", &json!({})).await?,
    };
    if client.json {
        print::json(&answer);
    } else {
        print::members(&answer);
    }
    Ok(())
}

/// The body of the control `trigger`.
fn event(trigger: Trigger) -> Value {
    let mut body = json!({ "event": word(trigger.event), "api": word(trigger.api) });
    if let Some(mch_id) = trigger.mch_id {
        body["mch_id"] = mch_id.into();
    }
    if let Some(number) = trigger.out_trade_no {
        body["out_trade_no"] = number.into();
    }
    if let Some(url) = trigger.notify_url {
        body["notify_url"] = url.into();
    }
    if let Some(fee) = trigger.total_fee {
        body["total_fee"] = fee.into();
    }
    body
}

async fn status(client: &Client) -> Result<(), Failure> {
    let ready = client.get("ready").await?;
    let clock = client.get("clock").await?;
    let ledger = client.get("ledger").await?;
    let requests = client.get("requests").await?;
    let faults = client.get("faults").await?;
    if client.json {
        let count = |name: &str| ledger[name].as_array().map_or(0, Vec::len);
        print::json(&json!({
            "ready": ready,
            "clock": clock,
            "orders": count("orders"),
            "refunds": count("refunds"),
            "notifications": count("notifications"),
            "requests": requests["last"],
            "faults": faults["faults"],
        }));
        return Ok(());
    }
    for (label, name) in [("WeChat", "url"), ("TLS", "tls_url"), ("phone", "phone_url"), ("shop", "shop")] {
        print::line(&format!("{label:13}  {}", print::plain(&ready[name])));
    }
    let ahead = clock["ahead_s"].as_i64().unwrap_or(0);
    print::line(&format!("{:13}  {} ({ahead} s ahead)", "clock", print::plain(&clock["now"])));
    let rows = [
        ("orders", print::counts(&ledger["orders"], "trade_state")),
        ("refunds", print::counts(&ledger["refunds"], "refund_status")),
        ("notifications", print::counts(&ledger["notifications"], "kind")),
        ("requests", print::counts(&requests["requests"], "verdict")),
        ("faults", print::counts(&faults["faults"], "endpoint")),
    ];
    for (label, count) in rows {
        print::line(&format!("{label:13}  {count}"));
    }
    Ok(())
}

async fn logs(client: &Client, follow: bool, verdict: &str) -> Result<(), Failure> {
    let show = if client.json { print::json } else { print::request };
    if follow {
        return client.follow(&format!("requests?follow=1{verdict}"), show).await;
    }
    let answer = client.get(&format!("requests?after=0{verdict}")).await?;
    answer["requests"].as_array().into_iter().flatten().for_each(show);
    Ok(())
}

async fn faults(client: &Client, faults: Faults) -> Result<(), Failure> {
    let answer = match faults.change {
        None => client.get("faults").await?,
        Some(FaultChange::Clear) => client.post("faults", &json!({})).await?,
        Some(FaultChange::Add { endpoint, kind, times, seconds, code, message, status }) => {
            let mut body = json!({
                "endpoint": endpoint, "kind": kind, "times": times, "seconds": seconds, "code": code,
                "message": message, "status": status,
            });
            if let Some(members) = body.as_object_mut() {
                members.retain(|_, value| !value.is_null());
            }
            client.post("faults", &body).await?
        }
    };
    if client.json {
        print::json(&answer);
        return Ok(());
    }
    let list = answer["faults"].as_array().map(Vec::as_slice).unwrap_or_default();
    if list.is_empty() {
        print::line("no faults");
    }
    for fault in list {
        let times =
            fault["times"].as_u64().map_or_else(|| "always".to_owned(), |times| format!("{times} times"));
        print::line(&format!(
            "{}  {}  {times}",
            print::plain(&fault["endpoint"]),
            print::plain(&fault["kind"])
        ));
    }
    Ok(())
}
