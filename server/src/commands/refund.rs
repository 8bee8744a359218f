use model::OrderId;
use server::config::Config;
use shop::RefundRequest;

use super::{Outcome, open, say};

/// Refunds a paid order.
pub(crate) async fn refund(config: Config, order: OrderId, asked: RefundRequest) -> Outcome {
    let shop = open(&config, config.clock()).await?;
    let refund = shop.refunds().refund(&order, asked).await?;
    say(&format!("{} {} fen: {}", refund.out_refund_no, refund.refund_fee.0, refund.state));
    if !refund.last_error.is_empty() {
        say(&format!("WeChat: {}; the server tries again", refund.last_error));
    }
    Ok(())
}
