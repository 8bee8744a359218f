use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use wechat::wire::{Fields, xml};

use crate::{
    test_simulator::{TestSimulator, text},
    v3_calls::VALID_SIGNATURE,
};

const ALL: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";

impl TestSimulator {
    /// Sets the clock to this hour of the next day in Shanghai. Returns the date before the change.
    pub(crate) async fn tomorrow_at(&self, hour: i64) -> String {
        let now = text(&self.json("/_simulator/clock").await["now"]);
        let part = |at: std::ops::Range<usize>| now[at].parse::<i64>().unwrap();
        let today = part(11..13) * 3600 + part(14..16) * 60 + part(17..19);
        self.advance(86_400 - today + hour * 3600).await;
        now[..10].to_owned()
    }

    /// Sets the clock to a time far from midnight, so that the date does not change during the test.
    pub(crate) async fn at_noon(&self) {
        self.tomorrow_at(12).await;
    }

    pub(crate) async fn bill(&self, path: &str, fields: Fields) -> Vec<u8> {
        let url = format!("{}{path}", self.simulator.tls_url());
        let body = xml::write(&self.sign(fields));
        let answer = self.with_certificate().post(url).body(body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap().to_vec()
    }

    pub(crate) fn trade_bill(&self, date: &str, kind: &str) -> Fields {
        self.signed_as("MD5").with("bill_date", date.replace('-', "")).with("bill_type", kind)
    }

    async fn refused_bill(&self, fields: Fields) -> (String, String) {
        let reply = self.call("/pay/downloadbill", fields).await;
        assert_eq!(reply.get("return_code"), Some("FAIL"), "{reply:?}");
        (reply.get("return_msg").unwrap().to_owned(), reply.get("error_code").unwrap().to_owned())
    }
}

#[track_caller]
fn lines(bill: &[u8]) -> Vec<String> {
    let bill = std::str::from_utf8(bill).unwrap().strip_prefix('\u{feff}').unwrap();
    assert_eq!(bill.matches('\n').count(), bill.matches("\r\n").count());
    bill.strip_suffix("\r\n").unwrap().split("\r\n").map(str::to_owned).collect()
}

#[track_caller]
fn fields(line: &str) -> Vec<&str> {
    line.strip_prefix('`').unwrap().split(",`").collect()
}

#[track_caller]
fn decompressed(file: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    GzDecoder::new(file).read_to_end(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_bill_lists_and_sums_the_payments_and_refunds_of_a_day() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    let order = sim.order("order1").with("body", "茶,龙井,二两");
    sim.call("/pay/unifiedorder", order).await;
    sim.pay_order_without_coupon("order2").await;
    sim.pay_order("order1").await;
    sim.refund("order1", "r1", 990).await;
    sim.place_order("unpaid1").await;
    let date = sim.tomorrow_at(10).await;
    let bill = sim.bill("/pay/downloadbill", sim.trade_bill(&date, "ALL")).await;
    let lines = lines(&bill);
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0], ALL);
    let sums = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
    assert_eq!(lines[4], sums);
    assert_eq!(lines[5], "`3,`39.80,`9.90,`0.00,`0.18000,`39.80,`9.90");
    let paid = |line: &&String| line.contains("`order1,") && line.contains("`JSAPI,`SUCCESS,");
    let row = lines.iter().find(paid).unwrap();
    assert!(row.contains(",`茶,龙井,二两,`a & b,`0.12000,`0.60%,`19.90,`0.00,`"), "{row}");
    let refund = fields(lines.iter().find(|line| line.contains("`r1,")).unwrap());
    assert_eq!((refund[6], refund[9], refund[12], refund[15]), ("order1", "REFUND", "0.00", "r1"));
    assert_eq!((refund[16], refund[18], refund[19]), ("9.90", "ORIGINAL", "SUCCESS"));
    assert_eq!(&refund[refund.len() - 5..], ["-0.06000", "0.60%", "0.00", "9.90", ""]);
    assert!(!lines.iter().any(|line| line.contains("unpaid1")));
}

