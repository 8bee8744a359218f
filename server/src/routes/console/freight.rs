//! The rules of the delivery cost in the console.

use app::console::{FreightForm, TypedFreightRule, freight_page, seen_rule, sentence};
use axum::{
    Form,
    extract::{Query, State},
    response::{Html, IntoResponse, Response},
};
use model::Fen;
use shop::{FreightProblem, FreightRule, ShopError, typed};

use super::{
    NoticeQuery, StaffAuth,
    catalogue::{pieces_of, price_of},
    failed, head, page,
};
use crate::{response, state::AppState};

const PAGE: &str = "/console/freight";

/// `GET /console/freight`.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    match state.shop.store().freight_rules().await {
        Ok(rules) => page(freight_page(&notice.head(&staff), &form_of(&rules.0), &rules.0)),
        Err(error) => failed(&staff, &error.into(), "/console/catalogue"),
    }
}

fn form_of(rules: &[FreightRule]) -> FreightForm {
    FreightForm {
        seen: rules.iter().map(seen_rule).collect(),
        rules: rules.iter().map(TypedFreightRule::from).collect(),
        refused: None,
    }
}

/// `POST /console/freight`: replaces all rules. If the shop refuses a rule, the form shows all typed values again.
pub(super) async fn save(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let all = |name: &str| -> Vec<String> {
        fields.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone()).collect()
    };
    let seen = all("seen");
    let typed = typed_rules(all);
    let saved = async {
        let seen: Vec<FreightRule> = seen.iter().filter_map(|text| parse_seen(text)).collect();
        let mut rules = Vec::with_capacity(typed.len());
        for (position, rule) in (1..).zip(&typed) {
            rules.push(rule_of(rule).map_err(|error| FreightProblem { position, error })?);
        }
        state.shop.products().replace_freight_rules(&staff, &seen, &rules).await
    };
    match saved.await {
        Ok(()) => response::see_other(&format!("{PAGE}?done=saved")),
        Err(FreightProblem { position, error: error @ (ShopError::Invalid(_) | ShopError::Changed) }) => {
            let form = FreightForm { seen, rules: typed, refused: Some((position, sentence(&error))) };
            let Ok(now) = state.shop.store().freight_rules().await else {
                return failed(&staff, &error, PAGE);
            };
            (response::status(&error), Html(freight_page(&head(&staff), &form, &now.0))).into_response()
        }
        Err(FreightProblem { error, .. }) => failed(&staff, &error, PAGE),
    }
}

/// `POST /console/freight/delete`: deletes the rule at `position` (from 1) in the list that the editor saw.
pub(super) async fn delete(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let seen = fields.iter().filter(|(name, _)| name == "seen");
    let seen: Vec<FreightRule> = seen.filter_map(|(_, text)| parse_seen(text)).collect();
    let position = fields.iter().find(|(name, _)| name == "position");
    let position = position.and_then(|(_, text)| text.parse::<usize>().ok());
    let Some(at) = position.and_then(|position| position.checked_sub(1)).filter(|at| *at < seen.len()) else {
        return failed(&staff, &ShopError::Changed, PAGE);
    };
    let mut rules = seen.clone();
    rules.remove(at);
    match state.shop.products().replace_freight_rules(&staff, &seen, &rules).await {
        Ok(()) => response::see_other(&format!("{PAGE}?done=saved")),
        Err(FreightProblem { error, .. }) => failed(&staff, &error, PAGE),
    }
}

/// The typed rules, without the empty ones.
fn typed_rules(all: impl Fn(&str) -> Vec<String>) -> Vec<TypedFreightRule> {
    let columns =
        ["unit", "first_units", "first_fee", "additional_units", "additional_fee", "free_from"].map(&all);
    let provinces = all("provinces").into_iter().enumerate();
    let rules = provinces.map(|(at, provinces)| {
        let [unit, first_units, first_fee, additional_units, additional_fee, free_from] =
            std::array::from_fn(|column| columns[column].get(at).cloned().unwrap_or_default());
        TypedFreightRule {
            provinces,
            unit,
            first_units,
            first_fee,
            additional_units,
            additional_fee,
            free_from,
        }
    });
    rules.filter(|rule| !is_empty(rule)).collect()
}

/// Whether all fields of a rule are empty, except the unit, which always has a value.
fn is_empty(rule: &TypedFreightRule) -> bool {
    let texts = [
        &rule.provinces,
        &rule.first_units,
        &rule.first_fee,
        &rule.additional_units,
        &rule.additional_fee,
        &rule.free_from,
    ];
    texts.into_iter().all(|text| text.trim().is_empty())
}

fn rule_of(rule: &TypedFreightRule) -> Result<FreightRule, ShopError> {
    let provinces = rule.provinces.split([' ', '　', '、', ',', '，', ';', '；', '/']).map(str::trim);
    let free_from = typed::number(&rule.free_from);
    Ok(FreightRule {
        provinces: provinces.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        unit: rule.unit.parse().map_err(|_| ShopError::BadRequest("unit is piece or gram"))?,
        first_units: pieces_of(&rule.first_units)?,
        first_fee: price_of(&rule.first_fee)?,
        additional_units: pieces_of(&rule.additional_units)?,
        additional_fee: price_of(&rule.additional_fee)?,
        free_from: if free_from.trim().is_empty() { None } else { Some(price_of(&free_from)?) },
    })
}

/// Reads the text that [`seen_rule`] wrote. If a person changed the text, it is a rule that does not exist, so the shop
/// refuses the save.
fn parse_seen(text: &str) -> Option<FreightRule> {
    let parts: Vec<&str> = text.split('|').collect();
    let [provinces, unit, first_units, first_fee, additional_units, additional_fee, free_from] = parts[..]
    else {
        return None;
    };
    let free_from = if free_from.is_empty() { None } else { Some(Fen(free_from.parse().ok()?)) };
    Some(FreightRule {
        provinces: provinces.split_whitespace().map(str::to_owned).collect(),
        unit: unit.parse().ok()?,
        first_units: first_units.parse().ok()?,
        first_fee: Fen(first_fee.parse().ok()?),
        additional_units: additional_units.parse().ok()?,
        additional_fee: Fen(additional_fee.parse().ok()?),
        free_from,
    })
}
