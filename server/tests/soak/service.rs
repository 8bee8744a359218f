//! What staff did, at WeChat and on the books: each parcel is reported, and each answer to a complaint is sent, once.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use test_support::TestConnection;

use crate::{
    books::Row,
    staff::{Task, reply_to, tracking_no},
    world::World,
};

/// The calls about deliveries.
const UPLOAD: &str = "/wxa/sec/order/upload_shipping_info";
const QUESTION: &str = "/wxa/sec/order/get_order";

/// A call about the delivery of an order.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// When it arrived: the simulator adds it to its log when it ends.
    at: String,
    /// WeChat's number of the payment.
    transaction_id: String,
    /// The tracking numbers of an upload; `None` for a question.
    parcels: Option<Vec<String>>,
}

impl Call {
    pub(crate) const fn is_upload(&self) -> bool {
        self.parcels.is_some()
    }

    /// From an entry of the simulator's log of requests.
    fn of(entry: &Value) -> Option<Self> {
        let path = entry["path"].as_str()?;
        let is_upload = path.starts_with(UPLOAD);
        if !is_upload && !path.starts_with(QUESTION) {
            return None;
        }
        let body: Value = serde_json::from_str(entry["request"].as_str()?).ok()?;
        let at = entry["at"].as_str()?.to_owned();
        if !is_upload {
            return Some(Self {
                at,
                transaction_id: body["transaction_id"].as_str()?.to_owned(),
                parcels: None,
            });
        }
        let numbers = body["shipping_list"].as_array()?.iter();
        let numbers = numbers.filter_map(|parcel| parcel["tracking_no"].as_str().map(str::to_owned));
        Some(Self {
            at,
            transaction_id: body["order_key"]["transaction_id"].as_str()?.to_owned(),
            parcels: Some(numbers.collect()),
        })
    }
}

/// Collects the calls, because the simulator keeps the last ones only.
pub(crate) struct Calls {
    found: Arc<Mutex<Vec<Call>>>,
    ends: Arc<AtomicBool>,
    following: tokio::task::JoinHandle<()>,
}

pub(crate) fn follow(world: &Arc<World>) -> Calls {
    let (found, ends) = (Arc::new(Mutex::default()), Arc::new(AtomicBool::new(false)));
    let (world, kept, end): (_, Arc<Mutex<Vec<Call>>>, _) =
        (Arc::clone(world), Arc::clone(&found), Arc::clone(&ends));
    let following = tokio::spawn(async move {
        let mut after = 0;
        loop {
            // the last look comes after the end
            let is_last = end.load(Ordering::Relaxed);
            let log = world.wechat.json(&format!("requests?after={after}")).await;
            let new = log["requests"].as_array().unwrap();
            let first = new.first().and_then(|entry| entry["number"].as_u64());
            assert!(first.is_none_or(|first| first <= after + 1 || after == 0), "requests were missed");
            let calls: Vec<Call> = new.iter().filter_map(Call::of).collect();
            kept.lock().unwrap_or_else(PoisonError::into_inner).extend(calls);
            after = log["last"].as_u64().unwrap();
            if is_last {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    Calls { found, ends, following }
}

impl Calls {
    /// All calls, in their sequence.
    pub(crate) async fn end(self) -> Vec<Call> {
        self.ends.store(true, Ordering::Relaxed);
        self.following.await.unwrap();
        let mut calls = self.found.lock().unwrap().clone();
        calls.sort_by(|one, other| one.at.cmp(&other.at));
        calls
    }
}

/// WeChat has each parcel. The same upload is not repeated unless WeChat was asked in between.
pub(crate) async fn deliveries(
    world: &World,
    database: &TestConnection,
    ledger: &Value,
    calls: &[Call],
) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut of_payment: HashMap<&str, Vec<&Call>> = HashMap::new();
    for call in calls {
        of_payment.entry(&call.transaction_id).or_default().push(call);
    }
    for (payment, calls) in &of_payment {
        let mut last: Option<&Call> = None;
        for call in calls {
            if call.is_upload() && last.is_some_and(|last| last.parcels == call.parcels) {
                wrong.push(format!("{payment}: {call:?} was repeated, and WeChat was not asked"));
            }
            last = Some(*call);
        }
    }
    let by_order = |rows: Vec<Row>| -> BTreeMap<String, Row> {
        rows.into_iter().map(|row| (row["order_id"].clone(), row)).collect()
    };
    let reports = database.table("delivery_reports");
    let reports = by_order(reports.rows("order_id, out_trade_no, state, is_unanswered, code").await);
    // the upload of an older version may arrive last: WeChat refuses it for its time, so its calls do not say what it has
    let at_wechat: HashMap<&str, Vec<&str>> = ledger["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| {
            let parcels = delivery["shipping"]["shipping_list"].as_array().map_or(&[][..], Vec::as_slice);
            let numbers = parcels.iter().filter_map(|parcel| parcel["tracking_no"].as_str());
            (delivery["merchant_trade_no"].as_str().unwrap(), numbers.collect())
        })
        .collect();
    for task in world.given.lock().unwrap().iter() {
        let Task::Ship { order, parcels, .. } = task else { continue };
        let Some(report) = reports.get(order) else {
            wrong.push(format!("{order}: shipped, and there is no report"));
            continue;
        };
        if (&*report["state"], &*report["is_unanswered"]) != ("reported", "0") {
            wrong.push(format!("{order}: its report is {report:?}"));
        }
        let reported = at_wechat.get(&*report["out_trade_no"]);
        let expected: Vec<String> = (1..=*parcels).map(|parcel| tracking_no(order, parcel)).collect();
        if reported.is_none_or(|reported| *reported != expected) {
            wrong.push(format!("{order}: WeChat has {reported:?}, not {expected:?}"));
        }
    }
    wrong
}

/// Each complaint has its reply once, and has ended.
pub(crate) async fn complaints(world: &World, database: &TestConnection) -> Vec<String> {
    let all = world.wechat.json("complaints").await;
    let mut wrong = Vec::new();
    let rows = database.table("complaint_answers").rows("complaint_id, kind, state").await;
    for task in world.given.lock().unwrap().iter() {
        let Task::Reply { complaint } = task else { continue };
        let known =
            all["complaints"].as_array().unwrap().iter().find(|row| row["complaint_id"] == **complaint);
        let text = reply_to(complaint);
        let history = known.and_then(|known| known["history"].as_array()).map_or(&[][..], Vec::as_slice);
        let times = history.iter().filter(|entry| entry["text"].as_str() == Some(&*text)).count();
        if times != 1 {
            wrong.push(format!("{complaint}: WeChat has its reply {times} times"));
        }
        let of_complaint = rows.iter().filter(|row| row["complaint_id"] == *complaint);
        let mut answers: Vec<_> = of_complaint.map(|row| (&*row["kind"], &*row["state"])).collect();
        answers.sort_unstable();
        if answers != [("finish", "sent"), ("reply", "sent")] {
            wrong.push(format!("{complaint}: its answers are {answers:?}"));
        }
    }
    let ended = database.table("complaints").with("state", "processed").count().await;
    let given = world.given.lock().unwrap().iter().filter(|task| matches!(task, Task::Reply { .. })).count();
    if usize::try_from(ended).ok() != Some(given) {
        wrong.push(format!("{given} complaints were made, {ended} have ended on the books"));
    }
    wrong
}
