//! Translates the details of the audit log for staff. The database keeps the program's English words, so old rows can
//! be translated too. Words that a person typed stay unchanged.

use std::collections::HashMap;

use model::{Fen, audit::AuditAction, discrepancy::DiscrepancyKind, record::AuditRecord};
use shop::Role;

use super::{
    detail::{fen_of, in_yuan, split_restock, who_word},
    language::{t, tf},
    messages::{discrepancy_words, role_word},
};

/// The names of products and specifications. The key is the id.
pub type CatalogueNames = HashMap<String, String>;

/// Who did the action.
pub(super) fn actor_word(row: &AuditRecord) -> String {
    match row.who.as_str() {
        "shopper" => t("买家", "Buyer").to_owned(),
        "WeChat login" => t("微信登录", "WeChat login").to_owned(),
        who => who_word(who).to_owned(),
    }
}

/// The detail of an action.
pub(super) fn audit_words(row: &AuditRecord, names: &CatalogueNames) -> String {
    let detail = row.detail.as_str();
    let found = match row.what {
        AuditAction::SignInRefused => Some(refused(detail)),
        AuditAction::Ship | AuditAction::CorrectParcel => shipped(detail),
        AuditAction::Refund | AuditAction::GrantRefund => refunded(detail),
        AuditAction::RedirectRefund => redirected(detail),
        AuditAction::DeclineAfterSale | AuditAction::AgreeToReturn => detail
            .split_once(": ")
            .map(|(id, answer)| tf!("售后单 {id}：{answer}", "After-sale {id}: {answer}")),
        AuditAction::ReceiveReturn => Some(tf!("售后单 {detail}", "After-sale {detail}")),
        AuditAction::HandOver
        | AuditAction::ReportDelivery
        | AuditAction::CorrectAddress
        | AuditAction::CopyPersonalData => Some(tf!("订单 {detail}", "Order {detail}")),
        AuditAction::ReplyToComplaint | AuditAction::FinishComplaint | AuditAction::DecideComplaintRefund => {
            complaint(detail)
        }
        AuditAction::IssueInvoice => invoice(detail),
        AuditAction::Export => Some(exported(detail)),
        AuditAction::ErasePersonalData => erased(detail),
        AuditAction::PutOnSale
        | AuditAction::TakeOffSale
        | AuditAction::ArchiveProduct
        | AuditAction::RestoreProduct => Some(name_of(detail, names)),
        AuditAction::ChangeProduct
        | AuditAction::AddProduct
        | AuditAction::AddSku
        | AuditAction::ChangeSku
        | AuditAction::CorrectStock
        | AuditAction::ChangePicture
        | AuditAction::ChangeOptions
        | AuditAction::ChangeSalePeriod => detail.split_once(": ").map(|(id, what)| {
            let name = name_of(id, names);
            let what = of_product(row.what, what, names);
            tf!("{name}：{what}", "{name}: {what}")
        }),
        AuditAction::ChangeFreight => Some(freight(detail)),
        AuditAction::ExportCatalogue => detail
            .strip_suffix(" specifications")
            .map(|count| tf!("{count} 个规格", "specifications: {count}")),
        AuditAction::ImportCatalogue => imported(detail),
        AuditAction::ResolveDiscrepancy => resolved(detail),
        AuditAction::AddStaff | AuditAction::InviteStaff | AuditAction::ChangeRole => with_role(detail),
        AuditAction::MergeShoppers => merged(detail),
        AuditAction::ReadAccessToken | AuditAction::ReportAccessToken => Some(token(detail)),
        AuditAction::SignIn
        | AuditAction::SignOut
        | AuditAction::ResetStaff
        | AuditAction::AcceptInvitation
        | AuditAction::ChangePassword
        | AuditAction::RenewSecondFactor
        | AuditAction::UseRecoveryCode
        | AuditAction::RenewRecoveryCodes
        | AuditAction::RemoveStaff
        | AuditAction::EndSessions => None,
    };
    found.unwrap_or_else(|| in_yuan(detail))
}

fn name_of(id: &str, names: &CatalogueNames) -> String {
    names.get(id).cloned().unwrap_or_else(|| id.to_owned())
}

