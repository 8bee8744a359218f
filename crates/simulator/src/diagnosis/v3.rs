//! Mistakes in a V3 signature (wechat-protocol.md, 5.1).

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::{
    Diagnosis, KnownKeys, PublicNumbers,
    digest::Digest,
    json_forms::other_forms,
    rsa::Signed,
    search::{Mistake, Recipe, search},
};

/// The characters that are encoded in a path.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'|').add(b'%').add(b'*').add(b'?');

/// The program may read its clock twice, for the header and for the text: the two times differ by at most this many
/// seconds.
const CLOCK_READS_APART_S: i64 = 5;

/// A request whose signature is wrong.
pub(crate) struct V3Message {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) url: String,
    pub(crate) host: String,
    pub(crate) timestamp: i64,
    pub(crate) nonce: String,
    pub(crate) body: Vec<u8>,
    /// As it was sent.
    pub(crate) signature: String,
    pub(crate) keys: KnownKeys,
    /// The key of the merchant's certificate.
    pub(crate) certificate: PublicNumbers,
    /// The keys of the other merchants' certificates.
    pub(crate) other_certificates: Vec<PublicNumbers>,
}

/// The text to sign.
#[derive(Clone)]
pub(super) struct V3Recipe {
    lines: Vec<Vec<u8>>,
    separator: &'static str,
    /// Whether the last line ends too.
    ends: bool,
}

impl Recipe for V3Recipe {}

/// The places of the lines.
const METHOD: usize = 0;
const URL: usize = 1;
const TIMESTAMP: usize = 2;
const NONCE: usize = 3;
const BODY: usize = 4;

/// The two characters `\n` instead of line breaks.
pub(super) const fn literal_line_breaks<I>() -> Mistake<I, V3Recipe> {
    Mistake {
        id: "literal_line_breaks",
        sentence: "The text to sign contains a backslash and an n instead of line breaks. Write real line breaks.",
        variants: |_, recipe| vec![recipe.with_separator("\\n")],
    }
}

/// The line ends of Windows.
pub(super) const fn crlf<I>() -> Mistake<I, V3Recipe> {
    Mistake {
        id: "crlf",
        sentence: "The lines of the text to sign end with a carriage return and a line feed. Use line feeds only.",
        variants: |_, recipe| vec![recipe.with_separator("\r\n")],
    }
}

impl V3Recipe {
    pub(super) fn of_lines<const N: usize>(lines: [&[u8]; N]) -> Self {
        Self { lines: lines.map(<[u8]>::to_vec).to_vec(), separator: "\n", ends: true }
    }

    fn correct(message: &V3Message) -> Self {
        let timestamp = message.timestamp.to_string();
        Self::of_lines([
            message.method.as_bytes(),
            message.url.as_bytes(),
            timestamp.as_bytes(),
            message.nonce.as_bytes(),
            &message.body,
        ])
    }

    pub(super) fn text(&self) -> Vec<u8> {
        let separator = self.separator.as_bytes();
        let mut text = self.lines.join(separator);
        if self.ends {
            text.extend_from_slice(separator);
        }
        text
    }

    pub(super) fn with_line(&self, at: usize, line: impl AsRef<[u8]>) -> Self {
        let mut changed = self.clone();
        if let Some(known) = changed.lines.get_mut(at) {
            *known = line.as_ref().to_vec();
        }
        changed
    }

    pub(super) fn without_line(&self, at: usize) -> Self {
        let mut changed = self.clone();
        if at < changed.lines.len() {
            changed.lines.remove(at);
        }
        changed
    }

    pub(super) fn with_separator(&self, separator: &'static str) -> Self {
        Self { separator, ..self.clone() }
    }

    pub(super) fn without_end(&self) -> Self {
        Self { ends: false, ..self.clone() }
    }

    pub(super) fn with_more_lines(&self, lines: &[&[u8]]) -> Self {
        let mut changed = self.clone();
        changed.lines.extend(lines.iter().map(|line| line.to_vec()));
        changed
    }

