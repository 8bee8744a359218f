//! Lists the complaints at WeChat, because notifications may be lost, and reminds staff of complaints that are due.

use model::complaint::ComplaintState;
use wechat::{bill::BillDate, pay::v3::ComplaintQuery};

use super::{Complaints, enter::Remind, read::state_of};
use crate::{ShopError, clock::DAY_MS};

/// The time between two polls, ms.
pub(crate) const POLL_EVERY_MS: i64 = 5 * 60_000;

/// The number of days in a poll: WeChat lists at most 30.
const DAYS: i64 = 30;

/// The number of complaints in one page of WeChat's list.
const PAGE: u32 = 50;

/// The maximum number of pages that a poll reads.
const MAX_PAGES: u32 = 200;

impl Complaints {
    /// Lists the complaints of the last 30 days, and reads each one that is open or differs from the shop's row. Then
    /// reminds staff of complaints that are due soon.
    ///
    /// # Errors
    /// As [`Complaints::read`]. The poll reads the other complaints even if one fails.
    pub(crate) async fn poll(&self) -> Result<(), ShopError> {
        let listed = self.read_list().await;
        let now_ms = self.clock.now_ms();
        for complaint_id in self.store.due_complaints(now_ms).await? {
            self.store.write(Remind { complaint_id, now_ms }).await?;
        }
        listed
    }

    async fn read_list(&self) -> Result<(), ShopError> {
        let today_s = self.clock.now_ms().div_euclid(1000);
        let (begin_date, end_date) = (BillDate::of(today_s - DAYS * DAY_MS / 1000), BillDate::of(today_s));
        let mut failed = Ok(());
        for page in 0..MAX_PAGES {
            let query = ComplaintQuery { begin_date, end_date, limit: PAGE, offset: page * PAGE };
            let list = self.client()?.complaints(&query).await?.data;
            for complaint in &list {
                let known = self.store.complaint(&complaint.complaint_id).await?;
                let ended = |state: ComplaintState| state == ComplaintState::Processed;
                let is_same = ended(state_of(&complaint.state))
                    && known.is_some_and(|known| {
                        ended(known.state) && known.is_fully_refunded == complaint.is_fully_refunded
                    });
                if is_same {
                    continue;
                }
                if let Err(error) = self.read(&complaint.complaint_id).await {
                    tracing::warn!(complaint = complaint.complaint_id, %error, "a complaint was not read");
                    failed = Err(error);
                }
            }
            if list.len() < PAGE as usize {
                break;
            }
        }
        failed
    }
}
