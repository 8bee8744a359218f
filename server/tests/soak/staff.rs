//! Staff, who ship what was paid in the mini program and answer complaints, over HTTP.

use std::{io::Write, process::Stdio, sync::Arc, time::Duration};

use reqwest::Method;

use crate::{after_sales, browser::Browser, world::World};

const PASSWORD: &str = "a long password of the soak run";

/// The carrier of all parcels.
const CARRIER: &str = "顺丰速运";

/// What staff have to do. A step that fails is tried again.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    /// Ship an order in so many parcels; `next` is the one to send.
    Ship { order: String, parcels: i64, next: i64 },
    /// Reply to a complaint.
    Reply { complaint: String },
    /// Finish a complaint that has a reply.
    Finish { complaint: String },
    /// Agree that a shopper sends goods back.
    AgreeToReturn { after_sale: String },
    /// Receive the goods.
    ReceiveReturn { after_sale: String },
    /// Refund an after-sale.
    RefundAfterSale { after_sale: String, restock: bool },
    /// Decline an after-sale.
    DeclineAfterSale { after_sale: String },
}

impl Task {
    /// The order, the complaint or the after-sale that it is about.
    pub(crate) fn subject(&self) -> &str {
        match self {
            Self::Ship { order, .. } => order,
            Self::Reply { complaint } | Self::Finish { complaint } => complaint,
            Self::AgreeToReturn { after_sale }
            | Self::ReceiveReturn { after_sale }
            | Self::RefundAfterSale { after_sale, .. }
            | Self::DeclineAfterSale { after_sale } => after_sale,
        }
    }
}

/// The end of a step.
enum Step {
    /// Nothing follows.
    Done,
    /// This follows.
    Next(Task),
    /// It did not succeed; the status of the answer, 0 without one.
    Again(Task, u16),
}

/// The words of the reply to a complaint: each complaint has its own.
pub(crate) fn reply_to(complaint: &str) -> String {
    format!("我们为您处理 {complaint}")
}

