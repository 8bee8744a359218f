//! The calls that download bills.

use reqwest::Url;
use serde::Deserialize;
use sha1::{Digest, Sha1};

use super::{
    Client,
    client::{Call, segment},
    response,
};
use crate::{
    Error,
    bill::{self, AccountType, BillDate, BillType},
    pay::failover::failover,
};

const DOWNLOAD: &str = "v3/billdownload/file";

/// The address of a bill, valid for 30 seconds, and the hash of the decompressed file.
#[derive(Deserialize)]
struct Ready {
    hash_type: String,
    hash_value: String,
    download_url: String,
}

impl Client {
    /// Downloads the trade bill of a day (`v3/bill/tradebill`), decompresses it and checks its hash. It is available
    /// from 10:00 on the next day (Shanghai time), for three months.
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
    /// [`Error::is_no_bill`], [`Error::is_bill_creating`]; a verification error if the hash is wrong.
    pub async fn tradebill(&self, date: BillDate, bill_type: BillType) -> Result<Vec<u8>, Error> {
        let bill_type = bill_type.as_str();
        let mut url = format!("/v3/bill/tradebill?bill_date={date}&bill_type={bill_type}&tar_type=GZIP");
        if let Some(sub) = self.merchant().sub_merchant() {
            url += &format!("&sub_mchid={}", segment(&sub.mch_id));
        }
        self.bill("v3/bill/tradebill", &url).await
    }

    /// Downloads the fund-flow bill of a day (`v3/bill/fundflowbill`), like [`Client::tradebill`].
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
        // the file has no signature, but the signed response has its hash
        if !hex::encode(Sha1::digest(&file)).eq_ignore_ascii_case(&ready.hash_value) {
            return Err(Error::verification(DOWNLOAD, "the hash of the bill differs from the signed hash"));
        }
        Ok(file.into_owned())
    }

    /// Takes only the path and the query of the address, so that a signed request never goes to another host.
    async fn download(&self, download_url: &str) -> Result<Vec<u8>, Error> {
        let url = Url::parse(download_url)
            .map_err(|_| Error::malformed(DOWNLOAD, "download_url is not a valid address"))?;
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
