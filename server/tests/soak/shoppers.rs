//! Shoppers who buy over HTTP, whatever breaks: they try again, as people do.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use reqwest::{Method, header};
use serde_json::json;

use crate::{
    after_sales,
    browser::{AGENT, Browser, location},
    program,
    staff::Task,
    world::World,
};

/// What they buy.
const SKUS: [&str; 3] = ["mug-celadon-300", "mug-celadon-450", "test-sticker-1"];

struct Shopper {
    world: Arc<World>,
    browser: Browser,
    /// The openid for the official account.
    openid: String,
    /// Whether an order was refused because the unpaid ones are as many as one shopper may have.
    is_full: bool,
}

/// Buys until the run has enough orders.
pub(crate) async fn buy(world: Arc<World>) {
    let mut shopper = Shopper::enter(&world).await;
    while world.wants_more() {
        if let Some(order) = shopper.order().await {
            world.placed.fetch_add(1, Ordering::Relaxed);
            shopper.pay(&order).await;
        } else if shopper.is_full {
            shopper = Shopper::enter(&world).await;
        }
    }
}

impl Shopper {
    /// Somebody new, logged in.
    async fn enter(world: &Arc<World>) -> Self {
        let openid = world.wechat.new_user().await;
        let browser = Browser::new(world);
        let mut shopper = Self { world: Arc::clone(world), browser, openid, is_full: false };
        shopper.log_in().await;
        if world.chance.percent(60) {
            shopper.top_up().await;
        }
        shopper
    }

