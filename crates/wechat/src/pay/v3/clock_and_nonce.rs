use aws_lc_rs::rand;

/// The time and the random texts that a [`super::Client`] signs with. Each attempt of a call takes new ones.
///
/// ```
/// use wechat::pay::v3::Stamps;
///
/// /// For a test whose requests are the same each time.
/// struct Still;
///
/// impl Stamps for Still {
///     fn now(&self) -> i64 {
///         1_767_240_000
///     }
///
///     fn nonce_str(&self) -> String {
///         "593BEC0C930BF1AFEB40B4A08C8FB242".into()
///     }
/// }
/// assert_eq!(Still.nonce_str().len(), 32);
/// ```
pub trait Stamps: Send + Sync + 'static {
    /// Seconds since 1970. WeChat refuses what is signed more than five minutes off.
    fn now(&self) -> i64;

    /// At most 32 letters and digits, never the same again.
    fn nonce_str(&self) -> String;
}

/// The system's clock and its random numbers.
///
/// ```
/// use wechat::pay::v3::{Stamps, SystemStamps};
///
/// assert_ne!(SystemStamps.nonce_str(), SystemStamps.nonce_str());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SystemStamps;

impl Stamps for SystemStamps {
    #[allow(
        clippy::disallowed_methods,
        reason = "signatures carry the real time, and this is where it comes in"
    )]
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second()
    }

    fn nonce_str(&self) -> String {
        let mut random = [0; 16];
        rand::fill(&mut random).expect("the system has random numbers");
        hex::encode_upper(random)
    }
}
