use leptos::prelude::*;
use model::{
    Fen,
    order::OrderKind,
    record::{AfterSaleRecord, AttemptRecord},
};
use shop::AdminOrder;

use super::{
    after_sale::path_of,
    language::t,
    layout::{Head, page},
};

/// A refund that staff have not confirmed yet.
#[derive(Clone, Debug)]
pub struct Confirmation<'a> {
    /// The payment.
    pub payment: &'a AttemptRecord,
    /// The amount.
    pub fee: Fen,
    /// The reason. For an after-sale it is the shopper's text.
    pub reason: &'a str,
    /// The `out_refund_no`. It is the idempotency key: a second tap makes no second refund.
    pub number: &'a str,
    /// The after-sale that leads to this refund, if there is one.
    pub after_sale: Option<&'a AfterSaleRecord>,
}

/// The page that confirms a refund.
#[must_use]
pub fn refund_page(head: &Head<'_>, file: &AdminOrder, asked: &Confirmation<'_>) -> String {
    let id = file.order.id.to_string();
    let action = asked.after_sale.map_or_else(
        || format!("/console/orders/{id}/refund"),
        |after_sale| format!("{}/refund", path_of(after_sale)),
    );
    let rest = Fen(asked.payment.refundable().0 - asked.fee.0);
    let to_balance = file.balance_part(asked.payment, asked.fee);
    let came_back = asked.after_sale.is_some_and(|after_sale| after_sale.received_ms.is_some());
    let may_restock = match asked.after_sale {
        Some(_) => came_back || file.shipment.is_none(),
        None => file.may_restock(asked.payment, asked.fee),
    };
    let restock = may_restock.then(|| {
        let words = if came_back {
            t(
                "退回的商品可以再卖：退款成功后放回库存",
                "The returned goods can be sold again: return them to stock after the refund",
            )
        } else {
            t(
                "商品尚未发出：退款成功后放回库存",
                "The goods were not sent: return them to stock after the refund",
            )
        };
        view! {
            <label class="check">
                <input type="checkbox" name="restock" value="1"/>
                {words}
            </label>
        }
    });
    let goods_are_sent = is_for_less_than_the_pieces(file, asked).then(|| {
        let words = t(
            "退款金额少于这些商品的金额：商品仍然要发货（放回库存的除外）",
            "This is less than the products cost: they still have to be sent, unless they return to stock",
        );
        view! { <p class="notice">{words}</p> }
    });
    let body = view! {
        <section class="panel">
            <p class="big">{t("退还 ", "Refund ")} <strong>"¥" {asked.fee.to_string()}</strong> {t(" 给买家，原路退回", " to the buyer, to the account that paid")}</p>
            <dl class="facts">
                <dt>{t("订单", "Order")}</dt><dd>{id.clone()}</dd>
                <dt>{t("订单金额", "Order total")}</dt><dd>"¥" {file.order.total_fee.to_string()}</dd>
                {(file.order.freight_fee > Fen::ZERO)
                    .then(|| view! { <dt>{t("订单含运费", "Delivery fee in the order")}</dt><dd>"¥" {file.order.freight_fee.to_string()}</dd> })}
                {(to_balance > Fen::ZERO)
                    .then(|| view! { <dt>{t("其中退回买家余额", "Of this, back to the balance")}</dt><dd>"¥" {to_balance.to_string()}</dd> })}
                <dt>{t("本次退款后剩余可退", "Refundable afterwards")}</dt><dd>"¥" {rest.to_string()}</dd>
                <dt>{t("原因", "Reason")}</dt><dd class="text">{asked.reason.to_owned()}</dd>
            </dl>
            {goods_are_sent}
            <form method="post" action=action class="actions">
                <input type="hidden" name="fee" value=asked.fee.to_string()/>
                <input type="hidden" name="reason" value=asked.reason.to_owned()/>
                <input type="hidden" name="number" value=asked.number.to_owned()/>
                <input type="hidden" name="payment" value=asked.payment.out_trade_no.to_string()/>
                {restock}
                <button class="danger">{t("确认退款 ¥", "Refund ¥")} {asked.fee.to_string()}</button>
                <a class="button" href=format!("/console/orders/{id}")>{t("返回订单", "Back to the order")}</a>
            </form>
        </section>
    };
    page(head, "/console/orders", t("确认退款", "Confirm the refund"), body)
}

/// Whether the shop would keep a part of the money, although it has not sent the goods.
fn is_for_less_than_the_pieces(file: &AdminOrder, asked: &Confirmation<'_>) -> bool {
    let refundable = asked.payment.refundable();
    let is_paid_back = match asked.after_sale {
        Some(after_sale) => after_sale.is_paid_back_by(asked.fee, refundable),
        None => asked.fee >= Fen(file.order.total_fee.0 - file.order.freight_fee.0).min(refundable),
    };
    file.order.kind == OrderKind::Goods && file.shipment.is_none() && !is_paid_back
}
