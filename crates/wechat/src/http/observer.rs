use std::time::Duration;

/// Hears of every call, for metrics. It is called on the way: it must not wait.
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
/// let http = Http::new(&HttpOptions::default())?.observed_by(Arc::new(Print));
/// # let _ = http;
/// # Ok::<(), wechat::Error>(())
/// ```
pub trait CallObserver: Send + Sync + 'static {
    /// A call has ended: with this HTTP status, or without an answer.
    fn answered(&self, endpoint: &'static str, status: Option<u16>, took: Duration);

    /// WeChat answered, and refused with this code.
    fn refused(&self, endpoint: &'static str, code: &str);
}
