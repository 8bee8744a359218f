//! The first section of the page: what a developer can do now.

use super::sentence;
use crate::{clock::Millis, database::Database, html::escape, pay::TradeState};

/// The steps that make sense in the present state.
pub(super) fn show(db: &Database, phone: &str, now: Millis) -> String {
    let open = |mode: &str, label: &str| {
        format!("<a class=\"button\" href=\"{phone}/_phone/user?mode={mode}&amp;next=/\">{label}</a>")
    };
    let user = db.users.first().map(|user| escape(&user.nickname)).unwrap_or_default();
    let mut steps = vec![format!(
        "<li>{}<p class=\"row\"><a class=\"button primary\" id=\"open-phone\" href=\"{phone}/\">打开手机 <small lang=\"en\">Open the phone</small></a> {} {} \
         <a class=\"button\" href=\"{phone}/console\">商家后台 <small lang=\"en\">Console</small></a></p></li>",
        sentence(
            &format!("在手机里逛店、下单、付款。换人请看下面的“用户”，第一位是{user}。"),
            "Shop on the phone: choose a product, order, pay. Other people are under Users."
        ),
        open("desktop", "电脑浏览器"),
        open("browser", "手机浏览器"),
    )];
    let unpaid = db
        .orders
        .values()
        .filter(|order| !order.is_combined() && order.state(now) == TradeState::NotPay)
        .count();
    if unpaid > 0 {
        steps.push(format!(
            "<li>{}</li>",
            sentence(
                &format!(
                    "<a href=\"#orders\">{unpaid} 笔订单</a>等待付款：可以在手机里付，也可以在这里替顾客付。"
                ),
                &format!("{unpaid} orders wait for a payment: pay on the phone, or here for the shopper.")
            )
        ));
    }
    let waiting = db.notifications.iter().filter(|each| !each.acknowledged).count();
    if waiting > 0 {
        steps.push(format!(
            "<li>{}</li>",
            sentence(
                &format!(
                    "<a href=\"#notifications\">{waiting} 条通知</a>小店还没有确认：看看小店答了什么，或快进<a \
                     href=\"#clock\">时钟</a>，让微信再发一次。"
                ),
                &format!(
                    "The shop has not acknowledged {waiting} notifications: see its answers, or move the clock \
                     forward so that WeChat sends again."
                )
            )
        ));
    }
    let faults = db.faults.0.len() + usize::from(db.delivery_faults.drop.is_some());
    if faults > 0 {
        steps.push(format!(
            "<li class=\"bad\">{}</li>",
            sentence(
                &format!("<a href=\"#faults\">{faults} 个故障</a>正在生效。"),
                &format!("{faults} faults are active.")
            )
        ));
    }
    format!("<ol class=\"steps\">{}</ol>", steps.concat())
}
