//! An after-sale on the page of its order, with the actions of staff.

use leptos::prelude::*;
use model::{
    Fen,
    after_sale::{AfterSaleKind, AfterSaleState},
    record::AfterSaleRecord,
};
use shop::AdminOrder;

use super::{
    language::{t, tf},
    messages::{after_sale_kind_word, after_sale_state_word, time},
};
use crate::raw_text::TextArea;

/// The path of an after-sale's actions.
pub(super) fn path_of(asked: &AfterSaleRecord) -> String {
    format!("/console/after-sales/{}", asked.id)
}

/// The tag of a state.
pub(super) fn state_tag(state: AfterSaleState) -> AnyView {
    let class = if state.waits_for_staff() { "tag warn" } else { "tag" };
    view! { <span class=class>{after_sale_state_word(state)}</span> }.into_any()
}

/// Says when the shop will take the next step by itself. `None` if it will not.
pub(super) fn due_words(asked: &AfterSaleRecord) -> Option<String> {
    let Some(due_ms) = asked.due_ms else {
        // without a return address a return waits for staff
        let waits = asked.state == AfterSaleState::Requested && asked.kind == AfterSaleKind::Return;
        return waits
            .then(|| t("不会自动同意，请尽快处理", "Not agreed by itself: please answer soon").to_owned());
    };
    let due = time(due_ms);
    Some(match (asked.state, asked.kind) {
        (AfterSaleState::Requested, AfterSaleKind::Return) => {
            tf!("请在 {due} 前处理，逾期将自动同意退货", "Agreed by itself at {due} if you do not answer")
        }
        (AfterSaleState::Returning, _) => {
            tf!(
                "买家需在 {due} 前寄出，否则申请关闭",
                "The buyer has to send the goods by {due}; after that it ends"
            )
        }
        _ => tf!("请在 {due} 前处理，逾期将自动退款", "Refunded by itself at {due} if you do not act"),
    })
}

/// An after-sale with its goods, its pictures, and the forms for the next step.
pub(super) fn after_sale_section(
    order: &AdminOrder,
    asked: &AfterSaleRecord,
    may_act: bool,
    address: &str,
) -> AnyView {
    let lines = asked.lines.iter().filter_map(|line| {
        let item = order.items.iter().find(|item| item.position == line.position)?;
        Some(view! { <li>{item.in_words(line.pieces)} " " <span class="muted">"¥" {line.fee.to_string()}</span></li> })
    });
    let whole = asked.lines.is_empty().then(|| view! { <p>{t("整单", "The whole order")}</p> });
    let refund = order.refunds.iter().find(|refund| refund.out_refund_no.as_str() == asked.out_refund_no);
    let (amount, asked_fee) = (asked.amount(refund.map(|refund| refund.refund_fee)), asked.fee);
    let refunded = refund.map(|refund| {
        let (fee, who) = (refund.refund_fee, refund.who.clone());
        let restock =
            if asked.restock { t("，商品放回库存", ", the goods return to stock") } else { "" };
        view! { <p>{tf!("退款 ¥{fee}（{who}）", "Refund of ¥{fee} ({who})")} {restock}</p> }
    });
    let pictures = (1..=asked.pictures).map(|number| {
        let (href, src) =
            (format!("{}/pictures/{number}", path_of(asked)), format!("{}/pictures/{number}", path_of(asked)));
        view! { <a href=href><img src=src alt=t("买家的图片", "Picture of the buyer") width="96" height="96" loading="lazy"/></a> }
    });
    let answer = (!asked.answer.is_empty()).then(|| {
        view! { <p class="text">{t("商家回复（", "Answer (")} {asked.who.clone()} {t("）：", "): ")} {asked.answer.clone()}</p> }
    });
    let parcel = (!asked.tracking_no.is_empty()).then(|| {
        view! {
            <p>
                {t("退货包裹：", "Parcel: ")} {asked.carrier.clone()} " " <span class="copy">{asked.tracking_no.clone()}</span>
                {asked.sent_ms.map(|ms| view! { " " <span class="muted">{time(ms)}</span> })}
            </p>
        }
    });
    let received = asked.received_ms.map(
        |ms| view! { <p>{t("已收到退货 ", "Goods received ")} <span class="muted">{time(ms)}</span></p> },
    );
    let note = (asked.state == AfterSaleState::Failed).then(|| {
        view! {
            <p class="text">
                {t("微信关闭了退款，钱没有退给买家。请在商户平台的“退款查询”查看原因（退款单号在“支付与退款明细”中），然后重新退款，或拒绝申请。", "WeChat closed the refund, and the buyer has no money. Look up the reason in the merchant platform (退款查询; the refund number stands under the payments). Then refund again, or decline.")}
            </p>
        }
    });
    let actions = may_act.then(|| actions(order, asked, address));
    view! {
        <section class="panel no-print after-sale" id=asked.id.to_string()>
            <h2>{after_sale_kind_word(asked.kind)} " ¥" {amount.to_string()} " " {state_tag(asked.state)}</h2>
            {(amount != asked.fee).then(|| view! { <p class="muted">{tf!("买家申请 ¥{asked_fee}", "The buyer asked for ¥{asked_fee}")}</p> })}
            {note}
            {due_words(asked).map(|words| view! { <p class="muted">{words}</p> })}
            {whole}
            <ul class="ranking">{lines.collect_view()}</ul>
            <p class="text">{asked.reason.clone()}</p>
            <div class="pictures">{pictures.collect_view()}</div>
            <p class="muted">{time(asked.asked_ms)}</p>
            {answer} {parcel} {received} {refunded}
            {actions}
        </section>
    }
    .into_any()
}

