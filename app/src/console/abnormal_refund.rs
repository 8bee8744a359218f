//! The forms with which staff send an abnormal refund to another account.

use leptos::prelude::*;
use model::{payment::PayApi, record::RefundRecord, refund::RefundState};
use shop::{AdminOrder, REFUND_BANKS};

use super::language::{t, tf};

/// The forms for the abnormal refunds of an order.
pub(super) fn abnormal_refunds(order: &AdminOrder) -> AnyView {
    let abnormal = order.refunds.iter().filter(|refund| refund.state == RefundState::Abnormal);
    abnormal.map(|refund| section(order, refund)).collect_view().into_any()
}

fn section(order: &AdminOrder, refund: &RefundRecord) -> AnyView {
    let attempt = order.attempts.iter().find(|attempt| attempt.out_trade_no == refund.out_trade_no);
    let is_v3 = attempt.is_some_and(|attempt| attempt.api == PayApi::V3);
    let fee = refund.wechat_fee();
    let forms = if is_v3 {
        forms(refund).into_any()
    } else {
        view! {
            <p class="text">
                {t("这笔退款只能在微信支付商户平台处理：请登录 pay.weixin.qq.com，在“退款查询”中找到它，改退到买家的银行卡。", "Only WeChat's merchant platform can handle this refund: sign in to pay.weixin.qq.com, find it in 退款查询, and send it to a bank card of the buyer.")}
            </p>
        }
        .into_any()
    };
    view! {
        <section class="panel no-print" id="abnormal">
            <h2>{t("退款异常 ", "Abnormal refund ")} <span class="tag warn">"¥" {fee.to_string()}</span></h2>
            <p class="text">
                {t("买家的付款账户收不了款。请与买家确认，不要再退一次：这笔钱还在微信。", "The account that paid cannot receive the money. Talk to the buyer, and do not refund again: WeChat still has the money.")}
            </p>
            {forms}
        </section>
    }
    .into_any()
}

fn forms(refund: &RefundRecord) -> impl IntoView {
    let action = format!("/console/orders/{}/redirect-refund", refund.order_id);
    let number = refund.out_refund_no.to_string();
    let banks = REFUND_BANKS.iter().map(|(word, name)| view! { <option value=*word>{*name}</option> });
    let fee = refund.wechat_fee();
    view! {
        <form method="post" action=action.clone() class="row" autocomplete="off">
            <input type="hidden" name="number" value=number.clone()/>
            <input type="hidden" name="to" value="card"/>
            <label>
                {t("开户银行", "Bank")}
                <select name="bank" required>
                    <option value="">{t("请选择", "Please choose")}</option>
                    {banks.collect_view()}
                </select>
            </label>
            <label>{t("借记卡号", "Card number")} <input name="card" inputmode="numeric" required maxlength="30"/></label>
            <label>{t("持卡人姓名", "Name of its owner")} <input name="name" required maxlength="30"/></label>
            <button class="danger">{tf!("退 ¥{fee} 到这张银行卡", "Send ¥{fee} to this card")}</button>
        </form>
        <p class="muted">{t("卡号和姓名加密发给微信，小店不保存。", "The number and the name go to WeChat encrypted. The shop does not store them.")}</p>
        <details>
            <summary>{t("退到商户账户，自己转给买家", "Send it to the shop's account, and pay the buyer yourself")}</summary>
            <form method="post" action=action class="actions">
                <input type="hidden" name="number" value=number/>
                <input type="hidden" name="to" value="merchant"/>
                <button class="danger">{t("退到商户账户", "Send it to the shop's account")}</button>
            </form>
        </details>
    }
}
