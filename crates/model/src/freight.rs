//! The rules of the delivery cost (运费): by province, and by pieces or weight.

use crate::{Fen, word::words};

/// The provinces of China. A Chinese address begins with one of these words.
pub const PROVINCES: [&str; 34] = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
    "台湾",
];

/// The province at the beginning of an address or of a name: `广东` for `广东省 深圳市`.
///
/// ```
/// assert_eq!(model::freight::province("内蒙古自治区 包头市"), Some("内蒙古"));
/// assert_eq!(model::freight::province("Shenzhen"), None);
/// ```
#[must_use]
pub fn province(text: &str) -> Option<&'static str> {
    PROVINCES.into_iter().find(|name| text.trim_start().starts_with(name))
}

words! {
    /// The unit that a rule counts.
    FreightUnit {
        /// Pieces (按件).
        Piece = "piece",
        /// Grams (按重量).
        Gram = "gram",
    }
}

/// What the delivery to some provinces costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreightRule {
    /// The provinces, as in [`PROVINCES`]. An empty list is the rule for all provinces that no other rule names.
    pub provinces: Vec<String>,
    /// Whether the rule counts pieces or grams.
    pub unit: FreightUnit,
    /// The number of units that `first_fee` covers (首件、首重).
    pub first_units: i64,
    /// The cost of the first units, fen.
    pub first_fee: Fen,
    /// The number of units that `additional_fee` covers (续件、续重), at least 1.
    pub additional_units: i64,
    /// The cost of each further `additional_units`, fen. A part of them costs as much as all of them.
    pub additional_fee: Fen,
    /// The delivery is free if the goods cost at least this amount, fen. `None`: it is never free.
    pub free_from: Option<Fen>,
}

impl FreightRule {
    /// The delivery cost of these goods, or `None` on overflow. `goods` is their price after reductions.
    #[must_use]
    pub fn fee(&self, pieces: i64, grams: i64, goods: Fen) -> Option<Fen> {
        if self.free_from.is_some_and(|enough| goods >= enough) {
            return Some(Fen::ZERO);
        }
        let units = match self.unit {
            FreightUnit::Piece => pieces,
            FreightUnit::Gram => grams,
        };
        let further = units.saturating_sub(self.first_units).max(0);
        let per = self.additional_units.max(1);
        let steps = further / per + i64::from(further % per > 0);
        self.additional_fee.checked_mul(steps)?.checked_add(self.first_fee)
    }

    /// Whether it is the rule for all provinces that no other rule names.
    #[must_use]
    pub const fn is_default(&self) -> bool {
        self.provinces.is_empty()
    }
}

/// The shop has rules, and none of them is for the province of the address. The shop does not deliver there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no delivery rule holds for the province of the address")]
pub struct NoDelivery;

/// All rules of a shop. A shop without rules delivers everywhere for free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreightRules(pub Vec<FreightRule>);

impl FreightRules {
    /// The rule for an address that begins with its province. `None` if the shop has no rules.
    ///
    /// # Errors
    /// [`NoDelivery`] if the shop has rules, and none of them is for this address.
    pub fn for_address(&self, address: &str) -> Result<Option<&FreightRule>, NoDelivery> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let named = province(address).and_then(|province| {
            self.0.iter().find(|rule| rule.provinces.iter().any(|name| name == province))
        });
        named.or_else(|| self.0.iter().find(|rule| rule.is_default())).map(Some).ok_or(NoDelivery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(provinces: &[&str], first_fee: i64) -> FreightRule {
        FreightRule {
            provinces: provinces.iter().map(|name| (*name).to_owned()).collect(),
            unit: FreightUnit::Piece,
            first_units: 2,
            first_fee: Fen(first_fee),
            additional_units: 3,
            additional_fee: Fen(100),
            free_from: Some(Fen(20_000)),
        }
    }

    #[test]
    fn the_first_units_have_one_price_and_a_begun_step_counts_whole() {
        let rule = rule(&[], 800);
        let fee = |pieces| rule.fee(pieces, 0, Fen(100)).unwrap().0;
        assert_eq!([fee(1), fee(2), fee(3), fee(5), fee(6)], [800, 800, 900, 900, 1000]);
        assert_eq!(rule.fee(99, 0, Fen(20_000)), Some(Fen::ZERO));
        assert_eq!(rule.fee(1, 0, Fen(19_999)), Some(Fen(800)));
        let by_weight =
            FreightRule { unit: FreightUnit::Gram, first_units: 1000, additional_units: 500, ..rule };
        assert_eq!(by_weight.fee(9, 1001, Fen(1)), Some(Fen(900)));
    }

    #[test]
    fn the_rule_of_the_province_counts_before_the_rule_for_everywhere_else() {
        let rules = FreightRules(vec![rule(&[], 0), rule(&["新疆", "西藏"], 1500)]);
        let fee = |address| rules.for_address(address).map(|rule| rule.unwrap().first_fee.0);
        assert_eq!(fee("新疆维吾尔自治区 喀什地区 1 号"), Ok(1500));
        assert_eq!(fee("广东省 深圳市 1 号"), Ok(0));
        assert_eq!(fee("somewhere"), Ok(0));
    }

    #[test]
    fn a_province_without_a_rule_is_not_delivered_to() {
        let rules = FreightRules(vec![rule(&["广东"], 0)]);
        assert_eq!(rules.for_address("新疆维吾尔自治区 喀什地区"), Err(NoDelivery));
        assert_eq!(FreightRules::default().for_address("新疆"), Ok(None));
    }

    #[test]
    fn no_province_is_the_beginning_of_another() {
        for name in PROVINCES {
            assert_eq!(province(name), Some(name));
        }
    }
}
