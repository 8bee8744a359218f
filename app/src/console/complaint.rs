//! The page of a complaint: the shopper's words, the negotiation, and the forms for the answers of staff.

use leptos::prelude::*;
use model::{
    complaint::{
        ComplaintAnswerKind, ComplaintAnswerState, ComplaintProblem, ComplaintWriter, MAX_ANSWER_CHARS,
    },
    record::{ComplaintAnswerRecord, ComplaintEntryRecord},
};
use shop::{ComplaintAnswer, ComplaintDetail, Right};

use super::{
    complaints::{due_tag, problem_word, state_tag},
    language::{t, tf},
    layout::{Head, page},
    messages::time,
};
use crate::raw_text::TextArea;

/// An answer of staff that the shop refused.
#[derive(Clone, Debug)]
pub struct TypedAnswer {
    /// The typed answer.
    pub answer: ComplaintAnswer,
    /// The reason of the refusal, in the language of the page.
    pub problem: &'static str,
}

/// The page of a complaint. `typed` is an answer that the shop refused. `now_ms` is the shop's time, in milliseconds
/// since 1970.
#[must_use]
pub fn complaint_page(
    head: &Head<'_>,
    detail: &ComplaintDetail,
    typed: Option<&TypedAnswer>,
    is_available: bool,
    now_ms: i64,
) -> String {
    let role = head.staff.role;
    let is_open = detail.complaint.state.is_open() && is_available;
    let waits = detail.open_answer().is_some();
    let may_answer = is_open && !waits && role.may(Right::Complaints);
    let may_decide =
        is_open && !waits && role.may(Right::Refund) && detail.complaint.problem == ComplaintProblem::Refund;
    let body = view! {
        {typed.map(|typed| view! { <p class="error" role="alert">{typed.problem}</p> })}
        {facts(detail, now_ms)}
        {history(detail)}
        {answers(detail)}
        {may_answer.then(|| reply_form(detail, typed))}
        {may_decide.then(|| refund_forms(detail, typed))}
        {(may_answer && detail.complaint.state.may_finish()).then(|| finish_form(detail))}
    };
    page(head, "/console/complaints", t("投诉详情", "Complaint"), body)
}

fn facts(detail: &ComplaintDetail, now_ms: i64) -> AnyView {
    let complaint = &detail.complaint;
    let order = match &complaint.order_id {
        Some(id) => {
            view! { <a class="id" href=format!("/console/orders/{id}")>{id.to_string()}</a> }.into_any()
        }
        None if complaint.read_ms.is_none() => t("读取中", "being read").into_any(),
        None => tf!(
            "本店没有这笔付款（{}），可能属于共用商户号的其他系统",
            "this shop has no such payment ({}); another system may share the merchant number",
            complaint.out_trade_no
        )
        .into_any(),
    };
    let phone = match (&detail.phone, detail.is_phone_sealed) {
        (Some(phone), _) => view! { <span class="copy">{phone.clone()}</span> }.into_any(),
        (None, true) => t(
            "无法解密：商户证书已更换，请在商户平台查看",
            "cannot be decrypted: the merchant's certificate was replaced. Look it up in the merchant platform.",
        )
        .into_any(),
        (None, false) => t("没有留下", "none").into_any(),
    };
    let wanted = (complaint.refund_wanted.0 > 0).then(|| {
        view! { <dt>{t("希望退款", "Wants back")}</dt><dd>"¥" {complaint.refund_wanted.to_string()}</dd> }
    });
    // WeChat's words are often the same as ours
    let is_same = complaint.problem_words == problem_word(complaint.problem);
    let own_words = (!is_same).then(|| complaint.problem_words.clone());
    let refunded = complaint.is_fully_refunded.then(|| {
        view! { <dt>{t("退款", "Refund")}</dt><dd>{t("微信显示已全额退款", "WeChat says that it is refunded in full")}</dd> }
    });
    view! {
        <section class="panel">
            <p class="text">{complaint.detail.clone()}</p>
            {pictures(detail, &complaint.pictures)}
            <dl class="facts">
                <dt>{t("状态", "Status")}</dt>
                <dd class="tags">{state_tag(complaint)} {due_tag(complaint, now_ms)}</dd>
                <dt>{t("问题", "Problem")}</dt>
                <dd>{problem_word(complaint.problem)} " " <span class="muted">{own_words}</span></dd>
                {wanted}
                {refunded}
                <dt>{t("订单", "Order")}</dt><dd>{order}</dd>
                <dt>{t("买家电话", "Buyer's phone")}</dt><dd>{phone}</dd>
                <dt>{t("投诉时间", "Made")}</dt><dd>{time(complaint.complained_ms)}</dd>
                <dt>{t("投诉单号", "Number")}</dt><dd><span class="copy id">{complaint.id.clone()}</span></dd>
            </dl>
        </section>
    }
    .into_any()
}

