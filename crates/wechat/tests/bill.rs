//! Tests of the parsers of bills, with files of both formats.
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use wechat::{
    bill::{BillError, Direction, FundFlowBill, TradeBill, unpack},
    pay::v2::{TradeState, TradeType},
};

const HEADER: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,\
    货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,\
    手续费,费率,订单金额,申请退款金额,费率备注";
const PAID: &str = "`2021-01-28 17:07:11,`wx8100000000000000,`1601959334,`0,`,`4200000925202101284997714292,`S2021,\
    `ofyak5q,`NATIVE,`SUCCESS,`OTHERS,`CNY,`1299.00,`0.00,`0,`0,`0.00,`0.00,`,`,`茶, 绿, 50 g,`cipher, code,`7.79000,\
    `0.60%,`1299.00,`0.00,`";
const REFUNDED: &str = "`2021-01-28 18:07:11,`wx8100000000000000,`1601959334,`0,`,`4200000925202101284997714292,`S2021,\
    `ofyak5q,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50300807092021012804,`R1,`0.29,`0.00,`ORIGINAL,`SUCCESS,`茶,`,\
    `-0.00174,`0.60%,`0.00,`0.29,`";
const SUMMARY_HEADER: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
const SUMMARY: &str = "`2,`1299.00,`0.29,`0.00,`7.78826,`1299.00,`0.29";

fn file(lines: &[&str], end: &str) -> String {
    lines.iter().map(|line| format!("{line}{end}")).collect()
}

fn whole() -> String {
    file(&[HEADER, PAID, REFUNDED, SUMMARY_HEADER, SUMMARY], "\r\n")
}

#[test]
fn payments_and_refunds_are_read_exactly() {
    let bill = TradeBill::parse(whole().as_bytes()).unwrap();
    let (paid, refunded) = (&bill.rows[0], &bill.rows[1]);
    assert_eq!((paid.order_fee, paid.settlement_fee, paid.fee), (129_900, 129_900, 779_000));
    assert_eq!((&*paid.body, &*paid.attach), ("茶, 绿, 50 g", "cipher, code"));
    assert_eq!((&paid.trade_type, &paid.trade_state), (&TradeType::Native, &TradeState::Success));
    assert_eq!((&paid.refund, &*paid.rate), (&None, "0.60%"));
    let refund = refunded.refund.as_ref().unwrap();
    assert_eq!((&*refund.out_refund_no, refund.refund_fee, refund.applied_refund_fee), ("R1", 29, Some(29)));
    assert_eq!((&refunded.trade_state, refunded.fee), (&TradeState::Refund, -174));
    assert_eq!((bill.summary.count, bill.summary.refund_fee), (2, 29));
}

#[test]
fn line_ends_byte_order_mark_and_compression_do_not_matter() {
    let expected = TradeBill::parse(whole().as_bytes()).unwrap();
    let lines = [HEADER, PAID, REFUNDED, SUMMARY_HEADER, SUMMARY];
    for text in [
        file(&lines, "\n"),
        format!("\u{feff}{}", whole()),
        whole().trim_end().to_owned(),
        format!("{}\r\n\r\n", whole()),
    ] {
        assert_eq!(TradeBill::parse(text.as_bytes()).unwrap(), expected);
        let mut compressed = GzEncoder::new(Vec::new(), Compression::default());
        compressed.write_all(text.as_bytes()).unwrap();
        assert_eq!(TradeBill::parse(&compressed.finish().unwrap()).unwrap(), expected);
    }
}

#[test]
fn the_older_format_is_read() {
    let header = "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,\
        总金额,企业红包金额,微信退款单号,商户退款单号,退款金额,企业红包退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率";
    let row = "`2014-11-1016:33:45,`wx2421b1c4370ec43b,`10000100,`0,`1000,`1001690740201411100005734289,`1415640626,\
        `085e9858e3ba5186aafcbaed1,`MICROPAY,`SUCCESS,`CFT,`CNY,`0.01,`0.0,`0,`0,`0,`0,`,`,`被扫支付测试,`订单额外描述,`0,`0.60%";
    let summary_header = "总交易单数,总交易额,总退款金额,总企业红包退款金额,手续费总金额";
    let bill =
        TradeBill::parse(file(&[header, row, summary_header, "`1,`0.01,`0.0,`0.0,`0"], "\n").as_bytes());
    let bill = bill.unwrap();
    assert_eq!((bill.rows[0].order_fee, bill.rows[0].settlement_fee), (1, 1));
    assert_eq!((bill.summary.order_fee, &bill.rows[0].trade_type), (None, &TradeType::Micropay));
}

