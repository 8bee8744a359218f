use wechat::bill::{BillDate, BillType, Trade, TradeBill};

use crate::{Account, Api, Shop, ShopError, ids::nonce};

impl Shop {
    /// The lines of a day's bill; none on a day without trade.
    pub(super) async fn fetch_bill(&self, day: BillDate) -> Result<Vec<Trade>, ShopError> {
        let mut lines: Vec<Trade> = Vec::new();
        for account in self.accounts() {
            for line in self.fetch_bill_of(account, day).await? {
                let key = |line: &Trade| {
                    (line.transaction_id.clone(), line.refund.as_ref().map(|refund| refund.refund_id.clone()))
                };
                // where a bill is the merchant's, each account brings the same lines
                if !lines.iter().any(|known| key(known) == key(&line)) {
                    lines.push(line);
                }
            }
        }
        Ok(lines)
    }

    async fn fetch_bill_of(&self, account: &Account, day: BillDate) -> Result<Vec<Trade>, ShopError> {
        let file = match (account.v3(), account.v2()) {
            (Some(client), _) => client.tradebill(day, BillType::All).await,
            (None, Some(client)) => {
                let sign_type = match self.settings().pay_api {
                    Api::V2(sign_type) => sign_type,
                    Api::V3 => wechat::wire::sign::SignType::HmacSha256,
                };
                client.downloadbill(day, BillType::All, sign_type, &nonce(self.ids())).await
            }
            (None, None) => return Err(ShopError::UnknownMerchant),
        };
        let file = match file {
            Ok(file) => file,
            Err(error) if error.is_no_bill() => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let bill = TradeBill::parse(&file).map_err(|error| {
            tracing::error!(%day, %error, "WeChat's bill cannot be read");
            ShopError::BadRequest("WeChat's bill cannot be read")
        })?;
        Ok(bill.rows)
    }
}
