use aws_lc_rs::rand;

/// The source of the time and the random texts in the signatures of [`super::v2::Client`] and [`super::v3::Client`].
/// The clients call it for each signature.
///
/// ```
/// use wechat::pay::ClockAndNonce;
///
/// /// For a test that needs the same request each time.
/// struct FixedClock;
///
/// impl ClockAndNonce for FixedClock {
///     fn now(&self) -> i64 {
///         1_767_240_000
///     }
///
///     fn nonce_str(&self) -> String {
///         "593BEC0C930BF1AFEB40B4A08C8FB242".into()
///     }
/// }
/// assert_eq!(FixedClock.nonce_str().len(), 32);
/// ```
pub trait ClockAndNonce: Send + Sync + 'static {
    /// Seconds since 1970. WeChat refuses a signature that is more than five minutes old or early.
    fn now(&self) -> i64;

    /// A random text of at most 32 letters and digits, different each time.
    fn nonce_str(&self) -> String;
}

/// The clock and the random numbers of the operating system.
///
/// ```
/// use wechat::pay::{ClockAndNonce, SystemClockAndNonce};
///
/// assert_ne!(SystemClockAndNonce.nonce_str(), SystemClockAndNonce.nonce_str());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SystemClockAndNonce;

impl ClockAndNonce for SystemClockAndNonce {
    #[allow(clippy::disallowed_methods, reason = "signatures contain the real time; it enters here")]
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second()
    }

    fn nonce_str(&self) -> String {
        let mut random = [0; 16];
        rand::fill(&mut random).expect("the operating system has random numbers");
        hex::encode_upper(random)
    }
}
