use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// A cache in memory whose entries expire after a fixed time.
#[derive(Debug)]
pub(crate) struct TtlCache<K, V> {
    keep_ms: i64,
    entries: Mutex<HashMap<K, (i64, Arc<V>)>>,
}

/// The cache deletes expired entries when it has this many.
const SWEEP: usize = 1024;

impl<K: Eq + Hash, V> TtlCache<K, V> {
    pub(crate) fn new(keep_ms: i64) -> Self {
        Self { keep_ms, entries: Mutex::new(HashMap::new()) }
    }

    /// The valid entry of a key, and whether this call created it with `make`.
    pub(crate) fn entry(&self, key: K, now_ms: i64, make: impl FnOnce() -> V) -> (Arc<V>, bool) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= SWEEP {
            entries.retain(|_, (at, _)| now_ms - *at < self.keep_ms);
        }
        match entries.get(&key) {
            Some((at, value)) if now_ms - *at < self.keep_ms => (Arc::clone(value), false),
            _ => {
                let value = Arc::new(make());
                entries.insert(key, (now_ms, Arc::clone(&value)));
                (value, true)
            }
        }
    }
}