    /// The recipe with two lines in each other's place.
    pub(super) fn swapped(&self, a: usize, b: usize) -> Self {
        let mut changed = self.clone();
        if a.max(b) < changed.lines.len() {
            changed.lines.swap(a, b);
        }
        changed
    }

    fn line(&self, at: usize) -> String {
        self.lines.get(at).map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default()
    }
}

/// The mistakes in the text to sign, the usual ones first.
pub(super) const MISTAKES: &[Mistake<V3Message, V3Recipe>] = &[
    Mistake {
        id: "path_without_query",
        sentence: "The text to sign has the path without its query. Sign the path with ? and the query.",
        variants: |_, recipe| {
            let url = recipe.line(URL);
            url.split_once('?').map(|(path, _)| vec![recipe.with_line(URL, path)]).unwrap_or_default()
        },
    },
    Mistake {
        id: "whole_url",
        sentence: "The text to sign has the whole URL. Sign the path and the query only, without scheme and host.",
        variants: |message, recipe| {
            let url = recipe.line(URL);
            ["https://api.mch.weixin.qq.com", "https://", "http://"]
                .iter()
                .map(|base| match *base {
                    scheme @ ("https://" | "http://") => format!("{scheme}{}{url}", message.host),
                    base => format!("{base}{url}"),
                })
                .map(|url| recipe.with_line(URL, url))
                .collect()
        },
    },
    Mistake {
        id: "path_decoded",
        sentence: "The path in the text to sign is decoded. Sign it percent-encoded, as it is sent.",
        variants: |_, recipe| {
            let decoded = percent_decode_str(&recipe.line(URL)).decode_utf8_lossy().into_owned();
            vec![recipe.with_line(URL, decoded)]
        },
    },
    Mistake {
        id: "path_encoded",
        sentence: "The path in the text to sign is percent-encoded in another way than the path that was sent.",
        variants: |_, recipe| {
            let url = recipe.line(URL);
            let (path, query) =
                url.split_once('?').map_or((url.as_str(), None), |(path, query)| (path, Some(query)));
            let decoded = percent_decode_str(path).decode_utf8_lossy().into_owned();
            let with_query = |path: String| match query {
                Some(query) => recipe.with_line(URL, format!("{path}?{query}")),
                None => recipe.with_line(URL, path),
            };
            vec![
                with_query(utf8_percent_encode(path, PATH).to_string()),
                with_query(utf8_percent_encode(&decoded, PATH).to_string()),
            ]
        },
    },
    Mistake {
        id: "path_template",
        sentence: "The path in the text to sign still has a placeholder, such as {out_trade_no}.",
        variants: |_, recipe| {
            let url = recipe.line(URL);
            let (path, query) = url.split_once('?').unwrap_or((&url, ""));
            let query = if query.is_empty() { String::new() } else { format!("?{query}") };
            let parts: Vec<&str> = path.split('/').collect();
            let names = ["{out_trade_no}", "{transaction_id}", "{out_refund_no}", "{refund_id}"];
            let replaced = |at: usize, name: &str| {
                let mut parts = parts.clone();
                parts[at] = name;
                recipe.with_line(URL, parts.join("/") + &query)
            };
            (1..parts.len()).flat_map(|at| names.map(|name| replaced(at, name))).collect()
        },
    },
    Mistake {
        id: "last_line_break_missing",
        sentence: "The text to sign lacks the line break after the last line.",
        // without a body, this mistake is the same as the next one
        variants: |message, recipe| match message.body.is_empty() {
            true => Vec::new(),
            false => vec![recipe.without_end()],
        },
    },
    Mistake {
        id: "body_line_missing",
        sentence: "The text to sign lacks the line of the body. A request without a body has an empty line there.",
        variants: |_, recipe| vec![recipe.without_line(BODY)],
    },
    Mistake {
        id: "body_missing",
        sentence: "The request has a body, but the text to sign has none.",
        variants: |message, recipe| match message.body.is_empty() {
            true => Vec::new(),
            false => vec![recipe.with_line(BODY, "")],
        },
    },
    Mistake {
        id: "body_not_sent",
        sentence: "The text to sign has {} as its body, but the request was sent without a body.",
        variants: |message, recipe| match message.body.is_empty() {
            true => ["{}", "null", "[]", "\"\""].iter().map(|body| recipe.with_line(BODY, body)).collect(),
            false => Vec::new(),
        },
    },
    Mistake {
        id: "body_serialised_again",
        sentence: "The signed body and the sent body are the same JSON, written in two ways. Write the body once, sign \
                   these bytes and send the same bytes.",
        variants: |message, recipe| {
            other_forms(&message.body).iter().map(|body| recipe.with_line(BODY, body)).collect()
        },
    },
    Mistake {
        id: "body_trimmed",
        sentence: "The signed body and the sent body differ in the spaces or line breaks at their ends.",
        variants: |message, recipe| {
            let body = message.body.as_slice();
            let with_end = |end: &[u8]| recipe.with_line(BODY, [body, end].concat());
            vec![recipe.with_line(BODY, body.trim_ascii()), with_end(b"\n"), with_end(b"\r\n")]
        },
    },
    Mistake {
        id: "body_with_bom",
        sentence: "The signed body and the sent body differ in a byte order mark at the beginning.",
        variants: |message, recipe| {
            let mark = b"\xef\xbb\xbf";
            match message.body.strip_prefix(mark) {
                Some(body) => vec![recipe.with_line(BODY, body)],
                None => vec![recipe.with_line(BODY, [mark, message.body.as_slice()].concat())],
            }
        },
    },
    Mistake {
        id: "method_lower_case",
        sentence: "The method in the text to sign is in lower case. Write it in upper case.",
        variants: |_, recipe| vec![recipe.with_line(METHOD, recipe.line(METHOD).to_lowercase())],
    },
    Mistake {
        id: "other_method",
        sentence: "The text to sign has another method than the request.",
        variants: |_, recipe| {
            ["GET", "POST", "PUT", "PATCH", "DELETE"]
                .iter()
                .map(|method| recipe.with_line(METHOD, method))
                .collect()
        },
    },
    Mistake {
        id: "milliseconds_signed",
        sentence: "The time in the text to sign is in milliseconds. Sign the seconds that the header has.",
        variants: |message, recipe| vec![recipe.with_line(TIMESTAMP, format!("{}000", message.timestamp))],
    },
    Mistake {
        id: "other_timestamp",
        sentence: "The time in the text to sign and the timestamp of the header differ by some seconds. Read the clock \
                   once and use the value in both.",
        variants: |message, recipe| {
            let near = -CLOCK_READS_APART_S..=CLOCK_READS_APART_S;
            near.map(|apart| recipe.with_line(TIMESTAMP, (message.timestamp + apart).to_string())).collect()
        },
    },
    Mistake {
        id: "nonce_in_other_case",
        sentence: "The nonce_str of the header and that of the text to sign differ in upper and lower case.",
        variants: |message, recipe| {
            vec![
                recipe.with_line(NONCE, message.nonce.to_lowercase()),
                recipe.with_line(NONCE, message.nonce.to_uppercase()),
            ]
        },
    },
    Mistake {
        id: "nonce_missing",
        sentence: "The text to sign lacks the nonce_str of the header.",
        variants: |_, recipe| vec![recipe.with_line(NONCE, ""), recipe.without_line(NONCE)],
    },
    Mistake {
        id: "lines_swapped",
        sentence: "The lines of the text to sign are in the wrong order. It is method, URL, timestamp, nonce_str, body.",
        variants: |_, recipe| {
            vec![recipe.swapped(TIMESTAMP, NONCE), recipe.swapped(METHOD, URL), recipe.swapped(NONCE, BODY)]
        },
    },
    Mistake {
        id: "layout_of_answers",
        sentence: "The text to sign has the three lines of an answer. A request has five: method, URL, timestamp, \
                   nonce_str, body.",
        variants: |_, recipe| vec![recipe.without_line(URL).without_line(METHOD)],
    },
    literal_line_breaks(),
    crlf(),
    Mistake {
        id: "no_line_breaks",
        sentence: "The lines of the text to sign are joined without line feeds.",
        variants: |_, recipe| {
            vec![recipe.with_separator(""), recipe.with_separator("&"), recipe.with_separator(" ")]
        },
    },
];

