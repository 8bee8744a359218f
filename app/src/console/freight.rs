use leptos::prelude::*;
use model::{
    Fen,
    freight::{FreightRule, FreightUnit},
};
use shop::Right;

use super::{
    language::{t, tf},
    layout::{Head, page},
};

/// A rule of the delivery cost in the typed form.
#[derive(Clone, Debug, Default)]
pub struct TypedFreightRule {
    /// The provinces of the rule, as typed; empty for everywhere else.
    pub provinces: String,
    /// The word of the unit: pieces or grams.
    pub unit: String,
    /// How many pieces or grams the first fee covers.
    pub first_units: String,
    /// The first fee, in yuan.
    pub first_fee: String,
    /// How many pieces or grams each additional fee covers.
    pub additional_units: String,
    /// Each additional fee, in yuan.
    pub additional_fee: String,
    /// The sum from which the delivery is free, in yuan; empty if it is never free.
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
    /// The saved rules that the editor saw, in the form of [`seen_rule`]. They are the optimistic lock.
    pub seen: Vec<String>,
    /// The typed rules.
    pub rules: Vec<TypedFreightRule>,
    /// The position of the refused rule, from 1, and the reason. 0 if the reason is not about one rule.
    pub refused: Option<(usize, &'static str)>,
}

/// Writes a rule for a hidden field, so that a save detects a change by another person.
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

/// The saved rules in one sentence: `结果：新疆 20 元；其他地区 8 元，满 99 元包邮`.
fn result(rules: &[FreightRule]) -> String {
    if rules.is_empty() {
        return t("结果：全国包邮", "Result: free everywhere").to_owned();
    }
    let only = rules.len() == 1;
    let words = |rule: &FreightRule| {
        let place = match rule.provinces.as_slice() {
            [] if only => t("全国", "Everywhere").to_owned(),
            [] => t("其他地区", "everywhere else").to_owned(),
            names => names.join("、"),
        };
        let (first, more) = (yuan(rule.first_fee), yuan(rule.additional_fee));
        let fee = match (rule.first_fee, rule.additional_fee) {
            (Fen::ZERO, Fen::ZERO) => t("免运费", "free").to_owned(),
            (_, Fen::ZERO) => tf!("{first} 元", "¥{first}"),
            _ => {
                let unit = match rule.unit {
                    FreightUnit::Piece => t("件", "pieces"),
                    FreightUnit::Gram => t("克", "g"),
                };
                let (start, step) = (rule.first_units, rule.additional_units);
                tf!(
                    "前 {start} {unit} {first} 元、每多 {step} {unit}加 {more} 元",
                    "¥{first} for the first {start} {unit}, ¥{more} for each further {step} {unit}"
                )
            }
        };
        let free = rule.free_from.map(yuan).map(|sum| tf!("，满 {sum} 元包邮", ", free from ¥{sum}"));
        format!("{place} {fee}{}", free.unwrap_or_default())
    };
    // the rule for everywhere else comes last, as a person would say it
    let (rest, named): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.is_default());
    let no_rest =
        if rest.is_empty() { t("；其他地区不发货", "; nothing is sent elsewhere") } else { "" };
    let said: Vec<String> = named.into_iter().chain(rest).map(words).collect();
    let said = said.join(t("；", "; "));
    tf!("结果：{said}{no_rest}", "Result: {said}{no_rest}")
}

/// An amount without `.00`.
fn yuan(fee: Fen) -> String {
    let text = fee.to_string();
    text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
}