fn refused(detail: &str) -> String {
    let (start, paused) = match detail.strip_suffix(", paused") {
        Some(start) => (start, t("，已暂停一小时", ", paused for an hour")),
        None => (detail, ""),
    };
    match start.strip_suffix(", right password, wrong code") {
        Some(address) => tf!(
            "{address}，密码正确，动态验证码有误{paused}",
            "{address}, right password, wrong one-time code{paused}"
        ),
        None => detail.to_owned(),
    }
}

/// Reads `O1, parcel 1: 顺丰 SF1`, or `O1: no parcel follows`.
fn shipped(detail: &str) -> Option<String> {
    let (own, parcel) = detail.split_once(": ")?;
    match own.split_once(", parcel ") {
        Some((id, number)) => {
            Some(tf!("订单 {id}，包裹 {number}：{parcel}", "Order {id}, parcel {number}: {parcel}"))
        }
        None => Some(tf!("订单 {own}：没有其他包裹", "Order {own}: no parcel follows")),
    }
}

/// Reads `O1: 5900 fen of 4200…, 少发一件, the pieces return to the stock`.
fn refunded(detail: &str) -> Option<String> {
    let (detail, end) = split_restock(detail);
    let (id, what) = detail.split_once(": ")?;
    let (fee, reason) = what.split_once(", ").unwrap_or((what, ""));
    let (fee, payment) =
        fee.split_once(" of ").filter(|(fee, _)| *fee != "what is asked for").unwrap_or((fee, ""));
    let fee = match fee {
        "all that is left" => t("全部剩余金额", "all that is left").to_owned(),
        "what is asked for" => t("申请的金额", "what is asked for").to_owned(),
        _ => format!("¥{}", fen_of(fee)?),
    };
    let payment = if payment.is_empty() {
        String::new()
    } else {
        tf!("（支付单 {payment}）", " (payment {payment})")
    };
    let comma = if reason.is_empty() { "" } else { t("，", ", ") };
    Some(tf!("{id}：{fee}{payment}{comma}{reason}{end}", "{id}: {fee}{payment}{comma}{reason}{end}"))
}

fn redirected(detail: &str) -> Option<String> {
    let (id, what) = detail.split_once(": ")?;
    let (number, to) = what.rsplit_once(", ")?;
    let to = match to {
        "to the merchant's account" => t("退到商户账户", "to the merchant's account"),
        "to a bank card of the shopper" => t("退到买家银行卡", "to a bank card of the buyer"),
        other => other,
    };
    Some(tf!("订单 {id}，退款单 {number}，{to}", "Order {id}, refund {number}, {to}"))
}

fn complaint(detail: &str) -> Option<String> {
    let (id, kind) = detail.split_once(": ")?;
    let kind = match kind {
        "reply" => t("回复", "reply"),
        "finish" => t("处理完成", "finished"),
        "approve_refund" => t("同意退款", "refund approved"),
        "refuse_refund" => t("拒绝退款", "refund refused"),
        other => other,
    };
    Some(tf!("投诉单 {id}：{kind}", "Complaint {id}: {kind}"))
}

fn invoice(detail: &str) -> Option<String> {
    let (id, what) = detail.split_once(": ")?;
    let (kind, number) = what.split_once(' ').unwrap_or((what, ""));
    let kind = if kind == "company" { t("企业", "company") } else { t("个人", "person") };
    let space = if number.is_empty() { "" } else { " " };
    Some(tf!("订单 {id}：{kind}{space}{number}", "Order {id}: {kind}{space}{number}"))
}

/// Reads `figures 2026-11-01 – 2026-11-30`, or the filter of an export of orders.
fn exported(detail: &str) -> String {
    if let Some(days) = detail.strip_prefix("figures ") {
        return tf!("经营数据 {days}", "figures {days}");
    }
    if let Some(days) = detail.strip_prefix("money ") {
        return tf!("资金明细 {days}", "money {days}");
    }
    match detail {
        "全部订单" => t("全部订单", "all orders").to_owned(),
        "待发货" => t("待发货", "to ship").to_owned(),
        other => other.to_owned(),
    }
}

fn erased(detail: &str) -> Option<String> {
    if detail == "asked by the shopper" {
        return Some(t("买家本人要求", "asked by the buyer").to_owned());
    }
    let (id, reason) = detail.split_once(": ")?;
    Some(tf!("订单 {id}：{reason}", "Order {id}: {reason}"))
}

