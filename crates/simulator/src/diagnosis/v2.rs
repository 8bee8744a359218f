//! Mistakes in the signature of a V2 message (wechat-protocol.md, 4.1).

use encoding_rs::GBK;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;
use wechat::wire::{Fields, sign::SignType};

use super::{
    Diagnosis, KnownKeys,
    digest::{Digest, Spelling},
    search::{Mistake, Recipe, search},
};

/// `encodeURIComponent` and most other functions keep these characters.
const URL_ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A message whose signature is wrong.
pub(crate) struct V2Message {
    /// All fields except `sign`, in their order.
    fields: Vec<(String, String)>,
    sign: String,
    sign_type: SignType,
    keys: KnownKeys,
}

impl V2Message {
    /// `sign_type` is the one with which the message must be signed.
    pub(crate) fn new(fields: &Fields, sign_type: SignType, keys: KnownKeys) -> Self {
        let others = fields.iter().filter(|(name, _)| *name != "sign");
        Self {
            fields: others.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            sign: fields.get("sign").unwrap_or_default().to_owned(),
            sign_type,
            keys,
        }
    }
}

/// How the fields are ordered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// By name.
    Sorted,
    /// As in the message.
    Message,
    /// By name, and the key is one of them.
    KeyAmongFields,
}

/// What follows the fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    /// `&key=KEY`.
    Key,
    /// `KEY`.
    KeyWithoutName,
    /// `&KEY`.
    KeyWithAmpersand,
    /// `&key=`.
    NameWithoutKey,
    Nothing,
}

/// How a V2 signature is made.
#[derive(Clone)]
pub(super) struct V2Recipe {
    fields: Vec<(String, String)>,
    order: Order,
    tail: Tail,
    key: String,
    digest: Digest,
    spelling: Spelling,
    encode: fn(&str) -> Vec<u8>,
    note: Option<String>,
}

