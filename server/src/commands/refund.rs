use model::OrderId;
use server::{Metrics, config::Config, open_shop};
use shop::{AskRefund, SystemClock};

use super::{Outcome, say};

/// Gives money of a paid order back.
pub(crate) async fn refund(config: Config, order: OrderId, asked: AskRefund) -> Outcome {
    let shop = open_shop(&config, SystemClock, &Metrics::new()).await?;
    let refund = shop.refund(&order, asked).await?;
    say(&format!("{} {} fen: {}", refund.out_refund_no, refund.refund_fee.0, refund.state));
    if !refund.last_error.is_empty() {
        say(&format!("WeChat: {}; the server goes on asking", refund.last_error));
    }
    Ok(())
}
