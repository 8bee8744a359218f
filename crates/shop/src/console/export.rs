//! The list of orders as a file that a spreadsheet opens: a page at a time, so that a million orders take no memory.

use model::{Fen, OrderId, order::Standing};
use sqlx::{Row, any::AnyRow};

use super::{
    OrderFilter,
    list::{MONEY, PAID_BY, in_a_line, listed_standing},
};
use crate::{Right, Shop, ShopError, Staff, Store, StoreError, v2_time};

/// Orders that are read at once.
const PAGE: usize = 500;

/// The byte order mark, without which spreadsheets take UTF-8 for something else, and the names of the columns.
const HEAD: &str = "\u{feff}订单编号,类型,状态,下单时间,支付时间,金额（元）,已退款（元）,收货人,电话,地址,备注,商品,快递公司,运单号,发货时间,商户订单号,微信支付单号\r\n";

impl Shop {
    /// Whether somebody may take the list away. That they do is written down.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn begin_export(&self, staff: &Staff, filter: &OrderFilter) -> Result<&'static str, ShopError> {
        staff.check(Right::Export)?;
        self.audit(staff.name.as_str(), "export", format!("{filter:?}")).await?;
        Ok(HEAD)
    }

    /// The next lines of the file, and what they end with; nothing where there is no more.
    ///
    /// # Errors
    /// A failing database.
    pub async fn export_page(&self, filter: &OrderFilter) -> Result<Option<(String, OrderId)>, StoreError> {
        self.store().export_page(filter, self.clock().now_ms()).await
    }
}

impl Store {
    async fn export_page(
        &self,
        filter: &OrderFilter,
        now_ms: i64,
    ) -> Result<Option<(String, OrderId)>, StoreError> {
        let (condition, bound) = filter.condition(PAGE, now_ms);
        let sql = format!(
            "SELECT o.id, o.kind, o.state, o.created_ms, o.paid_ms, o.total_fee, p.refunded, d.name, d.phone, \
             d.address, d.note, s.carrier, s.tracking_no, o.shipped_ms, p.out_trade_no, p.transaction_id, {MONEY} FROM orders o {PAID_BY} \
             LEFT JOIN deliveries d ON d.order_id = o.id LEFT JOIN shipments s ON s.order_id = o.id \
             WHERE {condition} ORDER BY o.id DESC LIMIT {PAGE}"
        );
        let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
        let rows = self.select(sql, &bound).await?;
        let doing = "exporting orders";
        let ids: Result<Vec<String>, sqlx::Error> = rows.iter().map(|row| row.try_get(0)).collect();
        let ids = ids.map_err(StoreError::during(doing))?;
        let Some(last) = ids.last() else { return Ok(None) };
        let things = self.things_of(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        let mut of_order = things.chunk_by(|one, other| one.0 == other.0).collect::<Vec<_>>();
        of_order.sort_unstable_by(|one, other| one[0].0.cmp(&other[0].0));
        let mut lines = String::with_capacity(rows.len() * 256);
        for (row, id) in rows.iter().zip(&ids) {
            let own =
                of_order.binary_search_by(|chunk| chunk[0].0.cmp(id)).map_or(&[][..], |at| of_order[at]);
            lines.push_str(&line(row, &in_a_line(own.iter()))?);
        }
        let last = last.parse().map_err(StoreError::during(doing))?;
        Ok(Some((lines, last)))
    }
}

fn line(row: &AnyRow, things: &str) -> Result<String, StoreError> {
    let doing = "exporting orders";
    let text = |column: usize| {
        row.try_get::<Option<String>, _>(column)
            .map(Option::unwrap_or_default)
            .map_err(StoreError::during(doing))
    };
    let yuan = |column: usize| {
        row.try_get::<Option<i64>, _>(column)
            .map(|fen| fen.map_or_else(String::new, |fen| Fen(fen).to_string()))
            .map_err(StoreError::during(doing))
    };
    let time = |column: usize| {
        row.try_get::<Option<i64>, _>(column)
            .map(|ms| ms.map_or_else(String::new, shanghai))
            .map_err(StoreError::during(doing))
    };
    // a state does not know of refunds that are under way
    let state = match listed_standing(row, 2, 16)? {
        Standing::Returning => "退款中".to_owned(),
        Standing::Unknown => "退款待核对".to_owned(),
        Standing::Kept | Standing::NoMoney => word(&text(2)?),
    };
    let cells = [
        text(0)?,
        word(&text(1)?),
        state,
        time(3)?,
        time(4)?,
        yuan(5)?,
        yuan(6)?,
        text(7)?,
        text(8)?,
        text(9)?,
        text(10)?,
        things.to_owned(),
        text(11)?,
        text(12)?,
        time(13)?,
        text(14)?,
        text(15)?,
    ];
    Ok(cells.map(|text| cell(&text)).join(",") + "\r\n")
}

/// What the merchant reads of a kind or a state.
fn word(of: &str) -> String {
    match of {
        "goods" => "商品",
        "top_up" => "充值",
        "created" => "待付款",
        "paying" => "付款中",
        "closing" => "关闭中",
        "closed" => "已关闭",
        "paid" => "已支付",
        "partly_refunded" => "部分退款",
        "refunded" => "已退款",
        other => other,
    }
    .to_owned()
}

/// `2026-11-21 12:30:00`, in Shanghai.
fn shanghai(ms: i64) -> String {
    let digits = v2_time(ms.div_euclid(1000));
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    format!("{}-{}-{} {}:{}:{}", part(0..4), part(4..6), part(6..8), part(8..10), part(10..12), part(12..14))
}

/// A cell that a spreadsheet takes for text: what begins like a formula is not run, and long numbers keep their digits.
fn cell(text: &str) -> String {
    let begins_a_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let is_long_number = text.len() > 11 && text.bytes().all(|byte| byte.is_ascii_digit());
    let before = if begins_a_formula {
        "'"
    } else if is_long_number {
        "\t"
    } else {
        ""
    };
    let text = format!("{before}{text}");
    if text.contains([',', '"', '\n', '\r', '\'', '\t']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula_and_no_number_loses_its_digits() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(cell(evil).starts_with("\"'"), "{evil:?}: {}", cell(evil));
        }
        assert_eq!(
            cell("=HYPERLINK(\"http://evil\",\"x\")"),
            "\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\""
        );
        assert_eq!(cell("一行\n两行"), "\"一行\n两行\"");
        assert_eq!(cell("202611211200000001234567"), "\"\t202611211200000001234567\"");
        assert_eq!(cell("13800138000"), "13800138000");
        assert_eq!(cell("19.90"), "19.90");
    }
}
