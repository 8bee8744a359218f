//! Threads with a runtime of their own, so that one kind of work does not delay the measurement of another.

use anyhow::{Context as _, Result};
use tokio::{runtime::Builder, sync::oneshot};

/// Runs `work` on a new thread, whose priority is lower by `nice`.
pub(crate) async fn run<T: Send + 'static>(
    name: &str,
    nice: i32,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T> {
    let runtime = Builder::new_current_thread().enable_all().build().context("starting a runtime")?;
    let (done, result) = oneshot::channel();
    std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let outcome = rustix::process::nice(nice).context("lowering the priority");
        let outcome = match outcome {
            Ok(_) => Ok(runtime.block_on(work)),
            Err(error) => Err(error),
        };
        // the program may have ended with another error
        drop(done.send(outcome));
    })?;
    result.await.context("a thread of the rush ended")?
}
