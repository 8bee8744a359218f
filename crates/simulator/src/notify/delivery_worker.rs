//! Delivers the notifications that are due.

use std::{sync::Arc, time::Duration};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::watch;
use wechat::wire::xml;

use super::{
    Attempt, Notification, delivery_faults::AttemptFaults, notification::COMPLAINT, queue::waiting,
    retry_schedule, tamper, tamper_v3,
};
use crate::{
    account::{Merchant, PlatformKeys, ramp_permille},
    app_state::{AppState, SharedState},
    clock::Millis,
    database::Database,
    v3::{ResponseSigner, SignatureFault},
};

/// How long the shop may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How much of the answer is read, in bytes.
const MAX_ANSWER_LENGTH: usize = 4096;

/// One delivery attempt.
struct Delivery {
    number: usize,
    /// The number of resets before this attempt. After another reset, its result is not recorded.
    resets: u64,
    notification: Notification,
    faults: AttemptFaults,
}

/// Runs until the simulator stops.
pub(crate) async fn run(app: SharedState, mut stop: watch::Receiver<()>) {
    loop {
        for delivery in due(&app) {
            tokio::spawn(deliver(Arc::clone(&app), delivery));
        }
        let pause = until_next(&app);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.delivery_wakeup.notified() => {}
            _ = stop.changed() => return,
        }
    }
}

/// Takes the notifications that are due, and the faults of this attempt.
fn due(app: &AppState) -> Vec<Delivery> {
    let now = app.clock.now();
    let mut db = app.database();
    let numbers: Vec<usize> = waiting(&db).filter(|(_, at)| *at <= now).map(|(number, _)| number).collect();
    let resets = db.resets;
    let mut deliveries = Vec::new();
    for number in numbers {
        let mut faults = db.delivery_faults.next_attempt();
        let Some(notification) = db.notifications.get_mut(number) else { continue };
        notification.in_flight = true;
        faults.tamper = notification.tamper_next.take().or(faults.tamper);
        deliveries.push(Delivery { number, resets, notification: notification.clone(), faults });
    }
    deliveries
}

fn until_next(app: &AppState) -> Duration {
    let now = app.clock.now();
    let next = waiting(&app.database()).map(|(_, at)| at).min();
    let pause = next.map_or(60_000, |at| (at - now).max(0));
    Duration::from_millis(pause.unsigned_abs())
}

async fn deliver(app: SharedState, delivery: Delivery) {
    let Delivery { number, resets, notification, faults } = delivery;
    let at = app.clock.now();
    let attempts = if faults.dropped {
        vec![Attempt {
            at,
            status: None,
            acknowledged: false,
            note: Some("dropped".into()),
            ..Attempt::default()
        }]
    } else {
        let merchants = app.merchants();
        let active = merchants.get(&notification.mch_id).unwrap_or_else(|| merchants.first());
        let merchant = &active.merchant;
        let message = match &notification.json {
            Some(json) => {
                let (body, signature_fault) = tamper_v3::tampered(merchant, json, faults.tamper);
                let by_public_key = by_public_key(&app, merchant, number, &notification);
                Message { v3: Some((by_public_key, signature_fault)), body }
            }
            None => Message { v3: None, body: tamper::tampered(merchant, &notification, faults.tamper) },
        };
        let sends = (0..=faults.copies).map(|_| send(&app, &active.signer, &notification.url, &message, at));
        let mut attempts = futures::future::join_all(sends).await;
        for attempt in &mut attempts {
            if let Some(tamper) = faults.tamper {
                attempt.note = Some(format!("tampered: {tamper:?}"));
            }
        }
        attempts
    };
    // an answer to a forged message does not acknowledge the real one
    let settled = faults.tamper.is_none() && attempts.iter().any(|attempt| attempt.acknowledged);
    let mut db = app.database_mut();
    if db.resets == resets {
        record(&mut db, number, attempts, settled);
    }
    drop(db);
    app.delivery_wakeup.notify_one();
}

fn record(db: &mut Database, number: usize, attempts: Vec<Attempt>, settled: bool) {
    let Some(notification) = db.notifications.get_mut(number) else { return };
    notification.attempts.extend(attempts);
    notification.in_flight = false;
    notification.made += 1;
    notification.acknowledged |= settled;
    notification.next_at = match notification.next_at {
        Some(due) if !settled && notification.kind == COMPLAINT => {
            retry_schedule::next_about_complaint(due, notification.made)
        }
        Some(due) if !settled => retry_schedule::next(due, notification.made),
        _ => None,
    };
    if notification.next_at.is_none() {
        db.unsettled.remove(&number);
    }
}

