use serde::Serialize;

use super::super::{
    Client,
    client::{Call, segment},
};
use crate::Error;

/// What the merchant decided about the refund that a shopper wants (更新退款审批结果).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundProgress {
    /// Approved. This does not refund: call `Client::refund`. The complaint ends when the money has arrived.
    Approve {
        /// In how many days the merchant will refund; 0 is today.
        launch_refund_day: u32,
    },
    /// Refused. The complaint ends.
    Reject {
        /// The reason, for the shopper.
        reason: String,
    },
}

#[derive(Serialize)]
struct Body<'a> {
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    launch_refund_day: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reject_reason: Option<&'a str>,
}

impl Client {
    /// Tells the shopper what the merchant decided about the refund.
    ///
    /// ```no_run
    /// use wechat::pay::v3::RefundProgress;
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let progress = RefundProgress::Approve { launch_refund_day: 0 };
    /// client.update_refund_progress("200201820200101080076610000", &progress).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// `INVALID_REQUEST` if the complaint has ended, does not exist, or is not about a refund.
    pub async fn update_refund_progress(
        &self,
        complaint_id: &str,
        progress: &RefundProgress,
    ) -> Result<(), Error> {
        const ENDPOINT: &str = "v3/merchant-service/complaints-v2/update-refund-progress";
        let id = segment(complaint_id);
        let url = format!("/v3/merchant-service/complaints-v2/{id}/update-refund-progress");
        let body = super::super::request_json::<()>(&match progress {
            RefundProgress::Approve { launch_refund_day } => {
                Body { action: "APPROVE", launch_refund_day: Some(*launch_refund_day), reject_reason: None }
            }
            RefundProgress::Reject { reason } => {
                Body { action: "REJECT", launch_refund_day: None, reject_reason: Some(reason) }
            }
        });
        self.call_once(&Call::post(ENDPOINT, &url, body.as_str())).await.map(drop)
    }
}