fn actions(order: &AdminOrder, asked: &AfterSaleRecord, address: &str) -> AnyView {
    let path = path_of(asked);
    let is_open = asked.state.is_open();
    let waits = asked.state.waits_for_staff();
    let is_return = asked.kind == AfterSaleKind::Return;
    let first = match asked.state {
        AfterSaleState::Requested if is_return => Some(agree(&path, address)),
        AfterSaleState::Returning | AfterSaleState::Returned => Some(receive(&path)),
        _ => None,
    };
    let refundable = asked.fee.min(order.refundable());
    let refund = is_open.then(|| {
        let word = match asked.state {
            // staff agreed to the return already
            AfterSaleState::Received => tf!("退款 ¥{refundable}", "Refund ¥{refundable}"),
            _ => tf!("同意退款 ¥{refundable}", "Refund ¥{refundable}"),
        };
        refund_links(&path, refundable, word, order.refundable(), first.is_some())
    });
    let decline = waits.then(|| {
        view! {
            <details>
                <summary>{t("拒绝申请", "Decline the request")}</summary>
                <form method="post" action=format!("{path}/decline") class="stack">
                    <label>
                        {t("拒绝的理由（买家会看到）", "Reason (the buyer reads it)")}
                        <TextArea name="answer" rows=2 maxlength=200 required=true/>
                    </label>
                    <button class="danger">{t("拒绝", "Decline")}</button>
                </form>
            </details>
        }
    });
    view! { {first} {refund} {decline} }.into_any()
}

/// The form that agrees to a return, with the address for the parcel.
fn agree(path: &str, address: &str) -> AnyView {
    let check = (!address.is_empty()).then(|| {
        let words = t(
            "请核对：这是设置的或上次填写的地址，同意后会发给买家",
            "Please check: this is the configured address, or the last one that you wrote. The buyer gets it.",
        );
        view! { <span class="muted">{words}</span> }
    });
    view! {
        <form method="post" action=format!("{path}/agree") class="stack">
            <label>
                {t("退货地址、收件人和电话（买家会看到）", "Address, name and telephone number for the parcel (the buyer reads it)")}
                <TextArea name="answer" rows=2 maxlength=200 required=true value=address.to_owned()/>
                {check}
            </label>
            <button class="primary">{t("同意退货", "Agree to the return")}</button>
        </form>
    }
    .into_any()
}

fn receive(path: &str) -> AnyView {
    view! {
        <form method="post" action=format!("{path}/receive") class="actions">
            <button class="primary">{t("已收到退货", "The goods have arrived")}</button>
        </form>
    }
    .into_any()
}

/// The links to the confirmation of the refund: for the amount that the shopper asks for, and for another amount.
/// `is_folded` hides them, because another step usually comes first.
fn refund_links(path: &str, asked: Fen, word: String, refundable: Fen, is_folded: bool) -> AnyView {
    let whole = format!("{path}/refund?fee={asked}");
    let class = if is_folded { "button" } else { "button primary" };
    let links = view! {
        <div class="actions"><a class=class href=whole>{word}</a></div>
        <details>
            <summary>{t("修改退款金额", "Refund another amount")}</summary>
            <form method="get" action=format!("{path}/refund") class="row">
                <label>
                    {tf!("退款金额（元，最多 {refundable}）", "Amount (yuan, at most {refundable})")}
                    <input name="fee" inputmode="decimal" autocomplete="off" required/>
                </label>
                <button>{t("下一步：确认退款", "Next: confirm the refund")}</button>
            </form>
        </details>
    };
    if is_folded {
        view! {
            <details>
                <summary>{t("无需退货，直接退款", "Refund without the goods")}</summary>
                {links}
            </details>
        }
        .into_any()
    } else {
        links.into_any()
    }
}
