use std::time::Duration;

/// Receives an event for each call, for metrics. Its methods must return at once, because the call waits for them.
///
/// ```
/// use std::{sync::Arc, time::Duration};
/// use wechat::{CallObserver, Http, HttpOptions};
///
/// struct Print;
///
/// impl CallObserver for Print {
///     fn answered(&self, endpoint: &'static str, status: Option<u16>, took: Duration) {
///         eprintln!("{endpoint}: {status:?} after {took:?}");
///     }
///
///     fn refused(&self, endpoint: &'static str, code: &str) {
///         eprintln!("{endpoint}: {code}");
///     }
/// }
///
/// let http = Http::new(&HttpOptions::default())?.with_observer(Arc::new(Print));
/// # let _ = http;
/// # Ok::<(), wechat::Error>(())
/// ```
pub trait CallObserver: Send + Sync + 'static {
    /// A call has ended, with this HTTP status or without a response.
    fn answered(&self, endpoint: &'static str, status: Option<u16>, took: Duration);

    /// WeChat refused a call with this code.
    fn refused(&self, endpoint: &'static str, code: &str);
}
