//! The address of the notifications about complaints (投诉通知回调地址). A merchant has one.

use serde::{Deserialize, Serialize};

use super::super::{Client, client::Call};
use crate::{Error, json};

const ENDPOINT: &str = "v3/merchant-service/complaint-notifications";
const URL: &str = "/v3/merchant-service/complaint-notifications";

#[derive(Serialize)]
struct Body<'a> {
    url: &'a str,
}

#[derive(Deserialize)]
struct Registered {
    #[serde(default)]
    mchid: String,
    #[serde(default)]
    url: String,
}

impl Client {
    /// Reads the registered address. `None` if no address is registered.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// const URL: &str = "https://shop.example/complaints";
    /// match client.complaint_notification_url().await?.as_deref() {
    ///     Some(URL) => {}
    ///     Some(_) => client.update_complaint_notification_url(URL).await?,
    ///     None => client.create_complaint_notification_url(URL).await?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `NO_AUTH` if the merchant may not use the calls for complaints.
    pub async fn complaint_notification_url(&self) -> Result<Option<String>, Error> {
        match self.call(&Call::get(ENDPOINT, URL)).await {
            Ok(answer) => Ok(Some(self.registered(&answer)?).filter(|url| !url.is_empty())),
            Err(error) if error.is_complaint_url_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Registers the first address. It must be `https`, without a query.
    ///
    /// # Errors
    /// `PARAM_ERROR` for a wrong address; `INVALID_REQUEST` if one is registered already.
    pub async fn create_complaint_notification_url(&self, url: &str) -> Result<(), Error> {
        let body = super::super::request_json::<()>(&Body { url });
        self.register(url, Call::post(ENDPOINT, URL, body.as_str())).await
    }

    /// Replaces the registered address.
    ///
    /// # Errors
    /// `PARAM_ERROR` for a wrong address; `INVALID_REQUEST` if none is registered.
    pub async fn update_complaint_notification_url(&self, url: &str) -> Result<(), Error> {
        let body = super::super::request_json::<()>(&Body { url });
        self.register(url, Call::put(ENDPOINT, URL, body.as_str())).await
    }

    /// Deletes the registered address.
    ///
    /// # Errors
    /// `INVALID_REQUEST` if none is registered.
    pub async fn delete_complaint_notification_url(&self) -> Result<(), Error> {
        self.call(&Call::delete(ENDPOINT, URL)).await.map(drop)
    }

    async fn register(&self, url: &str, call: Call<'_>) -> Result<(), Error> {
        let answer = self.call(&call).await?;
        if self.registered(&answer)? != url {
            return Err(Error::verification(ENDPOINT, "the response has another address"));
        }
        Ok(())
    }

    /// The address in a response. Checks that the response is for this merchant.
    fn registered(&self, answer: &[u8]) -> Result<String, Error> {
        let registered: Registered = json::read(answer).map_err(|error| Error::malformed(ENDPOINT, error))?;
        if registered.mchid != self.merchant().mchid() {
            return Err(Error::verification(ENDPOINT, "the response is for another mchid"));
        }
        Ok(registered.url)
    }
}