impl Recipe for V2Recipe {
    fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

fn utf8(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn gbk(text: &str) -> Vec<u8> {
    GBK.encode(text).0.into_owned()
}

/// A default character set without Chinese writes a question mark for each character.
fn ascii(text: &str) -> Vec<u8> {
    let byte = |character: char| u8::try_from(character).ok().filter(u8::is_ascii).unwrap_or(b'?');
    text.chars().map(byte).collect()
}

const fn digest_of(sign_type: SignType) -> Digest {
    match sign_type {
        SignType::Md5 => Digest::Md5,
        SignType::HmacSha256 => Digest::HmacSha256,
    }
}

impl V2Recipe {
    fn correct(message: &V2Message) -> Self {
        Self {
            fields: message.fields.iter().filter(|(_, value)| !value.is_empty()).cloned().collect(),
            order: Order::Sorted,
            tail: Tail::Key,
            key: message.keys.api_v2.clone(),
            digest: digest_of(message.sign_type),
            spelling: Spelling::UpperHex,
            encode: utf8,
            note: None,
        }
    }

    fn sign(&self) -> String {
        let mut fields = self.fields.clone();
        if self.order == Order::KeyAmongFields {
            fields.push(("key".to_owned(), self.key.clone()));
        }
        if self.order != Order::Message {
            fields.sort_unstable();
        }
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let tail = match self.tail {
            _ if self.order == Order::KeyAmongFields => String::new(),
            Tail::Key => format!("&key={}", self.key),
            Tail::KeyWithoutName => self.key.clone(),
            Tail::KeyWithAmpersand => format!("&{}", self.key),
            Tail::NameWithoutKey => "&key=".to_owned(),
            Tail::Nothing => String::new(),
        };
        let text = (self.encode)(&(pairs.join("&") + &tail));
        self.spelling.write(&self.digest.of(&text, self.key.as_bytes()))
    }

    /// The recipe with other values.
    fn map(&self, change: impl Fn(&str) -> String) -> Vec<Self> {
        let fields = self.fields.iter().map(|(name, value)| (name.clone(), change(value))).collect();
        vec![self.with_fields(fields)]
    }

    pub(super) fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    pub(super) fn with_fields(&self, fields: Vec<(String, String)>) -> Self {
        Self { fields, ..self.clone() }
    }

    fn with_key(&self, key: &str) -> Vec<Self> {
        vec![Self { key: key.to_owned(), ..self.clone() }]
    }

    fn with_keys(&self, keys: &[String]) -> Vec<Self> {
        keys.iter().flat_map(|key| self.with_key(key)).collect()
    }

    fn with_tail(&self, tail: Tail) -> Self {
        Self { tail, ..self.clone() }
    }
}

/// The characters that XML writes in another way.
fn xml_escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The mistakes, the usual ones first.
pub(super) const MISTAKES: &[Mistake<V2Message, V2Recipe>] = &[
    Mistake {
        id: "lower_case",
        sentence: "The signature is in lower case. V2 wants upper-case hexadecimal.",
        variants: |_, recipe| vec![V2Recipe { spelling: Spelling::LowerHex, ..recipe.clone() }],
    },
    Mistake {
        id: "md5_for_hmac",
        sentence: "The signature is MD5, but sign_type is HMAC-SHA256.",
        variants: |message, recipe| match message.sign_type {
            SignType::HmacSha256 => vec![V2Recipe { digest: Digest::Md5, ..recipe.clone() }],
            SignType::Md5 => Vec::new(),
        },
    },
    Mistake {
        id: "hmac_for_md5",
        sentence: "The signature is HMAC-SHA256, but the message must be signed with MD5. Send sign_type=HMAC-SHA256, \
                   and sign it too.",
        variants: |message, recipe| match message.sign_type {
            SignType::Md5 => vec![V2Recipe { digest: Digest::HmacSha256, ..recipe.clone() }],
            SignType::HmacSha256 => Vec::new(),
        },
    },
    Mistake {
        id: "sha256_for_hmac",
        sentence: "The signature is a plain SHA-256 of the text. HMAC-SHA256 also uses the APIv2 key as its key.",
        variants: |_, recipe| vec![V2Recipe { digest: Digest::Sha256, ..recipe.clone() }],
    },
    Mistake {
        id: "sha1_for_v2",
        sentence: "The signature is SHA-1. V2 wants MD5 or HMAC-SHA256.",
        variants: |_, recipe| vec![V2Recipe { digest: Digest::Sha1, ..recipe.clone() }],
    },
    Mistake {
        id: "base64_for_hex",
        sentence: "The signature is in base64. V2 wants upper-case hexadecimal.",
        variants: |_, recipe| vec![V2Recipe { spelling: Spelling::Base64, ..recipe.clone() }],
    },
    Mistake {
        id: "v3_key",
        sentence: "The message is signed with the APIv3 key. V2 uses the APIv2 key.",
        variants: |message, recipe| recipe.with_key(&message.keys.api_v3),
    },
    Mistake {
        id: "previous_key",
        sentence: "The message is signed with the APIv2 key that was replaced. Use the current one.",
        variants: |message, recipe| recipe.with_key(&message.keys.previous_api_v2),
    },
    Mistake {
        id: "sandbox_key",
        sentence: "The message is signed with the key of the sandbox. Outside the sandbox use the APIv2 key.",
        variants: |message, recipe| recipe.with_key(&message.keys.sandbox),
    },
    Mistake {
        id: "app_secret",
        sentence: "The message is signed with the AppSecret of the service account. Use the APIv2 key of the merchant.",
        variants: |message, recipe| recipe.with_keys(&message.keys.app_secrets),
    },
    Mistake {
        id: "miniprogram_secret",
        sentence: "The message is signed with the AppSecret of the mini program. Use the APIv2 key of the merchant.",
        variants: |message, recipe| recipe.with_keys(&message.keys.miniprogram_secrets),
    },
    Mistake {
        id: "key_of_other_merchant",
        sentence: "The message is signed with the APIv2 key of another merchant. Use the key of the mch_id in the message.",
        variants: |message, recipe| recipe.with_keys(&message.keys.other_api_v2),
    },
    Mistake {
        id: "key_with_space",
        sentence: "The APIv2 key has a space or a line break at its end. Remove it where the key is read.",
        variants: |_, recipe| {
            ["\n", "\r\n", " "]
                .iter()
                .flat_map(|end| recipe.with_key(&format!("{}{end}", recipe.key)))
                .collect()
        },
    },
    Mistake {
        id: "key_in_quotes",
        sentence: "The APIv2 key is in quotation marks. Remove them where the key is read.",
        variants: |_, recipe| {
            ['"', '\'']
                .iter()
                .flat_map(|mark| recipe.with_key(&format!("{mark}{}{mark}", recipe.key)))
                .collect()
        },
    },
    Mistake {
        id: "key_in_other_case",
        sentence: "The letters of the APIv2 key were changed to upper or lower case.",
        variants: |_, recipe| {
            let both = [recipe.key.to_uppercase(), recipe.key.to_lowercase()];
            both.iter().flat_map(|key| recipe.with_key(key)).collect()
        },
    },
    Mistake {
        id: "key_missing",
        sentence: "The text to sign does not end with the key. It must end with &key= and the APIv2 key.",
        variants: |_, recipe| vec![recipe.with_tail(Tail::Nothing), recipe.with_tail(Tail::NameWithoutKey)],
    },
    Mistake {
        id: "key_name_missing",
        sentence: "The text to sign has the key without its name. It must end with &key= and the APIv2 key.",
        variants: |_, recipe| {
            vec![recipe.with_tail(Tail::KeyWithoutName), recipe.with_tail(Tail::KeyWithAmpersand)]
        },
    },
    Mistake {
        id: "key_sorted",
        sentence: "The key was sorted among the fields. It must be at the end of the text to sign.",
        variants: |_, recipe| vec![V2Recipe { order: Order::KeyAmongFields, ..recipe.clone() }],
    },
    Mistake {
        id: "unsorted",
        sentence: "The fields in the text to sign are not sorted by name.",
        variants: |_, recipe| vec![V2Recipe { order: Order::Message, ..recipe.clone() }],
    },
    Mistake {
        id: "empty_included",
        sentence: "The text to sign contains fields without a value. Leave them out.",
        variants: |message, recipe| {
            let mut changed = recipe.clone();
            changed.fields.extend(message.fields.iter().filter(|(_, value)| value.is_empty()).cloned());
            // in the order of the message, for signers that do not sort
            let place = |name: &str| message.fields.iter().position(|(known, _)| known == name);
            changed.fields.sort_by_key(|(name, _)| place(name));
            vec![changed]
        },
    },
    Mistake {
        id: "sign_included",
        sentence: "The text to sign contains the field sign. Leave it out.",
        variants: |_, recipe| {
            let mut changed = recipe.clone();
            changed.fields.push(("sign".to_owned(), String::new()));
            vec![changed]
        },
    },
    Mistake {
        id: "url_encoded",
        sentence: "The values in the text to sign are URL-encoded. Sign them as they are.",
        variants: |_, recipe| {
            let form = |value: &str| form_urlencoded::byte_serialize(value.as_bytes()).collect();
            let mut all = recipe.map(|value| utf8_percent_encode(value, URL_ENCODED).to_string());
            all.extend(recipe.map(form));
            all
        },
    },
    Mistake {
        id: "xml_escaped",
        sentence: "The values in the text to sign are written as in the XML, for example &amp; for &. Sign them as they are.",
        variants: |_, recipe| {
            let mut all = recipe.map(xml_escaped);
            all.extend(recipe.map(|value| format!("<![CDATA[{value}]]>")));
            all
        },
    },
    Mistake {
        id: "in_quotes",
        sentence: "The values in the text to sign are in quotation marks.",
        variants: |_, recipe| recipe.map(|value| format!("\"{value}\"")),
    },
    Mistake {
        id: "trimmed",
        sentence: "The values were signed without the spaces at their ends, but sent with them.",
        variants: |_, recipe| recipe.map(|value| value.trim().to_owned()),
    },
    Mistake {
        id: "gbk",
        sentence: "The text to sign was encoded in GBK. Encode it in UTF-8.",
        variants: |_, recipe| vec![V2Recipe { encode: gbk, ..recipe.clone() }],
    },
    Mistake {
        id: "ascii",
        sentence: "The Chinese characters of the text to sign became question marks. Encode the text in UTF-8.",
        variants: |_, recipe| vec![V2Recipe { encode: ascii, ..recipe.clone() }],
    },
    Mistake {
        id: "amount_in_yuan",
        sentence: "The amount was signed in yuan and sent in fen.",
        variants: |_, recipe| {
            let mut changed = recipe.clone();
            for (name, value) in &mut changed.fields {
                if let (true, Ok(fen)) = (name.ends_with("_fee"), value.parse::<u64>()) {
                    *value = format!("{}.{:02}", fen / 100, fen % 100);
                }
            }
            vec![changed]
        },
    },
    Mistake {
        id: "field_missing",
        sentence: "The text to sign lacks a field of the message.",
        variants: |_, recipe| {
            let without = |at: usize| {
                let mut changed = recipe.clone();
                changed.note = Some(changed.fields.remove(at).0);
                changed
            };
            (0..recipe.fields.len()).map(without).collect()
        },
    },
];

/// The mistake in the signature of this message.
pub(crate) fn explain(message: &V2Message) -> Option<Diagnosis> {
    explain_with(message, &[MISTAKES])
}

/// The mistake in the signature. `None` if the signature is correct.
pub(super) fn explain_with(
    message: &V2Message,
    mistakes: &[&[Mistake<V2Message, V2Recipe>]],
) -> Option<Diagnosis> {
    let correct = V2Recipe::correct(message);
    if correct.sign() == message.sign {
        return None;
    }
    let found = search(message, &correct, mistakes, |recipe| recipe.sign() == message.sign);
    Some(found.unwrap_or_else(Diagnosis::unexplained))
}
