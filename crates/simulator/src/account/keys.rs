//! Keys and certificates, created at the first start.

use std::{
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize, SerialNumber,
};
use serde::{Deserialize, Serialize};

use crate::{clock, random};

/// The host names in the TLS certificate, so that a client that maps WeChat's names needs no other change.
const HOSTS: [&str; 13] = [
    "localhost",
    "127.0.0.1",
    "::1",
    "open.weixin.qq.com",
    "api.weixin.qq.com",
    "api2.weixin.qq.com",
    "sh.api.weixin.qq.com",
    "sz.api.weixin.qq.com",
    "api.mch.weixin.qq.com",
    "api2.mch.weixin.qq.com",
    "res.wx.qq.com",
    "res2.wx.qq.com",
    "wx.tenpay.com",
];

/// The validity of a certificate in years.
const YEARS: i32 = 5;

/// The certificates of this WeChat.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Keys {
    pub(crate) platform_serial: String,
    pub(crate) platform_cert_pem: String,
    pub(crate) ca_pem: String,
}

/// The private keys of WeChat that all merchants share.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PrivateKeys {
    pub(crate) tls_key_pem: String,
    pub(crate) tls_cert_pem: String,
    pub(crate) platform_private_key_pem: String,
}

/// The keys that a merchant gets from the merchant platform.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct MerchantKeys {
    pub(crate) merchant_serial: String,
    pub(crate) merchant_private_key_pem: String,
    pub(crate) merchant_cert_pem: String,
    pub(crate) public_key_id: String,
    pub(crate) public_key_pem: String,
}

/// A certificate authority, which signs the certificates of merchants, and the source of RSA keys.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    rsa: RsaKeys,
}

impl Authority {
    /// Creates an authority with new keys.
    pub(crate) fn new() -> Result<Self, rcgen::Error> {
        Self::with(RsaKeys::New)
    }

    fn with(rsa: RsaKeys) -> Result<Self, rcgen::Error> {
        Ok(Self { issuer: authority()?, rsa })
    }

    /// The certificate of a merchant: serial number, private key and certificate.
    pub(crate) fn merchant(&self, mch_id: &str) -> Result<(String, String, String), rcgen::Error> {
        let (key, certificate, serial) = self.issue(mch_id, &[], Use::Client)?;
        Ok((serial, key, certificate))
    }

    /// A WeChat Pay public key of a merchant: its id, the key, and WeChat's private key.
    pub(crate) fn wechat_pay_public_key(
        &self,
        mch_id: &str,
    ) -> Result<(String, String, String), rcgen::Error> {
        let key = self.rsa.next()?;
        let id = format!("PUB_KEY_ID_01{mch_id}{}", random::digits(16));
        Ok((id, key.public_key_pem(), key.serialize_pem()))
    }
}

/// Where RSA keys come from. Creating one takes a tenth of a second.
pub(crate) enum RsaKeys {
    /// Each key is new.
    New,
    /// The simulators of this process reuse the same keys in the same order, because a test suite starts hundreds of
    /// simulators.
    Reused(AtomicUsize),
}

/// The keys that simulators of this process reuse, as PEM.
static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl RsaKeys {
    /// The keys for a configuration.
    pub(crate) const fn of(reuse: bool) -> Self {
        if reuse { Self::Reused(AtomicUsize::new(0)) } else { Self::New }
    }

    fn next(&self) -> Result<KeyPair, rcgen::Error> {
        let Self::Reused(taken) = self else { return rsa() };
        let at = taken.fetch_add(1, Ordering::Relaxed);
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        while kept.len() <= at {
            kept.push(rsa()?.serialize_pem());
        }
        KeyPair::from_pem_and_sign_algo(&kept[at], &PKCS_RSA_SHA256)
    }
}

impl Keys {
    /// Creates a certificate authority, and WeChat's keys and certificates. The TLS certificate also names `tls_ip`,
    /// the address of the TLS listener.
    pub(crate) fn generate(
        tls_ip: IpAddr,
        rsa: RsaKeys,
    ) -> Result<(Self, PrivateKeys, Authority), rcgen::Error> {
        let authority = Authority::with(rsa)?;
        let (platform_key, platform_cert, platform_serial) =
            authority.issue("Tenpay.com sign", &[], Use::Sign)?;
        let tls_ip = tls_ip.to_string();
        let hosts: Vec<&str> = HOSTS.into_iter().chain([tls_ip.as_str()]).collect();
        let (tls_key, tls_cert, _) = authority.issue("xiaodian simulator", &hosts, Use::Server)?;
        let public =
            Self { platform_serial, platform_cert_pem: platform_cert, ca_pem: authority.issuer.pem() };
        let private = PrivateKeys {
            tls_key_pem: tls_key,
            tls_cert_pem: tls_cert,
            platform_private_key_pem: platform_key,
        };
        Ok((public, private, authority))
    }
}

enum Use {
    Client,
    Server,
    Sign,
}

fn rsa() -> Result<KeyPair, rcgen::Error> {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)
}

fn params(name: &str, hosts: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>())?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.distinguished_name.push(DnType::OrganizationName, "Xiaodian simulator");
    let year = clock::v2_time(clock::real_now()).get(..4).and_then(|year| year.parse().ok()).unwrap_or(2026);
    params.not_before = rcgen::date_time_ymd(year, 1, 1);
    params.not_after = rcgen::date_time_ymd(year + YEARS, 12, 31);
    Ok(params)
}

/// The authority and the TLS server may differ from WeChat's, so they use a key type that is fast to create.
fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = params("Xiaodian simulator authority", &[])?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

impl Authority {
    /// Creates a key, its certificate and the serial number: 40 hexadecimal digits, like WeChat's.
    fn issue(
        &self,
        name: &str,
        hosts: &[&str],
        purpose: Use,
    ) -> Result<(String, String, String), rcgen::Error> {
        let key = match purpose {
            Use::Client | Use::Sign => self.rsa.next()?,
            Use::Server => KeyPair::generate()?,
        };
        let mut params = params(name, hosts)?;
        // the first digit is below 8, so the number is positive and 20 bytes long
        let serial = format!("5{}", random::hex(39)).to_uppercase();
        params.serial_number = hex::decode(&serial).ok().map(SerialNumber::from);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
        params.use_authority_key_identifier_extension = true;
        params.extended_key_usages = match purpose {
            Use::Client => vec![ExtendedKeyUsagePurpose::ClientAuth],
            Use::Server => vec![ExtendedKeyUsagePurpose::ServerAuth],
            Use::Sign => vec![],
        };
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok((key.serialize_pem(), certificate.pem(), serial))
    }
}
