//! The figures of a period by product, and their CSV file.

use model::{
    Fen, Language, LocalizedText,
    audit::AuditAction,
    figures::{Amounts, ComparedFigures, Figures},
};

use super::period::Days;
use crate::{Admin, Right, ShopError, Staff, spreadsheet::row};

const fn words(zh: &'static str, en: &'static str) -> LocalizedText {
    LocalizedText { zh, en }
}

/// The columns of the file.
const COLUMNS: [LocalizedText; 5] = [
    words("商品", "Product"),
    words("件数", "Pieces"),
    words("支付金额（元）", "Paid (yuan)"),
    words("退款（元）", "Refunds (yuan)"),
    words("成交额（元）", "Sales (yuan)"),
];

/// The names of the rows that belong to no product. The console's page uses them, too.
pub mod figure_words {
    use super::{LocalizedText, words};

    /// The delivery cost.
    pub const FREIGHT: LocalizedText = words("运费", "Delivery cost");
    /// Refunds that belong to no product.
    pub const PARTIAL_REFUNDS: LocalizedText =
        words("未关联商品的退款", "Partial refunds (not of one product)");
    /// Surplus payments.
    pub const SURPLUS: LocalizedText = words("多付的款", "Payments that were not needed");
    /// The sum.
    pub const TOTAL: LocalizedText = words("合计", "Total");
}

impl Admin {
    /// The figures of these days.
    ///
    /// # Errors
    /// A failing database.
    pub async fn figures(&self, days: &Days) -> Result<Figures, ShopError> {
        Ok(self.store.figures(days.ms.0, days.ms.1).await?)
    }

    /// The figures of these days and of the period [`Days::before`] them; also returns that period.
    ///
    /// # Errors
    /// A failing database.
    pub async fn compared_figures(&self, days: &Days) -> Result<(ComparedFigures, Days), ShopError> {
        let before = days.before(self.clock.now_ms());
        let (now, then) = (self.figures(days).await?, self.figures(&before).await?);
        Ok((ComparedFigures::of(now, then), before))
    }

    /// The figures of these days as a CSV file. Writes an audit row.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn export_figures(
        &self,
        staff: &Staff,
        days: &Days,
        language: Language,
    ) -> Result<String, ShopError> {
        staff.check(Right::Export)?;
        let detail = format!("figures {}", days.words());
        self.audit.write(staff.name.as_str(), AuditAction::Export, detail).await?;
        Ok(file(&self.figures(days).await?, language))
    }
}

fn file(figures: &Figures, language: Language) -> String {
    let line = |name: &str, pieces: Option<i64>, amounts: Amounts| {
        let pieces = pieces.map(|pieces| pieces.to_string()).unwrap_or_default();
        let amounts = [amounts.paid, amounts.refunded, amounts.net()].map(|fen| fen.to_string());
        row(&[name, &pieces, &amounts[0], &amounts[1], &amounts[2]])
    };
    let mut file = format!("\u{feff}{}", row(&COLUMNS.map(|column| column.to(language))));
    for product in &figures.products {
        file += &line(&product.name, Some(product.pieces), product.amounts);
    }
    let partial = Amounts { paid: Fen::ZERO, refunded: figures.partial_refunds };
    for (name, amounts) in [
        (figure_words::FREIGHT, figures.freight),
        (figure_words::PARTIAL_REFUNDS, partial),
        (figure_words::SURPLUS, figures.surplus),
    ] {
        file += &line(name.to(language), None, amounts);
    }
    let pieces = figures.products.iter().map(|product| product.pieces).sum();
    file + &line(figure_words::TOTAL.to(language), Some(pieces), figures.total)
}
