//! Signs responses and notifications of V3, and verifies requests.

use wechat::wire::{
    certificate::Certificate,
    rsa::{InvalidKey, PrivateKey, PublicKey},
    v3,
};

use crate::{
    account::{Keys, Merchant, PrivateKeys},
    clock::{self, MINUTE, Millis, SECOND},
    diagnosis::PublicNumbers,
    random,
};

/// How far the time of a stale or future signature is from now.
const WRONG_TIME_OFFSET: Millis = 10 * MINUTE;

/// The keys for one merchant.
pub(crate) struct ResponseSigner {
    pub(super) merchant_serial: String,
    merchant: PublicKey,
    /// The key of the merchant's certificate, for the signature doctor.
    pub(crate) merchant_numbers: PublicNumbers,
    certificate: SigningKey,
    public_key: SigningKey,
}

struct SigningKey {
    serial: String,
    key: PrivateKey,
}

/// A fault of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureFault {
    Signature,
    UnknownSerial,
    StaleTime,
    FutureTime,
    /// WeChat sends such signatures on purpose, to find merchants that do not verify.
    Probe,
    /// No signature at all.
    Missing,
}

impl ResponseSigner {
    pub(crate) fn new(keys: &Keys, private: &PrivateKeys, merchant: &Merchant) -> Result<Self, InvalidKey> {
        let signing_key = |serial: &str, pem: &str| {
            PrivateKey::from_pem(pem).map(|key| SigningKey { serial: serial.to_owned(), key })
        };
        let own = &merchant.keys;
        let certificate = Certificate::from_pem(&own.merchant_cert_pem)?;
        let numbers = PublicNumbers::of_certificate(&own.merchant_cert_pem);
        Ok(Self {
            merchant_serial: own.merchant_serial.clone(),
            merchant: certificate.public_key,
            merchant_numbers: numbers.expect("this certificate has an RSA key"),
            certificate: signing_key(&keys.platform_serial, &private.platform_private_key_pem)?,
            public_key: signing_key(&own.public_key_id, &merchant.public_key_private_key_pem)?,
        })
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        self.merchant.verify(message, signature)
    }

    /// Whether the merchant signed the payment parameters (wechat-protocol.md, 5.10).
    pub(crate) fn verifies_payment(
        &self,
        appid: &str,
        time: &str,
        nonce: &str,
        package: &str,
        sign: &str,
    ) -> bool {
        self.merchant.verify(format!("{appid}\n{time}\n{nonce}\n{package}\n").as_bytes(), sign)
    }

    /// The serial number of the platform certificate, and the id of the public key.
    pub(super) fn key_names(&self) -> (&str, &str) {
        (&self.certificate.serial, &self.public_key.serial)
    }

    /// Decrypts a sensitive field.
    pub(super) fn decrypt(&self, by_public_key: bool, encrypted: &str) -> Option<String> {
        let signing_key = if by_public_key { &self.public_key } else { &self.certificate };
        String::from_utf8(signing_key.key.decrypt(encrypted).ok()?.to_vec()).ok()
    }

    /// Encrypts a sensitive field of a response for the merchant.
    pub(super) fn encrypt_for_merchant(&self, text: &str) -> Option<String> {
        self.merchant.encrypt(text.as_bytes()).ok()
    }

    /// Whether the serial is the id of the public key. `None` for an unknown serial.
    pub(super) fn is_public_key(&self, serial: &str) -> Option<bool> {
        match serial {
            serial if serial == self.public_key.serial => Some(true),
            serial if serial == self.certificate.serial => Some(false),
            _ => None,
        }
    }

    /// The five signature headers of a body, with the real time.
    pub(crate) fn headers(
        &self,
        by_public_key: bool,
        body: &[u8],
        signature_fault: Option<SignatureFault>,
    ) -> Vec<(&'static str, String)> {
        let signing_key = if by_public_key { &self.public_key } else { &self.certificate };
        let at = match signature_fault {
            Some(SignatureFault::StaleTime) => clock::real_now() - WRONG_TIME_OFFSET,
            Some(SignatureFault::FutureTime) => clock::real_now() + WRONG_TIME_OFFSET,
            _ => clock::real_now(),
        };
        let (time, nonce) = ((at / SECOND).to_string(), random::alphanumeric(32));
        let signature = signing_key.key.sign(&v3::response_message(&time, &nonce, body));
        let signature = match signature_fault {
            Some(SignatureFault::Signature) => signing_key.key.sign(b"something else"),
            Some(SignatureFault::Probe) => format!("WECHATPAY/SIGNTEST/{}", random::alphanumeric(325)),
            _ => signature,
        };
        let serial = match signature_fault {
            Some(SignatureFault::UnknownSerial) => random::hex(40).to_uppercase(),
            _ => signing_key.serial.clone(),
        };
        let mut headers = vec![
            ("wechatpay-timestamp", time),
            ("wechatpay-nonce", nonce),
            ("wechatpay-serial", serial),
            ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
        ];
        if signature_fault != Some(SignatureFault::Missing) {
            headers.push(("wechatpay-signature", signature));
        }
        headers
    }
}
