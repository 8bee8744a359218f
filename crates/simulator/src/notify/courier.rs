//! Delivers what is due.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use wechat::wire::xml;

use super::{Attempt, Notification, disturb, disturb::Plan, schedule};
use crate::{
    account::PlatformKeys,
    clock::Millis,
    state::State,
    v3::Spoil,
    world::{Shared, World},
};

/// The shop has this long to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much of an answer is read.
const LONGEST_ANSWER: usize = 4096;

/// One attempt on its way.
struct Delivery {
    number: usize,
    notification: Notification,
    plan: Plan,
}

/// Runs until the simulator stops.
pub(crate) async fn run(world: Shared, mut stop: watch::Receiver<()>) {
    loop {
        for delivery in due(&world) {
            tokio::spawn(deliver(Arc::clone(&world), delivery));
        }
        let pause = until_next(&world);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = world.courier.notified() => {}
            _ = stop.changed() => return,
        }
    }
}

fn waiting<'a>(state: &'a State) -> impl Iterator<Item = (usize, Millis)> + 'a {
    state.unsettled.iter().filter_map(|&number| {
        let notification = state.notifications.get(number)?;
        let idle = !notification.held && !notification.in_flight;
        Some((number, notification.next_at.filter(|_| idle)?))
    })
}

/// Takes what is due; what is to be dropped is never seen here again before its next attempt.
fn due(world: &World) -> Vec<Delivery> {
    let now = world.clock.now();
    let mut state = world.look();
    let numbers: Vec<usize> =
        waiting(&state).filter(|(_, at)| *at <= now).map(|(number, _)| number).collect();
    let mut deliveries = Vec::new();
    for number in numbers {
        let plan = state.disturbances.plan();
        let Some(notification) = state.notifications.get_mut(number) else { continue };
        notification.in_flight = true;
        deliveries.push(Delivery { number, notification: notification.clone(), plan });
    }
    deliveries
}

fn until_next(world: &World) -> Duration {
    let now = world.clock.now();
    let next = waiting(&world.look()).map(|(_, at)| at).min();
    let pause = next.map_or(60_000, |at| (at - now).max(0));
    Duration::from_millis(pause.unsigned_abs())
}

async fn deliver(world: Shared, delivery: Delivery) {
    let Delivery { number, notification, plan } = delivery;
    let at = world.clock.now();
    let attempts = if plan.dropped {
        vec![Attempt {
            at,
            status: None,
            acknowledged: false,
            body: String::new(),
            note: Some("dropped".into()),
        }]
    } else {
        let message = match &notification.json {
            Some(json) => {
                let (body, spoil) = disturb::v3_bytes(json, plan.tamper);
                Message { v3: Some((by_public_key(&world, number, &notification), spoil)), body }
            }
            None => Message { v3: None, body: disturb::bytes(&notification, plan.tamper) },
        };
        let sends = (0..=plan.copies).map(|_| send(&world, &notification.url, &message, at));
        let mut attempts = futures::future::join_all(sends).await;
        for attempt in &mut attempts {
            if let Some(tamper) = plan.tamper {
                attempt.note = Some(format!("tampered: {tamper:?}"));
            }
        }
        attempts
    };
    // an answer to a message that WeChat never wrote settles nothing
    let settled = plan.tamper.is_none() && attempts.iter().any(|attempt| attempt.acknowledged);
    record(&mut world.change(), number, attempts, settled);
    world.courier.notify_one();
}

fn record(state: &mut State, number: usize, attempts: Vec<Attempt>, settled: bool) {
    let Some(notification) = state.notifications.get_mut(number) else { return };
    notification.attempts.extend(attempts);
    notification.in_flight = false;
    notification.made += 1;
    notification.acknowledged |= settled;
    notification.next_at = match notification.next_at {
        Some(due) if !settled => schedule::next(due, notification.made),
        _ => None,
    };
    if notification.next_at.is_none() {
        state.unsettled.remove(&number);
    }
}

/// What is sent; of V3 with the key that signs it, at the moment in which it is sent.
struct Message {
    body: Vec<u8>,
    v3: Option<(bool, Option<Spoil>)>,
}

fn by_public_key(world: &World, number: usize, notification: &Notification) -> bool {
    match world.registered().platform_keys {
        PlatformKeys::Follow => notification.by_public_key,
        PlatformKeys::Alternate => number % 2 == 1,
        PlatformKeys::PublicKey => true,
    }
}

async fn send(world: &World, url: &str, message: &Message, at: Millis) -> Attempt {
    let mut request = world
        .client
        .post(url)
        .timeout(PATIENCE)
        .header("user-agent", "Mozilla/4.0")
        .body(message.body.clone());
    match message.v3 {
        None => request = request.header("content-type", "text/xml"),
        Some((by_public_key, spoil)) => {
            request = request.header("content-type", "application/json");
            for (name, value) in world.seals.headers(by_public_key, &message.body, spoil) {
                request = request.header(name, value);
            }
        }
    }
    let acknowledges = |status: u16, body: &[u8]| match message.v3 {
        None => status == 200 && acknowledges(body),
        Some(_) => [200, 204].contains(&status) && acknowledges_v3(body),
    };
    let answer = async {
        let response = request.send().await?;
        let status = response.status().as_u16();
        Ok::<_, reqwest::Error>((status, read(response).await?))
    };
    match answer.await {
        Ok((status, body)) => Attempt {
            at,
            status: Some(status),
            acknowledged: acknowledges(status, &body),
            body: String::from_utf8_lossy(&body).into_owned(),
            note: None,
        },
        Err(error) => Attempt {
            at,
            status: error.status().map(|status| status.as_u16()),
            acknowledged: false,
            body: String::new(),
            note: Some(if error.is_timeout() { "no answer in 5 s".into() } else { error.to_string() }),
        },
    }
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            body.truncate(LONGEST_ANSWER);
            break;
        }
    }
    Ok(body)
}

/// `<xml><return_code>SUCCESS</return_code>…`, and nothing else.
fn acknowledges(answer: &[u8]) -> bool {
    xml::parse(answer).is_ok_and(|fields| {
        fields.get("return_code") == Some("SUCCESS")
            && matches!(fields.get("return_msg"), None | Some("" | "OK"))
    })
}

/// Nothing, or `{"code":"SUCCESS",…}`.
fn acknowledges_v3(answer: &[u8]) -> bool {
    answer.is_empty()
        || serde_json::from_slice::<serde_json::Value>(answer).is_ok_and(|answer| answer["code"] == "SUCCESS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v3_is_not_acknowledged_in_the_words_of_v2() {
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
