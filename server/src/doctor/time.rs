use super::{CheckContext, Finding, advice};

/// The largest harmless difference of the clocks, in seconds.
const NEAR: i64 = 30;

/// A difference of the clocks that is near WeChat's limit for signatures (300 seconds), in seconds.
const FAR: i64 = 240;

pub(super) async fn check(context: &CheckContext<'_>) -> Finding {
    const CHECK: &str = "clock";
    let date = match context.http.date_at(context.config.wechat.endpoints.api()).await {
        Ok(date) => date,
        Err(error) => return advice::platform(CHECK, "WECHAT_SECRET", &error),
    };
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    let Some(there) = date.and_then(|date| parser.parse_timestamp(&date).ok()) else {
        return Finding::warning(
            CHECK,
            "WeChat's answer has no date",
            "compare the clock by hand: timedatectl",
        );
    };
    let ahead = context.now_s() - there.as_second();
    let what = format!("{} s {} WeChat's", ahead.abs(), if ahead < 0 { "behind" } else { "ahead of" });
    let remedy = "set the clock by NTP: timedatectl set-ntp true";
    match ahead.abs() {
        0..=NEAR => Finding::ok(CHECK, what),
        ..=FAR => Finding::warning(CHECK, what, remedy),
        _ => Finding::wrong(CHECK, format!("{what}: signatures are refused in both directions"), remedy),
    }
}
