use std::fmt;

use serde::{Deserialize, Deserializer};

/// A user's phone number (`wxa/business/getuserphonenumber`). `Debug` does not show it, because it is personal data.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PhoneInfo {
    /// The number, with its country code if that is not 86.
    pub phone_number: String,
    /// The number without country code.
    pub pure_phone_number: String,
    /// The country code: `86`. The documents say that it is a text, but WeChat also sends a number.
    #[serde(deserialize_with = "text_or_number")]
    pub country_code: String,
}

impl fmt::Debug for PhoneInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneInfo").field("country_code", &self.country_code).finish_non_exhaustive()
    }
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(u64),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Text(text) => text,
        Either::Number(number) => number.to_string(),
    })
}