#[test]
fn unknown_columns_are_ignored() {
    let text = whole()
        .replace(HEADER, &format!("明日,{HEADER}"))
        .replace("`2021", "`x,`2021")
        .replace(SUMMARY_HEADER, &format!("{SUMMARY_HEADER},明日"))
        .replace(SUMMARY, &format!("{SUMMARY},`1"));
    assert_eq!(TradeBill::parse(text.as_bytes()).unwrap(), TradeBill::parse(whole().as_bytes()).unwrap());
}

#[test]
fn a_bill_without_refund_columns_is_read() {
    let header = HEADER.replace("微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,", "");
    let row = PAID.replace("`0,`0,`0.00,`0.00,`,`,`茶", "`茶");
    let summary = "`1,`1299.00,`0.00,`0.00,`7.79000,`1299.00,`0.00";
    let bill = TradeBill::parse(file(&[&header, &row, SUMMARY_HEADER, summary], "\n").as_bytes()).unwrap();
    assert_eq!((bill.rows.len(), &bill.rows[0].refund), (1, &None));
}

#[test]
fn a_bill_of_payments_has_no_refund_sums() {
    // WeChat's documentation of the SUCCESS bill has four sums
    let rows = [
        "交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,\
         商户数据包,手续费,费率,订单金额,费率备注",
        "`2026-01-01 12:00:00,`wx1,`1900000109,`42,`S1,`oUpF8u,`JSAPI,`SUCCESS,`OTHERS,`CNY,`19.90,`0.00,`Tea,`,`0.11940,\
         `0.60%,`19.90,`",
        "总交易单数,应结订单总金额,手续费总金额,订单总金额",
        "`1,`19.90,`0.11940,`19.90",
    ];
    let bill = TradeBill::parse(file(&rows, "\r\n").as_bytes()).unwrap();
    assert_eq!((bill.summary.refund_fee, bill.rows[0].order_fee), (0, 1990));
}

#[test]
fn a_day_without_trades_has_a_summary() {
    let text = file(&[HEADER, SUMMARY_HEADER, "`0,`0.00,`0.00,`0.00,`0.00000,`0.00,`0.00"], "\r\n");
    assert!(TradeBill::parse(text.as_bytes()).unwrap().rows.is_empty());
}

#[test]
fn a_bill_with_wrong_sums_is_refused() {
    let with = |from: &str, to: &str| TradeBill::parse(whole().replace(from, to).as_bytes()).unwrap_err();
    assert_eq!(
        with(SUMMARY, "`3,`1299.00,`0.29,`0.00,`7.78826,`1299.00,`0.29"),
        BillError::Sum("总交易单数")
    );
    assert_eq!(
        with(SUMMARY, "`2,`1299.01,`0.29,`0.00,`7.78826,`1299.00,`0.29"),
        BillError::Sum("应结订单总金额")
    );
    assert_eq!(
        with(SUMMARY, "`2,`1299.00,`0.28,`0.00,`7.78826,`1299.00,`0.29"),
        BillError::Sum("退款总金额")
    );
    assert_eq!(
        with(SUMMARY, "`2,`1299.00,`0.29,`0.00,`7.78827,`1299.00,`0.29"),
        BillError::Sum("手续费总金额")
    );
    assert_eq!(
        with(SUMMARY, "`2,`1299.00,`0.29,`0.00,`7.78826,`1299.01,`0.29"),
        BillError::Sum("订单总金额")
    );
    assert_eq!(
        with(SUMMARY, "`2,`1299.00,`0.29,`0.00,`7.78826,`1299.00,`0.30"),
        BillError::Sum("申请退款总金额")
    );
}

