//! The calls that fetch bills. What they give is not XML where they succeed, and is not signed.

use sha1::{Digest, Sha1};

use super::{Client, SignType, request_xml};
use crate::{
    Error, Http,
    bill::{self, AccountType, BillDate, BillType},
    error::Refusal,
    pay::failover::failover,
    wire::xml,
};

impl Client {
    /// Fetches the trade bill of a day (`pay/downloadbill`), unpacked. It is ready from ten in the morning of the
    /// next day, for three months. Nothing vouches for it but the connection: compare it, believe the query.
    ///
    /// ```no_run
    /// use wechat::{bill::{BillType, BillDate, TradeBill}, pay::v2::SignType};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let date = BillDate::parse("2026-01-01")?;
    /// let file = client.downloadbill(date, BillType::All, SignType::HmacSha256, "a nonce").await?;
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
        nonce_str: &str,
    ) -> Result<Vec<u8>, Error> {
        let bill_type = ("bill_type", bill_type.as_str());
        let request = self.bill_request(bill_type, date, sign_type, nonce_str);
        self.fetch("pay/downloadbill", &self.http().clone(), &request).await
    }

    /// Fetches the fund-flow bill of a day (`pay/downloadfundflow`), unpacked; always signed with HMAC-SHA256. Needs
    /// [`Client::with_certificate`].
    ///
    /// ```no_run
    /// use wechat::{bill::{AccountType, BillDate, FundFlowBill}};
    ///
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let date = BillDate::parse("2026-01-01")?;
    /// let file = client.downloadfundflow(date, AccountType::Basic, "a nonce").await?;
    /// println!("{} rows", FundFlowBill::parse(&file)?.rows.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::downloadbill`], and a configuration error without the certificate.
    pub async fn downloadfundflow(
        &self,
        date: BillDate,
        account: AccountType,
        nonce_str: &str,
    ) -> Result<Vec<u8>, Error> {
        let account_type = ("account_type", account.v2());
        let request = self.bill_request(account_type, date, SignType::HmacSha256, nonce_str);
        self.fetch("pay/downloadfundflow", &self.certified()?.clone(), &request).await
    }

    fn bill_request(
        &self,
        (name, value): (&str, &str),
        date: BillDate,
        sign_type: SignType,
        nonce_str: &str,
    ) -> String {
        let merchant = self.merchant();
        let fields = merchant
            .fields(sign_type, nonce_str)
            .with(name, value)
            .with("bill_date", date.v2())
            .with("tar_type", "GZIP");
        request_xml(&fields, merchant.key(), sign_type)
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
                return Err(Error::malformed(endpoint, "the bill has not the hash of its Digest header"));
            }
            Ok(file)
        })
        .await
    }
}

/// Whether one of these has the hash of a `Digest: SHA=…` header (`pay/downloadfundflow`). The documents do not say whether it
/// is the hash of the packed or of the unpacked file.
fn has_digest(digest: &str, files: &[&[u8]]) -> bool {
    let Some(expected) = digest.strip_prefix("SHA=") else { return true };
    files.iter().any(|file| hex::encode(Sha1::digest(file)).eq_ignore_ascii_case(expected.trim()))
}

/// A refusal, which is XML: `error_code` and `return_msg`, or `err_code` and `err_code_des`.
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
            verified: false,
        },
    )
}
