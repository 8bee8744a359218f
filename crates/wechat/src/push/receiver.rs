use serde::{Deserialize, Serialize};
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::{EncodingAesKey, PushMessage, signature, xml};
use crate::{Secret, wire::xml::MAX_LENGTH};

/// Verifies and reads the pushed messages of one account.
#[derive(Clone, Debug)]
pub struct PushReceiver {
    appid: String,
    token: Secret,
    mode: PushMode,
}

/// The mode in the account's message settings.
#[derive(Clone, Debug)]
pub enum PushMode {
    /// Plain (明文). The signature does not cover the body: a person who has seen a request can send another body with
    /// the same signature.
    Plain,
    /// Compatible (兼容) or secure (安全). The receiver reads only the encrypted part of the body.
    Encrypted(EncodingAesKey),
}

/// The query of a push. A field that is not in the URL is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct PushQuery {
    /// The signature of token, timestamp and nonce.
    pub signature: String,
    /// The signature of token, timestamp, nonce and the encrypted text.
    pub msg_signature: String,
    /// The time in seconds since 1970, as a text.
    pub timestamp: String,
    /// Random characters.
    pub nonce: String,
    /// Only in the check of the URL: the text to send back.
    pub echostr: String,
}

/// Why a push is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PushError {
    /// The signature is missing or wrong.
    #[error("the signature is wrong: compare the token with the account's message settings")]
    Signature,
    /// The key does not decrypt the text.
    #[error("the text cannot be decrypted: compare the EncodingAESKey with the account's message settings")]
    Decryption,
    /// The text was encrypted for another account.
    #[error("the message is for another appid")]
    Appid,
    /// The account sends plain messages, and a key is configured.
    #[error(
        "the message is not encrypted: choose the secure mode in the account's message settings, or remove the key"
    )]
    NotEncrypted,
    /// The account sends encrypted messages, and no key is configured.
    #[error("the message is encrypted: configure the EncodingAESKey of the account's message settings")]
    NoKey,
    /// The message is longer than 64 KiB.
    #[error("the message is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// The text is neither the documented XML nor JSON.
    #[error("the message is neither the documented XML nor JSON")]
    Malformed,
}

/// An encrypted answer. Send it as JSON or XML: in the format of the account's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptedReply {
    /// The encrypted text.
    pub encrypt: String,
    /// The signature of token, timestamp, nonce and the encrypted text.
    pub msg_signature: String,
    /// The time in seconds since 1970.
    pub time_stamp: i64,
    /// Random characters.
    pub nonce: String,
}

impl PushReceiver {
    /// Creates a receiver with the values of the account's message settings.
    #[must_use]
    pub fn new(appid: impl Into<String>, token: impl Into<String>, mode: PushMode) -> Self {
        Self { appid: appid.into(), token: Secret::new(token), mode }
    }

    /// Answers WeChat's check of the URL. Send the returned text back unchanged.
    ///
    /// # Errors
    /// [`PushError::Signature`] if the signature is wrong.
    pub fn check_url<'a>(&self, query: &'a PushQuery) -> Result<&'a str, PushError> {
        self.verify(&query.signature, &[&query.timestamp, &query.nonce])?;
        Ok(&query.echostr)
    }

    /// The query of a check of the URL, as WeChat would sign it. It is for tests, and to check that your own server
    /// answers.
    #[must_use]
    pub fn sign_check(&self, timestamp: i64, nonce: &str, echostr: &str) -> PushQuery {
        let timestamp = timestamp.to_string();
        PushQuery {
            signature: signature([self.token.expose(), &timestamp, nonce]),
            timestamp,
            nonce: nonce.to_owned(),
            echostr: echostr.to_owned(),
            ..PushQuery::default()
        }
    }

    /// Verifies a push and reads it. `body` must be the bytes that arrived.
    ///
    /// The same message may arrive up to three times: see [`PushMessage::dedup_key`].
    ///
    /// # Errors
    /// [`PushError`] says why. Do not use the content of a refused message.
    pub fn receive(&self, query: &PushQuery, body: &[u8]) -> Result<PushMessage, PushError> {
        if body.len() > MAX_LENGTH {
            return Err(PushError::TooLong);
        }
        let outer = read(body)?;
        let encrypt = outer.get("Encrypt").and_then(Value::as_str);
        let content = match (&self.mode, encrypt) {
            (PushMode::Encrypted(key), Some(encrypt)) => {
                self.verify(&query.msg_signature, &[&query.timestamp, &query.nonce, encrypt])?;
                let (plain, appid) = key.decrypt(encrypt).ok_or(PushError::Decryption)?;
                if appid != self.appid {
                    return Err(PushError::Appid);
                }
                read(&plain)?
            }
            (PushMode::Encrypted(_), None) => return Err(PushError::NotEncrypted),
            (PushMode::Plain, encrypt) => {
                self.verify(&query.signature, &[&query.timestamp, &query.nonce])?;
                // in the compatible mode the body also has the plain fields
                if encrypt.is_some() && outer.get("MsgType").is_none() {
                    return Err(PushError::NoKey);
                }
                outer
            }
        };
        PushMessage::from_value(content).ok_or(PushError::Malformed)
    }

    /// Encrypts an answer. `random` and `nonce` must be new random values; `time_stamp` is in seconds since 1970.
    /// `None` in the plain mode. Do not encrypt the answer `success`.
    #[must_use]
    pub fn encrypt_reply(
        &self,
        message: &[u8],
        random: &[u8; 16],
        time_stamp: i64,
        nonce: &str,
    ) -> Option<EncryptedReply> {
        let PushMode::Encrypted(key) = &self.mode else { return None };
        let encrypt = key.encrypt(random, message, &self.appid);
        let msg_signature = signature([self.token.expose(), &time_stamp.to_string(), nonce, &encrypt]);
        Some(EncryptedReply { encrypt, msg_signature, time_stamp, nonce: nonce.to_owned() })
    }

    fn verify(&self, sent: &str, texts: &[&str]) -> Result<(), PushError> {
        let expected = signature(texts.iter().copied().chain([self.token.expose()]));
        if bool::from(expected.as_bytes().ct_eq(sent.as_bytes())) {
            Ok(())
        } else {
            Err(PushError::Signature)
        }
    }
}

/// The body as JSON. The settings of a mini program choose between JSON and XML; official accounts send XML.
fn read(body: &[u8]) -> Result<Value, PushError> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let value = match first {
        Some(b'<') => xml::read(body),
        _ => serde_json::from_slice(body).ok(),
    };
    value.filter(Value::is_object).ok_or(PushError::Malformed)
}
