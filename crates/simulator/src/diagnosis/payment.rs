//! Mistakes in the parameters of `wx.chooseWXPay`, `getBrandWCPayRequest` and `wx.requestPayment`
//! (wechat-protocol.md, 4.10 and 5.10).

use serde_json::Value;
use wechat::wire::{Fields, sign::SignType};

use super::{
    Diagnosis, KnownKeys, PublicNumbers,
    search::Mistake,
    v2::{self, V2Message, V2Recipe},
    v3::{SentSignature, V3Recipe, crlf, explain_rsa, literal_line_breaks},
};

/// The parameters of a payment that were refused, and its order.
pub(crate) struct PaymentSignature {
    /// The parameters as the page gave them.
    pub(crate) args: Value,
    /// The sign type of the order: `RSA` for V3. `None` if there is no order.
    pub(crate) sign_type: Option<String>,
    pub(crate) appids: Vec<String>,
    pub(crate) keys: KnownKeys,
    /// The key of the merchant's certificate.
    pub(crate) certificate: PublicNumbers,
    /// The keys of the other merchants' certificates.
    pub(crate) other_certificates: Vec<PublicNumbers>,
}

impl PaymentSignature {
    fn text(&self, name: &str) -> &str {
        self.args[name].as_str().unwrap_or_default()
    }

    fn lacks(&self, name: &str) -> bool {
        self.text(name).is_empty()
    }

    fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| !self.args[*name].is_null())
    }

    fn prepay_id(&self) -> &str {
        self.text("package").trim_start_matches("prepay_id=")
    }

    fn is_v3(&self) -> bool {
        self.sign_type.as_deref() == Some("RSA")
    }
}

/// A mistake that is visible in the parameters.
pub(super) struct ParameterMistake {
    pub(super) id: &'static str,
    pub(super) sentence: &'static str,
    pub(super) fits: fn(&PaymentSignature) -> bool,
}

/// The mistakes that are visible without the signature. The doctor names the first one that fits.
pub(super) const PARAMETERS: &[ParameterMistake] = &[
    ParameterMistake {
        id: "appid_name",
        sentence: "The parameter is called appId, with a capital I.",
        fits: |payment| payment.lacks("appId") && payment.has_any(&["appid", "app_id", "appID"]),
    },
    ParameterMistake {
        id: "appid_missing",
        sentence: "The parameter appId is missing.",
        fits: |payment| payment.lacks("appId"),
    },
    ParameterMistake {
        id: "timestamp_number",
        sentence: "The parameter timeStamp is a number. It must be a text; an iPhone ignores a number.",
        fits: |payment| payment.args["timeStamp"].is_number(),
    },
    ParameterMistake {
        id: "timestamp_name",
        sentence: "The parameter is called timeStamp, with a capital S. Only wx.chooseWXPay calls it timestamp.",
        fits: |payment| payment.lacks("timeStamp") && payment.has_any(&["timestamp", "time_stamp"]),
    },
    ParameterMistake {
        id: "nonce_name",
        sentence: "The parameter is called nonceStr, with a capital S.",
        fits: |payment| payment.lacks("nonceStr") && payment.has_any(&["noncestr", "nonce_str"]),
    },
    ParameterMistake {
        id: "package_missing",
        sentence: "The parameter package is missing. Its value is prepay_id= and the prepay_id.",
        fits: |payment| payment.lacks("package"),
    },
    ParameterMistake {
        id: "package_without_prefix",
        sentence: "The value of package must begin with prepay_id=.",
        fits: |payment| !payment.text("package").starts_with("prepay_id="),
    },
    ParameterMistake {
        id: "pay_sign_name",
        sentence: "The parameter is called paySign, with a capital S.",
        fits: |payment| payment.lacks("paySign") && payment.has_any(&["paysign", "pay_sign", "sign"]),
    },
    ParameterMistake {
        id: "sign_type_missing",
        sentence: "The parameter signType is missing.",
        fits: |payment| payment.lacks("signType"),
    },
    ParameterMistake {
        id: "sign_type_sha1",
        sentence: "wx.chooseWXPay was called without signType, so the JS-SDK sent SHA1. Give it the sign type of the order.",
        fits: |payment| payment.text("signType") == "SHA1",
    },
    ParameterMistake {
        id: "rsa_for_v2",
        sentence: "The payment is signed with RSA, but the order was made with V2. Sign it with the sign_type of the order.",
        fits: |payment| payment.sign_type.is_some() && !payment.is_v3() && payment.text("signType") == "RSA",
    },
    ParameterMistake {
        id: "v2_for_v3",
        sentence: "The payment is signed as in V2, but the order was made with V3. Sign it with RSA and the private key.",
        fits: |payment| payment.is_v3() && ["MD5", "HMAC-SHA256"].contains(&payment.text("signType")),
    },
    ParameterMistake {
        id: "other_sign_type",
        sentence: "The signType of the payment is not the sign_type of the order.",
        fits: |payment| payment.sign_type.as_deref().is_some_and(|known| known != payment.text("signType")),
    },
];

/// Changes the names of fields.
fn renamed(recipe: &V2Recipe, names: &[(&str, &str)]) -> V2Recipe {
    let new =
        |name: &str| names.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| *new).to_owned();
    recipe.with_fields(recipe.fields().iter().map(|(name, value)| (new(name), value.clone())).collect())
}

fn with_value(recipe: &V2Recipe, name: &str, value: &str) -> V2Recipe {
    let new = |(known, old): &(String, String)| {
        (known.clone(), if known == name { value.to_owned() } else { old.clone() })
    };
    recipe.with_fields(recipe.fields().iter().map(new).collect())
}