/// Reads the change of a product or a specification.
fn of_product(action: AuditAction, what: &str, names: &CatalogueNames) -> String {
    let found = match action {
        AuditAction::CorrectStock => stock(what),
        AuditAction::ChangePicture => Some(picture(what)),
        AuditAction::ChangeSalePeriod => sale_period(what),
        AuditAction::ChangeProduct => purchase_limit(what),
        AuditAction::AddProduct | AuditAction::AddSku => added(what, names),
        AuditAction::ChangeSku => changed(what),
        _ => None,
    };
    found.unwrap_or_else(|| in_yuan(what))
}

/// Reads `10 to 12`, or `+2`.
fn stock(what: &str) -> Option<String> {
    if let Some((from, to)) = what.split_once(" to ") {
        return Some(tf!("库存从 {from} 改为 {to}", "stock {from} to {to}"));
    }
    let pieces: i64 = what.strip_prefix(['+', '-']).and_then(|digits| digits.parse().ok())?;
    Some(if what.starts_with('+') {
        tf!("库存增加 {pieces} 件", "stock +{pieces}")
    } else {
        tf!("库存减少 {pieces} 件", "stock -{pieces}")
    })
}

/// Reads `added <hash>, image/png, 2407 bytes`, or `first /pictures/…`.
fn picture(what: &str) -> String {
    let word = what.split(' ').next().unwrap_or_default();
    match word {
        "first" => t("设为首图", "first picture chosen").to_owned(),
        "earlier" => t("图片前移", "picture moved forward").to_owned(),
        "remove" => t("删除图片", "picture removed").to_owned(),
        word => {
            let bytes =
                what.strip_suffix(" bytes").and_then(|text| text.rsplit(' ').next()?.parse::<u64>().ok());
            let size = bytes.map(|bytes| tf!("（{} 千字节）", " ({} kilobytes)", bytes.div_ceil(1000)));
            let size = size.unwrap_or_default();
            let word = if word == "added" {
                t("新增图片", "picture added")
            } else {
                t("更换首图", "first picture replaced")
            };
            format!("{word}{size}")
        }
    }
}

/// Reads `from 2026-11-30 12:00, until no limit`.
fn sale_period(what: &str) -> Option<String> {
    let (from, until) = what.strip_prefix("from ")?.split_once(", until ")?;
    Some(match (from, until) {
        ("no limit", "no limit") => t("不限销售时间", "no limit of time").to_owned(),
        ("no limit", until) => tf!("{until} 停售", "until {until}"),
        (from, "no limit") => tf!("{from} 开售", "from {from}"),
        (from, until) => tf!("{from} 开售，{until} 停售", "from {from} until {until}"),
    })
}

/// Reads `purchase limit 2, was none`.
fn purchase_limit(what: &str) -> Option<String> {
    let (limit, was) = what.strip_prefix("purchase limit ")?.split_once(", was ")?;
    let word = |limit: &str| match limit {
        "none" => t("不限购", "no limit").to_owned(),
        pieces => tf!("每人限购 {pieces} 件", "at most {pieces} each"),
    };
    let (limit, was) = (word(limit), word(was));
    Some(tf!("{limit}，原为{was}", "{limit}, was {was}"))
}

/// Reads `300 ml, 5900 fen, 12 pieces`.
fn added(what: &str, names: &CatalogueNames) -> Option<String> {
    let (rest, pieces) = what.strip_suffix(" pieces")?.rsplit_once(", ")?;
    let (name, fee) = rest.rsplit_once(", ").unwrap_or(("", rest));
    let fee = fen_of(fee)?;
    // an import writes the SKU before the name of the specification
    let name = match name.split_once(' ') {
        Some((sku, spec)) if names.contains_key(sku) => spec,
        _ => name,
    };
    let comma = if name.is_empty() { "" } else { t("，", ", ") };
    Some(tf!("{name}{comma}¥{fee}，库存 {pieces} 件", "{name}{comma}¥{fee}, stock {pieces}"))
}