#[tokio::test]
async fn refunds_and_payments_have_separate_files() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.pay_order_without_coupon("order1").await;
    sim.control("refund", json!({ "outcome": "success", "after_s": 172_800 })).await;
    sim.refund("order1", "r1", 1990).await;
    let date = sim.tomorrow_at(11).await;
    let success = lines(&sim.bill("/pay/downloadbill", sim.trade_bill(&date, "SUCCESS")).await);
    assert_eq!(fields(&success[1]).len(), success[0].split(',').count());
    assert!(!success[0].contains("退款"));
    assert_eq!(success[2], "总交易单数,应结订单总金额,手续费总金额,订单总金额");
    assert_eq!(success[3], "`1,`19.90,`0.12000,`19.90");
    let refund = sim.bill("/pay/downloadbill", sim.trade_bill(&date, "REFUND")).await;
    let rows = lines(&refund);
    assert!(rows[0].contains("代金券金额,退款申请时间,退款成功时间,微信退款单号"));
    let row = fields(&rows[1]);
    assert!(row[14].starts_with(&date) && row[15].is_empty(), "not completed: {row:?}");
    assert_eq!((row[21], row[24]), ("PROCESSING", "-0.12000"));
    let none = sim.refused_bill(sim.trade_bill(&date, "RECHARGE_REFUND")).await;
    assert_eq!(none.0, "No Bill Exist");
    sim.advance(172_800).await;
    let later = sim.bill("/pay/downloadbill", sim.trade_bill(&date, "REFUND")).await;
    assert_eq!(refund, later, "a bill does not change");
    let compressed = sim.trade_bill(&date, "REFUND").with("tar_type", "GZIP");
    assert_eq!(decompressed(&sim.bill("/pay/downloadbill", compressed).await), refund);
}

#[tokio::test]
async fn each_bill_has_the_events_of_its_day() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.pay_order_without_coupon("order1").await;
    let first = sim.tomorrow_at(12).await;
    sim.pay_order_without_coupon("order2").await;
    sim.refund("order1", "r1", 100).await;
    let second = sim.tomorrow_at(12).await;
    let listed = async |day: &str| {
        let bill = lines(&sim.bill("/pay/downloadbill", sim.trade_bill(day, "ALL")).await);
        let rows = bill[1..bill.len() - 2].iter().map(|line| fields(line));
        rows.map(|row| (row[6].to_owned(), row[9].to_owned())).collect::<Vec<_>>()
    };
    let row = |number: &str, state: &str| (number.to_owned(), state.to_owned());
    assert_eq!(listed(&first).await, [row("order1", "SUCCESS")]);
    let mut later = listed(&second).await;
    later.sort();
    assert_eq!(later, [row("order1", "REFUND"), row("order2", "SUCCESS")]);
}

#[tokio::test]
async fn the_bill_lists_coupons_and_charges_the_fee_on_bought_ones() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.control("account", json!({ "notification_extras": false })).await;
    for (number, name) in ["order1", "order2"].into_iter().enumerate() {
        sim.place_order(name).await;
        let pay = json!({ "out_trade_no": name, "outcome": "ok", "coupon_fee": 100 });
        sim.control("pay", pay).await;
        // the first coupon was a gift, the second was bought
        assert_eq!(sim.query(name).await.get("coupon_type_0"), Some(["NO_CASH", "CASH"][number]));
        sim.refund(name, &format!("r-{name}"), 1990).await;
    }
    let date = sim.tomorrow_at(10).await;
    let bill = lines(&sim.bill("/pay/downloadbill", sim.trade_bill(&date, "ALL")).await);
    let row = |name: &str| {
        let line = bill.iter().find(|line| line.contains(name)).unwrap();
        fields(line).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let (gift, bought) = (row("`order1,"), row("`order2,"));
    assert_eq!((&*gift[12], &*gift[13], &*gift[24]), ("18.90", "0.00", "19.90"));
    assert_eq!((&*bought[12], &*bought[13], &*bought[24]), ("19.90", "1.00", "19.90"));
    let (gift, bought) = (row("r-order1"), row("r-order2"));
    assert_eq!((&*gift[16], &*gift[17], &*gift[25]), ("18.90", "0.00", "19.90"));
    assert_eq!((&*bought[16], &*bought[17], &*bought[25]), ("19.90", "1.00", "19.90"));
    assert!(bill.last().unwrap().contains("`0.00000,"), "the fee is refunded: {bill:?}");
}

