//! Repeats a call of WeChat Pay: when, and to which host.

use std::{future::Future, time::Duration};

use crate::{Endpoints, Error, ErrorKind};

/// The delay before the second call of a busy host.
pub(super) const BUSY_DELAY: Duration = Duration::from_millis(200);

/// For calls that may be sent twice. Calls `attempt` with the first host. If no response came, tries the backup host;
/// if WeChat was busy, tries the same host again.
pub(super) async fn failover<'a, T, F>(
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
            tokio::time::sleep(BUSY_DELAY).await;
            endpoints.mch()
        }
        done => return done,
    };
    attempt(host).await
}

/// For calls that must not be sent twice. Tries the backup host only if the connection to the first host failed.
pub(super) async fn failover_on_connect<'a, T, F>(
    endpoints: &'a Endpoints,
    attempt: impl Fn(&'a str) -> F + Send,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>> + Send,
{
    match (attempt(endpoints.mch()).await, endpoints.mch_backup()) {
        (Err(error), Some(backup)) if error.is_connect() => attempt(backup).await,
        (done, _) => done,
    }
}