/// Reads `300 ml, 5900 fen, was 6900 fen`, or `400 g, was 300 g`.
fn changed(what: &str) -> Option<String> {
    let Some((rest, was)) = what.rsplit_once(", was ") else { return Some(what.to_owned()) };
    if let (Some(now), Some(was)) = (rest.strip_suffix(" g"), was.strip_suffix(" g")) {
        return Some(tf!("重量 {now} 克，原为 {was} 克", "{now} g, was {was} g"));
    }
    let (spec, fee) = rest.rsplit_once(", ").unwrap_or(("", rest));
    let (fee, was) = (fen_of(fee)?, fen_of(was)?);
    let comma = if spec.is_empty() { "" } else { t("，", ", ") };
    Some(if fee == was {
        tf!("{spec}{comma}¥{fee}", "{spec}{comma}¥{fee}")
    } else {
        tf!("{spec}{comma}¥{fee}，原为 ¥{was}", "{spec}{comma}¥{fee}, was ¥{was}")
    })
}

/// Reads `everywhere else: 1 pieces 800 fen, each further 1 pieces 200 fen, free from 9900 fen; 新疆 西藏: …`.
fn freight(detail: &str) -> String {
    if detail == "no rules: free everywhere" {
        return t("没有运费规则：全国包邮", "no rules: free everywhere").to_owned();
    }
    detail.split("; ").map(freight_rule).collect::<Vec<_>>().join(t("；", "; "))
}

fn freight_rule(rule: &str) -> String {
    let read = || {
        let (place, costs) = rule.split_once(": ")?;
        let place = if place == "everywhere else" { t("其他地区", "everywhere else") } else { place };
        let mut parts = costs.split(", ");
        let first = units(parts.next()?)?;
        let more = units(parts.next()?.strip_prefix("each further ")?)?;
        let free = parts.next().and_then(|free| fen_of(free.strip_prefix("free from ")?));
        let free = free.map(|sum| tf!("，满 ¥{sum} 包邮", ", free from ¥{sum}")).unwrap_or_default();
        Some(tf!("{place}：首 {first}，续 {more}{free}", "{place}: first {first}, each further {more}{free}"))
    };
    read().unwrap_or_else(|| in_yuan(rule))
}

/// Reads `1 pieces 800 fen`.
fn units(text: &str) -> Option<String> {
    let mut words = text.splitn(3, ' ');
    let (count, unit, fee) = (words.next()?, words.next()?, fen_of(words.next()?)?);
    let unit = if unit == "g" { t("克", "g") } else { t("件", "pc") };
    Some(format!("{count} {unit} ¥{fee}"))
}

/// Reads `0 new and 6 changed lines`.
fn imported(detail: &str) -> Option<String> {
    let (new, changed) = detail.strip_suffix(" changed lines")?.split_once(" new and ")?;
    Some(tf!("新增 {new} 行，修改 {changed} 行", "new lines: {new}, changed lines: {changed}"))
}

/// Reads `second_payment:2026…: 已退款`.
fn resolved(detail: &str) -> Option<String> {
    let (id, note) = detail.split_once(": ")?;
    let (kind, number) = id.split_once(':').unwrap_or((id, ""));
    let kind = kind.parse::<DiscrepancyKind>().map_or(kind, |kind| discrepancy_words(kind).0);
    let space = if number.is_empty() { "" } else { " " };
    Some(tf!("{kind}{space}{number}：{note}", "{kind}{space}{number}: {note}"))
}

/// Reads `anna, clerk`.
fn with_role(detail: &str) -> Option<String> {
    let (name, role) = detail.rsplit_once(", ")?;
    let role = role_word(role.parse::<Role>().ok()?);
    Some(tf!("{name}，{role}", "{name}, {role}"))
}

/// Reads `A into B, orders 1, cart lines 2, addresses 0, balance 500 fen`.
fn merged(detail: &str) -> Option<String> {
    let (from, rest) = detail.split_once(" into ")?;
    let mut parts = rest.split(", ");
    let into = parts.next()?;
    let mut number = |word: &str| parts.next()?.strip_prefix(word);
    let (orders, lines, addresses) = (number("orders ")?, number("cart lines ")?, number("addresses ")?);
    let balance: Fen = fen_of(number("balance ")?)?;
    Some(tf!(
        "{from} 并入 {into}，订单 {orders}，购物车商品 {lines}，地址 {addresses}，余额 ¥{balance}",
        "{from} into {into}, orders {orders}, cart lines {lines}, addresses {addresses}, balance ¥{balance}"
    ))
}

