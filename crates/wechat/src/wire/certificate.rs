//! The parts of a certificate that Pay V3 needs: serial number, key, validity.

use x509_parser::{
    certificate::X509Certificate,
    prelude::{FromDer, X509Version},
};

use super::{
    pem,
    pem_mistake::Wanted,
    rsa::{InvalidKey, PublicKey},
};

const CERTIFICATE: InvalidKey = InvalidKey::new("an X.509 certificate with an RSA key in PEM");

/// A platform certificate or a merchant certificate. This type does not check the chain. The client trusts a platform
/// certificate because WeChat encrypts it with the merchant's APIv3 key.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The serial number in upper-case hexadecimal, without leading zeros, as in `Wechatpay-Serial` and `serial_no`.
    pub serial_no: String,
    /// The public key.
    pub public_key: PublicKey,
    /// The start of the validity, in seconds since 1970.
    pub not_before: i64,
    /// The last valid second, in seconds since 1970.
    pub not_after: i64,
}

impl Certificate {
    /// Reads the first block `BEGIN CERTIFICATE`.
    ///
    /// # Errors
    /// [`InvalidKey`] if the text is not an X.509 certificate with an RSA key in PEM.
    ///
    /// ```
    /// let pem = include_str!("../../tests/keys/platform_cert.pem");
    /// let certificate = wechat::wire::certificate::Certificate::from_pem(pem)?;
    /// assert_eq!(certificate.serial_no, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
    /// # Ok::<(), wechat::wire::rsa::InvalidKey>(())
    /// ```
    pub fn from_pem(text: &str) -> Result<Self, InvalidKey> {
        Self::read(text).map_err(|error| error.in_text(text, Wanted::Certificate))
    }

    fn read(text: &str) -> Result<Self, InvalidKey> {
        let (_, der) = pem::decode(text, &["CERTIFICATE"]).ok_or(CERTIFICATE)?;
        let (rest, certificate) = X509Certificate::from_der(&der).map_err(|_| CERTIFICATE)?;
        if !rest.is_empty() || certificate.version() != X509Version::V3 {
            return Err(CERTIFICATE);
        }
        let serial = hex::encode_upper(certificate.raw_serial());
        let validity = certificate.validity();
        Ok(Self {
            serial_no: serial.trim_start_matches('0').to_owned(),
            public_key: PublicKey::from_spki(certificate.public_key().raw).map_err(|_| CERTIFICATE)?,
            not_before: validity.not_before.timestamp(),
            not_after: validity.not_after.timestamp(),
        })
    }

    /// Whether the certificate is valid at this time, in seconds since 1970.
    ///
    /// ```
    /// let certificate = wechat::wire::certificate::Certificate::from_pem(include_str!("../../tests/keys/platform_cert.pem"))?;
    /// assert!(certificate.is_valid_at(certificate.not_after) && !certificate.is_valid_at(certificate.not_after + 1));
    /// # Ok::<(), wechat::wire::rsa::InvalidKey>(())
    /// ```
    #[must_use]
    pub const fn is_valid_at(&self, now: i64) -> bool {
        self.not_before <= now && now <= self.not_after
    }
}
