//! Shoppers who ask for money back for some pieces, and the books about it.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use reqwest::Method;
use test_support::TestConnection;

use crate::{
    books::{Row, number},
    browser::{Browser, location},
    staff::Task,
    world::World,
};

/// How often a step is tried, and the pause before the next try.
const TRIES: usize = 40;
const PAUSE: Duration = Duration::from_millis(200);

/// Asks for the money of one piece of a paid order. Staff refund most requests and decline the others.
pub(crate) async fn ask_for_a_piece(world: &World, browser: &mut Browser, order: &str) {
    let Some(id) = ask(browser, order, "refund", 1).await else { return };
    let task = if world.chance.percent(80) {
        Task::RefundAfterSale { after_sale: id, restock: world.chance.percent(50) }
    } else {
        Task::DeclineAfterSale { after_sale: id }
    };
    world.give_first_to_staff(task);
}

/// Sends a piece of a shipped order back. The last piece stays, so that WeChat still has to know the delivery.
pub(crate) async fn send_a_piece_back(world: &World, browser: &mut Browser, order: &str) {
    let Some(id) = ask(browser, order, "return", 2).await else { return };
    world.give_first_to_staff(Task::AgreeToReturn { after_sale: id.clone() });
    let path = format!("/orders/{order}/after-sales/{id}/parcel");
    for _ in 0..TRIES {
        let sent = browser.post(&path, &[("carrier", "顺丰"), ("tracking_no", &id)]).await;
        if sent.is_some_and(|answer| answer.status() == 303) {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Sends the form for one piece; the id of the after-sale. `least`: the pieces that the order must have.
async fn ask(browser: &mut Browser, order: &str, kind: &str, least: i64) -> Option<String> {
    let path = format!("/orders/{order}/after-sale");
    for _ in 0..TRIES {
        tokio::time::sleep(PAUSE).await;
        let Some(page) = browser.send(Method::GET, &path, None).await else { continue };
        let Ok(page) = page.text().await else { continue };
        let Some(left) = page.split("max=\"").nth(1).and_then(|rest| rest.split('"').next()) else {
            continue;
        };
        if left.parse().is_ok_and(|left: i64| left < least) {
            return None;
        }
        let fields = [("kind", kind), ("pieces-1", "1"), ("reason", "soak")];
        let mut body = String::new();
        for (name, value) in fields {
            body += &format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--edge--\r\n";
        let form = Some(("multipart/form-data; boundary=edge", body));
        let Some(answer) = browser.send(Method::POST, &path, form).await else { continue };
        // the goods may not be sent yet, and the shop may not know of the payment
        if let Some(place) = location(&answer)
            && let Some((_, id)) = place.split_once("/after-sales/")
        {
            return Some(id.to_owned());
        }
    }
    None
}

/// The amount that the console offers to refund; `None` if the page does not come, empty if nothing is to refund.
pub(crate) async fn amount(browser: &mut Browser, after_sale: &str) -> Option<String> {
    let order = after_sale.split('S').next()?;
    let page = browser.send(Method::GET, &format!("/console/orders/{order}"), None).await?;
    if page.status() != 200 {
        return None;
    }
    let page = page.text().await.ok()?;
    let link = format!("/console/after-sales/{after_sale}/refund?fee=");
    Some(page.split(&link).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned())
}

/// Each after-sale has ended as its refund did, and no piece is in two of them.
pub(crate) async fn compare(world: &World, database: &TestConnection) -> Vec<String> {
    let given: Vec<String> =
        world.given.lock().unwrap().iter().map(|task| task.subject().to_owned()).collect();
    let of_number = |rows: Vec<Row>| -> HashMap<String, Row> {
        rows.into_iter().map(|row| (row["out_refund_no"].clone(), row)).collect()
    };
    let refunds = of_number(database.table("refunds").rows("out_refund_no, state, refund_fee").await);
    let after_sales = database.table("after_sales").rows("id, order_id, state, fee, out_refund_no").await;
    let mut wrong = Vec::new();
    for row in &after_sales {
        let refund = refunds.get(&row["out_refund_no"]);
        let refund_state = refund.map(|refund| &*refund["state"]);
        let is_right = match &*row["state"] {
            // another refund may have returned everything
            "refunded" => {
                row["out_refund_no"].is_empty() || refund_state.is_some_and(|state| state != "requested")
            }
            "failed" => refund_state == Some("closed"),
            "declined" => refund.is_none(),
            // the answer to the shopper was lost, so staff do not know of it
            "requested" => refund.is_none() && !given.contains(&row["id"]),
            _ => false,
        };
        let fee = refund.map_or(0, |refund| number(refund, "refund_fee"));
        if !is_right || fee > number(row, "fee") {
            wrong.push(format!("{row:?}: its refund is {refund:?}"));
        }
    }
    let order_of: HashMap<&String, &Row> = after_sales.iter().map(|row| (&row["id"], row)).collect();
    let mut claimed: BTreeMap<(String, String), i64> = BTreeMap::new();
    for line in database.table("after_sale_lines").rows("after_sale_id, position, pieces").await {
        let after_sale = order_of[&line["after_sale_id"]];
        if after_sale["state"] != "declined" {
            let line_of_order = (after_sale["order_id"].clone(), line["position"].clone());
            *claimed.entry(line_of_order).or_default() += number(&line, "pieces");
        }
    }
    for item in database.table("order_items").rows("order_id, position, quantity").await {
        let line = (item["order_id"].clone(), item["position"].clone());
        if claimed.get(&line).is_some_and(|pieces| *pieces > number(&item, "quantity")) {
            wrong.push(format!("{line:?}: {} pieces are in after-sales", claimed[&line]));
        }
    }
    wrong
}

/// The pieces that refunds of after-sales returned to the stock, for each specification.
pub(crate) async fn restocked(database: &TestConnection) -> HashMap<String, i64> {
    let not_returned: Vec<String> = database
        .table("differences")
        .with("kind", "restock_after_shipment")
        .rows("id")
        .await
        .into_iter()
        .map(|row| row["id"].clone())
        .collect();
    let refunds = database.table("refunds").with("state", "success").with("restock", 1);
    let refunds: Vec<String> = refunds
        .rows("out_refund_no")
        .await
        .into_iter()
        .map(|row| row["out_refund_no"].clone())
        .filter(|number| !not_returned.iter().any(|id| id.ends_with(number)))
        .collect();
    let skus: HashMap<(String, String), String> = database
        .table("order_items")
        .rows("order_id, position, sku")
        .await
        .into_iter()
        .map(|row| ((row["order_id"].clone(), row["position"].clone()), row["sku"].clone()))
        .collect();
    let lines = database.table("after_sale_lines").rows("after_sale_id, position, pieces").await;
    let mut returned = HashMap::new();
    for after_sale in database.table("after_sales").rows("id, order_id, out_refund_no").await {
        if !refunds.contains(&after_sale["out_refund_no"]) {
            continue;
        }
        for line in lines.iter().filter(|line| line["after_sale_id"] == after_sale["id"]) {
            let sku = &skus[&(after_sale["order_id"].clone(), line["position"].clone())];
            *returned.entry(sku.clone()).or_default() += number(line, "pieces");
        }
    }
    returned
}
