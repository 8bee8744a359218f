//! Threads with a runtime of their own, so that one kind of work does not delay the measurement of another.

use anyhow::{Context as _, Result};
use rustix::{
    process::nice,
    thread::{CpuSet, sched_setaffinity},
};
use tokio::{runtime::Builder, sync::oneshot};

/// Where a thread runs.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The core, if it has one of its own.
    pub(crate) core: Option<usize>,
    /// How much lower its priority is.
    pub(crate) nice: i32,
}

impl Place {
    /// Moves the current thread here.
    fn take(self) -> Result<()> {
        if let Some(core) = self.core {
            let mut only = CpuSet::new();
            only.set(core);
            sched_setaffinity(None, &only).with_context(|| format!("moving a thread to core {core}"))?;
        }
        nice(self.nice).context("lowering the priority")?;
        Ok(())
    }
}

/// Runs `work` on a new thread.
pub(crate) async fn run<T: Send + 'static>(
    name: &str,
    place: Place,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T> {
    let runtime = Builder::new_current_thread().enable_all().build().context("starting a runtime")?;
    let (done, result) = oneshot::channel();
    std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let outcome = place.take().map(|()| runtime.block_on(work));
        // the program may have ended with another error
        drop(done.send(outcome));
    })?;
    result.await.context("a thread of the rush ended")?
}
