use sha1::{Digest, Sha1};

/// The signature of a push: lower-case hexadecimal SHA-1 of the texts, sorted by their bytes and joined.
///
/// The texts are the token, the timestamp and the nonce; for `msg_signature` also the field `Encrypt`.
///
/// ```
/// let signature = wechat::push::signature(["AAAAA", "1714036504", "1514711492"]);
/// assert_eq!(signature, "f464b24fc39322e44b38aa78f5edd27bd1441696");
/// ```
#[must_use]
pub fn signature<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut texts: Vec<&str> = texts.into_iter().collect();
    texts.sort_unstable();
    let mut sha = Sha1::new();
    for text in texts {
        sha.update(text.as_bytes());
    }
    hex::encode(sha.finalize())
}
