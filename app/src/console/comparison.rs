//! Compares a period of the dashboard with the period before it.

use leptos::prelude::*;
use model::{
    Fen,
    figures::{Comparison, Period},
};

use super::{
    language::{t, tf},
    messages::paid_orders_word,
};

fn period_word(period: Period) -> &'static str {
    match period {
        Period::Today => t("今天", "Today"),
        Period::SevenDays => t("7 天", "7 days"),
        Period::ThirtyDays => t("30 天", "30 days"),
        Period::Month => t("本月", "This month"),
    }
}

fn before_word(period: Period) -> &'static str {
    match period {
        Period::Today => t("比昨天同一时间", "against yesterday until the same time"),
        Period::SevenDays => t("比前 7 天", "against the 7 days before"),
        Period::ThirtyDays => t("比前 30 天", "against the 30 days before"),
        Period::Month => t("比上月同期", "against the month before until the same day"),
    }
}

/// The sums of a period, with the difference to the period before.
pub(super) fn comparison(period: Period, compared: &Comparison) -> AnyView {
    let links = Period::ALL
        .iter()
        .map(|other| {
            let current = (*other == period).then_some("page");
            let class = if *other == period { "button primary" } else { "button" };
            view! { <a class=class href=format!("/console?period={other}") aria-current=current>{period_word(*other)}</a> }
        })
        .collect_view();
    let Comparison { now, before } = compared;
    let yuan = |fen: i64| format!("¥{}", Fen(fen).with_separators());
    let count = |number: i64| number.to_string();
    view! {
        <h2>{t("与上一期比较", "Compared with the period before")}</h2>
        <nav class="actions" aria-label=t("时段", "Period")>{links}</nav>
        <section class="figures today" aria-label=t("与上一期比较", "Compared with the period before")>
            {figure(t("成交额", "Sales"), now.net().0, before.net().0, yuan)}
            {figure(t("退款", "Refunds"), now.refunded.0, before.refunded.0, yuan)}
            {figure(paid_orders_word(), now.orders, before.orders, count)}
        </section>
        <p class="muted">{t("成交额＝支付金额−退款，不含充值。", "Sales are what was paid, less refunds, without top-ups.")} " " {before_word(period)} " · " <a href="/console/figures">{t("商品明细", "Figures by product")}</a></p>
    }
    .into_any()
}

/// A figure with the difference to the period before.
pub(super) fn figure(name: &'static str, now: i64, before: i64, words: impl Fn(i64) -> String) -> AnyView {
    view! {
        <div class="panel figure">
            <strong>{words(now)}</strong>
            <span>{name}</span>
            <span class="small">{difference(now, before, &words)}</span>
        </div>
    }
    .into_any()
}

/// The difference as an amount and in percent. If the period before has nothing, there is no percentage.
fn difference(now: i64, before: i64, words: &impl Fn(i64) -> String) -> String {
    if before <= 0 {
        return t("暂无上期数据", "Nothing to compare with").to_owned();
    }
    let more = now - before;
    let sign = if more < 0 { "−" } else { "+" };
    let (amount, percent) = (words(more.abs()), percent(more, before));
    tf!(
        "上期 {}，{sign}{amount}（{sign}{percent}）",
        "before: {}, {sign}{amount} ({sign}{percent})",
        words(before)
    )
}

/// The difference in percent of the value before, without its sign.
fn percent(more: i64, before: i64) -> String {
    let tenths = (i128::from(more.abs()) * 1000 + i128::from(before) / 2) / i128::from(before);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// The figure of the period before, and the change in percent: `上期 12（+50.0%）`. `None` if both figures are zero.
pub(super) fn before(now: i64, before: i64, words: impl Fn(i64) -> String) -> Option<String> {
    if now == 0 && before == 0 {
        return None;
    }
    let number = words(before);
    if before <= 0 {
        return Some(tf!("上期 {number}", "before: {number}"));
    }
    let more = now - before;
    let sign = if more < 0 { "−" } else { "+" };
    let percent = percent(more, before);
    Some(tf!("上期 {number}（{sign}{percent}）", "before: {number} ({sign}{percent})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_never_divides_by_zero() {
        let yuan = |fen: i64| format!("¥{}", Fen(fen));
        assert_eq!(difference(500, 0, &yuan), "暂无上期数据");
        assert_eq!(difference(500, -100, &yuan), "暂无上期数据");
        assert_eq!(difference(0, 0, &yuan), "暂无上期数据");
        assert_eq!(difference(1500, 1000, &yuan), "上期 ¥10.00，+¥5.00（+50.0%）");
        assert_eq!(difference(0, 1000, &yuan), "上期 ¥10.00，−¥10.00（−100.0%）");
        assert_eq!(difference(-500, 300, &yuan), "上期 ¥3.00，−¥8.00（−266.7%）");
        let count = |number: i64| number.to_string();
        assert_eq!(before(0, 0, count), None);
        assert_eq!(before(3, 0, count).as_deref(), Some("上期 0"));
        assert_eq!(before(3, 2, count).as_deref(), Some("上期 2（+50.0%）"));
        assert_eq!(before(0, 2, count).as_deref(), Some("上期 2（−100.0%）"));
        assert!(difference(i64::MAX / 2, 1, &|number: i64| number.to_string()).contains('%'));
    }
}
