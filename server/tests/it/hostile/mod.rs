//! The hostile list: requests that somebody makes who wants something that is not theirs. Each is a line of a table:
//! what it is, the request, the status that answers it. One driver sends them and looks that the database holds what
//! it held, that no answer tells a secret, repeats what was sent as markup, or sets a header that was smuggled in.

mod bodies;
mod books;
mod connections;
mod forms;
mod http;
mod owners;
mod proxies;
mod secrets;
mod sessions;
mod v2;
mod v3;
mod v3_refunds;
mod wire;

use self::{
    books::{Books, Print},
    wire::{Answer, Request},
};
use crate::app::TestApp;

pub(crate) const CALLBACK: &str = "/api/wechat/pay/callback";
pub(crate) const REFUND_CALLBACK: &str = "/api/wechat/pay/refund-callback";

/// What it is, the request, and the status that answers it.
type Case = (&'static str, Request, u16);

/// What it is, the request, and the kind of difference it is kept as.
type Misfit = (&'static str, Request, &'static str);

/// What is sent as markup and never comes back as such.
const MARKUP: &str = "<hostile";

/// Sends each, and looks that it is answered so and changes nothing.
async fn nothing_changes(app: &TestApp, cases: Vec<Case>) {
    let books = Books::open(&app.database).await;
    let secrets = secrets_of(app).await;
    let mut wrong = Vec::new();
    let mut before = books.print().await;
    for (what, request, expected) in cases {
        let answer = request.send(&app.url).await;
        let after = books.print().await;
        wrong.extend(faults(&answer, expected, &secrets).into_iter().map(|fault| format!("{what}: {fault}")));
        wrong.extend(changes(&after, &before).into_iter().map(|change| format!("{what}: changes {change}")));
        before = after;
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Sends each, which verifies and does not fit: it is kept as a difference, not acknowledged, and that is all.
async fn kept_as_differences(app: &TestApp, cases: Vec<Misfit>) {
    let books = Books::open(&app.database).await;
    let secrets = secrets_of(app).await;
    let mut wrong = Vec::new();
    let mut before = books.print().await;
    for (what, request, kind) in cases {
        let answer = request.send(&app.url).await;
        let after = books.print().await;
        wrong.extend(faults(&answer, 409, &secrets).into_iter().map(|fault| format!("{what}: {fault}")));
        let (differences, others): (Vec<_>, Vec<_>) =
            changes(&after, &before).into_iter().partition(|change| change.starts_with("differences"));
        wrong.extend(others.into_iter().map(|change| format!("{what}: changes {change}")));
        if !differences.iter().any(|change| change.contains(&format!("\"kind\": \"{kind}\""))) {
            wrong.push(format!("{what}: is not kept as {kind}: {differences:?}"));
        }
        before = after;
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn changes(after: &Print, before: &Print) -> Vec<String> {
    if after == before { Vec::new() } else { after.changes_since(before) }
}

/// What is wrong with an answer.
fn faults(answer: &Answer, expected: u16, secrets: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    let whole = format!("{}\n{}", answer.head, answer.body);
    if answer.status != expected {
        let start: String = whole.chars().take(300).collect();
        faults.push(format!("{} instead of {expected}: {start}", answer.status));
    }
    if answer.status >= 400 && answer.body.contains("SUCCESS") {
        faults.push(format!("is refused and acknowledged: {}", answer.body));
    }
    faults.extend(
        secrets.iter().filter(|secret| whole.contains(*secret)).map(|secret| format!("tells {secret}")),
    );
    if answer.body.to_ascii_lowercase().contains(MARKUP) {
        faults.push("repeats markup".to_owned());
    }
    if answer.header("hostile").is_some() {
        faults.push("lets a header in".to_owned());
    }
    if answer.head.contains("evil.test") {
        faults.push(format!("leads to another site: {}", answer.head));
    }
    faults
}

/// What nobody outside may learn.
async fn secrets_of(app: &TestApp) -> Vec<String> {
    let account = app.account().await;
    let names = ["secret", "miniprogram_secret", "api_v2_key", "api_v3_key"];
    let mut secrets: Vec<String> =
        names.into_iter().map(|name| account[name].as_str().unwrap().to_owned()).collect();
    secrets.push("test-key-0123456789".to_owned());
    let pem = account["merchant_private_key_pem"].as_str().unwrap();
    secrets.extend(pem.lines().nth(5).map(str::to_owned));
    let ledger = app.ledger().await;
    let tokens = ledger["tokens"].as_array().unwrap();
    secrets.extend(tokens.iter().map(|token| token["access_token"].as_str().unwrap().to_owned()));
    secrets
}
