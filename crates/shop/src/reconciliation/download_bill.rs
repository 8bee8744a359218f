use std::collections::HashSet;

use model::payment::PayApi;
use wechat::bill::{BillDate, BillType, Trade, TradeBill, UnreadableRow};

use crate::{Reconciliation, ShopError, gateway::to_wire};

/// The rows of a day's bill.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) readable: Vec<Trade>,
    /// The rows that cannot be read, usually of other programs. They do not prevent the comparison of the other rows.
    pub(super) unreadable: Vec<UnreadableRow>,
}

impl Reconciliation {
    /// Downloads the rows of a day's bill. Empty for a day without trade.
    pub(super) async fn fetch_bill(&self, day: BillDate) -> Result<Lines, ShopError> {
        // V3 has one bill for all accounts of a merchant
        if let Some(client) = self.accounts.official().v3() {
            return lines(day, client.tradebill(day, BillType::All).await);
        }
        let sign_type = match self.pay_api {
            PayApi::V2(sign_type) => to_wire(sign_type),
            PayApi::V3 => return Err(ShopError::UnknownMerchant),
        };
        let mut all = Lines::default();
        let mut known = HashSet::new();
        for account in self.accounts.all() {
            let client = account.v2().ok_or(ShopError::UnknownMerchant)?;
            let file = client.downloadbill(day, BillType::All, sign_type).await;
            // if V2 returns the bill of the whole merchant, each account returns the same rows
            let of_account = lines(day, file)?;
            all.readable.extend(of_account.readable.into_iter().filter(|line| {
                let refund_id = line.refund.as_ref().map(|refund| refund.refund_id.clone());
                known.insert((line.transaction_id.clone(), refund_id))
            }));
            for row in of_account.unreadable {
                if all.unreadable.iter().all(|known| known.text != row.text) {
                    all.unreadable.push(row);
                }
            }
        }
        Ok(all)
    }
}

fn lines(day: BillDate, file: Result<Vec<u8>, wechat::Error>) -> Result<Lines, ShopError> {
    let file = match file {
        Ok(file) => file,
        Err(error) if error.is_no_bill() => return Ok(Lines::default()),
        Err(error) => return Err(error.into()),
    };
    let bill = TradeBill::parse(&file).map_err(|error| {
        tracing::error!(%day, %error, "WeChat's bill cannot be read");
        ShopError::BadRequest("WeChat's bill cannot be read")
    })?;
    Ok(Lines { readable: bill.rows, unreadable: bill.unreadable })
}
