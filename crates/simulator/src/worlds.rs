//! Worlds: simulators that one simulator has started in its own process. Each has its own addresses and data.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::simulator::Running;

/// The largest number of worlds. Each has three ports.
pub(crate) const MAX_WORLDS: usize = 500;

/// The running worlds by their ids.
#[derive(Default)]
pub(crate) struct Worlds(Mutex<BTreeMap<String, Running>>);

impl Worlds {
    pub(crate) fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
