use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::OwnedMutexGuard;

/// A mutex for each key, in this process only. Different keys do not wait for each other.
#[derive(Debug, Default)]
pub(crate) struct KeyedMutex(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl KeyedMutex {
    /// Locks a key until the guard is dropped.
    pub(crate) async fn lock(&self, key: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            entries.retain(|_, turn| turn.strong_count() > 0);
            match entries.get(key).and_then(Weak::upgrade) {
                Some(turn) => turn,
                None => {
                    let turn = Arc::new(tokio::sync::Mutex::new(()));
                    entries.insert(key.to_owned(), Arc::downgrade(&turn));
                    turn
                }
            }
        };
        turn.lock_owned().await
    }
}
