//! How a call of WeChat Pay is repeated, and when it goes to the backup host.

use std::{future::Future, time::Duration};

use crate::{Endpoints, Error, ErrorKind};

/// The delay before a busy host is asked again.
pub(super) const BUSY_DELAY: Duration = Duration::from_millis(200);

/// For calls that may be sent twice. Calls `attempt` with the first host. If no response came, it tries the backup
/// host; if WeChat was busy, it tries the same host again.
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

/// For calls that must not be sent twice. Tries the backup host only if the connection to the first one failed.
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