#[test]
fn a_truncated_or_wrong_bill_has_an_error_with_the_reason() {
    let parse = |text: &str| TradeBill::parse(text.as_bytes()).unwrap_err();
    assert_eq!(parse(""), BillError::NoSummary);
    assert_eq!(parse(&file(&[HEADER, PAID], "\n")), BillError::NoSummary);
    assert_eq!(parse(&file(&[HEADER, PAID, SUMMARY_HEADER], "\n")), BillError::NoSummary);
    assert_eq!(parse(&format!("{}{SUMMARY}", whole())), BillError::NoSummary);
    assert_eq!(parse(&whole().replace("微信订单号", "号")), BillError::Column("微信订单号"));
    let unreadable = |text: &str| TradeBill::parse(text.as_bytes()).unwrap().unreadable[0].error.clone();
    assert_eq!(unreadable(&whole().replace(",`cipher, code", "")), BillError::Row(2));
    assert_eq!(unreadable(&whole().replace("绿", "绿,`")), BillError::Row(2));
    assert_eq!(
        unreadable(&whole().replace("`1299.00,`0.00,`0,", "`1299.001,`0.00,`0,")),
        BillError::Field { line: 2, column: "应结订单金额" }
    );
    assert_eq!(TradeBill::parse(&[0xff, b'\n']).unwrap_err(), BillError::NotUtf8);
    assert_eq!(TradeBill::parse(&[0x1f, 0x8b, 1]).unwrap_err(), BillError::Gzip);
}

#[test]
fn trap_11_a_file_that_decompresses_to_too_many_bytes_is_refused() {
    let mut compressed = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..257 {
        compressed.write_all(&zeros).unwrap();
    }
    assert_eq!(unpack(&compressed.finish().unwrap()).unwrap_err(), BillError::TooLong);
}

const FLOW: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号
`2018-02-01 04:21:23,`50000305742018020103387128253,`1900009231201802015884652186,`退款,`退款,`支出,`0.02,`0.17,`system,`缺货, 抱歉,`REF4200000068201801293084726067
`2018-02-01 05:21:23,`4200000068201801293084726067,`1900009231201802015884652187,`交易,`交易,`收入,`1.00,`1.17,`system,`,`4200
资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额
`2,`1,`1.00,`1,`0.02
";

#[test]
fn a_fund_flow_is_read() {
    for text in [FLOW.to_owned(), FLOW.replace('（', "(").replace('）', ")"), FLOW.replace('\n', "\r\n")] {
        let bill = FundFlowBill::parse(text.as_bytes()).unwrap();
        assert_eq!(
            (bill.rows[0].direction, bill.rows[0].amount, bill.rows[0].balance),
            (Direction::Expense, 2, 17)
        );
        assert_eq!((&*bill.rows[0].remark, &*bill.rows[1].remark), ("缺货, 抱歉", ""));
        assert_eq!((bill.summary.in_amount, bill.summary.out_amount), (100, 2));
    }
    for (from, to, name) in [
        ("`2,`1,`1.00", "`3,`1,`1.00", "资金流水总笔数"),
        ("`2,`1,`1.00", "`2,`2,`1.00", "收入笔数"),
        ("`2,`1,`1.00", "`2,`1,`1.01", "收入金额"),
        ("`1,`0.02\n", "`1,`0.03\n", "支出金额"),
    ] {
        let error = FundFlowBill::parse(FLOW.replace(from, to).as_bytes()).unwrap_err();
        assert_eq!(error, BillError::Sum(name));
    }
}

#[test]
fn sums_that_overflow_are_refused() {
    // 1,001 of these order amounts overflow 64 bits; the settled amounts stay small
    let paid = PAID.replace("`0.60%,`1299.00", "`0.60%,`92233720368547.75").replace("7.79000", "0.00000");
    let paid = paid.replace("`CNY,`1299.00", "`CNY,`0.00");
    let mut lines = vec![HEADER];
    lines.extend(std::iter::repeat_n(&*paid, 1001));
    lines.extend([SUMMARY_HEADER, "`1001,`0.00,`0.00,`0.00,`0.00000,`1299.00,`0.00"]);
    assert_eq!(TradeBill::parse(file(&lines, "\n").as_bytes()), Err(BillError::Sum("订单总金额")));
}

