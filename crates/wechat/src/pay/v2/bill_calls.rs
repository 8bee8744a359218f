//! The calls that download bills. A bill is neither XML nor signed; a refusal is XML.

use sha1::{Digest, Sha1};

use super::{Client, SignType};
use crate::{
    Error, Http,
    bill::{self, AccountType, BillDate, BillType},
    error::Refusal,
    pay::failover::failover,
    wire::xml,
};

impl Client {
    /// Downloads the trade bill of a day (`pay/downloadbill`) and decompresses it. It is available from 10:00 on the
    /// next day (Shanghai time), for three months. Only the TLS connection proves that it comes from WeChat. So use it
    /// to find differences, and query WeChat about each of them.
    ///
    /// ```no_run
    /// use wechat::{bill::{BillType, BillDate, TradeBill}, pay::v2::SignType};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let date = BillDate::parse("2026-01-01")?;
    /// let file = client.downloadbill(date, BillType::All, SignType::HmacSha256).await?;
    /// println!("{} rows", TradeBill::parse(&file)?.rows.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_no_bill`], [`Error::is_bill_creating`].
    pub async fn downloadbill(
        &self,
        date: BillDate,
        bill_type: BillType,
        sign_type: SignType,
    ) -> Result<Vec<u8>, Error> {
        let bill_type = ("bill_type", bill_type.as_str());
        let request = self.bill_request(bill_type, date, sign_type);
        self.fetch("pay/downloadbill", &self.http().clone(), &request).await
    }

    /// Downloads the fund-flow bill of a day (`pay/downloadfundflow`) and decompresses it. The request is always
    /// signed with HMAC-SHA256. Requires [`Client::with_certificate`].
    ///
    /// ```no_run
    /// use wechat::{bill::{AccountType, BillDate, FundFlowBill}};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let date = BillDate::parse("2026-01-01")?;
    /// let file = client.downloadfundflow(date, AccountType::Basic).await?;
    /// println!("{} rows", FundFlowBill::parse(&file)?.rows.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::downloadbill`], and a configuration error without the certificate.
    pub async fn downloadfundflow(&self, date: BillDate, account: AccountType) -> Result<Vec<u8>, Error> {
        let account_type = ("account_type", account.v2());
        let request = self.bill_request(account_type, date, SignType::HmacSha256);
        self.fetch("pay/downloadfundflow", &self.certified()?.clone(), &request).await
    }

    fn bill_request(&self, (name, value): (&str, &str), date: BillDate, sign_type: SignType) -> String {
        let fields =
            self.fields(sign_type).with(name, value).with("bill_date", date.v2()).with("tar_type", "GZIP");
        self.sign(fields, sign_type).into_string()
    }

    async fn fetch(&self, endpoint: &'static str, http: &Http, request: &str) -> Result<Vec<u8>, Error> {
        failover(self.endpoints(), |host| async move {
            let post = http
                .post(&format!("{host}/{endpoint}"))
                .header("content-type", "text/xml; charset=utf-8")
                .body(request.to_owned());
            let answer = http.download(endpoint, post).await?;
            if answer.status != 200 {
                return Err(Error::status(endpoint, answer.status));
            }
            if answer.body.trim_ascii_start().starts_with(b"<") {
                return Err(refusal(endpoint, &answer.body));
            }
            let file =
                bill::unpack(&answer.body).map_err(|error| Error::malformed(endpoint, error))?.into_owned();
            if file.is_empty() {
                return Err(Error::malformed(endpoint, "the bill is empty"));
            }
            if answer.header("digest").is_some_and(|digest| !has_digest(digest, &[&answer.body, &file])) {
                return Err(Error::malformed(
                    endpoint,
                    "the hash of the bill differs from its Digest header",
                ));
            }
            Ok(file)
        })
        .await
    }
}

/// Whether one of the files has the hash of the header `Digest: SHA=…` (`pay/downloadfundflow`). The documents do not
/// say whether this is the hash of the compressed or of the decompressed file.
fn has_digest(digest: &str, files: &[&[u8]]) -> bool {
    let Some(expected) = digest.strip_prefix("SHA=") else { return true };
    files.iter().any(|file| hex::encode(Sha1::digest(file)).eq_ignore_ascii_case(expected.trim()))
}

/// Reads a refusal: XML with `error_code` and `return_msg`, or with `err_code` and `err_code_des`.
fn refusal(endpoint: &'static str, answer: &[u8]) -> Error {
    let fields = match xml::parse(answer) {
        Ok(fields) => fields,
        Err(error) => return Error::malformed(endpoint, error),
    };
    let word = |name| fields.get(name).filter(|value| !value.is_empty()).map(str::to_owned);
    Error::refusal(
        endpoint,
        Refusal {
            code: word("err_code").or_else(|| word("error_code")),
            message: word("err_code_des").or_else(|| word("return_msg")).unwrap_or_default(),
            request_id: None,
            field: None,
            issue: None,
            verified: false,
        },
    )
}
