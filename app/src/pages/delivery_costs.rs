use leptos::prelude::*;
use model::{Fen, Quantity, Sku, freight::PROVINCES};
use shop::{Address, Shop};

use super::delivery_fees::usual_fee;
use crate::{
    components::{draft, join_region},
    messages::{self, t},
};

/// The delivery cost for one place, in fen. `None` if the shop does not deliver there.
type Cost = Option<Fen>;

/// The delivery cost for each choice of the form. The form sends the costs that it shows, so that the shop can refuse
/// an order whose cost has changed.
#[derive(Clone, Debug, Default)]
pub(super) struct DeliveryCosts {
    /// The cost for each saved address, with the id of the address.
    saved: Vec<(String, Cost)>,
    /// The cost for the new address. The outer `None` means that its region is not typed yet.
    new: Option<Cost>,
    /// Each cost with its provinces, so that the script can show the cost of a chosen city. Empty if the shop has no
    /// rules for the cost.
    by_province: Vec<(Cost, Vec<&'static str>)>,
    /// The delivery cost in most places, in words.
    usual: String,
}

impl DeliveryCosts {
    pub(super) fn of(shop: &Shop, lines: &[(Sku, Fen, Quantity)], addresses: &[Address]) -> Self {
        if shop.products().catalogue().freight().0.is_empty() {
            return Self::default();
        }
        let cost =
            |address: &str| shop.checkout().price(lines, Some(address)).ok().map(|price| price.freight);
        let draft = draft();
        let region =
            join_region(draft.value("city").unwrap_or_default(), draft.value("region").unwrap_or_default());
        let mut by_province: Vec<(Cost, Vec<_>)> = Vec::new();
        for province in PROVINCES {
            let fee = cost(province);
            match by_province.iter_mut().find(|(same, _)| *same == fee) {
                Some((_, provinces)) => provinces.push(province),
                None => by_province.push((fee, vec![province])),
            }
        }
        Self {
            saved: addresses
                .iter()
                .map(|address| (address.id.clone(), cost(&address.recipient.region)))
                .collect(),
            new: (!region.trim().is_empty()).then(|| cost(&region)),
            by_province,
            usual: usual_fee(shop).unwrap_or_default(),
        }
    }

    /// The cost of a choice, in fen; 0 for pickup. `None` if the shop does not deliver there, or if the region is not
    /// typed yet.
    pub(super) fn known(&self, to: &str) -> Cost {
        match to {
            "pickup" => Some(Fen::ZERO),
            _ if self.by_province.is_empty() => Some(Fen::ZERO),
            "new" => self.new.flatten(),
            saved => self.saved.iter().find(|(id, _)| id == saved).and_then(|(_, cost)| *cost),
        }
    }

    /// Whether the cost of this choice waits for a region.
    pub(super) fn depends_on_region(&self, to: &str) -> bool {
        to == "new" && self.new.is_none() && !self.by_province.is_empty()
    }

    /// The cost of this choice in words, also if it is free or not known.
    pub(super) fn words(&self, to: &str) -> String {
        match self.known(to) {
            Some(Fen::ZERO) if to == "pickup" => t(messages::PICKUP_FREE).to_owned(),
            None if self.depends_on_region(to) => t(messages::FEE_BY_REGION).to_owned(),
            cost => words(cost),
        }
    }

    /// The cost of a choice in words, and the field that sends it.
    pub(super) fn show(&self, to: &str) -> Option<AnyView> {
        if self.by_province.is_empty() {
            return None;
        }
        let provinces = if to == "new" { self.by_province.as_slice() } else { &[] };
        let seen = format!("{to}*{}", self.known(to).unwrap_or_default().0);
        let provinces = provinces
            .iter()
            .map(|(cost, provinces)| {
                view! {
                    <data hidden value=cost.map(|fee| fee.0.to_string()) data-provinces=provinces.join(" ")>
                        {words(*cost)}
                    </data>
                }
            })
            .collect_view();
        Some(
            view! {
                <span class="muted">
                    {match self.depends_on_region(to) {
                        true => messages::labelled(messages::DELIVERY_FEE, &self.usual),
                        false => self.words(to),
                    }}
                </span>
                <input type="hidden" name="freight" value=seen/>
                {provinces}
            }
            .into_any(),
        )
    }
}

fn words(cost: Cost) -> String {
    match cost {
        None => t(messages::NO_DELIVERY).to_owned(),
        Some(Fen::ZERO) => t(messages::FREE).to_owned(),
        Some(fee) => messages::delivery_fee(fee),
    }
}