/// A mistake that is visible in the signature itself, with its sentence.
type Form = (&'static str, &'static str);

pub(super) const HEX: Form = ("hexadecimal", "The signature is written in hexadecimal. V3 wants base64.");
pub(super) const BASE64_URL: Form =
    ("base64_url", "The signature is in the URL form of base64, with - and _. V3 wants + and /.");
pub(super) const URL_ENCODED: Form =
    ("signature_url_encoded", "The signature is URL-encoded. Send the base64 as it is.");
pub(super) const SPACES: Form = (
    "signature_with_spaces",
    "The base64 of the signature contains spaces or line breaks. Write it in one piece.",
);
pub(super) const NOT_BASE64: Form = ("not_base64", "The signature is not base64.");
pub(super) const HMAC: Form = (
    "hmac_for_rsa",
    "The signature is an HMAC with an API key. V3 requests are signed with the private key of the merchant.",
);
pub(super) const ONLY_HASHED: Form = (
    "only_hashed",
    "The signature is the SHA-256 of the text to sign. Sign the text with the private key of the merchant.",
);
pub(super) const WRONG_LENGTH: Form = (
    "wrong_length",
    "The signature has not the length of the merchant's RSA key. It is no signature of this key.",
);
pub(super) const OTHER_KEY: Form = (
    "other_private_key",
    "Another private key made the signature. It must be the key of the certificate that serial_no names.",
);
pub(super) const KEY_OF_OTHER_MERCHANT: Form = (
    "key_of_other_merchant",
    "The private key of another merchant made the signature. Use the key of the merchant that the request names.",
);
pub(super) const PSS: Form =
    ("pss_padding", "The signature has PSS padding. V3 wants PKCS#1 v1.5 (SHA256withRSA).");
