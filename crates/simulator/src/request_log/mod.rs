//! The request log: the last requests to WeChat's paths, their answers and verdicts.

mod control;
mod entry;
mod layer;
mod redact;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::broadcast;

pub(crate) use control::list;
pub(crate) use entry::{Entry, Verdict};
pub(crate) use layer::{log_layer, record_bridge_call};

/// The largest number of entries. Older ones are forgotten.
const MAX_ENTRIES: usize = 500;

/// How many new entries a slow reader of the stream may be behind.
const MAX_BEHIND: usize = 256;

/// The entries, the oldest first.
pub(crate) struct RequestLog {
    entries: Mutex<Entries>,
    added: broadcast::Sender<Arc<Entry>>,
}

#[derive(Default)]
struct Entries {
    list: VecDeque<Arc<Entry>>,
    /// The number of the newest entry.
    last: u64,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self { entries: Mutex::default(), added: broadcast::channel(MAX_BEHIND).0 }
    }
}

impl RequestLog {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an entry and gives it its number.
    pub(crate) fn add(&self, mut entry: Entry) {
        let mut entries = self.entries();
        entries.last += 1;
        entry.number = entries.last;
        let entry = Arc::new(entry);
        entries.list.push_back(Arc::clone(&entry));
        if entries.list.len() > MAX_ENTRIES {
            entries.list.pop_front();
        }
        // an error means that there is no reader
        let _ = self.added.send(entry);
    }

    /// The entries with a higher number than `after`, the oldest first.
    pub(crate) fn after(&self, after: u64) -> Vec<Arc<Entry>> {
        self.entries().list.iter().filter(|entry| entry.number > after).cloned().collect()
    }

    /// The entries that are added from now on.
    pub(crate) fn follow(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.added.subscribe()
    }

    /// Forgets all entries. The numbers continue.
    pub(crate) fn clear(&self) {
        self.entries().list.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_entries_are_forgotten_and_numbers_go_on() {
        let log = RequestLog::default();
        for _ in 0..MAX_ENTRIES + 3 {
            log.add(Entry::new("GET", "/v3/certificates"));
        }
        let numbers: Vec<u64> = log.after(0).iter().map(|entry| entry.number).collect();
        assert_eq!((numbers.len(), numbers[0]), (MAX_ENTRIES, 4));
        log.clear();
        log.add(Entry::new("GET", "/v3/certificates"));
        assert_eq!(log.after(0)[0].number, 504);
    }
}
