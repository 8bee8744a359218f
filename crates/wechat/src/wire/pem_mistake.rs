//! Says what is wrong with a text that should be a key or a certificate in PEM. The sentences quote nothing of the
//! text, which may be secret.

use super::pem;

/// What the caller expects in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    PrivateKey,
    PublicKey,
    Certificate,
}

/// A mistake, its sentence, and how to recognize it.
struct Mistake {
    sentence: &'static str,
    fits: fn(&str, Wanted) -> bool,
}

fn has(text: &str, label: &str) -> bool {
    text.contains(&format!("-----BEGIN {label}-----"))
}

/// The known mistakes. [`explain`] returns the first one that fits, so a more exact one comes first.
const MISTAKES: &[Mistake] = &[
    Mistake { sentence: "the text is empty", fits: |text, _| text.trim().is_empty() },
    Mistake {
        sentence: "it contains a backslash and an n instead of line breaks; write real line breaks",
        fits: |text, _| text.contains("-----BEGIN ") && text.contains("\\n"),
    },
    Mistake {
        sentence: "it is the path of a file; give the text in the file",
        fits: |text, _| {
            let line = text.trim();
            !line.contains("-----")
                && !line.contains('\n')
                && [".pem", ".key", ".crt", ".cer", ".p12"].iter().any(|end| line.ends_with(end))
        },
    },
    Mistake {
        sentence: "it has no BEGIN line; take the whole file, with the lines -----BEGIN …----- and -----END …-----",
        fits: |text, _| !text.contains("-----BEGIN "),
    },
    Mistake {
        sentence: "its END line is missing or differs from its BEGIN line; take the whole file",
        fits: |text, _| pem::labels(text).is_empty(),
    },
    Mistake {
        sentence: "the private key is encrypted; write it without a password",
        fits: |text, _| has(text, "ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED"),
    },
    Mistake {
        sentence: "it is a key of OpenSSH; take apiclient_key.pem of the merchant platform",
        fits: |text, _| has(text, "OPENSSH PRIVATE KEY"),
    },
    Mistake {
        sentence: "it is a key of an elliptic curve; WeChat Pay uses RSA",
        fits: |text, _| has(text, "EC PRIVATE KEY"),
    },
    Mistake {
        sentence: "it is a request for a certificate; take the certificate that the merchant platform made from it",
        fits: |text, _| has(text, "CERTIFICATE REQUEST"),
    },
    Mistake {
        sentence: "it is a certificate; the private key is in apiclient_key.pem",
        fits: |text, wanted| wanted == Wanted::PrivateKey && has(text, "CERTIFICATE"),
    },
    Mistake {
        sentence: "it is a public key; the private key is in apiclient_key.pem",
        fits: |text, wanted| wanted == Wanted::PrivateKey && has(text, "PUBLIC KEY"),
    },
    Mistake {
        sentence: "it is a private key; the certificate is in apiclient_cert.pem",
        fits: |text, wanted| {
            wanted == Wanted::Certificate && (has(text, "PRIVATE KEY") || has(text, "RSA PRIVATE KEY"))
        },
    },
    Mistake {
        sentence: "it is a public key; a certificate begins with -----BEGIN CERTIFICATE-----",
        fits: |text, wanted| wanted == Wanted::Certificate && has(text, "PUBLIC KEY"),
    },
    Mistake {
        sentence: "it is a certificate; the WeChat Pay public key is in pub_key.pem",
        fits: |text, wanted| wanted == Wanted::PublicKey && has(text, "CERTIFICATE"),
    },
    Mistake {
        sentence: "it is a private key; the WeChat Pay public key is in pub_key.pem",
        fits: |text, wanted| {
            wanted == Wanted::PublicKey && (has(text, "PRIVATE KEY") || has(text, "RSA PRIVATE KEY"))
        },
    },
    Mistake {
        sentence: "it is a public key in PKCS#1; write it as -----BEGIN PUBLIC KEY-----",
        fits: |text, wanted| wanted == Wanted::PublicKey && has(text, "RSA PUBLIC KEY"),
    },
    Mistake {
        sentence: "the lines between BEGIN and END are not base64",
        fits: |text, _| pem::labels(text).first().is_some_and(|label| pem::decode(text, &[label]).is_none()),
    },
    Mistake {
        sentence: "its content is PKCS#1, but its first line says PKCS#8; write BEGIN RSA PRIVATE KEY and END RSA PRIVATE \
                   KEY",
        fits: |text, wanted| {
            wanted == Wanted::PrivateKey && algorithm_follows(text, "PRIVATE KEY") == Some(false)
        },
    },
    Mistake {
        sentence: "its content is PKCS#8, but its first line says PKCS#1; write BEGIN PRIVATE KEY and END PRIVATE KEY",
        fits: |text, wanted| {
            wanted == Wanted::PrivateKey && algorithm_follows(text, "RSA PRIVATE KEY") == Some(true)
        },
    },
];