    async fn log_in(&mut self) {
        for _ in 0..200 {
            if self.try_to_log_in().await.is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("a shopper could not log in");
    }

    async fn try_to_log_in(&mut self) -> Option<()> {
        let begin = "/api/wechat/redirect?callback=%2F&scope=snsapi_base";
        let wechat = location(&self.browser.send(Method::GET, begin, None).await?)?;
        let request = self
            .world
            .http
            .get(wechat.split('#').next()?)
            .header(header::USER_AGENT, AGENT)
            .header(header::COOKIE, format!("user={}", self.openid));
        let back = location(&request.send().await.ok()?)?;
        self.browser.send(Method::GET, &back, None).await?;
        self.browser.cookies.contains_key("session").then_some(())
    }

    /// Pays money into the balance, if nothing breaks meanwhile.
    async fn top_up(&mut self) -> Option<()> {
        let money = format!("money={}", 1 + self.world.chance.below(20_000));
        let form = Some(("application/x-www-form-urlencoded", money));
        let answer = self.browser.send(Method::POST, "/api/wechat/pay/payWallet", form).await?;
        let answer: serde_json::Value = answer.json().await.ok()?;
        let thumb = json!({ "out_trade_no": answer["data"]["out_trade_no"].as_str()?, "outcome": "ok" });
        self.world.wechat.control("pay", thumb).await;
        Some(())
    }

    /// The fields that use the balance, if the page of the confirmation offers it.
    async fn balance(&mut self, sku: &str, quantity: u64) -> Option<String> {
        let path = format!("/orders/new?sku={sku}&quantity={quantity}");
        let page = self.browser.send(Method::GET, &path, None).await?.text().await.ok()?;
        let value = |name: &str| {
            let field = page.split("<input").find(|field| field.contains(&format!("name=\"{name}\"")))?;
            Some(field.split("value=\"").nth(1)?.split('"').next()?.to_owned())
        };
        let (balance, key) = (value("balance")?, value("key")?);
        Some(format!("&to=pickup&pickup_name=soak&pickup_phone=13800000000&balance={balance}&key={key}"))
    }

    async fn order(&mut self) -> Option<String> {
        let world = Arc::clone(&self.world);
        let sku = SKUS[usize::try_from(world.chance.below(3)).ok()?];
        let quantity = 1 + world.chance.below(3);
        let balance = match world.chance.percent(70) {
            true => self.balance(sku, quantity).await.unwrap_or_default(),
            false => String::new(),
        };
        let body = format!("sku={sku}&quantity={quantity}{balance}");
        let form = |body: &String| Some(("application/x-www-form-urlencoded", body.clone()));
        let mut answer = self.browser.send(Method::POST, "/orders", form(&body)).await;
        // the answer was lost, or the shopper taps twice
        if answer.is_none() || world.chance.percent(10) {
            answer = self.browser.send(Method::POST, "/orders", form(&body)).await;
        }
        let answer = answer?;
        self.is_full = [409, 429].contains(&answer.status().as_u16());
        let confirm = location(&answer)?;
        Some(confirm.strip_prefix("/orders/")?.strip_suffix("/confirm")?.to_owned())
    }

    async fn pay(&mut self, order: &str) {
        let chance = Arc::clone(&self.world);
        let chance = &chance.chance;
        // one in twenty gives up at once
        if chance.percent(5) {
            return;
        }
        // one in four is paid in the mini program
        if chance.percent(25) {
            program::pay(&self.world, &mut self.browser, &self.openid, order).await;
            if chance.percent(40) {
                after_sales::send_a_piece_back(&self.world, &mut self.browser, order).await;
            }
            return;
        }
        let Some(number) = self.attempt(order).await else { return };
        let outcome = if chance.percent(8) { "cancel" } else { "ok" };
        let thumb = json!({ "out_trade_no": number, "outcome": outcome });
        self.world.wechat.control("pay", thumb).await;
        if chance.percent(50) {
            self.call("order_status", order).await;
        }
        if outcome != "ok" {
            return;
        }
        if chance.percent(10) {
            self.complain(&number).await;
        }
        if chance.percent(8) {
            self.ask_back(order).await;
        } else if chance.percent(20) {
            after_sales::ask_for_a_piece(&self.world, &mut self.browser, order).await;
        }
    }

    /// Complains at WeChat about a paid order.
    async fn complain(&self, out_trade_no: &str) {
        let complaint = json!({ "out_trade_no": out_trade_no, "detail": "杯子碎了" });
        let answer = self.world.wechat.controlled("complaints", complaint).await;
        if let Some(id) = answer["complaint_id"].as_str() {
            self.world.give_first_to_staff(Task::Reply { complaint: id.to_owned() });
        }
    }

    /// The number to pay under: asked for until there is one, a minute at most.
    async fn attempt(&mut self, order: &str) -> Option<String> {
        for _ in 0..60 {
            match self.call("pay", order).await {
                Some((200, text)) => {
                    let line = text.lines().find_map(|line| line.strip_prefix("out_trade_no "))?;
                    return Some(line.to_owned());
                }
                // the balance has paid all of it
                Some((409, _)) => return None,
                _ => {}
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        None
    }

    async fn call(&mut self, name: &str, order: &str) -> Option<(u16, String)> {
        let body = Some(("text/plain;charset=utf-8", format!("order {order}\n")));
        let response = self.browser.send(Method::POST, &format!("/api/fn/{name}"), body).await?;
        Some((response.status().as_u16(), response.text().await.ok()?))
    }

    /// The merchant gives some or all of it back, as soon as the shop knows of the payment.
    async fn ask_back(&mut self, order: &str) {
        let fee = 1 + self.world.chance.below(3);
        let whole = self.world.chance.percent(50);
        let body =
            if whole { json!({ "reason": "soak" }) } else { json!({ "reason": "soak", "refund_fee": fee }) };
        for _ in 0..20 {
            let url = format!("{}/api/admin/orders/{order}/refunds", self.world.url);
            let request = self.world.http.post(url).bearer_auth(crate::world::ADMIN_KEY).json(&body);
            // an answer that was lost: a person would look first, and so does this one
            match request.send().await.map(|answer| answer.status().as_u16()) {
                Ok(409) => tokio::time::sleep(Duration::from_millis(500)).await,
                _ => return,
            }
        }
    }
}
