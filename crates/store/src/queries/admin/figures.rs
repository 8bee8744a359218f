//! Computes the sums of a period, and its figures by product.

use std::collections::BTreeMap;

use model::{
    Fen,
    figures::{Amounts, Figures, PeriodSums, ProductFigures},
    price::spread,
};

use crate::{Store, StoreError, rows};

/// Whether the attempt `a` paid the order `o`. Otherwise it is a surplus payment.
pub(super) const PAID_THE_ORDER: &str = "o.paid_out_trade_no = a.out_trade_no";

/// Joins the lines of orders and their products.
const LINES: &str = "JOIN order_items i ON i.order_id = o.id LEFT JOIN skus s ON s.id = i.sku \
     LEFT JOIN products p ON p.id = s.product_id";

/// The columns of [`LINES`], grouped by product.
const OF_PRODUCT: &str = "COALESCE(s.product_id, '') AS product, COALESCE(MAX(p.name), MAX(i.name)) AS name, \
     CAST(SUM(i.quantity) AS BIGINT) AS pieces, CAST(SUM(i.price * i.quantity - i.reduction) AS BIGINT) AS amount, \
     CAST(0 AS BIGINT) AS freight, CAST(0 AS BIGINT) AS surplus, \
     '' AS refund, CAST(0 AS BIGINT) AS claim_fee, CAST(0 AS BIGINT) AS refund_fee";

/// The last columns of [`OF_PRODUCT`] in a row that belongs to no after-sale.
const NO_CLAIM: &str = "'', CAST(0 AS BIGINT), CAST(0 AS BIGINT)";

/// Joins the lines of the after-sale of a refund `r`, and their products.
const AFTER_SALE_LINES: &str = "JOIN after_sales f ON f.order_id = r.order_id AND f.out_refund_no = r.out_refund_no \
     JOIN after_sale_lines l ON l.after_sale_id = f.id \
     JOIN order_items i ON i.order_id = f.order_id AND i.position = l.position LEFT JOIN skus s ON s.id = i.sku \
     LEFT JOIN products p ON p.id = s.product_id";

/// The columns of [`OF_PRODUCT`] for each of the [`AFTER_SALE_LINES`].
const OF_AFTER_SALE: &str = "COALESCE(s.product_id, '') AS product, COALESCE(p.name, i.name) AS name, \
     l.pieces AS pieces, l.fee AS amount, CAST(0 AS BIGINT) AS freight, CAST(0 AS BIGINT) AS surplus, \
     r.out_refund_no AS refund, f.fee AS claim_fee, r.refund_fee AS refund_fee";

/// The lines of an after-sale whose refund gave a part of a payment back.
#[derive(Default)]
struct Claim {
    /// What the shopper asked for, fen: the lines, and perhaps the delivery cost.
    fee: Fen,
    /// What the shop refunded, fen.
    refund_fee: Fen,
    /// What the shopper asked for each line, as a product's amount.
    lines: Vec<ProductFigures>,
}

impl Claim {
    /// Replaces the amount of each line by its share of the refund, and returns the share of the delivery cost.
    fn share_refund(&mut self) -> Fen {
        let asked = self.lines.iter().map(|line| line.amounts.paid);
        let freight = Fen(self.fee.0 - asked.clone().sum::<Fen>().0).max(Fen::ZERO);
        let weights: Vec<Fen> = asked.chain([freight]).collect();
        let mut shares = spread(self.refund_fee, &weights);
        let freight = shares.pop().unwrap_or_default();
        for (line, share) in self.lines.iter_mut().zip(shares) {
            line.amounts.paid = share;
        }
        freight
    }
}

