use reqwest::Url;

use super::super::{Client, client::Call, response};
use crate::{Error, pay::failover::failover};

const ENDPOINT: &str = "v3/merchant-service/images";

/// The largest picture, in bytes. Shoppers can upload at most 2 MB, so this is enough.
const MAX_LENGTH: usize = 4 << 20;

impl Client {
    /// Downloads a picture of a complaint (图片请求). `media_url` is an address from [`super::ComplaintMedia::urls`] or
    /// [`super::NegotiationEntry::picture_urls`]. The response usually has no signature, like other downloads, so only
    /// show the picture to people. If it has a signature, the signature must be right.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let url = "https://api.mch.weixin.qq.com/v3/merchant-service/images/xxxxx";
    /// println!("{} bytes", client.complaint_picture(url).await?.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A malformed error if the address is not one of WeChat's pictures, or if the picture is larger than 4 MiB.
    pub async fn complaint_picture(&self, media_url: &str) -> Result<Vec<u8>, Error> {
        // only the path and the query, so that a signed request never goes to another host
        let parsed =
            Url::parse(media_url).ok().filter(|url| url.path().starts_with("/v3/merchant-service/images/"));
        let Some(parsed) = parsed else {
            return Err(Error::malformed(ENDPOINT, "the address is not that of a picture of a complaint"));
        };
        let url = match parsed.query() {
            Some(query) => format!("{}?{query}", parsed.path()),
            None => parsed.path().to_owned(),
        };
        let call = &Call::get(ENDPOINT, &url);
        failover(&self.0.endpoints, |host| async move {
            let answer = self.0.http.download(ENDPOINT, self.sign(host, call)).await?;
            if answer.status != 200 {
                return Err(response::refusal(ENDPOINT, &answer, false));
            }
            if answer.header("Wechatpay-Signature").is_some()
                && let Err(error) = response::verify(&answer, self.keys(), self.0.clock_and_nonce.now())
            {
                return Err(Error::verification(ENDPOINT, error.to_string()));
            }
            if answer.body.len() > MAX_LENGTH {
                return Err(Error::malformed(ENDPOINT, "the picture is larger than 4 MiB"));
            }
            Ok(answer.body)
        })
        .await
    }
}
