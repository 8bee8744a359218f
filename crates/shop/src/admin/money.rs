//! The movements of money as a CSV file for accounting. The caller writes one page at a time, so that a year needs
//! little memory.

use model::{
    Fen, Language, LocalizedText,
    audit::AuditAction,
    figures::{MoneyKind, MoneyMove},
};

use super::period::Days;
use crate::{Admin, Right, ShopError, Staff, clock::shanghai, spreadsheet::row};

/// The number of movements in a page.
const PAGE: usize = 500;

const fn words(zh: &'static str, en: &'static str) -> LocalizedText {
    LocalizedText { zh, en }
}

/// The columns of the file. In the two columns with amounts the rows, with the opening row, add up to the closing row.
const COLUMNS: [LocalizedText; 9] = [
    words("时间", "Time"),
    words("类型", "Kind"),
    words("订单编号", "Order"),
    words("商户订单号", "out_trade_no"),
    words("商户退款单号", "out_refund_no"),
    words("微信支付单号", "transaction_id"),
    words("微信退款单号", "refund_id"),
    words("微信（元）", "WeChat (yuan)"),
    words("余额（元）", "Balance (yuan)"),
];

const OPENING: LocalizedText = words("期初", "Opening");
const CLOSING: LocalizedText = words("期末", "Closing");

const fn kind_words(kind: MoneyKind) -> LocalizedText {
    match kind {
        MoneyKind::Payment => words("微信支付", "Payment by WeChat"),
        MoneyKind::TopUpPayment => words("充值付款", "Payment of a top-up"),
        MoneyKind::WechatRefund => words("退款到微信", "Refund to WeChat"),
        MoneyKind::TopUp => words("充值入余额", "Top-up"),
        MoneyKind::TopUpRefund => words("充值退款", "Refund of a top-up"),
        MoneyKind::TopUpRefundClosed => words("充值退款关闭", "Closed refund of a top-up"),
        MoneyKind::Order => words("余额支付", "Payment by balance"),
        MoneyKind::OrderClosed => words("订单关闭退回余额", "Order closed, back in the balance"),
        MoneyKind::Refund => words("退款到余额", "Refund to balance"),
    }
}

/// The state of a file between two pages.
#[derive(Clone, Debug)]
pub struct MoneyExport {
    days: Days,
    language: Language,
    /// The money at WeChat and in all balances after the rows so far, fen.
    sums: (Fen, Fen),
    /// The time and the key of the last written movement.
    after: Option<(i64, String)>,
    is_closed: bool,
}

impl Admin {
    /// Checks the right to export, and writes the audit row. Returns the head of the file: the names of the columns,
    /// and the opening row with the sums before these days.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn begin_money_export(
        &self,
        staff: &Staff,
        days: &Days,
        language: Language,
    ) -> Result<(String, MoneyExport), ShopError> {
        staff.check(Right::Export)?;
        let detail = format!("money {}", days.words());
        self.audit.write(staff.name.as_str(), AuditAction::Export, detail).await?;
        let sums = self.store.money_before(days.ms.0).await?;
        let head = format!("\u{feff}{}", row(&COLUMNS.map(|column| column.to(language))));
        let opening = sum_row(days.ms.0, OPENING.to(language), sums);
        let export = MoneyExport { days: days.clone(), language, sums, after: None, is_closed: false };
        Ok((head + &opening, export))
    }

    /// The next rows of the file; the last one has the closing sums. `None` at the end.
    ///
    /// # Errors
    /// A failing database.
    pub async fn money_export_page(&self, export: &mut MoneyExport) -> Result<Option<String>, ShopError> {
        if export.is_closed {
            return Ok(None);
        }
        let (from_ms, to_ms) = export.days.ms;
        let after = export.after.as_ref().map(|(at_ms, key)| (*at_ms, key.as_str()));
        let moves = self.store.money_moves(from_ms, to_ms, after, PAGE).await?;
        let mut lines = String::new();
        for moved in &moves {
            export.sums = (Fen(export.sums.0.0 + moved.wechat.0), Fen(export.sums.1.0 + moved.balance.0));
            lines += &line(moved, export.language);
        }
        export.after = moves.last().map(|moved| (moved.at_ms, moved.key.clone()));
        if moves.len() < PAGE {
            export.is_closed = true;
            lines += &sum_row(to_ms - 1, CLOSING.to(export.language), export.sums);
        }
        Ok(Some(lines))
    }
}

fn time(ms: i64) -> String {
    shanghai(ms).strftime("%F %T").to_string()
}

fn sum_row(ms: i64, name: &str, (wechat, balance): (Fen, Fen)) -> String {
    row(&[&time(ms), name, "", "", "", "", "", &wechat.to_string(), &balance.to_string()])
}

fn line(moved: &MoneyMove, language: Language) -> String {
    // a movement changes only one of the two, and the other cell is empty
    let amount = |fen: Fen| if fen == Fen::ZERO { String::new() } else { fen.to_string() };
    row(&[
        &time(moved.at_ms),
        kind_words(moved.kind).to(language),
        moved.order_id.as_str(),
        &moved.out_trade_no,
        &moved.out_refund_no,
        &moved.transaction_id,
        &moved.refund_id,
        &amount(moved.wechat),
        &amount(moved.balance),
    ])
}
