//! Mistakes in the header `Authorization` of V3 that are visible without a check of the signature (wechat-protocol.md,
//! 5.1).

use super::{Diagnosis, rsa};

/// The claims of a request, and the facts with which they are compared.
pub(crate) struct Claims<'a> {
    /// The header as it was sent.
    pub(crate) header: Option<&'a str>,
    pub(crate) mch_id: &'a str,
    pub(crate) appids: &'a [String],
    pub(crate) merchant_serial: &'a str,
    /// The serial numbers of the other merchants' certificates.
    pub(crate) other_serials: &'a [String],
    pub(crate) platform_serial: &'a str,
    pub(crate) public_key_id: &'a str,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

/// The scheme with its space.
const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048 ";

/// The names of the values.
const NAMES: [&str; 5] = ["mchid", "nonce_str", "signature", "timestamp", "serial_no"];

/// The largest length of `nonce_str`.
const MAX_NONCE: usize = 32;

/// The largest difference between the timestamp and now, in seconds.
const MAX_SKEW_S: u64 = 300;

const HOUR_S: i64 = 3600;

/// A mistake, and whether the claims contain it.
pub(super) struct HeaderMistake {
    pub(super) id: &'static str,
    pub(super) sentence: &'static str,
    pub(super) fits: fn(&Claims<'_>) -> bool,
}

impl<'a> Claims<'a> {
    fn text(&self) -> &'a str {
        self.header.unwrap_or_default()
    }

    /// The names and values as they were sent, with their quotation marks.
    fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let text = self.text();
        let pairs = text.strip_prefix(SCHEME).unwrap_or(text);
        pairs.split(',').filter_map(|pair| pair.trim().split_once('='))
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value.trim_matches('"'))
    }

    fn skew(&self) -> Option<i64> {
        self.value("timestamp")?.parse().ok().map(|timestamp: i64| timestamp - self.now)
    }

    fn is_skewed(&self) -> bool {
        self.skew().is_some_and(|skew| skew.unsigned_abs() > MAX_SKEW_S)
    }
}

