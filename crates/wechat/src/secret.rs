use std::fmt;

use zeroize::Zeroizing;

/// A key, an app secret or a token. `Debug` does not show it, and its memory is wiped on drop.
///
/// ```
/// let key = wechat::Secret::new("192006250b4c09247ec02edce69f6a2d");
/// assert_eq!(format!("{key:?}"), "Secret(…)");
/// assert_eq!(key.expose().len(), 32);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps the text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for the code that sends it or signs with it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Reads directly into the wiped memory, so that no copy remains.
#[cfg(feature = "v3")]
impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