pub(super) const SHA1: Form =
    ("sha1_for_sha256", "The signature uses SHA-1 (SHA1withRSA). V3 wants SHA-256 (SHA256withRSA).");
pub(super) const MD5: Form =
    ("md5_for_sha256", "The signature uses MD5 (MD5withRSA). V3 wants SHA-256 (SHA256withRSA).");
pub(super) const NO_DIGEST_INFO: Form = (
    "no_digest_info",
    "The private key encrypted the hash or the text as it is. Use a function that signs with SHA256withRSA.",
);
pub(super) const HASHED_TWICE: Form = (
    "hashed_twice",
    "The text was hashed before it was given to the function that signs, and that function hashes too.",
);
pub(super) const OTHER_TEXT: Form = (
    "other_text",
    "The right private key signed another text. Compare nonce_str, the URL and the body that were signed with those \
     that were sent.",
);

/// The mistake in the signature of this request. `None` if the signature is correct.
pub(crate) fn explain(message: &V3Message) -> Option<Diagnosis> {
    explain_rsa(
        message,
        &V3Recipe::correct(message),
        MISTAKES,
        &SentSignature {
            signature: &message.signature,
            keys: &message.keys,
            certificate: &message.certificate,
            others: &message.other_certificates,
        },
    )
}

/// A signature and what is known about its key.
pub(super) struct SentSignature<'a> {
    pub(super) signature: &'a str,
    pub(super) keys: &'a KnownKeys,
    pub(super) certificate: &'a PublicNumbers,
    /// The keys of the other merchants' certificates.
    pub(super) others: &'a [PublicNumbers],
}

