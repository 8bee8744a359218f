//! The delivery report of an order (发货信息录入): whether WeChat has it, and what staff must do.

use leptos::prelude::*;
use model::{
    delivery::{ReportState, WechatOrderState},
    record::DeliveryReportRecord,
};
use shop::AdminOrder;

use super::{
    language::{t, tf},
    messages::time,
};

/// The panel of the delivery report. `None` for an order that was not paid in the mini program.
pub(super) fn delivery_report(order: &AdminOrder, has_right: bool) -> Option<AnyView> {
    let report = order.report.as_ref()?;
    let state = state_word(report);
    let class = match report.state {
        ReportState::Refused => "tag warn",
        ReportState::ToShip | ReportState::Waiting | ReportState::Reported | ReportState::NotNeeded => "tag",
    };
    let wechat = wechat_word(report.wechat_state).map(
        |word| view! { <p class="muted">{t("微信订单状态：", "WeChat's state of the order: ")} {word}</p> },
    );
    let failure = (!report.message.is_empty()).then(|| {
        let text = format!("{} {}", report.code, report.message).trim().to_owned();
        view! { <p class="text">{t("微信的答复：", "WeChat's answer: ")} <span class="copy">{text}</span></p> }
    });
    let is_refused = report.state == ReportState::Refused;
    let again = (is_refused && has_right && order.standing().may_ship()).then(|| {
        view! {
            <form method="post" action=format!("/console/orders/{}/report", order.order.id) class="row">
                <button>{t("重新录入", "Report it again")}</button>
            </form>
        }
    });
    Some(
        view! {
            <section class="panel no-print">
                <h2>{t("微信发货信息 ", "Report to WeChat ")} <span class=class>{state}</span></h2>
                <p>{explanation(report)}</p>
                {failure}
                {is_refused.then(|| view! { <p>{advice(&report.code)}</p> })}
                {wechat}
                <p class="muted">{tf!("更新于 {}", "Changed {}", time(report.changed_ms))}</p>
                {again}
            </section>
        }
        .into_any(),
    )
}

fn state_word(report: &DeliveryReportRecord) -> &'static str {
    match report.state {
        ReportState::ToShip => t("未录入", "Not reported"),
        ReportState::Waiting => t("等待录入", "Waiting"),
        ReportState::Reported if report.reported_ms.is_none() => t("已录入一部分", "Reported in part"),
        ReportState::Reported => t("已录入", "Reported"),
        ReportState::Refused => t("微信拒绝", "Refused"),
        ReportState::NotNeeded => t("不用录入", "Not needed"),
    }
}

fn explanation(report: &DeliveryReportRecord) -> &'static str {
    match report.state {
        ReportState::ToShip => t(
            "发货后自动录入。微信要求付款后 48 小时内录入，录入前货款被冻结。",
            "The shop reports it after you ship it. WeChat wants the report within 48 hours of the payment, and keeps the money until then.",
        ),
        ReportState::Waiting if !report.message.is_empty() => {
            t("上一次没有成功，系统会自动重试。", "The last try failed. The shop tries again by itself.")
        }
        ReportState::Waiting => t("系统正在向微信录入。", "The shop is reporting it to WeChat."),
        ReportState::Reported if report.reported_ms.is_none() => t(
            "已发的包裹都已录入。全部发完后，微信才算已发货。",
            "The parcels so far are reported. For WeChat the order is shipped after the last parcel.",
        ),
        ReportState::Reported => t(
            "微信已有全部物流信息。运单号填错或要加包裹时还可以改，但微信只接受一次。",
            "WeChat has everything. You can still correct a tracking number or add a parcel, but WeChat accepts only one change.",
        ),
        ReportState::Refused if report.reported_ms.is_some() => t(
            "微信仍保留之前录入的信息，货款不受影响。",
            "WeChat keeps the report that it has. The money is not affected.",
        ),
        ReportState::Refused => {
            t("录入没有成功，货款仍被冻结。", "It is not reported, and WeChat keeps the money.")
        }
        ReportState::NotNeeded => {
            t("货款已全部退回，微信不需要发货信息。", "All money went back, so WeChat wants no report.")
        }
    }
}

fn wechat_word(state: WechatOrderState) -> Option<&'static str> {
    Some(match state {
        WechatOrderState::Unknown => return None,
        WechatOrderState::Unshipped => t("待发货", "To ship"),
        WechatOrderState::Shipped => t("已发货", "Shipped"),
        WechatOrderState::Confirmed => t("买家已确认收货", "Received by the buyer"),
        WechatOrderState::Done => t("交易完成", "Complete"),
        WechatOrderState::Refunded => t("已退款", "Refunded"),
        WechatOrderState::Settling => t("资金待结算", "Money to be settled"),
    })
}

/// What to do after a refusal with this code. It is a number of WeChat or a word of the shop.
fn advice(code: &str) -> &'static str {
    match code {
        "company" => {
            t("请修改物流，从列表中选择快递公司。", "Correct the parcel: choose its carrier from the list.")
        }
        "contact" => t(
            "顺丰需要收件人的电话，而这个订单没有。请在微信的“发货信息管理”中手动录入。",
            "SF needs the telephone number of the receiver, and this order has none. Please report it by hand on WeChat's page 发货信息管理.",
        ),
        "10060001" => t(
            "微信没有这笔支付单。请在小程序后台确认商户号已授权“发货信息管理”，然后重新录入。",
            "WeChat does not know this payment. Check in the mini program's settings that the merchant number is authorised for 发货信息管理, then report it again.",
        ),
        "10060002" | "10060003" => t(
            "微信只接受一次修改，而这一次已经用掉了。请把新的运单号告诉买家。",
            "WeChat accepts one correction, and it is used. Please tell the buyer the new tracking number.",
        ),
        "10060004" => t(
            "这笔支付单已退款，或已在微信后台录入。请在微信的“发货信息管理”中查看。",
            "The payment was refunded, or somebody reported it on WeChat's page. Look it up there: 发货信息管理.",
        ),
        "10060025" | "268485227" => t(
            "快递公司有误，请修改物流后自动重新录入。",
            "The carrier is wrong. Correct the parcel, and the shop reports it again.",
        ),
        "10060026" | "268485226" => t(
            "运单号有误，请修改物流后自动重新录入。",
            "The tracking number is wrong. Correct the parcel, and the shop reports it again.",
        ),
        "48001" => t(
            "小程序没有“发货信息管理”的权限，请在小程序后台开通，然后重新录入。",
            "The mini program lacks the permission 发货信息管理. Turn it on in its settings, then report it again.",
        ),
        _ => t(
            "请根据微信的答复处理，然后重新录入；也可以在微信的“发货信息管理”中手动录入。",
            "Act on WeChat's answer, then report it again. You can also report it by hand on WeChat's page 发货信息管理.",
        ),
    }
}
