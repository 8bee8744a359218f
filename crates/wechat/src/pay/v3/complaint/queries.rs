use serde::Deserialize;

use super::{
    super::{Client, client::segment, response::parse_body},
    Complaint, NegotiationEntry,
};
use crate::{Error, bill::BillDate, pay::v3::client::Call};

const LIST: &str = "v3/merchant-service/complaints-v2";
const HISTORY: &str = "v3/merchant-service/complaints-v2/negotiation-historys";

/// Which complaints to list: a period, and a page of its complaints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComplaintQuery {
    /// The first day, in Shanghai time.
    pub begin_date: BillDate,
    /// The last day, at most 30 days after the first one.
    pub end_date: BillDate,
    /// The number of complaints on a page, 1 to 50.
    pub limit: u32,
    /// The number of complaints to skip.
    pub offset: u32,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ComplaintPage {
    /// The complaints on this page.
    #[serde(default)]
    pub data: Vec<Complaint>,
    /// The number of complaints in all pages.
    #[serde(default)]
    pub total_count: i64,
}

/// A page of the negotiation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NegotiationPage {
    /// The entries on this page.
    #[serde(default)]
    pub data: Vec<NegotiationEntry>,
    /// The number of entries in all pages.
    #[serde(default)]
    pub total_count: i64,
}

impl Client {
    /// Lists complaints (查询投诉单列表).
    ///
    /// ```no_run
    /// use wechat::{bill::BillDate, pay::v3::ComplaintQuery};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let (begin_date, end_date) = (BillDate::parse("2026-01-01")?, BillDate::parse("2026-01-31")?);
    /// let query = ComplaintQuery { begin_date, end_date, limit: 50, offset: 0 };
    /// println!("{} complaints", client.complaints(&query).await?.total_count);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `PARAM_ERROR` for more than 30 days or a wrong limit; a verification error for a complaint about another
    /// merchant.
    pub async fn complaints(&self, query: &ComplaintQuery) -> Result<ComplaintPage, Error> {
        let ComplaintQuery { begin_date, end_date, limit, offset } = query;
        let mut url =
            format!("/{LIST}?limit={limit}&offset={offset}&begin_date={begin_date}&end_date={end_date}");
        if let Some(sub) = self.merchant().sub_merchant() {
            // without this, a provider gets the complaints about all its merchants
            url += &format!("&complainted_mchid={}", segment(&sub.mch_id));
        }
        let page: ComplaintPage = self.get(LIST, &url).await?;
        for complaint in &page.data {
            complaint.check().map_err(|error| Error::malformed(LIST, error))?;
            self.is_own(LIST, complaint)?;
        }
        Ok(page)
    }

    /// A complaint with its details (查询投诉单详情).
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let complaint = client.complaint("200201820200101080076610000").await?;
    /// let phone = complaint.payer_phone(client.merchant().credential())?;
    /// println!("{} ({})", complaint.detail, phone.is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `PARAM_ERROR` or `INVALID_REQUEST` if WeChat has no such complaint; a verification error for a complaint about
    /// another merchant.
    pub async fn complaint(&self, complaint_id: &str) -> Result<Complaint, Error> {
        let url = format!("/{LIST}/{}", segment(complaint_id));
        let answer = self.call(&Call::get(LIST, &url)).await?;
        let complaint = parse_body(LIST, &answer, Complaint::from_json)?;
        if complaint.complaint_id != complaint_id {
            return Err(Error::verification(LIST, "the response is about another complaint"));
        }
        self.is_own(LIST, &complaint)?;
        Ok(complaint)
    }

    /// Reads the negotiation about a complaint (查询投诉单协商历史). `limit` and `offset` are as in [`ComplaintQuery`].
    ///
    /// # Errors
    /// As [`Client::complaint`].
    pub async fn negotiation_history(
        &self,
        complaint_id: &str,
        limit: u32,
        offset: u32,
    ) -> Result<NegotiationPage, Error> {
        let id = segment(complaint_id);
        let url = format!("/{LIST}/{id}/negotiation-historys?limit={limit}&offset={offset}");
        self.get(HISTORY, &url).await
    }

    fn is_own(&self, endpoint: &'static str, complaint: &Complaint) -> Result<(), Error> {
        match complaint.mchid.as_deref() {
            Some(mchid) if mchid != self.merchant().paid_mchid() => {
                Err(Error::verification(endpoint, "the response is for another mchid"))
            }
            _ => Ok(()),
        }
    }
}
