//! Recovers what a private key has signed, with its public key (RFC 8017, 8.1 and 8.2).

use num_bigint::BigUint;
use sha2::{Digest as _, Sha256};

use super::digest::Digest;

/// The beginning of `DigestInfo` for each hash, before the hash (RFC 8017, 9.2).
const SHA256_INFO: &[u8] = &[
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];
const SHA1_INFO: &[u8] =
    &[0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];
const MD5_INFO: &[u8] = &[
    0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05, 0x05, 0x00, 0x04,
    0x10,
];

/// The length of a SHA-256 in bytes.
const HASH_LENGTH: usize = 32;

/// The numbers of an RSA public key.
#[derive(Clone)]
pub(crate) struct PublicNumbers {
    modulus: BigUint,
    exponent: BigUint,
    /// The length of a signature in bytes.
    length: usize,
}

/// What a signature contains.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Signed {
    /// The hash of a text, with PKCS#1 v1.5.
    Hash(Digest, Vec<u8>),
    /// Bytes that are not marked as a hash.
    Bytes(Vec<u8>),
    /// A signature with PSS padding.
    Pss,
    /// Nothing readable: another key made it.
    OtherKey,
    /// Its length is not the length of the key.
    WrongLength,
}

impl PublicNumbers {
    /// Reads the key of a certificate in PEM. `None` if the certificate has no RSA key.
    pub(crate) fn of_certificate(pem: &str) -> Option<Self> {
        let (_, pem) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).ok()?;
        let certificate = pem.parse_x509().ok()?;
        match certificate.public_key().parsed().ok()? {
            x509_parser::public_key::PublicKey::RSA(key) => {
                let modulus = BigUint::from_bytes_be(key.modulus);
                let length = usize::try_from(modulus.bits().div_ceil(8)).ok()?;
                Some(Self { modulus, exponent: BigUint::from_bytes_be(key.exponent), length })
            }
            _ => None,
        }
    }

    pub(super) fn recover(&self, signature: &[u8]) -> Signed {
        if signature.len() != self.length {
            return Signed::WrongLength;
        }
        let number = BigUint::from_bytes_be(signature);
        if number >= self.modulus {
            return Signed::OtherKey;
        }
        let digits = number.modpow(&self.exponent, &self.modulus).to_bytes_be();
        let message = [vec![0; self.length - digits.len()], digits].concat();
        pkcs1(&message).or_else(|| is_pss(&message).then_some(Signed::Pss)).unwrap_or(Signed::OtherKey)
    }
}

/// Reads `00 01 FF … FF 00` and the signed bytes.
fn pkcs1(message: &[u8]) -> Option<Signed> {
    let padded = message.strip_prefix(&[0, 1])?;
    let padding = padded.iter().take_while(|byte| **byte == 0xff).count();
    let signed = padded.get(padding..)?.strip_prefix(&[0])?;
    if padding < 8 {
        return None;
    }
    let hashes = [(Digest::Sha256, SHA256_INFO), (Digest::Sha1, SHA1_INFO), (Digest::Md5, MD5_INFO)];
    let hash = hashes.iter().find_map(|(digest, info)| {
        signed.strip_prefix(*info).map(|hash| Signed::Hash(*digest, hash.to_vec()))
    });
    Some(hash.unwrap_or_else(|| Signed::Bytes(signed.to_vec())))
}

/// Whether the bytes have the form of PSS with SHA-256 (RFC 8017, 9.1.2).
fn is_pss(message: &[u8]) -> bool {
    let Some((masked, hash)) = message
        .strip_suffix(&[0xbc])
        .and_then(|rest| rest.split_at_checked(rest.len().saturating_sub(HASH_LENGTH)))
    else {
        return false;
    };
    let mask = (0_u32..).flat_map(|counter| {
        let block: [u8; HASH_LENGTH] =
            Sha256::new().chain_update(hash).chain_update(counter.to_be_bytes()).finalize().into();
        block
    });
    let mut data: Vec<u8> = masked.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    // the highest bit of the message is always 0
    if let Some(first) = data.first_mut() {
        *first &= 0x7f;
    }
    data.iter().find(|byte| **byte != 0) == Some(&1) && data.iter().take(8).all(|byte| *byte == 0)
}

/// The serial number of a certificate in decimal, from its hexadecimal digits.
pub(super) fn decimal(hexadecimal: &str) -> Option<String> {
    BigUint::parse_bytes(hexadecimal.as_bytes(), 16).map(|number| number.to_string())
}
