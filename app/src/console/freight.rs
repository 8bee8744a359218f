use leptos::prelude::*;
use model::freight::{FreightRule, FreightUnit};
use shop::Right;

use super::{
    language::t,
    layout::{Head, page},
};

/// A rule of the delivery cost, as typed.
#[derive(Clone, Debug, Default)]
pub struct TypedFreightRule {
    /// Its provinces.
    pub provinces: String,
    /// The word of its unit.
    pub unit: String,
    /// Pieces or grams that the first fee covers.
    pub first_units: String,
    /// The first fee, yuan.
    pub first_fee: String,
    /// Pieces or grams that each further fee covers.
    pub additional_units: String,
    /// Each further fee, yuan.
    pub additional_fee: String,
    /// The sum from which the delivery is free, yuan; empty if there is none.
    pub free_from: String,
}

impl From<&FreightRule> for TypedFreightRule {
    fn from(rule: &FreightRule) -> Self {
        Self {
            provinces: rule.provinces.join("、"),
            unit: rule.unit.to_string(),
            first_units: rule.first_units.to_string(),
            first_fee: rule.first_fee.to_string(),
            additional_units: rule.additional_units.to_string(),
            additional_fee: rule.additional_fee.to_string(),
            free_from: rule.free_from.map(|sum| sum.to_string()).unwrap_or_default(),
        }
    }
}

/// The form of the rules.
#[derive(Clone, Debug, Default)]
pub struct FreightForm {
    /// The rules that the editor sees, each as [`seen_rule`] writes it.
    pub seen: Vec<String>,
    /// The rules as typed.
    pub rules: Vec<TypedFreightRule>,
    /// The position of the rule that was refused, from 1 (0: not one of them), and the reason.
    pub refused: Option<(usize, &'static str)>,
}

/// A rule in a hidden field, so that a save finds out whether another person changed it.
#[must_use]
pub fn seen_rule(rule: &FreightRule) -> String {
    let free = rule.free_from.map_or_else(String::new, |sum| sum.0.to_string());
    format!(
        "{}|{}|{}|{}|{}|{}|{free}",
        rule.provinces.join(" "),
        rule.unit,
        rule.first_units,
        rule.first_fee.0,
        rule.additional_units,
        rule.additional_fee.0
    )
}

/// The page that edits the delivery cost.
#[must_use]
pub fn freight_page(head: &Head<'_>, form: &FreightForm) -> String {
    let may = head.staff.role.may(Right::Catalogue);
    let refused = |position| {
        let found = form.refused.filter(|(at, _)| *at == position);
        found.map(|(_, text)| view! { <p class="error" role="alert">{text}</p> })
    };
    let rows = (1..)
        .zip(&form.rules)
        .map(|(position, rule)| rule_fields(position, rule, refused(position).into_any()))
        .collect_view();
    let empty = TypedFreightRule::default();
    let seen = form
        .seen
        .iter()
        .map(|rule| view! { <input type="hidden" name="seen" value=rule.clone()/> })
        .collect_view();
    let body = view! {
        {refused(0)}
        <p class="muted">
            {t(
                "没有规则时全国包邮。有规则时，每个省份只用一条；地区留空的规则用于其他地区。没有规则的省份不配送。自提不收运费。",
                "Without rules the delivery is free everywhere. Each province has one rule; the rule without provinces holds everywhere else. The shop does not deliver to a province without a rule. Pickup is free.",
            )}
        </p>
        <form method="post" action="/console/freight">
            {seen}
            <fieldset class="stack" disabled=!may>
                <legend class="hidden">{t("运费规则", "Delivery rules")}</legend>
                {rows}
                {rule_fields(form.rules.len() + 1, &empty, ().into_any())}
            </fieldset>
            {may.then(|| {
                view! {
                    <div class="save">
                        <button class="primary">{t("保存", "Save")}</button>
                        <span class="muted">{t("清空一条规则的所有内容就会删除它；新价格只用于新订单", "A rule whose fields are all empty is deleted. New orders use the new cost.")}</span>
                    </div>
                }
            })}
        </form>
    };
    page(head, "/console/catalogue", t("运费", "Delivery cost"), body)
}

fn rule_fields(position: usize, rule: &TypedFreightRule, refused: AnyView) -> AnyView {
    let rule = rule.clone();
    let unit = |unit: FreightUnit, word: &'static str| {
        view! { <option value=unit.as_str() selected=rule.unit == unit.as_str()>{word}</option> }
    };
    let units =
        view! { {unit(FreightUnit::Piece, t("件", "pieces"))} {unit(FreightUnit::Gram, t("克", "grams"))} };
    view! {
        <section class="panel" data-rule=position.to_string()>
            {refused}
            <div class="specification">
                <label class="wide">
                    {t("省份（留空：其他地区）", "Provinces (empty: everywhere else)")}
                    <input name="provinces" maxlength="200" placeholder=t("如 新疆、西藏", "like 新疆、西藏") value=rule.provinces/>
                </label>
                <label>{t("计价单位", "Counts")} <select name="unit">{units}</select></label>
                <label>{t("首件数 / 首重", "First pieces / grams")} <input name="first_units" inputmode="numeric" maxlength="7" value=rule.first_units/></label>
                <label>{t("首费（元）", "First fee (yuan)")} <input name="first_fee" inputmode="decimal" maxlength="9" value=rule.first_fee/></label>
                <label>{t("每续件数 / 续重", "Each further pieces / grams")} <input name="additional_units" inputmode="numeric" maxlength="7" value=rule.additional_units/></label>
                <label>{t("续费（元）", "Further fee (yuan)")} <input name="additional_fee" inputmode="decimal" maxlength="9" value=rule.additional_fee/></label>
                <label>{t("满多少元包邮", "Free from (yuan)")} <input name="free_from" inputmode="decimal" maxlength="10" value=rule.free_from/></label>
            </div>
        </section>
    }
    .into_any()
}
