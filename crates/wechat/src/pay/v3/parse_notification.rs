use super::{
    Client, SignatureHeaders, VerificationError,
    notification::{Notification, NotificationError},
};

impl Client {
    /// Verifies and reads a notification with the keys of this client, like [`Notification::parse`]. If the
    /// notification names an unknown certificate, the client downloads the certificates, at most once a minute, and
    /// tries again.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{SignatureHeaders, notification::{Event, Notification}};
    ///
    /// # async fn example(client: wechat::pay::v3::Client, headers: SignatureHeaders, body: &[u8]) {
    /// match client.notification(&headers, body).await {
    ///     Ok(Notification { event: Event::Transaction(order), .. }) => println!("look up {}", order.out_trade_no),
    ///     Ok(_) => println!("something else"),
    ///     Err(error) => println!("4xx: {error}"),
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Notification::parse`].
    pub async fn notification(
        &self,
        headers: &SignatureHeaders,
        body: &[u8],
    ) -> Result<Notification, NotificationError> {
        match self.parse_notification(headers, body) {
            Err(NotificationError::Verification(VerificationError::UnknownSerial(serial)))
                if self.rotate(&serial).await =>
            {
                self.parse_notification(headers, body)
            }
            done => done,
        }
    }

    fn parse_notification(
        &self,
        headers: &SignatureHeaders,
        body: &[u8],
    ) -> Result<Notification, NotificationError> {
        let now = self.0.clock_and_nonce.now();
        Notification::parse(headers, body, self.keys(), self.merchant().api_v3_key(), now)
    }
}