proptest! {
    #[test]
    fn no_bytes_cause_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = TradeBill::parse(&bytes);
        let _ = FundFlowBill::parse(&bytes);
        let mut compressed = vec![0x1f, 0x8b, 8, 0];
        compressed.extend(bytes);
        let _ = TradeBill::parse(&compressed);
    }

    #[test]
    fn no_change_of_a_bill_causes_a_panic(at in any::<prop::sample::Index>(), text in "[`,\n\r0-9.茶-]{0,6}") {
        let mut bill = whole();
        let mut at = at.index(bill.len());
        while !bill.is_char_boundary(at) {
            at -= 1;
        }
        bill.insert_str(at, &text);
        let _ = TradeBill::parse(bill.as_bytes());
    }
}

#[test]
fn an_unreadable_row_is_kept_and_the_other_rows_are_read() {
    let other = PAID.replace("S2021", "OTHER1");
    for (name, broken, count) in [
        ("a comma and a backtick in a name", other.replace("茶, 绿", "茶,`绿"), 1),
        ("a line feed and a backtick in a name", other.replace("茶, 绿", "茶\n`绿"), 2),
        ("an invalid amount", other.replace("`1299.00,`0.00,`0,", "`free,`0.00,`0,"), 1),
        ("no number", other.replace("`OTHER1,", "`,"), 1),
    ] {
        let text =
            file(&[HEADER, PAID, &broken, REFUNDED, SUMMARY_HEADER, &SUMMARY.replace("`2,", "`3,")], "\r\n");
        let bill = TradeBill::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let numbers: Vec<&str> = bill.rows.iter().map(|row| row.out_trade_no.as_str()).collect();
        assert_eq!(numbers, ["S2021", "S2021"], "{name}");
        assert_eq!(bill.unreadable.len(), count, "{name}");
        assert_eq!(bill.unreadable[0].line, 3, "{name}");
        assert!(bill.unreadable[0].text.starts_with("`2021-01-28 17:07:11"), "{name}");
    }
    // the file has more readable rows than its summary counts, so it is not WeChat's file
    let text = file(&[HEADER, PAID, "`broken", REFUNDED, SUMMARY_HEADER, SUMMARY], "\n");
    assert_eq!(TradeBill::parse(text.as_bytes()), Err(BillError::Sum("总交易单数")));
}

#[test]
fn a_line_feed_an_empty_appid_and_a_truncated_character_are_read() {
    let paid = PAID.replace("茶, 绿", "茶\n绿").replace("wx8100000000000000", "");
    let mut text = file(&[HEADER, &paid, REFUNDED, SUMMARY_HEADER, SUMMARY], "\n").into_bytes();
    let at = text.windows(6).position(|bytes| bytes == "ofyak5".as_bytes()).unwrap();
    text[at] = 0xe8;
    let bill = TradeBill::parse(&text).unwrap();
    assert_eq!(bill.unreadable, []);
    assert_eq!((&*bill.rows[0].body, &*bill.rows[0].appid), ("茶\n绿, 50 g", ""));
    assert_eq!(bill.rows[0].openid, "\u{fffd}fyak5q");
}

#[test]
fn a_bill_of_payments_has_four_sums_and_a_full_bill_has_seven() {
    let header = HEADER.replace("微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,", "");
    let header = header.replace("申请退款金额,", "");
    let paid = PAID.replace("`0,`0,`0.00,`0.00,`,`,`茶", "`茶").replace("`1299.00,`0.00,`", "`1299.00,`");
    let sums = "总交易单数,应结订单总金额,手续费总金额,订单总金额";
    let text = file(
        &[
            &header,
            &paid.replace("`CNY,`1299.00,`茶", "`CNY,`1299.00,`0.00,`茶"),
            sums,
            "`1,`1299.00,`7.79000,`1299.00",
        ],
        "\n",
    );
    let bill = TradeBill::parse(text.as_bytes()).unwrap();
    assert_eq!((bill.rows[0].order_fee, &bill.rows[0].refund, bill.summary.refund_fee), (129_900, &None, 0));
    assert_eq!(TradeBill::parse(whole().as_bytes()).unwrap().summary.refund_fee, 29);
}
