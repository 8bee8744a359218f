//! The time until which a paid order must be sent, if the shop promises one.

use std::time::Duration;

use leptos::prelude::*;
use shop::{Settings, ship_until_ms};

use super::language::tf;

/// The promised time of sending, and the shop's time.
#[derive(Clone, Copy, Debug)]
pub struct ShipUntil {
    within: Option<Duration>,
    now_ms: i64,
}

/// The last moment to send an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LastMoment {
    ms: i64,
    is_late: bool,
}

impl ShipUntil {
    /// The promise in these settings. `now_ms` is in milliseconds since 1970.
    #[must_use]
    pub const fn of(settings: &Settings, now_ms: i64) -> Self {
        Self { within: settings.ship_within, now_ms }
    }

    /// The last moment to send a waiting order. `paid_ms` is when it was paid. `None` if the shop promises nothing.
    pub(super) fn of_order(self, paid_ms: Option<i64>) -> Option<LastMoment> {
        let ms = ship_until_ms(self.within, paid_ms?)?;
        Some(LastMoment { ms, is_late: ms < self.now_ms })
    }
}

/// The tag `最晚 12-03 01:08 发货`, or the tag for a late order.
pub(super) fn ship_until(last: LastMoment) -> AnyView {
    let at = shop::shanghai(last.ms).strftime("%m-%d %H:%M").to_string();
    if last.is_late {
        let words = tf!("应在 {at} 前发货，已超时", "late: it was to ship by {at}");
        return view! { <span class="tag warn">{words}</span> }.into_any();
    }
    view! { <span class="muted ship-until">{tf!("最晚 {at} 发货", "ships by {at}")}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_ends_some_hours_after_the_payment() {
        let until = ShipUntil { within: Some(Duration::from_secs(48 * 3_600)), now_ms: 172_800_001 };
        assert_eq!(until.of_order(Some(1)), Some(LastMoment { ms: 172_800_001, is_late: false }));
        assert_eq!(until.of_order(Some(0)), Some(LastMoment { ms: 172_800_000, is_late: true }));
        assert_eq!(until.of_order(None), None);
        assert_eq!(ShipUntil { within: None, now_ms: 1 }.of_order(Some(0)), None);
    }
}