/// A message. `v3` chooses the key and the fault of the signature: a V3 message is signed when it is sent.
struct Message {
    body: Vec<u8>,
    v3: Option<(bool, Option<SignatureFault>)>,
}

fn by_public_key(app: &AppState, merchant: &Merchant, number: usize, notification: &Notification) -> bool {
    let settings = app.settings().clone();
    match settings.platform_keys(merchant) {
        PlatformKeys::NotStarted => false,
        // 617 and 1,000 have no common factor, so 1,000 notifications in a row get 1,000 different values
        PlatformKeys::Ramp => number * 617 % 1000 < ramp_permille(app.clock.now() - settings.key_change_at),
        PlatformKeys::Follow => notification.by_public_key,
        PlatformKeys::Alternate => number % 2 == 1,
        PlatformKeys::PublicKey => true,
    }
}

async fn send(app: &AppState, signer: &ResponseSigner, url: &str, message: &Message, at: Millis) -> Attempt {
    let mut request = app
        .client
        .post(url)
        .timeout(ANSWER_TIMEOUT)
        .header("accept", "*/*")
        .header("user-agent", "Mozilla/4.0")
        .header("pragma", "no-cache")
        .body(message.body.clone());
    match message.v3 {
        None => request = request.header("content-type", "text/xml"),
        Some((by_public_key, signature_fault)) => {
            request = request.header("content-type", "application/json");
            for (name, value) in signer.headers(by_public_key, &message.body, signature_fault) {
                request = request.header(name, value);
            }
        }
    }
    let acknowledges = |status: u16, body: &[u8]| match message.v3 {
        None => status == 200 && acknowledges(body),
        Some(_) => [200, 204].contains(&status) && acknowledges_v3(body),
    };
    let request = match request.build() {
        Ok(request) => request,
        Err(error) => return Attempt { at, note: Some(error.to_string()), ..Attempt::default() },
    };
    let sent = Attempt {
        at,
        sent_headers: lines(request.headers()),
        sent_body: beginning(&message.body),
        ..Attempt::default()
    };
    let answer = async {
        let response = app.client.execute(request).await?;
        let (status, headers) = (response.status().as_u16(), lines(response.headers()));
        Ok::<_, reqwest::Error>((status, headers, read(response).await?))
    };
    match answer.await {
        Ok((status, answer_headers, body)) => Attempt {
            status: Some(status),
            acknowledged: acknowledges(status, &body),
            body: String::from_utf8_lossy(&body).into_owned(),
            answer_headers,
            ..sent
        },
        Err(error) => Attempt {
            status: error.status().map(|status| status.as_u16()),
            note: Some(if error.is_timeout() { "no answer in 5 s".into() } else { error.to_string() }),
            ..sent
        },
    }
}

/// The headers, one a line, with names as they are on the wire.
fn lines(headers: &HeaderMap) -> String {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        let name: Vec<String> = name.as_str().split('-').map(capitalized).collect();
        format!("{}: {}\n", name.join("-"), String::from_utf8_lossy(value.as_bytes()))
    };
    headers.iter().map(line).collect()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// The beginning of a body as text.
fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(MAX_ANSWER_LENGTH)]).into_owned()
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER_LENGTH {
            body.truncate(MAX_ANSWER_LENGTH);
            break;
        }
    }
    Ok(body)
}

/// Whether the answer is `<xml><return_code>SUCCESS</return_code>…`.
fn acknowledges(answer: &[u8]) -> bool {
    xml::parse(answer).is_ok_and(|fields| {
        fields.get("return_code") == Some("SUCCESS")
            && matches!(fields.get("return_msg"), None | Some("" | "OK"))
    })
}

/// Whether the answer is empty or `{"code":"SUCCESS",…}`.
fn acknowledges_v3(answer: &[u8]) -> bool {
    answer.is_empty()
        || serde_json::from_slice::<serde_json::Value>(answer).is_ok_and(|answer| answer["code"] == "SUCCESS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_v2_does_not_acknowledge_v3() {
        assert!(acknowledges_v3(b"") && acknowledges_v3(br#"{"code":"SUCCESS","message":"OK"}"#));
        for other in ["<xml><return_code>SUCCESS</return_code></xml>", r#"{"code":"FAIL"}"#, "{}", "SUCCESS"]
        {
            assert!(!acknowledges_v3(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn only_the_documented_answer_acknowledges() {
        let documented = b"<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>";
        assert!(acknowledges(documented));
        let others: [&[u8]; 5] = [
            b"",
            b"success",
            b"SUCCESS",
            b"<xml><return_code>FAIL</return_code></xml>",
            b"{\"code\":\"SUCCESS\"}",
        ];
        for other in others {
            assert!(!acknowledges(other), "{}", String::from_utf8_lossy(other));
        }
    }
}
