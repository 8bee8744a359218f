use crate::Payments;

impl Payments {
    /// Downloads WeChat Pay's platform certificates, if V3 is configured. The server calls it at its start and every 12
    /// hours. A merchant with WeChat Pay's public key needs no certificates. Errors are only logged.
    pub async fn update_certificates(&self) {
        let Some(client) = self.accounts.official().v3() else { return };
        if let Err(error) = client.update_certificates().await {
            tracing::error!(%error, "the platform certificates were not fetched: what is signed with a new one is refused");
        }
    }
}