#[tokio::test]
async fn a_missing_bill_has_the_documented_error() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.pay_order_without_coupon("order1").await;
    let day = |bill: Fields, day: &str| bill.with("bill_date", day);
    let before = sim.tomorrow_at(9).await;
    let bill = sim.trade_bill(&before, "ALL");
    assert_eq!(sim.refused_bill(bill.clone()).await, ("Bill Creating".to_owned(), "20003".to_owned()));
    sim.advance(3600).await;
    assert!(sim.bill("/pay/downloadbill", bill.clone()).await.starts_with("\u{feff}交易时间".as_bytes()));
    for (request, message) in [
        (day(bill.clone(), "20200101"), "No Bill Exist"),
        (day(bill.clone(), "20991231"), "No Bill Exist"),
        (day(bill.clone(), "2026-1-1"), "data format error"),
        (day(bill.clone(), ""), "missing parameter"),
        (bill.clone().with("bill_type", "EVERYTHING"), "invalid bill_type"),
        (bill.clone().with("tar_type", "ZIP"), "data format error"),
    ] {
        assert_eq!(sim.refused_bill(request).await.0, message);
    }
    let unsigned = xml::write(&bill.clone().with("sign", "0"));
    assert_eq!(sim.send("/pay/downloadbill", unsigned).await.get("return_msg"), Some("SIGN ERROR"));
    sim.control("faults", json!({ "endpoint": "downloadbill", "kind": "system_error", "times": 1 })).await;
    assert_eq!(sim.refused_bill(bill.clone()).await.1, "20100");
    sim.advance(93 * 86_400).await;
    assert_eq!(sim.refused_bill(bill).await.1, "20002", "bills are kept for three months");
}

#[tokio::test]
async fn the_fund_flow_bill_needs_the_certificate_and_its_sums_are_correct() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.pay_order_without_coupon("order1").await;
    sim.refund("order1", "r1", 990).await;
    let date = sim.tomorrow_at(10).await;
    let fund_flow_request = |sign_type: &str| {
        let fields = sim.signed_as(sign_type).with("bill_date", date.replace('-', ""));
        fields.with("account_type", "Basic")
    };
    let body = xml::write(&sim.sign(fund_flow_request("HMAC-SHA256")));
    let url = format!("{}/pay/downloadfundflow", sim.simulator.tls_url());
    assert_eq!(sim.client.post(url).body(body).send().await.unwrap().status(), 400);
    let md5 = sim.bill("/pay/downloadfundflow", fund_flow_request("MD5")).await;
    assert_eq!(xml::parse(&md5).unwrap().get("err_code"), Some("PARAM_ERROR"));
    let other = fund_flow_request("HMAC-SHA256").with("account_type", "Fees");
    let none = xml::parse(&sim.bill("/pay/downloadfundflow", other).await).unwrap();
    assert_eq!((none.get("result_code"), none.get("err_code_des")), (Some("FAIL"), Some("账单不存在")));
    let bill = lines(&sim.bill("/pay/downloadfundflow", fund_flow_request("HMAC-SHA256")).await);
    assert_eq!(
        bill[0],
        "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号"
    );
    let flows: Vec<_> = bill[1..4].iter().map(|line| fields(line)).collect();
    let reported: Vec<_> = flows.iter().map(|flow| (flow[3], flow[5], flow[6], flow[7])).collect();
    assert_eq!(
        reported,
        [
            ("交易", "收入", "19.90", "19.90"),
            ("扣除交易手续费", "支出", "0.12", "19.78"),
            ("退款", "支出", "9.84", "9.94"),
        ]
    );
    assert_eq!(bill[4], "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额");
    assert_eq!(bill[5], "`3,`1,`19.90,`2,`9.96");
}