/// The pictures, which the shop downloads from WeChat for each view.
fn pictures(detail: &ComplaintDetail, urls: &[String]) -> Option<AnyView> {
    let all = detail.pictures();
    let shown = urls
        .iter()
        .filter_map(|url| all.iter().position(|known| known == url))
        .map(|position| {
            let src = format!("/console/complaints/{}/pictures/{position}", detail.complaint.id);
            let href = src.clone();
            view! {
                <a href=href>
                    <img src=src alt=t("投诉的图片", "Picture of the complaint") width="96" height="96" loading="lazy"/>
                </a>
            }
        })
        .collect_view();
    (!urls.is_empty()).then(|| view! { <p class="row">{shown}</p> }.into_any())
}

fn history(detail: &ComplaintDetail) -> AnyView {
    let lines = detail.entries.iter().map(|entry| line(detail, entry)).collect_view();
    let none =
        detail.entries.is_empty().then(|| view! { <p class="muted">{t("还没有读取", "Not read yet")}</p> });
    view! {
        <section class="panel">
            <h2>{t("协商记录", "Negotiation")}</h2>
            {none}
            <ol class="negotiation">{lines}</ol>
        </section>
    }
    .into_any()
}

fn line(detail: &ComplaintDetail, entry: &ComplaintEntryRecord) -> AnyView {
    let writer = match entry.writer {
        ComplaintWriter::Shopper => t("买家", "Buyer"),
        ComplaintWriter::Shop => t("商家", "Shop"),
        ComplaintWriter::Wechat => t("微信", "WeChat"),
    };
    view! {
        <li>
            <p>
                <strong>{writer}</strong>
                " "
                {entry_word(&entry.kind).map(|word| view! { <span class="tag">{word}</span> })}
                " "
                <span class="muted">{time(entry.at_ms)}</span>
            </p>
            <p class="text">{entry.text.clone()}</p>
            {pictures(detail, &entry.pictures)}
        </li>
    }
    .into_any()
}

/// The word for a kind of entry, from WeChat's word (`operate_type`). `None` if the text of the entry says the same.
fn entry_word(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "USER_CREATE_COMPLAINT" => t("投诉", "complained"),
        "USER_CONTINUE_COMPLAINT" => t("继续投诉", "complained again"),
        "USER_COMFIRM_COMPLAINT" => t("确认完成", "confirmed the end"),
        "MERCHANT_CONFIRM_COMPLETE" => t("处理完成", "finished"),
        "MERCHANT_APPROVE_REFUND" => t("同意退款", "approved the refund"),
        "MERCHANT_REFUSE_RERUND" => t("拒绝退款", "refused the refund"),
        _ => return None,
    })
}

/// The last answer, if WeChat may not have it.
fn answers(detail: &ComplaintDetail) -> Option<AnyView> {
    // only the last answer counts: an older refusal is settled by a newer answer
    let last = detail.answers.last().filter(|answer| answer.state != ComplaintAnswerState::Sent)?;
    let class = if last.state.is_open() { "panel" } else { "panel error" };
    let wechat = (!last.message.is_empty()).then(|| {
        let text = format!("{} {}", last.code, last.message).trim().to_owned();
        view! { <p class="text">{t("微信的答复：", "WeChat's answer: ")} <span class="copy">{text}</span></p> }
    });
    Some(
        view! {
            <section class=class role="status" id="last-answer">
                <h2>{answer_word(last.kind)} " " <span class="tag warn">{answer_state_word(last.state)}</span></h2>
                <p>{answer_sentence(last)}</p>
                {(!last.text.is_empty()).then(|| view! { <p class="text">{last.text.clone()}</p> })}
                {wechat}
                <p class="muted">{tf!("{}，{}", "{}, {}", last.who, time(last.changed_ms))}</p>
            </section>
        }
        .into_any(),
    )
}

fn answer_word(kind: ComplaintAnswerKind) -> &'static str {
    match kind {
        ComplaintAnswerKind::Reply => t("回复买家", "Reply"),
        ComplaintAnswerKind::Finish => t("处理完成", "Finish"),
        ComplaintAnswerKind::ApproveRefund => t("同意退款", "Approve the refund"),
        ComplaintAnswerKind::RefuseRefund => t("拒绝退款", "Refuse the refund"),
    }
}

fn answer_state_word(state: ComplaintAnswerState) -> &'static str {
    match state {
        ComplaintAnswerState::Waiting => t("等待发送", "Waiting"),
        ComplaintAnswerState::Sending => t("等待微信答复", "Waiting for WeChat"),
        ComplaintAnswerState::Sent => t("已发送", "Sent"),
        ComplaintAnswerState::Refused => t("微信拒绝", "Refused by WeChat"),
        ComplaintAnswerState::TooLate => t("没有发出", "Not sent"),
    }
}

