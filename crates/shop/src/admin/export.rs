//! The list of orders as a CSV file. The caller writes one page at a time, so that a million orders need little memory.

use model::{OrderId, admin::OrderFilter, audit::AuditAction, record::InvoiceRecord};
use store::ExportedOrder;

use super::{
    order_words::{kind_word, standing_word, state_word, view_word},
    overdue::overdue,
};
use crate::{Admin, Right, ShopError, Staff, clock::shanghai, spreadsheet::row};

/// The number of orders in a page.
const PAGE: usize = 500;

/// The head of the file: the byte order mark, with which spreadsheets recognise UTF-8, and the names of the columns.
const HEAD: &str = "\u{feff}订单编号,类型,状态,下单时间,支付时间,金额（元）,已退款（元）,收货人,电话,地址,备注,商品,快递公司,运单号,发货时间,商户订单号,微信支付单号,运费（元）,优惠（元）,余额支付（元）,发票抬头,税号,发票邮箱,开票时间\r\n";

impl Admin {
    /// Checks the right to export, and writes the audit row. Returns the head of the file.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn begin_export(&self, staff: &Staff, filter: &OrderFilter) -> Result<&'static str, ShopError> {
        staff.check(Right::Export)?;
        self.audit.write(staff.name.as_str(), AuditAction::Export, filter_words(filter)).await?;
        Ok(HEAD)
    }

    /// The next rows of the file, and the id of the last order in them; `None` at the end. For the next page, set
    /// `before` of the filter to this id.
    ///
    /// # Errors
    /// A failing database.
    pub async fn export_page(&self, filter: &OrderFilter) -> Result<Option<(String, OrderId)>, ShopError> {
        let overdue = overdue(self.clock.now_ms());
        let orders = self.store.exported_orders(filter, PAGE, overdue).await?;
        let Some(last) = orders.last() else { return Ok(None) };
        Ok(Some((orders.iter().map(line).collect(), last.id.clone())))
    }
}

/// The filter in words, for the audit log.
fn filter_words(filter: &OrderFilter) -> String {
    let day = |word: &str, day: &Option<String>| day.as_ref().map(|day| format!("{word} {day}"));
    let search = filter.search.trim();
    let parts = [
        filter.state.map(|state| state_word(state).zh.to_owned()),
        filter.kind.map(|kind| kind_word(kind).zh.to_owned()),
        day("自", &filter.from),
        day("至", &filter.to),
        filter.attention.then(|| "待处理".to_owned()),
        filter.view.map(|view| view_word(view).zh.to_owned()),
        (!search.is_empty()).then(|| format!("搜索 {search}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "全部订单".to_owned() } else { parts.join("，") }
}

/// The row of an order.
fn line(order: &ExportedOrder) -> String {
    // the state does not include refunds that have not ended
    let state = standing_word(order.standing).unwrap_or_else(|| state_word(order.state)).zh;
    let time = |ms: Option<i64>| ms.map_or_else(String::new, |ms| shanghai(ms).strftime("%F %T").to_string());
    let invoice = order.invoice.as_ref();
    let of_invoice = |word: fn(&InvoiceRecord) -> &str| invoice.map(word).unwrap_or_default();
    let cells = [
        order.id.as_str(),
        kind_word(order.kind).zh,
        state,
        &time(Some(order.created_ms)),
        &time(order.paid_ms),
        &order.total_fee.to_string(),
        &order.refunded.map_or_else(String::new, |refunded| refunded.to_string()),
        &order.name,
        &order.phone,
        &order.address,
        &order.note,
        &order.items,
        &order.carriers,
        &order.tracking_numbers,
        &time(order.shipped_ms),
        &order.out_trade_no,
        &order.transaction_id,
        &order.freight_fee.to_string(),
        &order.reduction_fee.to_string(),
        &order.balance_fee.to_string(),
        of_invoice(|invoice| &invoice.title),
        of_invoice(|invoice| &invoice.tax_number),
        of_invoice(|invoice| &invoice.email),
        &time(invoice.and_then(|invoice| invoice.issued_ms)),
    ];
    row(&cells)
}

#[cfg(test)]
mod tests {
    use model::order::OrderState;

    use super::*;

    #[test]
    fn the_audit_names_the_exported_orders_in_words() {
        assert_eq!(filter_words(&OrderFilter::default()), "全部订单");
        let filter = OrderFilter {
            state: Some(OrderState::Paid),
            from: Some("2026-11-21".to_owned()),
            search: " 王 ".to_owned(),
            ..OrderFilter::default()
        };
        assert_eq!(filter_words(&filter), "已支付，自 2026-11-21，搜索 王");
    }
}
