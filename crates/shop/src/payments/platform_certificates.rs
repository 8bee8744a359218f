use crate::Shop;

impl Shop {
    /// Fetches WeChat Pay's platform certificates, where Pay V3 is configured: at the start, and twice a day. A merchant
    /// with the public key alone has none, and needs none.
    pub async fn update_certificates(&self) {
        let Some(client) = self.account().v3() else { return };
        if let Err(error) = client.update_certificates().await {
            tracing::error!(%error, "the platform certificates were not fetched: what is signed with a new one is refused");
        }
    }
}