/// Letters and digits in upper case.
fn plain(serial: &str) -> String {
    serial.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

/// The mistakes. The doctor names the first one that fits, so a mistake that hides others comes first.
pub(super) const MISTAKES: &[HeaderMistake] = &[
    HeaderMistake {
        id: "authorization_missing",
        sentence: "The request has no Authorization header.",
        fits: |claims| claims.header.is_none(),
    },
    HeaderMistake {
        id: "scheme",
        sentence: "The Authorization header does not begin with WECHATPAY2-SHA256-RSA2048 and a space.",
        fits: |claims| !claims.text().starts_with(SCHEME),
    },
    HeaderMistake {
        id: "name_unknown",
        sentence: "The Authorization header has a name that V3 does not know. The names are mchid, nonce_str, signature, \
                   timestamp and serial_no.",
        fits: |claims| claims.pairs().any(|(name, _)| !NAMES.contains(&name)),
    },
    HeaderMistake {
        id: "value_missing",
        sentence: "The Authorization header lacks one of mchid, nonce_str, signature, timestamp and serial_no, or its \
                   value is empty.",
        fits: |claims| NAMES.iter().any(|name| claims.value(name).is_none_or(str::is_empty)),
    },
    HeaderMistake {
        id: "value_repeated",
        sentence: "The Authorization header has a name twice.",
        fits: |claims| claims.pairs().count() > NAMES.len(),
    },
    HeaderMistake {
        id: "value_without_quotes",
        sentence: "A value of the Authorization header is not in double quotation marks.",
        fits: |claims| {
            claims
                .pairs()
                .any(|(_, value)| value.len() < 2 || !value.starts_with('"') || !value.ends_with('"'))
        },
    },
    HeaderMistake {
        id: "nonce_too_long",
        sentence: "The nonce_str of the Authorization header has more than 32 characters.",
        fits: |claims| claims.value("nonce_str").is_some_and(|nonce| nonce.len() > MAX_NONCE),
    },
    HeaderMistake {
        id: "appid_for_mchid",
        sentence: "The mchid of the Authorization header is an appid. It must be the number of the merchant.",
        fits: |claims| {
            claims.value("mchid").is_some_and(|mchid| claims.appids.iter().any(|appid| appid == mchid))
        },
    },
    HeaderMistake {
        id: "other_mchid",
        sentence: "The mchid of the Authorization header is not the number of this merchant.",
        fits: |claims| claims.value("mchid") != Some(claims.mch_id),
    },
    HeaderMistake {
        id: "platform_serial",
        sentence: "The serial_no is that of the platform certificate. It must be the serial number of the merchant's own \
                   certificate.",
        fits: |claims| {
            claims.value("serial_no").is_some_and(|serial| plain(serial) == plain(claims.platform_serial))
        },
    },
    HeaderMistake {
        id: "public_key_id_for_serial",
        sentence: "The serial_no is the id of the WeChat Pay public key. It must be the serial number of the merchant's \
                   own certificate.",
        fits: |claims| {
            claims
                .value("serial_no")
                .is_some_and(|serial| serial.starts_with("PUB_KEY_ID_") || serial == claims.public_key_id)
        },
    },
    HeaderMistake {
        id: "decimal_serial",
        sentence: "The serial_no is in decimal. Write it in hexadecimal.",
        fits: |claims| {
            let decimal = rsa::decimal(claims.merchant_serial);
            decimal.is_some() && claims.value("serial_no") == decimal.as_deref()
        },
    },
    HeaderMistake {
        id: "serial_with_separators",
        sentence: "The serial_no contains colons, spaces or 0x. Write the 40 hexadecimal digits only.",
        fits: |claims| {
            let own = plain(claims.merchant_serial);
            claims.value("serial_no").is_some_and(|serial| {
                !serial.eq_ignore_ascii_case(claims.merchant_serial)
                    && (plain(serial) == own || plain(serial) == format!("0X{own}"))
            })
        },
    },
    HeaderMistake {
        id: "serial_of_other_merchant",
        sentence: "The serial_no is that of another merchant's certificate. Use the certificate of the mchid in the header.",
        fits: |claims| {
            claims
                .value("serial_no")
                .is_some_and(|serial| claims.other_serials.iter().any(|other| plain(serial) == plain(other)))
        },
    },
    HeaderMistake {
        id: "other_serial",
        sentence: "The serial_no is not that of the merchant's current certificate.",
        fits: |claims| {
            claims
                .value("serial_no")
                .is_none_or(|serial| !serial.eq_ignore_ascii_case(claims.merchant_serial))
        },
    },
    HeaderMistake {
        id: "milliseconds",
        sentence: "The timestamp is in milliseconds. Write seconds.",
        fits: |claims| {
            let text = claims.value("timestamp").unwrap_or_default();
            text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit())
        },
    },
    HeaderMistake {
        id: "timestamp_form",
        sentence: "The timestamp is not a number of seconds since 1970.",
        fits: |claims| {
            let text = claims.value("timestamp").unwrap_or_default();
            text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit())
        },
    },
    HeaderMistake {
        id: "time_zone",
        sentence: "The timestamp is wrong by whole hours. It is a local time; write the seconds since 1970 in UTC.",
        fits: |claims| {
            claims.is_skewed()
                && claims.skew().is_some_and(|skew| {
                    let hours = (skew + HOUR_S / 2).div_euclid(HOUR_S);
                    hours != 0 && hours.abs() <= 14 && (skew - hours * HOUR_S).unsigned_abs() <= 10
                })
        },
    },
    HeaderMistake {
        id: "clock_skewed",
        sentence: "The timestamp differs from the time of WeChat by more than five minutes. Correct the clock of the \
                   machine.",
        fits: |claims| claims.is_skewed(),
    },
];

/// The mistake in the header. `None` if the header has no mistake.
pub(crate) fn explain(claims: &Claims<'_>) -> Option<Diagnosis> {
    let found = MISTAKES.iter().find(|mistake| (mistake.fits)(claims))?;
    Some(Diagnosis::one(found.id, found.sentence))
}
