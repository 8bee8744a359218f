//! The time limits of after-sales.

use std::time::Duration;

use shop::AfterSaleLimits;

use super::environment::Environment;

/// Reads `SHOP_AFTER_SALE_ANSWER_DAYS`, `SHOP_RETURN_DAYS`, `SHOP_RETURN_RECEIPT_DAYS` and `SHOP_RETURN_ADDRESS`.
pub(super) fn after_sale(env: &mut Environment) -> AfterSaleLimits {
    let answer = limit(env, "SHOP_AFTER_SALE_ANSWER_DAYS", "7");
    let receipt = limit(env, "SHOP_RETURN_RECEIPT_DAYS", "10");
    let send_back: u64 = env.parse_or("SHOP_RETURN_DAYS", "7", "a number of days");
    if !(1..=90).contains(&send_back) {
        env.wrong("SHOP_RETURN_DAYS", "from 1 to 90 days");
    }
    let return_address = env.text("SHOP_RETURN_ADDRESS").map(str::to_owned);
    if return_address.as_ref().is_some_and(|text| text.chars().count() > 200) {
        env.wrong(
            "SHOP_RETURN_ADDRESS",
            "at most 200 characters: the name, the telephone number and the address",
        );
    }
    AfterSaleLimits { answer, send_back: days(send_back), receipt, return_address }
}

/// A limit that 0 switches off.
fn limit(env: &mut Environment, name: &str, default: &str) -> Option<Duration> {
    let number: u64 = env.parse_or(name, default, "a number of days");
    if number > 90 {
        env.wrong(name, "from 1 to 90 days, or 0: the shop waits for staff");
    }
    (number > 0).then(|| days(number))
}

const fn days(number: u64) -> Duration {
    Duration::from_secs(number * 86_400)
}