/// The page that edits the delivery cost. `saved` are the rules of the shop.
#[must_use]
pub fn freight_page(head: &Head<'_>, form: &FreightForm, saved: &[FreightRule]) -> String {
    let may = head.staff.role.may(Right::Catalogue);
    let refused = |position| {
        let found = form.refused.filter(|(at, _)| *at == position);
        found.map(|(_, text)| view! { <p class="error" role="alert">{text}</p> })
    };
    let rows = (1..)
        .zip(&form.rules)
        .map(|(position, rule)| {
            // after a refusal the positions on the page are not the positions of the saved rules
            let deletes = may && form.refused.is_none();
            rule_fields(position, rule, refused(position).into_any(), deletes)
        })
        .collect_view();
    let empty = TypedFreightRule::default();
    let seen = form
        .seen
        .iter()
        .map(|rule| view! { <input type="hidden" name="seen" value=rule.clone()/> })
        .collect_view();
    let deletions = (1..=form.rules.len()).filter(|_| may && form.refused.is_none()).map(|position| {
        let seen =
            form.seen.iter().map(|rule| view! { <input type="hidden" name="seen" value=rule.clone()/> });
        view! {
            <form id=format!("delete-{position}") method="post" action="/console/freight/delete">
                {seen.collect_view()}
                <input type="hidden" name="position" value=position.to_string()/>
            </form>
        }
    });
    let deletions = deletions.collect_view();
    let has_gap = !saved.is_empty() && !saved.iter().any(FreightRule::is_default);
    let gap = has_gap.then(|| {
        view! { <p class="error">{t("没有“其他地区”的规则：没有写到的省份不发货，那里的买家不能下单。", "There is no rule for everywhere else: buyers in a province without a rule cannot order.")}</p> }
    });
    let body = view! {
        {refused(0)}
        <p class="panel" data-testid="freight-result">{result(saved)}</p>
        {gap}
        <section class="panel stack">
            <p>
                {t(
                    "不写规则，就是全国包邮。写了规则：一个省份只能写在一条规则里；“省份”留空的那条，管其余所有省份。",
                    "Without a rule the delivery is free everywhere. With rules: write each province into one rule only. The rule without provinces holds everywhere else.",
                )}
            </p>
            <p>
                <strong>{t("注意：没有写到的省份，又没有“省份”留空的规则，就不发货。", "Note: the shop does not deliver to a province that no rule names, unless a rule has no provinces.")}</strong>
                " " {t("到店自取不收运费。", "Store pickup is free.")}
            </p>
        </section>
        <form method="post" action="/console/freight">
            {seen}
            <fieldset class="stack" disabled=!may>
                <legend class="hidden">{t("运费规则", "Delivery rules")}</legend>
                {rows}
                {rule_fields(form.rules.len() + 1, &empty, ().into_any(), false)}
            </fieldset>
            {may.then(|| {
                view! {
                    <div class="save">
                        <button class="primary">{t("保存", "Save")}</button>
                        <span class="muted">{t("清空后保存即删除；仅对新订单生效", "A rule whose fields are all empty is deleted. New orders use the new cost.")}</span>
                    </div>
                }
            })}
        </form>
        {deletions}
    };
    page(head, "/console/catalogue", t("运费", "Delivery cost"), body)
}

/// The label of a field in pieces or grams. The style sheet shows the label for the unit of the rule.
fn counted(pieces: &'static str, grams: &'static str) -> AnyView {
    view! { <span class="by-piece">{pieces}</span> <span class="by-gram">{grams}</span> }.into_any()
}

/// The fields of a rule. With `deletes` it has a delete button. This button belongs to another form, so that the Enter
/// key saves.
fn rule_fields(position: usize, rule: &TypedFreightRule, refused: AnyView, deletes: bool) -> AnyView {
    let rule = rule.clone();
    let unit = |unit: FreightUnit, word: &'static str| {
        view! { <option value=unit.as_str() selected=rule.unit == unit.as_str()>{word}</option> }
    };
    let units = view! { {unit(FreightUnit::Piece, t("按件数（件）", "pieces"))} {unit(FreightUnit::Gram, t("按重量（克）", "grams"))} };
    view! {
        <section class="panel" data-rule=position.to_string()>
            {refused}
            <div class="specification">
                <label class="wide">
                    {t("省份（留空：其他地区）", "Provinces (empty: everywhere else)")}
                    <input name="provinces" maxlength="200" placeholder=t("如 新疆、西藏", "like 新疆、西藏") value=rule.provinces/>
                </label>
                <label>{t("计价单位", "Counts")} <select name="unit">{units}</select></label>
                <label>{counted(t("首件数（件）", "First pieces"), t("首重（克）", "First grams"))} <input name="first_units" inputmode="numeric" maxlength="7" value=rule.first_units/></label>
                <label>{t("首费（元）", "First fee (yuan)")} <input name="first_fee" inputmode="decimal" maxlength="9" value=rule.first_fee/></label>
                <label>{counted(t("续件数（件）", "Each further pieces"), t("续重（克）", "Each further grams"))} <input name="additional_units" inputmode="numeric" maxlength="7" value=rule.additional_units/></label>
                <label>{t("续费（元）", "Further fee (yuan)")} <input name="additional_fee" inputmode="decimal" maxlength="9" value=rule.additional_fee/></label>
                <label>{t("满额包邮（元）", "Free from (yuan)")} <input name="free_from" inputmode="decimal" maxlength="10" value=rule.free_from/></label>
            </div>
            {deletes.then(|| view! { <p class="actions"><button form=format!("delete-{position}")>{t("删除这条规则", "Delete this rule")}</button></p> })}
        </section>
    }
    .into_any()
}