fn answer_sentence(answer: &ComplaintAnswerRecord) -> &'static str {
    match (answer.state, answer.code.as_str()) {
        (ComplaintAnswerState::Waiting, _) => t(
            "微信暂时没有受理，小店会自动再发，请稍后刷新。",
            "WeChat has not taken it yet. The shop sends it again by itself. Please reload later.",
        ),
        (ComplaintAnswerState::Sending, _) => t(
            "没有收到微信的答复。小店会先向微信查询，没有送达才会再发，请不要重复回复。",
            "No answer of WeChat came. The shop asks WeChat first, and sends it again only if it did not arrive. Please do not reply twice.",
        ),
        (ComplaintAnswerState::TooLate, _) => t(
            "一天内没能发出，请重新回复，或到商户平台处理。",
            "It could not be sent within a day. Please reply again, or answer in the merchant platform.",
        ),
        (_, "SIGN_ERROR") => t(
            "商户证书或密钥有误，请店主运行 server doctor 检查。",
            "The merchant's certificate or key is wrong. Ask the owner to run `server doctor`.",
        ),
        (_, "NO_AUTH") => t(
            "商户号没有投诉接口的权限，请到商户平台处理这条投诉。",
            "The merchant may not use the interface for complaints. Answer this one in the merchant platform.",
        ),
        (_, "PARAM_ERROR") => t(
            "微信认为内容不合要求，请修改文字后重新回复。",
            "WeChat does not accept the text. Please change it and reply again.",
        ),
        _ => t(
            "微信拒绝了这个操作。投诉可能已经完成或被撤销，请核对下方的协商记录和微信的答复。",
            "WeChat refused it. The complaint may have ended. Compare the negotiation and WeChat's answer.",
        ),
    }
}

/// The optimistic lock of the forms: the number of answers that this person saw.
fn seen(detail: &ComplaintDetail) -> AnyView {
    view! { <input type="hidden" name="seen" value=detail.answers.len().to_string()/> }.into_any()
}

fn typed_text(typed: Option<&TypedAnswer>, kind: ComplaintAnswerKind) -> String {
    typed.filter(|typed| typed.answer.kind == kind).map(|typed| typed.answer.text.clone()).unwrap_or_default()
}

fn reply_form(detail: &ComplaintDetail, typed: Option<&TypedAnswer>) -> AnyView {
    let text = typed_text(typed, ComplaintAnswerKind::Reply);
    view! {
        <section class="panel">
            <h2>{t("回复买家", "Reply to the buyer")}</h2>
            <form method="post" action=format!("/console/complaints/{}/reply", detail.complaint.id) class="stack">
                {seen(detail)}
                <label>
                    {t("买家会在微信里看到，最多 200 字", "The buyer reads it in WeChat; at most 200 characters")}
                    <TextArea name="text" rows=4 maxlength=MAX_ANSWER_CHARS required=true value=text/>
                </label>
                <button class="primary">{t("发送回复", "Send the reply")}</button>
            </form>
        </section>
    }
    .into_any()
}

fn refund_forms(detail: &ComplaintDetail, typed: Option<&TypedAnswer>) -> AnyView {
    let id = &detail.complaint.id;
    let text = typed_text(typed, ComplaintAnswerKind::RefuseRefund);
    let was_typed = !text.is_empty();
    let order = detail.complaint.order_id.as_ref().map(|order| {
        view! {
            <a class="button" href=format!("/console/orders/{order}")>{t("到订单页退款", "Refund on the order's page")}</a>
        }
    });
    view! {
        <section class="panel">
            <h2>{t("买家申请的退款", "The refund that the buyer wants")}</h2>
            <p class="muted">
                {t("“同意”只是告诉买家会退款，不会自动退款：请随后在订单页退款，退款到账后投诉自动完成。", "To approve only tells the buyer that you will refund. It does not refund: make the refund on the order's page. When it has arrived, the complaint ends.")}
            </p>
            <form method="post" action=format!("/console/complaints/{id}/approve") class="row">
                {seen(detail)}
                <button>{t("同意，今天退款", "Approve, refund today")}</button>
                {order}
            </form>
            <details open=was_typed>
                <summary>{t("拒绝退款", "Refuse the refund")}</summary>
                <form method="post" action=format!("/console/complaints/{id}/refuse") class="stack">
                    {seen(detail)}
                    <label>
                        {t("拒绝的理由（买家会看到，投诉随即完成）", "Reason (the buyer reads it, and the complaint ends)")}
                        <TextArea name="text" rows=3 maxlength=MAX_ANSWER_CHARS required=true value=text/>
                    </label>
                    <button class="danger">{t("拒绝退款", "Refuse the refund")}</button>
                </form>
            </details>
        </section>
    }
    .into_any()
}

fn finish_form(detail: &ComplaintDetail) -> AnyView {
    view! {
        <section class="panel">
            <h2>{t("处理完成", "Finish")}</h2>
            <p class="muted">{t("与买家协商好之后再点。买家不满意还可以继续投诉。", "Only when you and the buyer agree. A buyer who is not content can continue the complaint.")}</p>
            <form method="post" action=format!("/console/complaints/{}/finish", detail.complaint.id) class="row">
                {seen(detail)}
                <button>{t("已处理完成", "It is dealt with")}</button>
            </form>
        </section>
    }
    .into_any()
}