#[tokio::test]
async fn v3_returns_the_hash_of_the_file_and_its_download_url() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.pay_order_without_coupon("order1").await;
    let date = sim.tomorrow_at(10).await;
    let path = format!("/v3/bill/tradebill?bill_date={date}&bill_type=ALL&tar_type=GZIP");
    let (status, ready) = sim.v3("GET", &path, Value::Null).await;
    assert_eq!((status, &ready["hash_type"]), (200, &json!("SHA1")));
    let url = text(&ready["download_url"]);
    let path = url.strip_prefix(sim.simulator.url()).unwrap();
    assert!(path.starts_with("/v3/billdownload/file?token="));
    assert_eq!(sim.get(path).await.status(), 401, "the download must be signed");
    let file = sim.v3_with("GET", path, "", &VALID_SIGNATURE, "").await;
    assert_eq!(file.status(), 200);
    assert!(file.headers().get("wechatpay-signature").is_none());
    let file = decompressed(&file.bytes().await.unwrap());
    assert_eq!(hex::encode(Sha1::digest(&file)), text(&ready["hash_value"]));
    assert_eq!(file, sim.bill("/pay/downloadbill", sim.trade_bill(&date, "ALL")).await);
    let flow = format!("/v3/bill/fundflowbill?bill_date={date}&account_type=BASIC");
    let (_, ready) = sim.v3("GET", &flow, Value::Null).await;
    let other = text(&ready["download_url"]);
    let other = other.strip_prefix(sim.simulator.url()).unwrap();
    let file = sim.v3_with("GET", other, "", &VALID_SIGNATURE, "").await.bytes().await.unwrap();
    assert_eq!(hex::encode(Sha1::digest(&file)), text(&ready["hash_value"]));
    sim.advance(300).await;
    assert_eq!(sim.v3_with("GET", path, "", &VALID_SIGNATURE, "").await.status(), 400, "five minutes");
}

#[tokio::test]
async fn the_download_url_has_the_host_of_the_request() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.pay_order_without_coupon("order1").await;
    let date = sim.tomorrow_at(10).await;
    let path = format!("/v3/bill/tradebill?bill_date={date}");
    let base = "https://api.mch.weixin.qq.com";
    let port = sim.simulator.tls_url().rsplit(':').next().unwrap().parse::<u16>().unwrap();
    let client = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .resolve("api.mch.weixin.qq.com", ([127, 0, 0, 1], port).into())
        .no_proxy()
        .build()
        .unwrap();
    let ask = client
        .get(format!("https://api.mch.weixin.qq.com:{port}{path}"))
        .header("host", "api.mch.weixin.qq.com")
        .header("authorization", sim.authorization("GET", &path, "", &VALID_SIGNATURE))
        .header("accept", "application/json")
        .header("user-agent", "test");
    let ready: Value = ask.send().await.unwrap().json().await.unwrap();
    assert!(text(&ready["download_url"]).starts_with(&format!("{base}/v3/billdownload/file?token=")));
}

#[tokio::test]
async fn v3_has_its_own_error_codes_and_can_return_a_wrong_hash() {
    let sim = TestSimulator::start().await;
    sim.at_noon().await;
    sim.pay_order_without_coupon("order1").await;
    let date = sim.tomorrow_at(9).await;
    let refused = async |query: String| {
        let (status, answer) = sim.v3("GET", &format!("/v3/bill/tradebill?{query}"), Value::Null).await;
        assert_eq!(status, 400, "{answer}");
        text(&answer["code"])
    };
    assert_eq!(refused(format!("bill_date={date}")).await, "STATEMENT_CREATING");
    sim.advance(3600).await;
    assert_eq!(refused("bill_date=2020-01-01".to_owned()).await, "NO_STATEMENT_EXIST");
    assert_eq!(refused(format!("bill_date={date}&bill_type=REFUND")).await, "NO_STATEMENT_EXIST");
    for wrong in ["", "bill_date=20260101", &format!("bill_date={date}&bill_type=RECHARGE_REFUND")] {
        assert_eq!(refused(wrong.to_owned()).await, "PARAM_ERROR", "{wrong}");
    }
    sim.control("faults", json!({ "endpoint": "tradebill", "kind": "wrong_hash", "times": 1 })).await;
    let (_, ready) = sim.v3("GET", &format!("/v3/bill/tradebill?bill_date={date}"), Value::Null).await;
    assert_eq!(ready["hash_value"], "0".repeat(40));
}
