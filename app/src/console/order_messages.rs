//! The messages about an order, their receivers and their states.

use leptos::prelude::*;
use model::{
    message::{DropReason, MessageChannel, MessageState, MessageSubject},
    record::MessageRecord,
};
use shop::AdminOrder;

use super::{
    language::{t, tf},
    messages::time,
    order::table,
};

/// The folded list of the messages about an order; `None` if there are none.
pub(super) fn order_messages(order: &AdminOrder) -> Option<AnyView> {
    if order.messages.is_empty() {
        return None;
    }
    let rows = order.messages.iter().map(row).collect_view();
    let head = [
        (t("时间", "Time"), ""),
        (t("消息", "Message"), ""),
        (t("方式", "Sent by"), ""),
        (t("状态", "Status"), ""),
        (t("说明", "Details"), ""),
    ];
    let all = table(t("消息", "Messages"), "list events", &head, rows);
    let count = order.messages.len();
    Some(
        view! {
            <details class="panel fold no-print" id="messages">
                <summary>
                    <strong>{t("发出的消息", "Messages sent")}</strong>
                    " "
                    <span class="muted">{tf!("{count} 条", "messages: {count}")}</span>
                </summary>
                {all}
            </details>
        }
        .into_any(),
    )
}

fn row(message: &MessageRecord) -> AnyView {
    let reason = why(message);
    // show WeChat's own words if the console has no sentence, or if they name the wrong field
    let has_detail = reason.is_none() || matches!(&*message.code, "47003" | "field");
    let class = match message.state {
        MessageState::Refused | MessageState::Unknown => "tag warn",
        MessageState::Waiting | MessageState::Sending | MessageState::Sent | MessageState::Dropped => "tag",
    };
    view! {
        <tr>
            <td data-column="time" data-label=t("时间", "Time")>{time(message.changed_ms)}</td>
            <td data-label=t("消息", "Message")>{subject_word(message.subject)}</td>
            <td data-label=t("方式", "Sent by")>{channel_word(message.channel)}</td>
            <td data-label=t("状态", "Status")><span class=class>{state_word(message.state)}</span></td>
            <td data-column="detail" data-label=t("说明", "Details") class="text">
                {reason}
                {(!message.detail.is_empty() && has_detail).then(|| view! { " " <span class="muted">{message.detail.clone()}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

pub(super) fn subject_word(subject: MessageSubject) -> &'static str {
    match subject {
        MessageSubject::Paid => t("已付款", "Paid"),
        MessageSubject::Shipped => t("已发货", "Shipped"),
        MessageSubject::Refunded => t("退款到账", "Refunded"),
        MessageSubject::ReturnAgreed => t("已同意退货", "Return approved"),
        MessageSubject::RefundDeclined => t("售后申请未通过", "After-sale declined"),
        MessageSubject::Expiring => t("付款时间将到", "Time to pay ends soon"),
        MessageSubject::RefundWanted => t("买家售后申请", "After-sale requested by the buyer"),
        MessageSubject::Discrepancy => t("对账差异", "Discrepancy"),
        MessageSubject::Complaint => t("买家投诉", "Complaint of the buyer"),
    }
}

fn channel_word(channel: MessageChannel) -> &'static str {
    match channel {
        MessageChannel::MiniProgram => t("小程序，给买家", "Mini program, to the buyer"),
        MessageChannel::Official => t("服务号，给买家", "Official account, to the buyer"),
        MessageChannel::Webhook => t("群机器人，给店员", "Group robot, to staff"),
        MessageChannel::Mail => t("邮件，给店员", "E-mail, to staff"),
    }
}

fn state_word(state: MessageState) -> &'static str {
    match state {
        MessageState::Waiting => t("等待发送", "Waiting"),
        MessageState::Sending => t("发送中", "Sending"),
        MessageState::Sent => t("已发送", "Sent"),
        MessageState::Refused => t("被拒绝", "Refused"),
        MessageState::Dropped => t("没有发送", "Not sent"),
        MessageState::Unknown => t("结果未知", "Unknown"),
    }
}

/// The sentence about a state, if the state needs one.
fn why(message: &MessageRecord) -> Option<&'static str> {
    if let Ok(reason) = message.code.parse::<DropReason>() {
        return Some(match reason {
            DropReason::OrderEnded => {
                t("订单已付款或已关闭，不用再提醒。", "The order is paid or closed: nothing to remind of.")
            }
            DropReason::TooLate => t("一天内没能发出，不再发送。", "It could not be sent within a day."),
            DropReason::NotConfigured => t(
                "配置里已没有它的模板或接收人。",
                "The configuration has no template or receiver for it any more.",
            ),
            DropReason::Gone => t("它所说的内容已不存在。", "What it is about does not exist any more."),
        });
    }
    Some(match (message.state, message.code.as_str()) {
        (MessageState::Unknown, _) => t(
            "没有收到应答，可能已经送达，不会重发。",
            "No answer came. It may have arrived, and it is not sent again.",
        ),
        (_, "43101") => t(
            "买家没有允许这条消息，或允许的次数已用完。",
            "The buyer has not allowed this message, or has no consent left.",
        ),
        (_, "43004") => t("买家没有关注服务号。", "The buyer does not follow the official account."),
        (_, "43107") => t(
            "微信停用了这个账号的订阅消息，请到公众平台查看。",
            "WeChat has banned this account's subscription messages. See mp.weixin.qq.com.",
        ),
        (_, "47003" | "field") => t(
            "内容不符合模板的字段，请核对模板的配置。",
            "The content does not fit a field of the template. Check the configuration of the template.",
        ),
        (_, "40037") => t("没有这个模板，请核对模板 ID。", "There is no such template. Check its id."),
        (MessageState::Waiting, "45009" | "45011") => {
            t("次数超过微信的限额，稍后再发。", "WeChat's quota is used up. It is sent later.")
        }
        (MessageState::Waiting, code) if !code.is_empty() => {
            t("暂时没能发出，稍后再发。", "It could not be sent yet. It is sent later.")
        }
        _ => return None,
    })
}