/// Whether an algorithm follows the version of a private key, as in PKCS#8. In PKCS#1 the modulus follows. `None` if
/// the text has no such block, or if its content is not a private key.
fn algorithm_follows(text: &str, label: &str) -> Option<bool> {
    /// `INTEGER 0`: the version in both formats.
    const VERSION: [u8; 3] = [0x02, 0x01, 0x00];
    let (_, der) = pem::decode(text, &[label])?;
    // the length of the sequence takes one to three bytes
    let length = match der.get(1)? {
        0x82 => 4,
        0x81 => 3,
        _ => 2,
    };
    let inside = der.get(length..)?.strip_prefix(&VERSION)?;
    match inside.first()? {
        0x30 => Some(true),
        0x02 => Some(false),
        _ => None,
    }
}

/// The sentence for an unusable text. `None` if no known mistake fits.
pub(super) fn explain(text: &str, wanted: Wanted) -> Option<&'static str> {
    MISTAKES.iter().find(|mistake| (mistake.fits)(text, wanted)).map(|mistake| mistake.sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{
        certificate::Certificate,
        rsa::{PrivateKey, PublicKey},
    };

    const PKCS8: &str = include_str!("../../tests/keys/merchant_pkcs8.pem");
    const PUBLIC: &str = include_str!("../../tests/keys/merchant_public.pem");
    const CERTIFICATE: &str = include_str!("../../tests/keys/platform_cert.pem");

    fn pkcs1() -> String {
        let (_, der) = pem::decode(PKCS8, &["PRIVATE KEY"]).unwrap();
        // version, algorithm, and the key in an octet string with four bytes before it
        let start = der.windows(2).skip(8).position(|bytes| bytes == [0x30, 0x82]).unwrap() + 8;
        use base64::{Engine, engine::general_purpose::STANDARD};
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(&der[start..])
        )
    }

    /// The wrong texts, with a part of the sentence.
    fn cases() -> Vec<(Wanted, String, &'static str)> {
        use Wanted::{Certificate as Cert, PrivateKey as Private, PublicKey as Public};
        let relabelled = |text: &str, old: &str, new: &str| text.replace(old, new);
        let base64: String = PKCS8.lines().filter(|line| !line.starts_with('-')).collect();
        let block = |label: &str| format!("-----BEGIN {label}-----\naGVsbG8=\n-----END {label}-----");
        vec![
            (Private, " \n".to_owned(), "is empty"),
            (Private, PKCS8.replace('\n', "\\n"), "backslash and an n"),
            (Private, "/etc/wechat/apiclient_key.pem".to_owned(), "path of a file"),
            (Private, base64, "no BEGIN line"),
            (Private, PKCS8.split("-----END").next().unwrap().to_owned(), "END line"),
            (Private, block("ENCRYPTED PRIVATE KEY"), "is encrypted"),
            (Private, block("OPENSSH PRIVATE KEY"), "OpenSSH"),
            (Private, block("EC PRIVATE KEY"), "elliptic curve"),
            (Cert, block("CERTIFICATE REQUEST"), "request for a certificate"),
            (Private, CERTIFICATE.to_owned(), "it is a certificate; the private key"),
            (Private, PUBLIC.to_owned(), "it is a public key; the private key"),
            (Cert, PKCS8.to_owned(), "it is a private key; the certificate"),
            (Cert, PUBLIC.to_owned(), "it is a public key; a certificate"),
            (Public, CERTIFICATE.to_owned(), "it is a certificate; the WeChat Pay public key"),
            (Public, PKCS8.to_owned(), "it is a private key; the WeChat Pay public key"),
            (Public, block("RSA PUBLIC KEY"), "public key in PKCS#1"),
            (Private, PKCS8.replacen("MII", "M!I", 1), "not base64"),
            (Private, pkcs1(), "content is PKCS#1"),
            (Private, relabelled(PKCS8, " PRIVATE KEY", " RSA PRIVATE KEY"), "content is PKCS#8"),
        ]
    }

    #[test]
    fn each_mistake_is_named_and_shows_nothing_of_the_key() {
        for (wanted, text, expected) in cases() {
            let error = match wanted {
                Wanted::PrivateKey => PrivateKey::from_pem(&text).err(),
                Wanted::PublicKey => PublicKey::from_pem(&text).err(),
                Wanted::Certificate => Certificate::from_pem(&text).err(),
            };
            let error = error.unwrap_or_else(|| panic!("accepted: {expected}"));
            let sentence = error.mistake().unwrap_or_else(|| panic!("not explained: {expected}"));
            assert!(sentence.contains(expected), "{sentence} instead of {expected}");
            assert!(error.to_string().ends_with(sentence));
            let secret = PKCS8.lines().nth(1).unwrap();
            assert!(!error.to_string().contains(secret) && !format!("{error:?}").contains(secret));
        }
        assert_eq!(cases().len(), MISTAKES.len(), "each mistake has a case");
    }

    #[test]
    fn a_correct_text_is_accepted_in_each_form() {
        let relabelled = pkcs1().replace(" PRIVATE KEY", " RSA PRIVATE KEY");
        assert!(PrivateKey::from_pem(PKCS8).is_ok() && PrivateKey::from_pem(&relabelled).is_ok());
        // a file may contain the certificate too
        assert!(PrivateKey::from_pem(&format!("{CERTIFICATE}{PKCS8}")).is_ok());
        assert!(PublicKey::from_pem(PUBLIC).is_ok() && Certificate::from_pem(CERTIFICATE).is_ok());
    }
}
