use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Token buckets. Each key may act `per_minute` times at once, and regains as many actions in a minute.
#[derive(Clone, Debug)]
pub(crate) struct RateLimiter {
    per_minute: i64,
    // for each key: the units that are left (see ACTION_COST), and the time of this value in ms
    left: Arc<Mutex<HashMap<String, (i64, i64)>>>,
}

/// The cost of one action, in the units of a bucket. A bucket regains `per_minute` units each millisecond.
const ACTION_COST: i64 = 60_000;

/// The smallest number of buckets at which full buckets are deleted.
const MIN_BUCKETS_TO_PRUNE: usize = 1024;

impl RateLimiter {
    pub(crate) fn per_minute(per_minute: u32) -> Self {
        Self { per_minute: per_minute.into(), left: Arc::default() }
    }

    /// Whether this key may act now. It takes nothing from the bucket.
    pub(crate) fn has_room(&self, who: &str, now_ms: i64) -> bool {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        self.available(&left, who, now_ms) >= ACTION_COST
    }

    fn available(&self, left: &HashMap<String, (i64, i64)>, who: &str, now_ms: i64) -> i64 {
        let full = self.per_minute * ACTION_COST;
        let (had, at_ms) = left.get(who).copied().unwrap_or((full, now_ms));
        (had + (now_ms - at_ms).clamp(0, ACTION_COST) * self.per_minute).min(full)
    }

    /// Takes one action from the bucket of this key. Returns whether there was one.
    pub(crate) fn take(&self, who: &str, now_ms: i64) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let has = self.available(&left, who, now_ms);
        let may = has >= ACTION_COST;
        if left.len() >= MIN_BUCKETS_TO_PRUNE && left.len() == left.capacity() {
            // a bucket is full a minute after its last action, and a missing bucket counts as full
            left.retain(|_, (_, at_ms)| (0..ACTION_COST).contains(&(now_ms - *at_ms)));
        }
        left.insert(who.to_owned(), (if may { has - ACTION_COST } else { has }, now_ms));
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_the_limit_recovers_with_time() {
        let limits = RateLimiter::per_minute(60);
        assert!((0..60).all(|_| limits.take("one", 1_000)));
        assert!(!limits.take("one", 1_000));
        assert!(limits.take("other", 1_000));
        assert!(!limits.take("one", 1_999));
        assert!(limits.take("one", 2_000));
        assert!(!limits.take("one", 2_000));
        // a clock that goes back returns no actions
        assert!(!limits.take("one", 0));
        assert_eq!((0..100).filter(|_| limits.take("one", 10_000_000)).count(), 60);
    }

    #[test]
    fn the_number_of_remembered_addresses_is_limited() {
        let limits = RateLimiter::per_minute(1);
        for minute in 0..100 {
            for at in 0..1_000 {
                assert!(limits.take(&format!("{minute}.{at}"), minute * 60_000));
            }
        }
        assert!(limits.left.lock().unwrap().len() < 10_000);
        // a key that acted within the last minute keeps its bucket
        assert!(!limits.take("99.0", 99 * 60_000 + 1));
    }
}
