//! The rules of the delivery cost. Staff replace all of them at once.

use model::{
    Fen,
    freight::{FreightRule, FreightRules},
};

use crate::{
    Store, StoreError, Update,
    driver::{Row, Value, text},
    rows,
};

impl Store {
    /// All rules, sorted by position.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn freight_rules(&self) -> Result<FreightRules, StoreError> {
        let sql = "SELECT provinces, unit, first_units, first_fee, additional_units, additional_fee, free_from \
                   FROM freight_rules ORDER BY position";
        let rows = self.select(sql.to_owned(), &[]).await?;
        rows.iter().map(rule).collect::<Result<_, _>>().map(FreightRules)
    }
}

fn rule(row: &Row) -> Result<FreightRule, StoreError> {
    let provinces: String = rows::text(row, "provinces")?;
    Ok(FreightRule {
        provinces: provinces.split_whitespace().map(str::to_owned).collect(),
        unit: rows::text(row, "unit")?,
        first_units: rows::number(row, "first_units")?,
        first_fee: Fen(rows::number(row, "first_fee")?),
        additional_units: rows::number(row, "additional_units")?,
        additional_fee: Fen(rows::number(row, "additional_fee")?),
        free_from: rows::number_or_null(row, "free_from")?.map(Fen),
    })
}

/// The beginning of the statement that inserts rows of [`freight_values`].
pub(crate) const FREIGHT_HEAD: &str = "INSERT INTO freight_rules (position, provinces, unit, first_units, first_fee, \
    additional_units, additional_fee, free_from)";

/// The row of a rule. Positions count from 1.
pub(crate) fn freight_values(position: i64, rule: &FreightRule) -> [Value; 8] {
    [
        Value::Number(position),
        text(rule.provinces.join(" ")),
        text(rule.unit),
        Value::Number(rule.first_units),
        Value::Number(rule.first_fee.0),
        Value::Number(rule.additional_units),
        Value::Number(rule.additional_fee.0),
        Value::NumberOrNull(rule.free_from.map(|fee| fee.0)),
    ]
}

impl Update {
    /// Adds a rule. Positions count from 1.
    #[must_use]
    pub fn insert_freight_rule(position: i64, rule: &FreightRule) -> Self {
        let sql = "INSERT INTO freight_rules (position, provinces, unit, first_units, first_fee, additional_units, \
                   additional_fee, free_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        Self::new(sql, freight_values(position, rule))
    }

    /// Deletes a rule. Positions count from 1. Changes no row if the rule there is no longer `seen`.
    #[must_use]
    pub fn delete_freight_rule(position: i64, seen: &FreightRule) -> Self {
        let sql = "DELETE FROM freight_rules WHERE position = $1 AND provinces = $2 AND unit = $3 AND first_units = $4 \
                   AND first_fee = $5 AND additional_units = $6 AND additional_fee = $7 \
                   AND COALESCE(free_from, -1) = COALESCE(CAST($8 AS BIGINT), -1)";
        Self::new(sql, freight_values(position, seen))
    }
}
