//! The texts that Pay V3 signs. Each line ends with a line feed, also the last one (doc/v3/merchant/4012365342).

/// The scheme of the header `Authorization`, and the value of `Wechatpay-Signature-Type`.
///
/// ```
/// assert_eq!(wechat::wire::v3::SCHEMA, "WECHATPAY2-SHA256-RSA2048");
/// ```
pub const SCHEMA: &str = "WECHATPAY2-SHA256-RSA2048";

/// The largest difference between the time of a signature and now, before or after, in seconds.
pub const FRESHNESS: u64 = 300;

/// The prefix of wrong signatures that WeChat makes on purpose (探测签名). Refuse such a message as usual, but raise no
/// alarm.
///
/// ```
/// assert!("WECHATPAY/SIGNTEST/YzZkNmQ5".starts_with(wechat::wire::v3::PROBE));
/// ```
pub const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// The names of the lines that the signature of a request covers, in their order.
///
/// ```
/// assert_eq!(wechat::wire::v3::REQUEST_MESSAGE.last(), Some(&"body"));
/// ```
pub const REQUEST_MESSAGE: [&str; 5] = ["method", "url", "timestamp", "nonce_str", "body"];

/// The names of the lines that the signature of a response or a notification covers, in their order.
pub const RESPONSE_MESSAGE: [&str; 3] = ["timestamp", "nonce", "body"];

/// The names of the lines that the signature of a payment covers, in their order.
pub const PAY_MESSAGE: [&str; 4] = ["appId", "timeStamp", "nonceStr", "package"];

/// The text to sign for a request, see [`REQUEST_MESSAGE`]. `url` is path and query; `timestamp` is in seconds since
/// 1970.
///
/// ```
/// let message = wechat::wire::v3::request_message("GET", "/v3/certificates", 1554208460, "593BEC", b"");
/// assert_eq!(message, b"GET\n/v3/certificates\n1554208460\n593BEC\n\n");
/// ```
#[must_use]
pub fn request_message(method: &str, url: &str, timestamp: i64, nonce_str: &str, body: &[u8]) -> Vec<u8> {
    lines([method.as_bytes(), url.as_bytes(), timestamp.to_string().as_bytes(), nonce_str.as_bytes(), body])
}

/// The signed text of a response or a notification, see [`RESPONSE_MESSAGE`]. `timestamp` is the header and `body` the
/// bytes, both as they arrived.
///
/// ```
/// assert_eq!(wechat::wire::v3::response_message("1554208460", "593BEC", b""), b"1554208460\n593BEC\n\n");
/// ```
#[must_use]
pub fn response_message(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    lines([timestamp.as_bytes(), nonce.as_bytes(), body])
}

/// The text to sign for a payment, see [`PAY_MESSAGE`]. `package` is `prepay_id=…` for a page or a mini program, and
/// the `prepay_id` alone for an app.
///
/// ```
/// let message = wechat::wire::v3::pay_message("wx2421b1c4370ec43b", 1554208460, "593BEC", "prepay_id=wx2014");
/// assert_eq!(message, b"wx2421b1c4370ec43b\n1554208460\n593BEC\nprepay_id=wx2014\n");
/// ```
#[must_use]
pub fn pay_message(appid: &str, time_stamp: i64, nonce_str: &str, package: &str) -> Vec<u8> {
    lines([appid.as_bytes(), time_stamp.to_string().as_bytes(), nonce_str.as_bytes(), package.as_bytes()])
}

fn lines<const N: usize>(lines: [&[u8]; N]) -> Vec<u8> {
    let mut message = Vec::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
    for line in lines {
        message.extend_from_slice(line);
        message.push(b'\n');
    }
    message
}

/// Whether a time differs from now by at most [`FRESHNESS`]. Both are in seconds since 1970.
///
/// ```
/// use wechat::wire::v3::is_fresh;
///
/// assert!(is_fresh(1_000, 1_300) && is_fresh(1_300, 1_000));
/// assert!(!is_fresh(1_000, 1_301) && !is_fresh(1_301, 1_000));
/// ```
#[must_use]
pub const fn is_fresh(timestamp: i64, now: i64) -> bool {
    timestamp.abs_diff(now) <= FRESHNESS
}