/// The mistake in an RSA signature. `None` if the signature is correct.
pub(super) fn explain_rsa<I>(
    input: &I,
    correct: &V3Recipe,
    mistakes: &[Mistake<I, V3Recipe>],
    sent: &SentSignature<'_>,
) -> Option<Diagnosis> {
    let Some((form, bytes)) = decoded(sent.signature, sent.certificate) else {
        return Some(Diagnosis::one(NOT_BASE64.0, NOT_BASE64.1));
    };
    let found = explain_bytes(input, correct, mistakes, sent, &bytes);
    match (form, found) {
        (None, found) => found,
        (Some(form), None) => Some(Diagnosis::one(form.0, form.1)),
        (Some(form), Some(found)) => Some(found.after(form.0, form.1)),
    }
}

/// The bytes of a signature, and the mistake in its spelling.
fn decoded(signature: &str, certificate: &PublicNumbers) -> Option<(Option<Form>, Vec<u8>)> {
    if let Some(bytes) = hex::decode(signature)
        .ok()
        .filter(|bytes| bytes.len() == 32 || certificate.recover(bytes) != Signed::WrongLength)
    {
        return Some((Some(HEX), bytes));
    }
    if let Ok(bytes) = STANDARD.decode(signature) {
        return Some((None, bytes));
    }
    let joined: String = signature.split_ascii_whitespace().collect();
    if let Ok(bytes) = STANDARD.decode(&joined) {
        return Some((Some(SPACES), bytes));
    }
    let plain = percent_decode_str(signature).decode_utf8_lossy();
    if let Ok(bytes) = STANDARD.decode(plain.as_bytes()) {
        return Some((Some(URL_ENCODED), bytes));
    }
    let bytes = URL_SAFE_NO_PAD.decode(signature.trim_end_matches('=')).ok()?;
    Some((Some(BASE64_URL), bytes))
}

fn explain_bytes<I>(
    input: &I,
    correct: &V3Recipe,
    mistakes: &[Mistake<I, V3Recipe>],
    sent: &SentSignature<'_>,
    bytes: &[u8],
) -> Option<Diagnosis> {
    let text = correct.text();
    let one = |form: Form| Some(Diagnosis::one(form.0, form.1));
    match sent.certificate.recover(bytes) {
        Signed::WrongLength => {
            let keys = [&sent.keys.api_v3, &sent.keys.api_v2];
            if keys.iter().any(|key| Digest::HmacSha256.of(&text, key.as_bytes()) == bytes) {
                one(HMAC)
            } else if Digest::Sha256.of(&text, b"") == bytes {
                one(ONLY_HASHED)
            } else {
                one(WRONG_LENGTH)
            }
        }
        Signed::OtherKey => {
            let by_other = sent.others.iter().any(|other| matches!(other.recover(bytes), Signed::Hash(..)));
            one(if by_other { KEY_OF_OTHER_MERCHANT } else { OTHER_KEY })
        }
        Signed::Pss => one(PSS),
        Signed::Bytes(signed) => {
            let hash = Digest::Sha256.of(&text, b"");
            let known = [hash.clone(), hex::encode(&hash).into_bytes(), text];
            if known.contains(&signed) {
                one(NO_DIGEST_INFO)
            } else {
                one(OTHER_TEXT).map(|other| other.after(NO_DIGEST_INFO.0, NO_DIGEST_INFO.1))
            }
        }
        Signed::Hash(digest, hash) => {
            let form = match digest {
                Digest::Sha1 => Some(SHA1),
                Digest::Md5 => Some(MD5),
                Digest::Sha256 | Digest::HmacSha256 => None,
            };
            let in_text = if digest.of(&text, b"") == hash {
                None
            } else {
                let inner = Digest::Sha256.of(&text, b"");
                let twice =
                    [inner.clone(), hex::encode(&inner).into_bytes(), hex::encode_upper(&inner).into_bytes()];
                if twice.iter().any(|inner| digest.of(inner, b"") == hash) {
                    one(HASHED_TWICE)
                } else {
                    search(input, correct, &[mistakes], |recipe| digest.of(&recipe.text(), b"") == hash)
                        .or_else(|| one(OTHER_TEXT))
                }
            };
            match (form, in_text) {
                (None, in_text) => in_text,
                (Some(form), None) => one(form),
                (Some(form), Some(found)) => Some(found.after(form.0, form.1)),
            }
        }
    }
}
