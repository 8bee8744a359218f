//! Shoppers who pay in the mini program: such an order is reported to WeChat when staff ship it.

use std::{sync::Arc, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{browser::Browser, staff::Task, world::World};

/// Where the parcels go.
const HOME: [(&str, &str); 5] = [
    ("to", "new"),
    ("name", "小王"),
    ("phone", "13800001234"),
    ("region", "上海市 徐汇区"),
    ("detail", "衡山路 1 号"),
];

/// How often a step is tried, and the pause before the next try.
const TRIES: usize = 60;
const PAUSE: Duration = Duration::from_millis(200);

/// Pays an order of the web view in the mini program, and leaves it to the staff.
pub(crate) async fn pay(world: &Arc<World>, browser: &mut Browser, user: &str, order: &str) -> Option<()> {
    let key = link_key(browser, order).await?;
    let token = log_in(world, user).await?;
    let body = json!({ "order": order, "key": key });
    for _ in 0..TRIES {
        if let Some(answer) = call(world, "pay", Some(&token), &body).await {
            let number = answer["data"]["out_trade_no"].as_str()?;
            let thumb = json!({ "out_trade_no": number, "outcome": "ok" });
            if world.wechat.control("pay", thumb).await < 300 {
                let parcels = 1 + i64::from(world.chance.percent(40));
                world.give_first_to_staff(Task::Ship { order: order.to_owned(), parcels, next: 1 });
            }
            return Some(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    None
}

/// Chooses the address, and reads the key of the order's link.
async fn link_key(browser: &mut Browser, order: &str) -> Option<String> {
    for _ in 0..TRIES {
        let chosen = browser.post(&format!("/orders/{order}/delivery"), &HOME).await;
        if chosen.is_some_and(|answer| answer.status() == 303)
            && let Some(page) = browser.send(Method::GET, &format!("/orders/{order}/confirm"), None).await
            && let Ok(page) = page.text().await
            && let Some(rest) = page.split("data-miniprogram=\"").nth(1)
        {
            return Some(rest.split('"').next()?.split("key=").nth(1)?.to_owned());
        }
        tokio::time::sleep(PAUSE).await;
    }
    None
}

async fn log_in(world: &Arc<World>, user: &str) -> Option<String> {
    for _ in 0..TRIES {
        let opened = world.wechat.controlled("miniprogram", json!({ "openid": user })).await;
        if let Some(answer) = call(world, "login", None, &json!({ "code": opened["code"] })).await {
            return Some(answer["data"]["token"].as_str()?.to_owned());
        }
        tokio::time::sleep(PAUSE).await;
    }
    None
}

/// Calls the mini program's API; `None` unless it succeeds.
async fn call(world: &Arc<World>, name: &str, token: Option<&str>, body: &Value) -> Option<Value> {
    let request = world.http.post(format!("{}/api/miniprogram/{name}", world.url)).json(body);
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let answer = request.send().await.ok()?;
    (answer.status() == 200).then_some(())?;
    answer.json().await.ok()
}
