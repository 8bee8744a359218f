//! The page with which staff download or erase the data of an order's shopper.

use leptos::prelude::*;
use model::{OrderId, erasure::ErasureObstacle};

use super::{
    language::{t, tf},
    layout::{Head, page},
};
use crate::raw_text::TextArea;

/// The button for the copy, and the form for the erasure or the obstacles to it. `problem` is why the shop refused the
/// form.
#[must_use]
pub fn privacy_page(
    head: &Head<'_>,
    id: &OrderId,
    obstacles: &[ErasureObstacle],
    problem: Option<&'static str>,
) -> String {
    let order = format!("/console/orders/{id}");
    let erase = if obstacles.is_empty() {
        view! {
            <p>{t("删除昵称、头像、地址、购物车、消息，以及这位买家全部订单里的姓名、电话、地址、备注和 openid。订单和金额保留。不能恢复。", "Erases the nickname, picture, addresses, cart and messages, and in all orders of this buyer the name, telephone, address, note and openid. The orders and their amounts stay. It cannot be undone.")}</p>
            {problem.map(|text| view! { <p class="error" role="alert">{text}</p> })}
            <form method="post" action=format!("{order}/shopper/erase") class="stack">
                <label>
                    {t("原因（写入记录）", "Reason (the log keeps it)")}
                    <TextArea name="reason" rows=2 maxlength=200 required=true/>
                </label>
                <button class="danger">{t("删除买家信息", "Erase the buyer's data")}</button>
            </form>
        }
        .into_any()
    } else {
        let lines = obstacles.iter().map(|each| view! { <li>{obstacle_word(*each)}</li> }).collect_view();
        view! { <p>{t("现在不能删除，请先处理：", "It cannot be erased yet. First see to:")}</p> <ul>{lines}</ul> }
            .into_any()
    };
    let body = view! {
        <section class="panel">
            <h2>{t("导出", "Copy")}</h2>
            <p>{t("这位买家的全部信息：资料、地址、订单、余额明细、售后申请、投诉和消息。", "Everything that is kept about this buyer: profile, addresses, orders, balance, refund requests, complaints and messages.")}</p>
            <form method="post" action=format!("{order}/shopper/data.json") class="actions">
                <button>{t("导出买家信息（JSON）", "Copy the buyer's data (JSON)")}</button>
            </form>
        </section>
        <section class="panel">
            <h2>{t("删除", "Erase")}</h2>
            {erase}
        </section>
        <p><a href=order.clone()>{t("返回订单", "Back to the order")}</a></p>
    };
    page(head, "/console/orders", &tf!("买家信息 · 订单 {id}", "Buyer's data · order {id}"), body)
}

fn obstacle_word(obstacle: ErasureObstacle) -> &'static str {
    match obstacle {
        ErasureObstacle::Unpaid => t("未付款的订单", "an unpaid order"),
        ErasureObstacle::Undelivered => t(
            "没有收货的订单，或微信还不知道发货信息",
            "an order that is not received, or whose delivery WeChat does not know",
        ),
        ErasureObstacle::Refund => {
            t("没有结束的退款或售后申请", "a refund, or a request for one, that has not ended")
        }
        ErasureObstacle::Balance => t("余额里还有钱", "money in the balance"),
        ErasureObstacle::Complaint => t("没有结束的投诉", "a complaint that has not ended"),
        ErasureObstacle::Discrepancy => t("没有处理的对账差异", "an open discrepancy"),
    }
}