/// The mistakes of V2 payments only. The doctor then tries the mistakes of all V2 messages.
pub(super) const V2_MISTAKES: &[Mistake<V2Message, V2Recipe>] = &[
    Mistake {
        id: "prepay_id_alone",
        sentence: "The signed package is the prepay_id alone. Sign it with prepay_id= before it.",
        variants: |_, recipe| {
            let package = recipe.fields().iter().find(|(name, _)| name == "package");
            let package = package.map(|(_, value)| value.trim_start_matches("prepay_id=").to_owned());
            package.map(|package| vec![with_value(recipe, "package", &package)]).unwrap_or_default()
        },
    },
    Mistake {
        id: "parameter_case",
        sentence: "The names in the text to sign are in lower case. They are appId, nonceStr, package, signType and \
                   timeStamp.",
        variants: |_, recipe| {
            let all = [
                ("appId", "appid"),
                ("nonceStr", "noncestr"),
                ("signType", "signtype"),
                ("timeStamp", "timestamp"),
            ];
            let each = all.iter().map(|name| renamed(recipe, &[*name]));
            each.chain([renamed(recipe, &all), renamed(recipe, &[all[0], all[1], all[3]])]).collect()
        },
    },
];

/// The mistakes of V3 payments.
pub(super) const V3_MISTAKES: &[Mistake<PaymentSignature, V3Recipe>] = &[
    Mistake {
        id: "prepay_id_alone",
        sentence: "The signed package is the prepay_id alone, as for apps. Sign it with prepay_id= before it.",
        variants: |payment, recipe| vec![recipe.with_line(PACKAGE, payment.prepay_id())],
    },
    Mistake {
        id: "other_appid",
        sentence: "The text to sign has another appid than the payment: that of the service account for a mini program, or \
                   the reverse.",
        variants: |payment, recipe| {
            payment.appids.iter().map(|appid| recipe.with_line(APPID, appid.as_str())).collect()
        },
    },
    Mistake {
        id: "appid_line_missing",
        sentence: "The text to sign lacks the line of the appid.",
        variants: |_, recipe| vec![recipe.without_line(APPID)],
    },
    Mistake {
        id: "sign_type_line",
        sentence: "The text to sign has signType as a line. It has four lines: appId, timeStamp, nonceStr, package.",
        variants: |_, recipe| vec![recipe.with_more_lines(&[b"RSA"])],
    },
    Mistake {
        id: "last_line_break_missing",
        sentence: "The text to sign lacks the line break after the last line.",
        variants: |_, recipe| vec![recipe.without_end()],
    },
    literal_line_breaks(),
    crlf(),
    Mistake {
        id: "lines_swapped",
        sentence: "The lines of the text to sign are in the wrong order. It is appId, timeStamp, nonceStr, package.",
        variants: |_, recipe| {
            vec![recipe.swapped(TIME, NONCE), recipe.swapped(NONCE, PACKAGE), recipe.swapped(TIME, PACKAGE)]
        },
    },
    Mistake {
        id: "form_of_v2",
        sentence: "The text to sign is that of V2, with names and &. V3 signs four lines: appId, timeStamp, nonceStr, \
                   package.",
        variants: |payment, _| {
            let pairs = |names: &[&str]| -> String {
                let pairs: Vec<String> =
                    names.iter().map(|name| format!("{name}={}", payment.text(name))).collect();
                pairs.join("&")
            };
            let all = pairs(&["appId", "nonceStr", "package", "signType", "timeStamp"]);
            let without = pairs(&["appId", "nonceStr", "package", "timeStamp"]);
            let with_key = format!("{all}&key={}", payment.keys.api_v3);
            [all, without, with_key]
                .iter()
                .map(|text| V3Recipe::of_lines([text.as_bytes()]).without_end())
                .collect()
        },
    },
    Mistake {
        id: "other_timestamp",
        sentence: "The time in the text to sign is not the timeStamp of the payment: it is in milliseconds, or the clock \
                   was read twice.",
        variants: |payment, recipe| {
            let Ok(time) = payment.text("timeStamp").parse::<i64>() else { return Vec::new() };
            let near = (-5..=5).map(|apart| time + apart);
            let all = near.chain([time.saturating_mul(1000), time / 1000]);
            all.map(|time| recipe.with_line(TIME, time.to_string())).collect()
        },
    },
];

/// The places of the lines of a V3 payment.
const APPID: usize = 0;
const TIME: usize = 1;
const NONCE: usize = 2;
const PACKAGE: usize = 3;

/// The mistake in the parameters or in `paySign`. `None` if there is no mistake.
pub(crate) fn explain(payment: &PaymentSignature) -> Option<Diagnosis> {
    if let Some(found) = PARAMETERS.iter().find(|mistake| (mistake.fits)(payment)) {
        return Some(Diagnosis::one(found.id, found.sentence));
    }
    let text = |name: &str| payment.text(name);
    if payment.is_v3() {
        let correct = V3Recipe::of_lines(
            ["appId", "timeStamp", "nonceStr", "package"].map(|name| text(name).as_bytes()),
        );
        return explain_rsa(
            payment,
            &correct,
            V3_MISTAKES,
            &SentSignature {
                signature: text("paySign"),
                keys: &payment.keys,
                certificate: &payment.certificate,
                others: &payment.other_certificates,
            },
        );
    }
    // without an order, the sign type is not known
    let sign_type: SignType = payment.sign_type.as_deref()?.parse().ok()?;
    let names = ["appId", "timeStamp", "nonceStr", "package", "signType"];
    let fields: Fields = names.iter().map(|name| (*name, text(name))).collect();
    let message = V2Message::new(&fields.with("sign", text("paySign")), sign_type, payment.keys.clone());
    v2::explain_with(&message, &[V2_MISTAKES, v2::MISTAKES])
}
