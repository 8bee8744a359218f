//! Staff change the delivery rules: they replace all rules at once.

use model::{
    Fen,
    audit::AuditAction,
    freight::{FreightRule, FreightUnit, province},
};
use store::Update;

use crate::{Products, Right, ShopError, Staff};

/// The maximum number of rules.
pub const MAX_FREIGHT_RULES: usize = 40;

/// The maximum fee in a rule, fen: 10,000 yuan.
const MAX_FEE: i64 = 1_000_000;

/// The maximum number of pieces or grams in a rule.
const MAX_UNITS: i64 = 1_000_000;

/// What is wrong with a list of rules.
#[derive(Debug)]
pub struct FreightProblem {
    /// The position of the wrong rule, from 1; 0 if the error is not about one rule.
    pub position: usize,
    /// What is wrong with it.
    pub error: ShopError,
}

/// Checks rules, and normalises the names of provinces: `广东省` becomes `广东`.
pub(super) fn check_rules(rules: &[FreightRule]) -> Result<Vec<FreightRule>, FreightProblem> {
    let mut checked: Vec<FreightRule> = Vec::with_capacity(rules.len());
    for (position, rule) in (1..).zip(rules) {
        let rule = check_rule(rule, &checked).map_err(|error| FreightProblem { position, error })?;
        checked.push(rule);
    }
    Ok(checked)
}

fn check_rule(rule: &FreightRule, before: &[FreightRule]) -> Result<FreightRule, ShopError> {
    if before.len() >= MAX_FREIGHT_RULES {
        return Err(ShopError::invalid("运费规则最多 40 条", "A shop has at most 40 delivery rules."));
    }
    let known: Option<Vec<&str>> = rule.provinces.iter().map(|name| province(name)).collect();
    let mut provinces = known.ok_or(ShopError::invalid(
        "地区请填写省份，如 新疆、西藏；其他地区请留空",
        "Please enter provinces in Chinese, like 新疆、西藏. Leave it empty for everywhere else.",
    ))?;
    provinces.sort_unstable();
    provinces.dedup();
    let is_taken = |name: &&str| before.iter().any(|rule| rule.provinces.iter().any(|taken| taken == name));
    if provinces.iter().any(is_taken) || (provinces.is_empty() && before.iter().any(FreightRule::is_default))
    {
        return Err(ShopError::invalid(
            "同一地区只能有一条规则（留空即其他地区）",
            "A province has one rule only. So has everywhere else.",
        ));
    }
    let fees = [Some(rule.first_fee), Some(rule.additional_fee)];
    if fees.into_iter().flatten().any(|fee| !(0..=MAX_FEE).contains(&fee.0)) {
        return Err(ShopError::invalid("运费为 0 至 10000 元", "A delivery fee is from 0 to 10,000 yuan."));
    }
    let units = 0..=MAX_UNITS;
    if !units.contains(&rule.first_units) || !(1..=MAX_UNITS).contains(&rule.additional_units) {
        return Err(ShopError::invalid(
            "件数或克数为 1 至 1000000 的整数",
            "A number of pieces or grams is a whole number from 1 to 1,000,000.",
        ));
    }
    if rule.free_from.is_some_and(|sum| !(1..=100_000_000).contains(&sum.0)) {
        return Err(ShopError::invalid(
            "包邮金额为 0.01 至 1000000 元，不包邮请留空",
            "The sum for free delivery is from 0.01 to 1,000,000 yuan. Leave it empty if there is none.",
        ));
    }
    Ok(FreightRule { provinces: provinces.into_iter().map(str::to_owned).collect(), ..rule.clone() })
}

impl Products {
    /// Replaces all delivery rules. `seen` has the rules that the editor saw (optimistic lock). Existing orders keep
    /// their delivery cost.
    ///
    /// # Errors
    /// [`FreightProblem`] with [`ShopError::NotAllowed`], [`ShopError::Invalid`], [`ShopError::Changed`] if another
    /// person changed the rules first, or a failing database.
    pub async fn replace_freight_rules(
        &self,
        staff: &Staff,
        seen: &[FreightRule],
        rules: &[FreightRule],
    ) -> Result<(), FreightProblem> {
        let of_all = |error| FreightProblem { position: 0, error };
        staff.check(Right::Catalogue).map_err(of_all)?;
        let rules = check_rules(rules)?;
        let now = self.store.freight_rules().await.map_err(|error| of_all(error.into()))?;
        if now.0 != seen {
            return Err(of_all(ShopError::Changed));
        }
        if now.0 == rules {
            return Ok(());
        }
        let gone = (1..).zip(seen).map(|(at, rule)| Update::delete_freight_rule(at, rule));
        let new = (1..).zip(&rules).map(|(at, rule)| Update::insert_freight_rule(at, rule));
        let updates = gone.chain(new).collect();
        let detail = rules.iter().map(words).collect::<Vec<_>>().join("; ");
        let detail = if detail.is_empty() { "no rules: free everywhere".to_owned() } else { detail };
        self.edit_catalogue(staff, AuditAction::ChangeFreight, detail, updates).await.map_err(of_all)
    }
}

/// The text of a rule in the audit log.
fn words(rule: &FreightRule) -> String {
    let place = if rule.is_default() { "everywhere else".to_owned() } else { rule.provinces.join(" ") };
    let unit = match rule.unit {
        FreightUnit::Piece => "pieces",
        FreightUnit::Gram => "g",
    };
    let free = rule.free_from.map(|Fen(sum)| format!(", free from {sum} fen")).unwrap_or_default();
    format!(
        "{place}: {} {unit} {} fen, each further {} {unit} {} fen{free}",
        rule.first_units, rule.first_fee.0, rule.additional_units, rule.additional_fee.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(provinces: &[&str]) -> FreightRule {
        FreightRule {
            provinces: provinces.iter().map(|name| (*name).to_owned()).collect(),
            unit: FreightUnit::Piece,
            first_units: 1,
            first_fee: Fen(800),
            additional_units: 1,
            additional_fee: Fen(200),
            free_from: None,
        }
    }

    #[test]
    fn names_are_shortened_and_a_province_has_one_rule() {
        let rules = check_rules(&[rule(&["西藏自治区", "新疆"]), rule(&[])]).unwrap();
        assert_eq!(rules[0].provinces, ["新疆", "西藏"]);
        for wrong in [
            vec![rule(&[]), rule(&["新疆", "美国"])],
            vec![rule(&["新疆"]), rule(&["新疆维吾尔自治区"])],
            vec![rule(&[]), rule(&[])],
            vec![rule(&[]), FreightRule { additional_units: 0, ..rule(&["新疆"]) }],
            vec![rule(&[]), FreightRule { first_fee: Fen(-1), ..rule(&["新疆"]) }],
            vec![rule(&[]), FreightRule { free_from: Some(Fen(0)), ..rule(&["新疆"]) }],
        ] {
            let problem = check_rules(&wrong).unwrap_err();
            assert_eq!(problem.position, 2, "{problem:?}");
            assert!(matches!(problem.error, ShopError::Invalid(_)), "{problem:?}");
        }
    }
}
