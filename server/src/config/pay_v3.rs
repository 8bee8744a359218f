use wechat::{
    Secret,
    pay::v3::{ApiV3Key, Credential},
    wire::{certificate::Certificate, rsa::PublicKey},
};

use super::environment::Environment;

/// The configuration of Pay V3.
#[derive(Clone, Debug)]
pub struct PayV3 {
    /// What signs requests: `WECHAT_MCH_ID`, `WECHAT_MERCHANT_SERIAL`, `WECHAT_MERCHANT_KEY_FILE`.
    pub credential: Credential,
    /// `WECHAT_API_V3_KEY`: the key that decrypts notifications and certificates.
    pub api_v3_key: ApiV3Key,
    /// The WeChat Pay public key: `WECHAT_PUBLIC_KEY_ID`, `WECHAT_PUBLIC_KEY_FILE`. Without it the server downloads the
    /// platform certificates.
    pub public_key: Option<(String, PublicKey)>,
}

const KEY: &str = "WECHAT_API_V3_KEY";
const SERIAL: &str = "WECHAT_MERCHANT_SERIAL";
const KEY_FILE: &str = "WECHAT_MERCHANT_KEY_FILE";
const CERT_FILE: &str = "WECHAT_MERCHANT_CERT_FILE";
const PUBLIC_KEY_ID: &str = "WECHAT_PUBLIC_KEY_ID";
const PUBLIC_KEY_FILE: &str = "WECHAT_PUBLIC_KEY_FILE";

impl PayV3 {
    /// Reads the configuration of V3 if new payments use V3, or if the APIv3 key is set: older payments may be V3
    /// payments.
    pub(super) fn read(
        env: &mut Environment,
        mch_id: &str,
        certificate: Option<&str>,
        private_key: Option<&Secret>,
    ) -> Option<Self> {
        let public_key = public_key(env);
        if env.text_or("WECHAT_PAY_API", "v2") != "v3" && env.text(KEY).is_none() {
            return None;
        }
        let key = env.required(KEY, "the APIv3 key of the merchant platform, 32 characters");
        let api_v3_key = ApiV3Key::parse(&key).ok();
        if api_v3_key.is_none() && !key.is_empty() {
            env.wrong(KEY, "copy the whole key, 32 characters");
        }
        let serial = serial(env, certificate);
        env.required(KEY_FILE, "the file of the merchant's private key, apiclient_key.pem");
        match Credential::from_pem(mch_id, serial, private_key?.expose()) {
            Ok(credential) => Some(Self { credential, api_v3_key: api_v3_key?, public_key }),
            Err(error) => {
                env.wrong_file(KEY_FILE, "RSA private key in PEM (apiclient_key.pem)", error);
                None
            }
        }
    }
}

/// The serial of the merchant's certificate: from the certificate file, otherwise from `WECHAT_MERCHANT_SERIAL`.
fn serial(env: &mut Environment, certificate: Option<&str>) -> String {
    let certificate = certificate.and_then(|pem| match Certificate::from_pem(pem) {
        Ok(certificate) => Some(certificate),
        Err(error) => {
            env.wrong_file(CERT_FILE, "certificate in PEM (apiclient_cert.pem)", error);
            None
        }
    });
    let Some(certificate) = certificate else {
        let serial = env.required(
            SERIAL,
            "the serial number of the merchant's certificate (or set WECHAT_MERCHANT_CERT_FILE, which contains it)",
        );
        return written_as_wechat(&serial);
    };
    let known = env.text_or(SERIAL, &certificate.serial_no);
    if written_as_wechat(&known) != certificate.serial_no {
        env.wrong(
            SERIAL,
            "set the serial number of the certificate in WECHAT_MERCHANT_CERT_FILE, or leave it empty",
        );
    }
    certificate.serial_no
}

/// The serial in WeChat's form: upper case, without leading zeros, and without the colons that other programs write.
fn written_as_wechat(serial: &str) -> String {
    serial.replace(':', "").trim_start_matches('0').to_ascii_uppercase()
}

fn public_key(env: &mut Environment) -> Option<(String, PublicKey)> {
    if env.text(PUBLIC_KEY_ID).is_none() && env.text(PUBLIC_KEY_FILE).is_none() {
        return None;
    }
    let id = env.required(PUBLIC_KEY_ID, "the WeChat Pay public key's number, PUB_KEY_ID_ and digits");
    if !id.is_empty() && !id.starts_with("PUB_KEY_ID_") {
        env.wrong(PUBLIC_KEY_ID, "copy the whole number, which begins with PUB_KEY_ID_");
    }
    env.required(PUBLIC_KEY_FILE, "the file of the WeChat Pay public key, pub_key.pem");
    let key = PublicKey::from_pem(&env.file(PUBLIC_KEY_FILE)?);
    if let Err(error) = &key {
        env.wrong_file(PUBLIC_KEY_FILE, "public key in PEM (pub_key.pem)", *error);
    }
    Some((id, key.ok()?))
}