impl World {
    /// Adds a member of staff. Without servers: the command makes the tables.
    #[track_caller]
    pub(crate) fn add_staff(&self, name: &str) {
        let mut command = self.command(&["staff", "add", name, "--role", "owner", "--no-totp"]);
        let mut adding = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        writeln!(adding.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(adding.wait().unwrap().success());
    }

    /// Registers the address of notifications about complaints.
    #[track_caller]
    pub(crate) fn register_complaints(&self) {
        let ended = self.command(&["complaints", "register"]).stdout(Stdio::null()).status().unwrap();
        assert!(ended.success());
    }
}

/// Works until all shoppers have left and nothing is to do.
pub(crate) async fn work(world: Arc<World>, name: &'static str) {
    let mut browser = signed_in(&world, name).await;
    let (mut idle, mut failures) = (0, 0);
    while idle < 10 || !world.is_sold() {
        let Some(task) = world.next_task() else {
            idle += 1;
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        idle = 0;
        match step(&mut browser, task).await {
            Step::Done => {}
            Step::Next(task) => world.give_to_staff(task),
            Step::Again(task, status) => {
                // the lease of a job of a killed server lasts a minute
                failures += i32::from(world.is_sold());
                assert!(failures < 300, "{name} cannot do this ({status}): {task:?} (seed {})", world.seed);
                if let Task::Reply { .. } | Task::Finish { .. } = task
                    && world.chance.percent(10)
                {
                    world.hurry_complaints().await;
                }
                world.give_to_staff(task);
                let pause_ms = if world.is_sold() { 500 } else { 100 };
                tokio::time::sleep(Duration::from_millis(pause_ms)).await;
            }
        }
    }
}

async fn signed_in(world: &Arc<World>, name: &str) -> Browser {
    let mut browser = Browser::new(world);
    // on a busy machine a killed server may need a minute for its start
    for _ in 0..1200 {
        let form = [("name", name), ("password", PASSWORD), ("code", "")];
        let answer = browser.post("/console/sign-in", &form).await;
        if answer.is_some_and(|answer| answer.status() == 303) {
            return browser;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{name} could not sign in");
}

async fn step(browser: &mut Browser, task: Task) -> Step {
    let status = match &task {
        Task::Ship { order, parcels, next } => {
            let (number, tracking) = (next.to_string(), tracking_no(order, *next));
            let more = if next < parcels { "1" } else { "" };
            let form = [
                ("parcel", &*number),
                ("correct", ""),
                ("carrier", CARRIER),
                ("tracking_no", &*tracking),
                ("more", more),
            ];
            browser.post(&format!("/console/orders/{order}/ship"), &form).await
        }
        Task::Reply { complaint } => {
            let form = [("text", &*reply_to(complaint)), ("seen", "0")];
            browser.post(&format!("/console/complaints/{complaint}/reply"), &form).await
        }
        Task::Finish { complaint } => {
            let form = [("text", ""), ("seen", "1")];
            browser.post(&format!("/console/complaints/{complaint}/finish"), &form).await
        }
        Task::AgreeToReturn { after_sale } => {
            browser.post(&of_after_sale(after_sale, "agree"), &[("answer", "示例路 1 号")]).await
        }
        Task::ReceiveReturn { after_sale } => browser.post(&of_after_sale(after_sale, "receive"), &[]).await,
        Task::DeclineAfterSale { after_sale } => {
            browser.post(&of_after_sale(after_sale, "decline"), &[("answer", "不符合条件")]).await
        }
        Task::RefundAfterSale { after_sale, restock } => {
            match after_sales::amount(browser, after_sale).await {
                Some(fee) if fee.is_empty() => return Step::Done,
                Some(fee) => {
                    let number = format!("{after_sale}R");
                    let restock = if *restock { "1" } else { "" };
                    let form = [("fee", &*fee), ("number", &*number), ("restock", restock)];
                    browser.post(&of_after_sale(after_sale, "refund"), &form).await
                }
                None => None,
            }
        }
    };
    let status = status.map_or(0, |answer| answer.status().as_u16());
    match (task, status) {
        (Task::Ship { order, parcels, next }, 303) if next < parcels => {
            Step::Next(Task::Ship { order, parcels, next: next + 1 })
        }
        // 409: the answer to the first form was lost, or another refund has returned the money meanwhile
        (Task::AgreeToReturn { after_sale }, 303 | 409) => Step::Next(Task::ReceiveReturn { after_sale }),
        (Task::ReceiveReturn { after_sale }, 303 | 409) => {
            Step::Next(Task::RefundAfterSale { after_sale, restock: true })
        }
        // the goods were sent meanwhile: they cannot return to the stock
        (Task::RefundAfterSale { after_sale, restock: true }, 400 | 409) => {
            Step::Next(Task::RefundAfterSale { after_sale, restock: false })
        }
        // 409: another refund has returned the money meanwhile
        (Task::RefundAfterSale { .. } | Task::DeclineAfterSale { .. }, 303 | 409) => Step::Done,
        (Task::Ship { .. } | Task::Finish { .. }, 303) => Step::Done,
        // 409: somebody has answered since: the own form, whose answer was lost
        (Task::Reply { complaint }, 303 | 409) => Step::Next(Task::Finish { complaint }),
        // the answer to the first form was lost
        (Task::Finish { complaint }, 400) if has_ended(browser, &complaint).await => Step::Done,
        (Task::Finish { .. }, 409) => Step::Done,
        (task, status) => Step::Again(task, status),
    }
}

fn of_after_sale(id: &str, action: &str) -> String {
    format!("/console/after-sales/{id}/{action}")
}

/// Whether the page of a complaint says that it has ended.
async fn has_ended(browser: &mut Browser, complaint: &str) -> bool {
    let page = browser.send(Method::GET, &format!("/console/complaints/{complaint}"), None).await;
    match page {
        Some(page) => page.text().await.is_ok_and(|page| page.contains("已完成")),
        None => false,
    }
}

pub(crate) fn tracking_no(order: &str, parcel: i64) -> String {
    format!("SF{}{parcel}", &order[order.len() - 12..])
}