fn token(detail: &str) -> String {
    match detail {
        "given" => t("已提供", "given").to_owned(),
        "another one given" => t("已提供新的", "another one given").to_owned(),
        "the reported token is still WeChat's current one" => {
            t("仍是微信当前的凭证", "it is still WeChat's current one").to_owned()
        }
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_a_detail_has_words() {
        let names = [("mug", "马克杯"), ("mug-300", "马克杯 300 ml")];
        let names: CatalogueNames =
            names.map(|(id, name)| (id.to_owned(), name.to_owned())).into_iter().collect();
        let words = |what, detail: &str| {
            let row = AuditRecord {
                id: String::new(),
                at_ms: 1,
                who: "anna".to_owned(),
                what,
                detail: detail.to_owned(),
            };
            audit_words(&row, &names)
        };
        for (what, detail, expected) in [
            (
                AuditAction::SignInRefused,
                "::1, right password, wrong code, paused",
                "::1，密码正确，动态验证码有误，已暂停一小时",
            ),
            (AuditAction::SignInRefused, "::1", "::1"),
            (AuditAction::Ship, "O1, parcel 2: 顺丰 SF1", "订单 O1，包裹 2：顺丰 SF1"),
            (
                AuditAction::Refund,
                "O1: all that is left, box of tea, by hand",
                "O1：全部剩余金额，box of tea, by hand",
            ),
            (AuditAction::Refund, "O1: 5900 fen of 42, 少发", "O1：¥59.00（支付单 42），少发"),
            (
                AuditAction::GrantRefund,
                "O1S1: what is asked for, the pieces return to the stock",
                "O1S1：申请的金额，商品退回库存",
            ),
            (
                AuditAction::RedirectRefund,
                "O1: R1, to the merchant's account",
                "订单 O1，退款单 R1，退到商户账户",
            ),
            (AuditAction::ReplyToComplaint, "C1: reply", "投诉单 C1：回复"),
            (AuditAction::IssueInvoice, "O1: company 91", "订单 O1：企业 91"),
            (AuditAction::Export, "money 2026-11-01 – 2026-11-30", "资金明细 2026-11-01 – 2026-11-30"),
            (AuditAction::ErasePersonalData, "asked by the shopper", "买家本人要求"),
            (AuditAction::TakeOffSale, "mug", "马克杯"),
            (
                AuditAction::ChangeSku,
                "mug-300: 大, 5900 fen, was 6900 fen",
                "马克杯 300 ml：大，¥59.00，原为 ¥69.00",
            ),
            (AuditAction::ChangeSku, "mug-300: 500 g, was 0 g", "马克杯 300 ml：重量 500 克，原为 0 克"),
            (AuditAction::CorrectStock, "mug-300: 10 to 12", "马克杯 300 ml：库存从 10 改为 12"),
            (AuditAction::CorrectStock, "mug-300: -3", "马克杯 300 ml：库存减少 3 件"),
            (AuditAction::AddSku, "mug: mug-300 小, 100 fen, 1 pieces", "马克杯：小，¥1.00，库存 1 件"),
            (AuditAction::ChangePicture, "mug: abc, image/png, 2407 bytes", "马克杯：更换首图（3 千字节）"),
            (AuditAction::ChangePicture, "mug: first /pictures/a.svg", "马克杯：设为首图"),
            (
                AuditAction::ChangeSalePeriod,
                "mug: from no limit, until 2026-12-01 20:00",
                "马克杯：2026-12-01 20:00 停售",
            ),
            (AuditAction::ChangeFreight, "no rules: free everywhere", "没有运费规则：全国包邮"),
            (AuditAction::ImportCatalogue, "0 new and 6 changed lines", "新增 0 行，修改 6 行"),
            (AuditAction::ExportCatalogue, "41 specifications", "41 个规格"),
            (AuditAction::ChangeRole, "anna, clerk", "anna，店员"),
            (
                AuditAction::MergeShoppers,
                "A into B, orders 1, cart lines 2, addresses 0, balance 500 fen",
                "A 并入 B，订单 1，购物车商品 2，地址 0，余额 ¥5.00",
            ),
            (AuditAction::ReadAccessToken, "given", "已提供"),
        ] {
            assert_eq!(words(what, detail), expected, "{what}: {detail}");
        }
    }
}
