use std::{future::Future, time::Duration};

use crate::{Endpoints, Error, ErrorKind};

/// How long a call waits before it asks a host again that was busy.
pub(super) const PAUSE: Duration = Duration::from_millis(200);

/// Tries at the first host, and once more where that may help: at the backup host where no answer came, at the same
/// host where it was busy.
pub(super) async fn twice<'a, T, F>(
    endpoints: &'a Endpoints,
    attempt: impl Fn(&'a str) -> F + Send,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>> + Send,
{
    let host = match attempt(endpoints.mch()).await {
        Err(error) if error.kind() == ErrorKind::Transport => {
            endpoints.mch_backup().unwrap_or(endpoints.mch())
        }
        Err(error) if error.is_busy() => {
            tokio::time::sleep(PAUSE).await;
            endpoints.mch()
        }
        done => return done,
    };
    attempt(host).await
}