impl Store {
    /// What was paid and refunded for goods from `from_ms` on and before `to_ms`.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn period_sums(&self, from_ms: i64, to_ms: i64) -> Result<PeriodSums, StoreError> {
        let paid = format!("o.kind = 'goods' AND a.paid_ms >= {from_ms} AND a.paid_ms < {to_ms}");
        let refunded = format!(
            "o.kind = 'goods' AND r.state = 'success' AND r.created_ms >= {from_ms} AND r.created_ms < {to_ms}"
        );
        let sql = format!(
            "SELECT (SELECT CAST(COALESCE(SUM(a.total_fee), 0) AS BIGINT) FROM attempts a \
             JOIN orders o ON o.id = a.order_id WHERE {paid}) AS paid, \
             (SELECT CAST(COALESCE(SUM(r.refund_fee), 0) AS BIGINT) FROM refunds r \
             JOIN orders o ON o.id = r.order_id WHERE {refunded}) AS refunded, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM attempts a JOIN orders o ON o.id = a.order_id \
             WHERE {paid} AND {PAID_THE_ORDER}) AS orders"
        );
        let rows = self.select_long(sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok(PeriodSums::default()) };
        Ok(PeriodSums {
            paid: Fen(rows::number(row, "paid")?),
            refunded: Fen(rows::number(row, "refunded")?),
            orders: rows::number(row, "orders")?,
        })
    }

    /// The figures from `from_ms` on and before `to_ms`. One statement reads all of them, so that they add up while
    /// shoppers pay.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn figures(&self, from_ms: i64, to_ms: i64) -> Result<Figures, StoreError> {
        let paid = format!("o.kind = 'goods' AND a.paid_ms >= {from_ms} AND a.paid_ms < {to_ms}");
        let refunded = format!(
            "o.kind = 'goods' AND r.state = 'success' AND r.created_ms >= {from_ms} AND r.created_ms < {to_ms}"
        );
        let whole = format!("{PAID_THE_ORDER} AND r.refund_fee = a.total_fee");
        let sum = |value: &str| format!("CAST(COALESCE(SUM({value}), 0) AS BIGINT)");
        let (all_paid, all_refunded) = (sum("a.total_fee"), sum("r.refund_fee"));
        let freight = sum(&format!("CASE WHEN {PAID_THE_ORDER} THEN o.freight_fee ELSE 0 END"));
        let freight_back = sum(&format!("CASE WHEN {whole} THEN o.freight_fee ELSE 0 END"));
        let surplus_back = sum(&format!("CASE WHEN {PAID_THE_ORDER} THEN 0 ELSE r.refund_fee END"));
        let orders = sum(&format!("CASE WHEN {PAID_THE_ORDER} THEN 1 ELSE 0 END"));
        let sql = format!(
            "SELECT 'sold' AS part, {OF_PRODUCT} FROM attempts a JOIN orders o ON o.id = a.order_id {LINES} \
             WHERE {paid} AND {PAID_THE_ORDER} GROUP BY COALESCE(s.product_id, '') \
             UNION ALL SELECT 'returned', {OF_PRODUCT} FROM refunds r JOIN orders o ON o.id = r.order_id \
             JOIN attempts a ON a.out_trade_no = r.out_trade_no {LINES} \
             WHERE {refunded} AND {whole} GROUP BY COALESCE(s.product_id, '') \
             UNION ALL SELECT 'claimed', {OF_AFTER_SALE} FROM refunds r JOIN orders o ON o.id = r.order_id \
             JOIN attempts a ON a.out_trade_no = r.out_trade_no {AFTER_SALE_LINES} \
             WHERE {refunded} AND {PAID_THE_ORDER} AND r.refund_fee <> a.total_fee \
             UNION ALL SELECT 'paid', '', '', {orders}, {all_paid}, {freight}, CAST(0 AS BIGINT), {NO_CLAIM} \
             FROM attempts a JOIN orders o ON o.id = a.order_id WHERE {paid} \
             UNION ALL SELECT 'refunded', '', '', CAST(0 AS BIGINT), {all_refunded}, {freight_back}, {surplus_back}, \
             {NO_CLAIM} FROM refunds r JOIN orders o ON o.id = r.order_id \
             LEFT JOIN attempts a ON a.out_trade_no = r.out_trade_no WHERE {refunded}"
        );
        let mut figures = Figures::default();
        let (mut returned, mut claims) = (Vec::new(), BTreeMap::<String, Claim>::new());
        let (mut surplus_refunded, mut back) = (Fen::ZERO, 0);
        for row in &self.select_long(sql, &[]).await? {
            let part: String = rows::text(row, "part")?;
            let (pieces, amount) = (rows::number(row, "pieces")?, Fen(rows::number(row, "amount")?));
            let freight = Fen(rows::number(row, "freight")?);
            let of_product = || {
                let product: String = rows::text(row, "product")?;
                let amounts = Amounts { paid: amount, refunded: Fen::ZERO };
                Ok::<_, StoreError>(ProductFigures {
                    product: product.parse().ok(),
                    name: rows::text(row, "name")?,
                    pieces,
                    amounts,
                })
            };
            match part.as_str() {
                "sold" => figures.products.push(of_product()?),
                "returned" => returned.push(of_product()?),
                "claimed" => {
                    let claim = claims.entry(rows::text(row, "refund")?).or_default();
                    claim.fee = Fen(rows::number(row, "claim_fee")?);
                    claim.refund_fee = Fen(rows::number(row, "refund_fee")?);
                    claim.lines.push(of_product()?);
                }
                "paid" => {
                    (figures.orders, figures.total.paid, figures.freight.paid) = (pieces, amount, freight);
                }
                _ => {
                    (figures.total.refunded, figures.freight.refunded) = (amount, freight);
                    surplus_refunded = Fen(rows::number(row, "surplus")?);
                }
            }
        }
        for mut claim in claims.into_values() {
            figures.freight.refunded.0 += claim.share_refund().0;
            returned.extend(claim.lines);
        }
        for of_product in returned {
            let refunded = of_product.amounts.paid;
            back += refunded.0;
            match figures.products.iter_mut().find(|known| known.product == of_product.product) {
                Some(known) => known.amounts.refunded.0 += refunded.0,
                // it was sold before the period
                None => figures.products.push(ProductFigures {
                    pieces: 0,
                    amounts: Amounts { paid: Fen::ZERO, refunded },
                    ..of_product
                }),
            }
        }
        let sold: Fen = figures.products.iter().map(|product| product.amounts.paid).sum();
        // the rest of each sum belongs to no line of an order
        figures.surplus = Amounts {
            paid: Fen(figures.total.paid.0 - sold.0 - figures.freight.paid.0),
            refunded: surplus_refunded,
        };
        figures.partial_refunds =
            Fen(figures.total.refunded.0 - back - figures.freight.refunded.0 - surplus_refunded.0);
        figures.products.sort_by(|one, other| {
            (other.amounts.net(), &one.product, &one.name).cmp(&(
                one.amounts.net(),
                &other.product,
                &other.name,
            ))
        });
        Ok(figures)
    }
}
