//! The calls that fetch bills.

use reqwest::Url;
use serde::Deserialize;
use sha1::{Digest, Sha1};

use super::{Client, client::Call, response};
use crate::{
    Error,
    bill::{self, AccountType, BillDate, BillType},
    pay::failover::failover,
};

const DOWNLOAD: &str = "v3/billdownload/file";

/// Where a bill is, for half a minute, and what it hashes to.
#[derive(Deserialize)]
struct Ready {
    hash_type: String,
    hash_value: String,
    download_url: String,
}

impl Client {
    /// Fetches the trade bill of a day (`v3/bill/tradebill`): the file, unpacked, its hash checked. It is ready from
    /// ten in the morning of the next day, for three months.
    ///
    /// ```no_run
    /// use wechat::bill::{BillType, BillDate, TradeBill};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let file = client.tradebill(BillDate::parse("2026-01-01")?, BillType::All).await?;
    /// println!("{} rows", TradeBill::parse(&file)?.rows.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_no_bill`], [`Error::is_bill_creating`]; a verification error where the hash does not fit.
    pub async fn tradebill(&self, date: BillDate, bill_type: BillType) -> Result<Vec<u8>, Error> {
        let bill_type = bill_type.as_str();
        let url = format!("/v3/bill/tradebill?bill_date={date}&bill_type={bill_type}&tar_type=GZIP");
        self.bill("v3/bill/tradebill", &url).await
    }

    /// Fetches the fund-flow bill of a day (`v3/bill/fundflowbill`), as [`Client::tradebill`] does.
    ///
    /// ```no_run
    /// use wechat::bill::{AccountType, BillDate, FundFlowBill};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let file = client.fundflowbill(BillDate::parse("2026-01-01")?, AccountType::Basic).await?;
    /// println!("{} rows", FundFlowBill::parse(&file)?.rows.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::tradebill`].
    pub async fn fundflowbill(&self, date: BillDate, account: AccountType) -> Result<Vec<u8>, Error> {
        let account = account.v3();
        let url = format!("/v3/bill/fundflowbill?bill_date={date}&account_type={account}&tar_type=GZIP");
        self.bill("v3/bill/fundflowbill", &url).await
    }

    async fn bill(&self, endpoint: &'static str, url: &str) -> Result<Vec<u8>, Error> {
        let ready: Ready = self.get(endpoint, url).await?;
        if ready.hash_type != "SHA1" {
            return Err(Error::malformed(endpoint, "the bill's hash is not SHA1"));
        }
        let file = self.download(&ready.download_url).await?;
        let file = bill::unpack(&file).map_err(|error| Error::malformed(DOWNLOAD, error))?;
        // the file itself is not signed: what vouches for it is the hash in the answer that was
        if !hex::encode(Sha1::digest(&file)).eq_ignore_ascii_case(&ready.hash_value) {
            return Err(Error::verification(DOWNLOAD, "the bill's hash is another one than announced"));
        }
        Ok(file.into_owned())
    }

    /// Path and query only are taken from the address: what is signed goes to the configured hosts and nowhere else.
    async fn download(&self, download_url: &str) -> Result<Vec<u8>, Error> {
        let url =
            Url::parse(download_url).map_err(|_| Error::malformed(DOWNLOAD, "download_url is no address"))?;
        let url = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let call = Call::get(DOWNLOAD, &url);
        let call = &call;
        failover(&self.0.endpoints, |host| async move {
            let answer = self.0.http.download(DOWNLOAD, self.sign(host, call)).await?;
            if answer.status != 200 {
                return Err(response::refusal(DOWNLOAD, &answer, false));
            }
            Ok(answer.body)
        })
        .await
    }
}
