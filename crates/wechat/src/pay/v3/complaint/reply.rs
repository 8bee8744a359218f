use serde::Serialize;

use super::super::{
    Client,
    client::{Call, segment},
};
use crate::Error;

/// A reply to a shopper (回复用户).
///
/// ```
/// let reply = wechat::pay::v3::ComplaintReply::new("已为您退款");
/// assert!(reply.images.is_empty() && reply.jump.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintReply {
    /// The text, at most 200 characters.
    pub content: String,
    /// The `media_id` of each uploaded picture, at most 4.
    pub images: Vec<String>,
    /// A link: an `https` address of at most 512 characters, and its text of at most 10 characters. WeChat must have
    /// approved the address.
    pub jump: Option<(String, String)>,
}

#[derive(Serialize)]
struct Body<'a> {
    complainted_mchid: &'a str,
    response_content: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    response_images: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    jump_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jump_url_text: Option<&'a str>,
}

#[derive(Serialize)]
struct Complete<'a> {
    complainted_mchid: &'a str,
}

impl ComplaintReply {
    /// A reply without pictures and without a link.
    #[must_use]
    pub fn new(content: impl Into<String>) -> Self {
        Self { content: content.into(), images: Vec::new(), jump: None }
    }
}

impl Client {
    /// Replies to the shopper. The first reply makes the complaint [`super::ComplaintState::Processing`].
    ///
    /// Two equal calls make two replies, so the client does not retry this call. If its outcome is unknown, read the
    /// negotiation before you send it again.
    ///
    /// ```no_run
    /// use wechat::pay::v3::ComplaintReply;
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// client.reply_to_complaint("200201820200101080076610000", &ComplaintReply::new("已为您退款")).await?;
    /// client.complete_complaint("200201820200101080076610000").await
    /// # }
    /// ```
    ///
    /// # Errors
    /// `PARAM_ERROR` for a wrong text; `INVALID_REQUEST` if the complaint has ended or does not exist.
    pub async fn reply_to_complaint(&self, complaint_id: &str, reply: &ComplaintReply) -> Result<(), Error> {
        const ENDPOINT: &str = "v3/merchant-service/complaints-v2/response";
        let url = format!("/v3/merchant-service/complaints-v2/{}/response", segment(complaint_id));
        let body = super::super::request_json::<()>(&Body {
            complainted_mchid: self.merchant().paid_mchid(),
            response_content: &reply.content,
            response_images: &reply.images,
            jump_url: reply.jump.as_ref().map(|(url, _)| url.as_str()),
            jump_url_text: reply.jump.as_ref().map(|(_, text)| text.as_str()),
        });
        self.call_once(&Call::post(ENDPOINT, &url, body.as_str())).await.map(drop)
    }

    /// Ends the complaint (反馈处理完成). Its state becomes [`super::ComplaintState::Processed`].
    ///
    /// # Errors
    /// As [`Client::reply_to_complaint`].
    pub async fn complete_complaint(&self, complaint_id: &str) -> Result<(), Error> {
        const ENDPOINT: &str = "v3/merchant-service/complaints-v2/complete";
        let url = format!("/v3/merchant-service/complaints-v2/{}/complete", segment(complaint_id));
        let body =
            super::super::request_json::<()>(&Complete { complainted_mchid: self.merchant().paid_mchid() });
        self.call_once(&Call::post(ENDPOINT, &url, body.as_str())).await.map(drop)
    }
}
