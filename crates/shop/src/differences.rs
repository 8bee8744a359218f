//! What verifies but does not fit the books. It is kept, shown, and stays open until somebody, or the shop itself, says
//! what was done about it.

use model::OutTradeNo;
use sqlx::Row;

use crate::{
    Shop, ShopError, Store, StoreError,
    refunds::RefundsKnown,
    store::{Books, Command, Needs, rows::DifferenceRow},
};

/// An open difference between WeChat's word and the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its number.
    pub id: String,
    /// What does not fit.
    pub kind: String,
    /// The `out_trade_no` that it names.
    pub out_trade_no: String,
    /// When it was last seen, ms.
    pub last_ms: i64,
    /// How often it was seen.
    pub times: i64,
    /// What was expected and what came.
    pub detail: String,
}

/// What is to be done about a difference of this kind.
#[must_use]
pub fn resolution_of(kind: &str) -> &'static str {
    match kind {
        "unknown_order" => {
            "another system uses the same merchant number, or the database is older than the payment: find the \
             out_trade_no in the merchant platform, restore or refund there"
        }
        "other_amount" | "other_currency" => {
            "the money is not what was asked for: refund it in the merchant platform and look who could change the order"
        }
        "other_appid" | "other_mch_id" => "the notification is another account's: correct its notify_url",
        "unknown_trade_state" => {
            "look at the order in the merchant platform: the shop goes on asking; if it is paid there, update the shop"
        }
        "bad_transaction_id" | "unusable_notification" | "unknown_event" => {
            "read the payload; WeChat may have changed a format: update the shop"
        }
        "second_transaction_id" => {
            "one out_trade_no was paid twice: refund the second in the merchant platform"
        }
        "second_payment" | "paid_after_close" => {
            "the shop refunds it by itself, and this is settled once the refund has succeeded; if it fails, refund that payment \
             from the order's page"
        }
        "refund_of_unknown_order" => "a refund of another system's order: nothing to do here",
        "other_refund_amount" | "refund_contradiction" | "refund_exceeds_payment" => {
            "compare the refund in the merchant platform with the books, and correct whichever is wrong"
        }
        "refund_stuck" => {
            "WeChat has not made the refund for long: its reason is in the detail. Recharge the balance, renew the certificate \
             or correct the key; the shop goes on asking under the same number"
        }
        "refund_closed" => {
            "the money was not given back: look at the reason, then refund again from the order's page; the shopper may wait"
        }
        "refunds_unknown" => {
            "look up in the merchant platform how much was given back; the order is not sent until the daily bill brings the \
             refund or you settle this difference"
        }
        "refund_notification_without_key" => {
            "set WECHAT_API_V2_KEY: without it, refunds that are made in the merchant platform are found in the daily bill only"
        }
        "restock_after_shipment" => {
            "the order was sent after all: look where its pieces are, and correct the stock"
        }
        "refund_abnormal" => {
            "the shopper's account does not take the money: handle it in the merchant platform; never refund it again"
        }
        "refunded_top_up_was_spent" => "the shopper spent what was refunded: settle it with them",
        "bill_unpaid_on_books" => "WeChat was asked and its answer written down; look if it stays open",
        "bill_amount" | "bill_refund_amount" => {
            "the bill's amount is not the books': compare both with the merchant platform"
        }
        "bill_refund_state" | "bill_trade_state" | "bill_transaction_id" => {
            "WeChat was asked, and the books still say something else: compare both with the merchant platform"
        }
        "bill_missing_payment" | "bill_missing_refund" => {
            "WeChat's bill lacks what the books have: ask WeChat Pay's support with the transaction_id"
        }
        "bill_unreadable_row" => {
            "the other rows were compared: look for this one in the merchant platform; it is mostly another program's"
        }
        "bill_unknown_refund" => "it was looked up and imported; look if it stays open",
        _ => "look at its detail and payload",
    }
}

impl Shop {
    /// The differences that nobody has settled yet, oldest first.
    ///
    /// # Errors
    /// A failing database.
    pub async fn open_differences(&self) -> Result<Vec<Difference>, ShopError> {
        Ok(self.store().open_differences().await?)
    }

    /// Says what was done about a difference. Gives whether there is such an open one.
    ///
    /// # Errors
    /// [`ShopError::BadRequest`] without words, or a failing database.
    pub async fn resolve_difference(&self, id: &str, resolution: &str) -> Result<bool, ShopError> {
        if resolution.trim().is_empty() {
            return Err(ShopError::BadRequest("say what was done about the difference"));
        }
        let resolved = self.store().resolve_difference(id.to_owned(), resolution.trim().to_owned()).await?;
        if resolved {
            self.release_held_order(id).await?;
        }
        Ok(resolved)
    }

    /// A person has resolved this difference. If it is about refunds that the books did not know, the order may be sent.
    pub(crate) async fn release_held_order(&self, difference: &str) -> Result<(), ShopError> {
        let number =
            difference.strip_prefix(REFUNDS_UNKNOWN).and_then(|number| number.parse::<OutTradeNo>().ok());
        let Some(out_trade_no) = number else { return Ok(()) };
        let Some(attempt) = self.store().attempt(&out_trade_no).await? else { return Ok(()) };
        let known = RefundsKnown { order_id: attempt.order_id, out_trade_no: attempt.out_trade_no };
        Ok(self.store().writer.write(known).await?)
    }
}

/// What the id of a difference begins with that holds an order back; behind it stands the `out_trade_no`.
pub(crate) const REFUNDS_UNKNOWN: &str = "refunds_unknown:";

/// Keeps differences that need no look at the books.
pub(crate) struct Keep(pub(crate) Vec<DifferenceRow>);

impl Command for Keep {
    type Reply = ();

    fn needs(&self, _: &mut Needs) {}

    fn apply(&self, books: &mut Books) {
        for difference in &self.0 {
            books.differ(difference.clone());
        }
    }
}

impl Store {
    async fn open_differences(&self) -> Result<Vec<Difference>, StoreError> {
        let sql = "SELECT id, kind, out_trade_no, last_ms, times, detail FROM differences WHERE resolution = '' \
                   ORDER BY first_ms, id";
        let rows = self.select(sql.to_owned(), &[]).await?;
        rows.iter()
            .map(|row| {
                Ok(Difference {
                    id: row.try_get(0)?,
                    kind: row.try_get(1)?,
                    out_trade_no: row.try_get(2)?,
                    last_ms: row.try_get(3)?,
                    times: row.try_get(4)?,
                    detail: row.try_get(5)?,
                })
            })
            .collect::<Result<_, sqlx::Error>>()
            .map_err(StoreError::during("reading differences"))
    }

    async fn resolve_difference(&self, id: String, resolution: String) -> Result<bool, StoreError> {
        self.writer
            .exclusive(move |connection| {
                Box::pin(async move {
                    let sql = "UPDATE differences SET resolution = $1 WHERE id = $2 AND resolution = ''";
                    let done = sqlx::query(sql).bind(resolution).bind(id).execute(connection).await;
                    Ok(done.map_err(StoreError::during("resolving a difference"))?.rows_affected() == 1)
                })
            })
            .await
    }
}
