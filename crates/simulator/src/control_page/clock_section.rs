//! The section with the two clocks: the simulator's, and the shop's as its answers show it.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;

use super::sentence;
use crate::{
    app_state::AppState,
    clock::{Clock, Millis, SECOND, rfc3339},
};

/// How long the page waits for the shop.
const WITHIN: Duration = Duration::from_secs(1);

/// A smaller difference of the clocks counts as none, in milliseconds: the request takes time.
const SAME: Millis = 5 * SECOND;

/// What the shop's answer says about its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShopClock {
    /// The shop does not answer, or its answer has no date.
    Unknown,
    /// The time of its answer.
    Shows(Millis),
}

impl ShopClock {
    /// Reads the `Date` of the shop's health check.
    pub(super) async fn ask(app: &AppState) -> Self {
        let Ok(url) = app.addresses.shop.join("/healthz") else { return Self::Unknown };
        let answer = app.client.get(url).timeout(WITHIN).send().await;
        let Ok(answer) = answer else { return Self::Unknown };
        let date = answer.headers().get("date").and_then(|date| date.to_str().ok());
        let time = date.and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
        time.map_or(Self::Unknown, |time| Self::Shows(time.as_millisecond()))
    }
}

/// A number of seconds in words: `2 小时 5 分`, `40 秒`.
fn length(seconds: i64) -> String {
    let units = [(86_400, "天"), (3_600, "小时"), (60, "分"), (1, "秒")];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, name) in units {
        if rest >= unit {
            parts.push(format!("{} {name}", rest / unit));
            rest %= unit;
        }
    }
    if parts.is_empty() { "0 秒".to_owned() } else { parts.join(" ") }
}

/// The HTML of the section.
pub(super) fn show(clock: &Clock, shop: ShopClock) -> String {
    let (now, ahead) = (clock.now(), length(clock.ahead() / SECOND));
    let buttons = [(60, "1 分钟"), (300, "5 分钟"), (7200, "2 小时"), (86_400, "1 天")]
        .map(|(seconds, label)| {
            format!("<button name=\"advance_s\" value=\"{seconds}\">快进 {label}</button>")
        })
        .join(" ");
    let (state, advice) = compared(now, shop);
    format!(
        "<dl><dt>模拟微信</dt><dd>{}（比真实时间快 {ahead}）</dd><dt>小店</dt><dd>{state}</dd></dl>{advice}\
         <form method=\"post\" action=\"/page/clock\" class=\"row\">{buttons} <label><input type=\"checkbox\" name=\"shop\" \
         value=\"1\" checked> 小店一起快进（make run）</label></form>{}",
        rfc3339(now),
        sentence(
            "快进会让令牌和未付款的订单到期，让通知重发，让账单日到来。签名里的时间戳始终是真实时间。",
            "Moving the clock ends tokens and unpaid orders, repeats notifications and brings the day of the bill. \
             Timestamps in signatures stay real."
        )
    )
}

/// What the shop's clock shows, and what to do about it.
fn compared(now: Millis, shop: ShopClock) -> (String, String) {
    let ShopClock::Shows(there) = shop else {
        return (
            "没有应答".to_owned(),
            sentence(
                "小店没有启动，或正在重新启动：请稍后刷新。",
                "The shop is not up, or starts again: reload soon.",
            ),
        );
    };
    let difference = now - there;
    if difference.abs() <= SAME {
        return (
            format!("{}，<b class=\"good\">与模拟微信一致</b>", rfc3339(there)),
            sentence(
                "勾选“小店一起快进”时，make run 会在几秒内以同样的时间重新启动小店。",
                "With the box checked, make run starts the shop again with the same time, within some seconds.",
            ),
        );
    }
    let word = if difference > 0 { "慢" } else { "快" };
    (
        format!(
            "{}，<b class=\"bad\">比模拟微信{word} {}</b>",
            rfc3339(there),
            length(difference.abs() / SECOND)
        ),
        sentence(
            "两边时间不同：wx.config 会报 invalid signature（小店的 jsapi_ticket 在微信已过期），订单会先付款后下单。用 \
             make run 启动的小店：勾选“小店一起快进”再点一次，几秒内会跟上。单独启动的小店：设置 SHOP_CLOCK_OFFSET_S \
             后重启，或用 server jobs --now 运行到期的任务。",
            "The clocks differ: wx.config fails with invalid signature (the shop's jsapi_ticket has ended at WeChat), and \
             orders are paid before they are made. A shop of make run follows if the box is checked; set \
             SHOP_CLOCK_OFFSET_S for another shop and start it again, or run server jobs --now.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_the_clocks_is_said() {
        let state = |shop| compared(10_000_000, shop).0;
        assert!(state(ShopClock::Unknown).contains("没有应答"));
        assert!(state(ShopClock::Shows(9_999_000)).contains("一致"));
        assert!(state(ShopClock::Shows(2_800_000)).contains("比模拟微信慢 2 小时"));
        assert!(state(ShopClock::Shows(10_060_000)).contains("比模拟微信快 1 分"));
    }
}
