use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::{Client, Resource, client::Call, key_ring::PUBLIC_KEY_ID_PREFIX, response};
use crate::{Error, http::HttpResponse, json, pay::failover::failover, wire::certificate::Certificate};

const ENDPOINT: &str = "v3/certificates";

/// The shortest time between two downloads because of an unknown serial.
const BETWEEN_ROTATIONS: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
struct List {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    serial_no: String,
    encrypt_certificate: Resource,
}

impl Client {
    /// Downloads the platform certificates (`v3/certificates`, doc/v3/merchant: 下载平台证书), replaces the certificates in
    /// the key ring and returns their number. Call it at the start and every twelve hours. The client also calls it if
    /// a response or a notification names an unknown serial.
    ///
    /// Merchants that joined since about October 2024 have no certificates: WeChat answers 404, and only the WeChat Pay
    /// public key is valid. Then this returns 0, and the public key stays in the ring.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// println!("{} certificates", client.update_certificates().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A configuration error if WeChat has no certificate and the ring has no public key; a decryption error if the
    /// APIv3 key is not the current one.
    pub async fn update_certificates(&self) -> Result<usize, Error> {
        let call = Call::get(ENDPOINT, "/v3/certificates?algorithm_type=RSA");
        let call = &call;
        failover(&self.0.endpoints, |host| async move { self.install(self.answer(host, call).await?) }).await
    }

    fn install(&self, answer: HttpResponse) -> Result<usize, Error> {
        let keys = &self.0.keys;
        if answer.status == 404 {
            if keys.public_key_id().is_some() {
                return Ok(0);
            }
            return Err(Error::configuration(
                "WeChat Pay has no platform certificate for this merchant: configure the WeChat Pay public key",
            ));
        }
        let now = self.0.clock_and_nonce.now();
        if answer.status != 200 {
            return Err(response::refusal(ENDPOINT, &answer, false));
        }
        // the response contains the certificate that signed it; the APIv3 key proves that this certificate is WeChat's
        let certificates = self.decrypt(&answer)?;
        let candidate = keys.with_certificates(certificates.clone());
        let signed = response::verify(&answer, &candidate, now);
        response::read(ENDPOINT, answer, signed)?;
        let count = certificates.len();
        keys.replace_certificates(certificates);
        tracing::info!(count, "platform certificates updated");
        Ok(count)
    }

    fn decrypt(&self, answer: &HttpResponse) -> Result<Vec<Certificate>, Error> {
        let list: List = json::read(&answer.body).map_err(|error| Error::malformed(ENDPOINT, error))?;
        let key = self.0.merchant.api_v3_key();
        list.data
            .iter()
            .map(|entry| {
                let pem = key.decrypt(&entry.encrypt_certificate).map_err(|_| Error::decryption(ENDPOINT))?;
                let pem = String::from_utf8(pem).map_err(|error| Error::malformed(ENDPOINT, error))?;
                let certificate =
                    Certificate::from_pem(&pem).map_err(|error| Error::malformed(ENDPOINT, error))?;
                let announced = entry.serial_no.trim_start_matches('0');
                if !certificate.serial_no.eq_ignore_ascii_case(announced) {
                    return Err(Error::malformed(
                        ENDPOINT,
                        "a certificate has another serial than serial_no says",
                    ));
                }
                Ok(certificate)
            })
            .collect()
    }

    /// Downloads new certificates because of an unknown serial, and returns whether the key ring has the serial now.
    /// Only one task downloads; the others wait.
    pub(super) async fn rotate(&self, serial: &str) -> bool {
        let mut rotated_at = self.0.rotated_at.lock().await;
        if self.0.keys.contains(serial) {
            return true;
        }
        // WeChat has no call for a public key: it comes from the configuration
        if serial.starts_with(PUBLIC_KEY_ID_PREFIX)
            || rotated_at.is_some_and(|at| at.elapsed() < BETWEEN_ROTATIONS)
        {
            return false;
        }
        *rotated_at = Some(Instant::now());
        match self.update_certificates().await {
            Ok(_) => self.0.keys.contains(serial),
            Err(error) => {
                tracing::warn!(%error, "cannot update the platform certificates");
                false
            }
        }
    }
}
