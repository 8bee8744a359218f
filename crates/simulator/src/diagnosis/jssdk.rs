//! Mistakes in the signature of `wx.config` (wechat-protocol.md, 3.1).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::{Position, Url};

use super::{
    Diagnosis, KnownKeys,
    digest::{Digest, Spelling},
    search::{Mistake, Recipe, search},
};

/// The characters that `encodeURIComponent` encodes.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// The signature that a page sent, and what it should have signed.
pub(crate) struct PageSignature {
    /// The address that must be signed, with its fragment.
    pub(crate) url: String,
    /// The other address of the page: the current one for an iPhone, the first one for Android.
    pub(crate) other_url: String,
    pub(crate) nonce: String,
    pub(crate) timestamp: String,
    pub(crate) signature: String,
    pub(crate) tickets: Tickets,
    pub(crate) keys: KnownKeys,
}

/// The tickets and tokens that a signer may confuse.
#[derive(Default)]
pub(crate) struct Tickets {
    /// The valid tickets of the JS-SDK.
    pub(crate) valid: Vec<String>,
    pub(crate) expired: Vec<String>,
    /// The tickets of cards.
    pub(crate) card: Vec<String>,
    pub(crate) access_tokens: Vec<String>,
}

#[derive(Clone)]
pub(super) struct PageRecipe {
    /// Names and values, by their places below.
    pairs: [(&'static str, String); 4],
    /// The places in the order of the text.
    order: [usize; 4],
    /// Whether the text has the names.
    names: bool,
    digest: Digest,
    spelling: Spelling,
    tail: String,
}

impl Recipe for PageRecipe {}

/// The places of the pairs.
const TICKET: usize = 0;
const NONCE: usize = 1;
const TIMESTAMP: usize = 2;
const URL: usize = 3;

impl PageRecipe {
    fn correct(page: &PageSignature, ticket: &str) -> Self {
        Self {
            pairs: [
                ("jsapi_ticket", ticket.to_owned()),
                ("noncestr", page.nonce.clone()),
                ("timestamp", page.timestamp.clone()),
                ("url", without_fragment(&page.url).to_owned()),
            ],
            order: [TICKET, NONCE, TIMESTAMP, URL],
            names: true,
            digest: Digest::Sha1,
            spelling: Spelling::LowerHex,
            tail: String::new(),
        }
    }

    fn sign(&self) -> String {
        let pairs = self.order.map(|at| &self.pairs[at]);
        let text = match self.names {
            true => pairs.map(|(name, value)| format!("{name}={value}")).join("&"),
            false => pairs.map(|(_, value)| value.as_str()).concat(),
        };
        self.spelling.write(&self.digest.of((text + &self.tail).as_bytes(), b""))
    }

    fn with_value(&self, at: usize, value: impl Into<String>) -> Self {
        let mut changed = self.clone();
        changed.pairs[at].1 = value.into();
        changed
    }

    fn with_name(mut self, at: usize, name: &'static str) -> Self {
        self.pairs[at].0 = name;
        self
    }

    fn with_urls(&self, urls: impl IntoIterator<Item = String>) -> Vec<Self> {
        urls.into_iter().map(|url| self.with_value(URL, url)).collect()
    }

    fn url(&self) -> &str {
        &self.pairs[URL].1
    }

    fn with_digest(&self, digest: Digest) -> Self {
        Self { digest, ..self.clone() }
    }
}

fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}

/// All permutations of four places.
fn permutations() -> impl Iterator<Item = [usize; 4]> {
    let triples = (0..64).map(|number| [number / 16, number / 4 % 4, number % 4]);
    let different = triples.filter(|[a, b, c]| a != b && b != c && a != c);
    // the four places add up to 6
    different.map(|[a, b, c]| [a, b, c, 6 - a - b - c])
}

fn with_tickets(recipe: &PageRecipe, tickets: &[String]) -> Vec<PageRecipe> {
    tickets.iter().map(|ticket| recipe.with_value(TICKET, ticket)).collect()
}

/// The mistakes, the usual ones first.
pub(super) const MISTAKES: &[Mistake<PageSignature, PageRecipe>] = &[
    Mistake {
        id: "url_with_fragment",
        sentence: "The signed URL contains the part after #. Remove it before you sign.",
        variants: |page, recipe| recipe.with_urls([page.url.clone()]),
    },
    Mistake {
        id: "url_without_query",
        sentence: "The signed URL lacks the query of the page. Sign the whole URL up to #.",
        variants: |_, recipe| recipe.with_urls(recipe.url().split_once('?').map(|(url, _)| url.to_owned())),
    },
    Mistake {
        id: "url_encoded",
        sentence: "The signed URL is percent-encoded as a whole. Decode the parameter once, and sign the URL as the \
                   browser shows it.",
        variants: |_, recipe| {
            let encoded = utf8_percent_encode(recipe.url(), COMPONENT).to_string();
            let twice = utf8_percent_encode(&encoded, COMPONENT).to_string();
            recipe.with_urls([encoded, twice])
        },
    },
    Mistake {
        id: "url_doubly_encoded",
        sentence: "The signed URL has its percent-encoding twice, for example %25E4 for %E4.",
        variants: |_, recipe| recipe.with_urls([recipe.url().replace('%', "%25")]),
    },
    Mistake {
        id: "url_decoded",
        sentence: "The signed URL is decoded. Sign it percent-encoded, as the browser shows it.",
        variants: |_, recipe| {
            recipe.with_urls([percent_decode_str(recipe.url()).decode_utf8_lossy().into_owned()])
        },
    },
    Mistake {
        id: "url_html_escaped",
        sentence: "The signed URL has &amp; for &. Sign it without HTML escapes.",
        variants: |_, recipe| recipe.with_urls([recipe.url().replace('&', "&amp;")]),
    },
    Mistake {
        id: "url_scheme",
        sentence: "The signed URL has the other scheme: http for https, or https for http. A server behind a TLS proxy \
                   must use the scheme of the browser.",
        variants: |_, recipe| {
            let other = match recipe.url().split_once("://") {
                Some(("https", rest)) => Some(format!("http://{rest}")),
                Some(("http", rest)) => Some(format!("https://{rest}")),
                _ => None,
            };
            recipe.with_urls(other)
        },
    },
    Mistake {
        id: "url_without_port",
        sentence: "The signed URL lacks the port of the page, or has one that the page does not have.",
        variants: |_, recipe| {
            let Ok(mut url) = Url::parse(recipe.url()) else { return Vec::new() };
            let default = url.port_or_known_default().map(|port| {
                let host = url.host_str().unwrap_or_default();
                format!("{}://{host}:{port}{}", url.scheme(), &url[Position::BeforePath..])
            });
            let _ = url.set_port(None);
            recipe.with_urls(default.into_iter().chain([url.to_string()]))
        },
    },
    Mistake {
        id: "url_slash",
        sentence: "The signed URL and the URL of the page differ in the slash at the end of the path.",
        variants: |_, recipe| {
            let url = recipe.url();
            let (path, query) =
                url.split_once('?').map_or((url, String::new()), |(path, query)| (path, format!("?{query}")));
            let other = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
            recipe.with_urls([other + &query])
        },
    },
    Mistake {
        id: "url_origin_only",
        sentence: "The signed URL is the site, not the page. Sign the whole URL up to #.",
        variants: |_, recipe| {
            let Ok(url) = Url::parse(recipe.url()) else { return Vec::new() };
            let origin = url.origin().ascii_serialization();
            recipe.with_urls([format!("{origin}/"), origin])
        },
    },
    Mistake {
        id: "url_path_only",
        sentence: "The signed URL lacks the scheme and the host.",
        variants: |_, recipe| {
            let Ok(url) = Url::parse(recipe.url()) else { return Vec::new() };
            recipe.with_urls([url[Position::BeforePath..].to_owned()])
        },
    },
    Mistake {
        id: "other_url_of_page",
        sentence: "The signed URL is the other URL of the page. After pushState an iPhone verifies the URL at which the \
                   user entered the site, and Android the current one.",
        variants: |page, recipe| recipe.with_urls([without_fragment(&page.other_url).to_owned()]),
    },
    Mistake {
        id: "stale_ticket",
        sentence: "The signature uses a jsapi_ticket that has expired. Get a new one.",
        variants: |page, recipe| with_tickets(recipe, &page.tickets.expired),
    },
    Mistake {
        id: "card_ticket",
        sentence: "The signature uses a ticket of type wx_card. Ask for a ticket of type jsapi.",
        variants: |page, recipe| with_tickets(recipe, &page.tickets.card),
    },
    Mistake {
        id: "token_for_ticket",
        sentence: "The signature uses an access_token as the ticket. Get a jsapi_ticket with it first.",
        variants: |page, recipe| with_tickets(recipe, &page.tickets.access_tokens),
    },
    Mistake {
        id: "secret_for_ticket",
        sentence: "The signature uses the AppSecret as the ticket. Get a jsapi_ticket first.",
        variants: |page, recipe| {
            page.keys.app_secrets.iter().map(|secret| recipe.with_value(TICKET, secret.clone())).collect()
        },
    },
    Mistake {
        id: "camel_case_names",
        sentence: "The text to sign has nonceStr or timeStamp. The names are noncestr and timestamp there, in lower case.",
        variants: |_, recipe| {
            vec![
                recipe.clone().with_name(NONCE, "nonceStr"),
                recipe.clone().with_name(TIMESTAMP, "timeStamp"),
                recipe.clone().with_name(NONCE, "nonceStr").with_name(TIMESTAMP, "timeStamp"),
            ]
        },
    },
    Mistake {
        id: "ticket_name",
        sentence: "The text to sign has another name for jsapi_ticket.",
        variants: |_, recipe| {
            ["ticket", "jsapiTicket", "jsapiticket", "js_ticket"]
                .iter()
                .map(|name| recipe.clone().with_name(TICKET, name))
                .collect()
        },
    },
    Mistake {
        id: "unsorted",
        sentence: "The pairs of the text to sign are not sorted: jsapi_ticket, noncestr, timestamp, url.",
        variants: |_, recipe| permutations().map(|order| PageRecipe { order, ..recipe.clone() }).collect(),
    },
    Mistake {
        id: "values_only",
        sentence: "The text to sign has the values without their names.",
        variants: |_, recipe| {
            permutations().map(|order| PageRecipe { order, names: false, ..recipe.clone() }).collect()
        },
    },
    Mistake {
        id: "upper_case",
        sentence: "The signature is in upper case. The JS-SDK wants lower-case hexadecimal.",
        variants: |_, recipe| vec![PageRecipe { spelling: Spelling::UpperHex, ..recipe.clone() }],
    },
    Mistake {
        id: "base64_for_hex",
        sentence: "The signature is in base64. The JS-SDK wants lower-case hexadecimal.",
        variants: |_, recipe| vec![PageRecipe { spelling: Spelling::Base64, ..recipe.clone() }],
    },
    Mistake {
        id: "other_hash",
        sentence: "The signature is MD5 or SHA-256. The JS-SDK wants SHA-1.",
        variants: |_, recipe| vec![recipe.with_digest(Digest::Md5), recipe.with_digest(Digest::Sha256)],
    },
    Mistake {
        id: "payment_key_appended",
        sentence: "The text to sign ends with the APIv2 key. Only the signatures of WeChat Pay have a key at the end.",
        variants: |page, recipe| {
            vec![PageRecipe { tail: format!("&key={}", page.keys.api_v2), ..recipe.clone() }]
        },
    },
    Mistake {
        id: "timestamp_differs",
        sentence: "The signed timestamp and the timestamp of wx.config differ: one is in milliseconds, or the clock was \
                   read twice.",
        variants: |page, recipe| {
            let Ok(timestamp) = page.timestamp.parse::<i64>() else { return Vec::new() };
            let near = (-5..=5).map(|apart| timestamp.saturating_add(apart));
            near.chain([timestamp.saturating_mul(1000), timestamp / 1000])
                .map(|timestamp| recipe.with_value(TIMESTAMP, timestamp.to_string()))
                .collect()
        },
    },
    Mistake {
        id: "nonce_in_other_case",
        sentence: "The signed noncestr and the nonceStr of wx.config differ in upper and lower case.",
        variants: |page, recipe| {
            vec![
                recipe.with_value(NONCE, page.nonce.to_lowercase()),
                recipe.with_value(NONCE, page.nonce.to_uppercase()),
            ]
        },
    },
];

/// The mistake in the signature of a page. `None` if the signature is correct.
pub(crate) fn explain(page: &PageSignature) -> Option<Diagnosis> {
    let matches = |recipe: &PageRecipe| recipe.sign() == page.signature;
    let recipes: Vec<PageRecipe> =
        page.tickets.valid.iter().map(|ticket| PageRecipe::correct(page, ticket)).collect();
    if recipes.iter().any(matches) {
        return None;
    }
    // the newest ticket comes first; if there is no valid ticket, the search still tries the other ones
    let newest = recipes.last().cloned().unwrap_or_else(|| PageRecipe::correct(page, ""));
    let others = recipes.iter().rev().skip(1);
    let found =
        [&newest].into_iter().chain(others).find_map(|recipe| search(page, recipe, &[MISTAKES], matches));
    Some(found.unwrap_or_else(Diagnosis::unexplained))
}
