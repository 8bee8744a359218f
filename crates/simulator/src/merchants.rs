//! The merchants of a world with their parsed keys.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, pem::PemObject};
use wechat::wire::rsa::InvalidKey;

use crate::{account::Merchant, database::Database, diagnosis::KnownKeys, v3::ResponseSigner};

/// All merchants of a world, with the keys that the signature doctor recognizes and the request log hides.
pub(crate) struct Merchants {
    list: Vec<Arc<ActiveMerchant>>,
    /// The appids of all service accounts and mini programs.
    pub(crate) appids: Vec<String>,
    /// The secrets and keys that the request log does not show.
    pub(crate) secrets: Vec<String>,
}

/// A merchant that can be called.
pub(crate) struct ActiveMerchant {
    pub(crate) merchant: Merchant,
    pub(crate) signer: ResponseSigner,
    /// The client certificate, in DER.
    certificate: Vec<u8>,
    /// The keys that this merchant may confuse.
    pub(crate) known_keys: KnownKeys,
}

impl Merchants {
    /// Parses the keys of all merchants.
    pub(crate) fn new(db: &Database) -> Result<Self, InvalidKey> {
        let active = |merchant: &Merchant| {
            Ok(Arc::new(ActiveMerchant {
                signer: ResponseSigner::new(&db.keys, &db.private_keys, merchant)?,
                certificate: CertificateDer::from_pem_slice(merchant.keys.merchant_cert_pem.as_bytes())
                    .map(|der| der.to_vec())
                    .unwrap_or_default(),
                known_keys: KnownKeys::of(&db.accounts, merchant),
                merchant: merchant.clone(),
            }))
        };
        Ok(Self {
            list: db.accounts.merchants.iter().map(active).collect::<Result<_, InvalidKey>>()?,
            appids: db.accounts.apps().map(|app| app.appid.clone()).collect(),
            secrets: db.accounts.secrets(),
        })
    }

    pub(crate) fn get(&self, mch_id: &str) -> Option<Arc<ActiveMerchant>> {
        self.list.iter().find(|active| active.merchant.mch_id == mch_id).cloned()
    }

    /// The merchant of `GET /_simulator/account`.
    pub(crate) fn first(&self) -> Arc<ActiveMerchant> {
        self.list.first().cloned().expect("each world has a merchant")
    }

    /// The number of the merchant that has this certificate, in DER.
    pub(crate) fn owner_of(&self, certificate: &[u8]) -> Option<String> {
        let active = self.list.iter().find(|active| *active.certificate == *certificate)?;
        Some(active.merchant.mch_id.clone())
    }

    /// The other merchants.
    pub(crate) fn others<'a>(&'a self, mch_id: &'a str) -> impl Iterator<Item = &'a ActiveMerchant> {
        self.list.iter().map(AsRef::as_ref).filter(move |active| active.merchant.mch_id != mch_id)
    }
}
