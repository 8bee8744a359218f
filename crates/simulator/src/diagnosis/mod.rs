//! The signature doctor: says which mistake explains a wrong signature.
//!
//! The doctor makes each known mistake until the signatures match: see [`search`]. The sentences contain no key, token,
//! signature or text to sign.

mod authorization;
mod digest;
mod json_forms;
mod jssdk;
mod payment;
mod rsa;
mod search;
#[cfg(test)]
mod tests;
mod v2;
mod v3;

use axum::{http::HeaderValue, response::Response};
use serde::Serialize;

pub(crate) use authorization::{Claims, explain as explain_authorization};
pub(crate) use jssdk::{PageSignature, Tickets, explain as explain_page};
pub(crate) use payment::{PaymentSignature, explain as explain_payment};
pub(crate) use rsa::PublicNumbers;
pub(crate) use v2::{V2Message, explain as explain_v2};
pub(crate) use v3::{V3Message, explain as explain_v3};

use crate::account::{Accounts, Merchant};

/// The header of an answer that contains the sentence.
const HEADER: &str = "x-simulator-diagnosis";

/// Why a signature is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Diagnosis {
    /// The names of the mistakes: one, or two that were made together.
    pub(crate) mistakes: Vec<&'static str>,
    /// One sentence for each mistake.
    pub(crate) sentence: String,
}

impl Diagnosis {
    /// Each entry has an id, a sentence and a detail.
    fn of(mistakes: &[(&'static str, &'static str, Option<&str>)]) -> Self {
        let sentence = |(_, sentence, note): &(&str, &str, Option<&str>)| match note {
            // only the name of a field: a header cannot contain other characters
            Some(note) if note.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
                format!("{}: {note}.", sentence.trim_end_matches('.'))
            }
            _ => (*sentence).to_owned(),
        };
        Self {
            mistakes: mistakes.iter().map(|(id, ..)| *id).collect(),
            sentence: mistakes.iter().map(sentence).collect::<Vec<_>>().join(" "),
        }
    }

    fn one(id: &'static str, sentence: &'static str) -> Self {
        Self::of(&[(id, sentence, None)])
    }

    /// No known mistake explains the signature.
    fn unexplained() -> Self {
        Self::one(
            "unexplained",
            "No known mistake explains this signature. Check the key, and that the message was not changed after it \
             was signed.",
        )
    }

    /// This diagnosis with another mistake before its own.
    fn after(mut self, id: &'static str, sentence: &'static str) -> Self {
        self.mistakes.insert(0, id);
        self.sentence = format!("{sentence} {}", self.sentence);
        self
    }
}

/// Marks an answer with the mistake in the signature of its request.
pub(crate) fn attach(mut response: Response, diagnosis: Option<Diagnosis>) -> Response {
    if let Some(diagnosis) = diagnosis {
        if let Ok(value) = HeaderValue::from_str(&diagnosis.sentence) {
            response.headers_mut().append(HEADER, value);
        }
        response.extensions_mut().insert(diagnosis);
    }
    response
}

/// The keys that a merchant may confuse.
#[derive(Clone)]
pub(crate) struct KnownKeys {
    pub(crate) api_v2: String,
    pub(crate) api_v3: String,
    /// The APIv2 key before the last change.
    pub(crate) previous_api_v2: String,
    /// The key of WeChat's sandbox.
    pub(crate) sandbox: String,
    /// The secrets of service accounts and of mini programs.
    pub(crate) app_secrets: Vec<String>,
    pub(crate) miniprogram_secrets: Vec<String>,
    /// The APIv2 keys of the other merchants.
    pub(crate) other_api_v2: Vec<String>,
}

impl KnownKeys {
    /// The keys that this merchant may confuse.
    pub(crate) fn of(accounts: &Accounts, merchant: &Merchant) -> Self {
        let others = accounts.merchants.iter().filter(|other| other.mch_id != merchant.mch_id);
        Self {
            api_v2: merchant.api_v2_key.clone(),
            api_v3: merchant.api_v3_key.clone(),
            previous_api_v2: merchant.previous_api_v2_key.clone(),
            sandbox: merchant.sandbox_signkey.clone(),
            app_secrets: accounts.service_accounts.iter().map(|app| app.secret.clone()).collect(),
            miniprogram_secrets: accounts.miniprograms.iter().map(|app| app.secret.clone()).collect(),
            other_api_v2: others.map(|other| other.api_v2_key.clone()).collect(),
        }
    }
}

#[cfg(test)]
impl KnownKeys {
    /// The keys of the demo account, and the key of another merchant.
    fn demo() -> Self {
        let accounts = Accounts::demo();
        let other_api_v2 = vec!["OtherMerchantsApiV2Key0123456789".to_owned()];
        Self { other_api_v2, ..Self::of(&accounts, accounts.first_merchant()) }
    }
}
