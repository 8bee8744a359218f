use leptos::prelude::*;
use model::catalogue::SEPARATOR;
use shop::{Product, Specification};

use crate::messages::{self, t};

/// The choice among the specifications of a product with options, as combinations of values.
pub(super) struct Combinations<'a> {
    product: &'a Product,
    /// The values of each specification.
    values: Vec<Vec<&'a str>>,
    /// The stock of each specification.
    left: &'a [i64],
    /// The index of the chosen specification.
    chosen: usize,
}

impl<'a> Combinations<'a> {
    /// `None` if the product has no options. `chosen` is the SKU in the address; without a valid one, the first
    /// specification in stock is chosen.
    pub(super) fn of(product: &'a Product, left: &'a [i64], chosen: Option<&str>) -> Option<Self> {
        let values: Vec<Vec<&str>> =
            product.skus.iter().map(|known| known.spec.split(SEPARATOR).collect()).collect();
        let is_complete = values.iter().all(|values| values.len() == product.options.len());
        if product.options.is_empty() || !is_complete {
            return None;
        }
        let by_number = || product.skus.iter().position(|known| Some(known.sku.as_str()) == chosen);
        let in_stock = || left.iter().position(|left| *left > 0);
        let chosen = by_number().or_else(in_stock).unwrap_or(0);
        Some(Self { product, values, left, chosen })
    }

    /// The chosen specification, and its stock.
    pub(super) fn chosen(&self) -> Option<(&'a Specification, i64)> {
        Some((self.product.skus.get(self.chosen)?, *self.left.get(self.chosen)?))
    }

    /// The specification for a tap on a value. It is the one that keeps the most values of the chosen specification,
    /// preferably in stock. The second value says whether all other values stay.
    fn with_value(&self, option: usize, value: &str) -> Option<(usize, bool)> {
        let others = |at: usize| {
            let pairs = self.values[at].iter().zip(&self.values[self.chosen]).enumerate();
            pairs.filter(|(other, (one, chosen))| *other != option && one == chosen).count()
        };
        let candidates = (0..self.values.len()).filter(|at| self.values[*at][option] == value);
        // the first one of several equal ones: the shop has sorted them
        let best = candidates.rev().max_by_key(|at| (others(*at), self.left[*at] > 0))?;
        Some((best, others(best) + 1 == self.product.options.len()))
    }

    /// A group of links for each option. A link opens this page with the value. `quantity` is the quantity in the
    /// address.
    pub(super) fn groups(&self, quantity: &str) -> AnyView {
        let groups = self.product.options.iter().enumerate().map(|(option, name)| {
            let mut values: Vec<&str> = Vec::new();
            for all in &self.values {
                if !values.contains(&all[option]) {
                    values.push(all[option]);
                }
            }
            let links = values.into_iter().map(|value| self.link(option, value, quantity)).collect_view();
            view! {
                <div class="spec-group" role="group" aria-label=name.clone()>
                    <p>{name.clone()}</p>
                    {links}
                </div>
            }
        });
        let groups = groups.collect_view();
        view! { <div>{groups}</div> }.into_any()
    }

    fn link(&self, option: usize, value: &str, quantity: &str) -> Option<AnyView> {
        let (to, keeps_others) = self.with_value(option, value)?;
        let is_chosen = self.values[self.chosen][option] == value;
        let note = if !keeps_others {
            Some(t(messages::OTHER_COMBINATION))
        } else if self.left[to] == 0 {
            Some(t(messages::SOLD_OUT))
        } else {
            None
        };
        let class = if note.is_some() { "spec gone" } else { "spec" };
        let href =
            format!("/products/{}?sku={}{quantity}#choice", self.product.id, self.product.skus[to].sku);
        let note = note.map(|note| view! { <span class="muted">{note}</span> });
        let current = is_chosen.then_some("true");
        Some(
            view! {
                <a class=class href=href aria-current=current>
                    <span>{value.to_owned()}</span>
                    {note}
                </a>
            }
            .into_any(),
        )
    }
}

#[cfg(test)]
mod tests {
    use model::{Fen, catalogue::SalePeriod};

    use super::*;

    fn product(specs: &[&str]) -> Product {
        let sku = |(at, spec): (usize, &&str)| Specification {
            sku: format!("s{at}").parse().unwrap(),
            spec: (*spec).to_owned(),
            price: Fen(100),
            stock: 1,
            weight_g: 0,
        };
        Product {
            id: "shirt".parse().unwrap(),
            name: "衬衫".to_owned(),
            category: String::new(),
            summary: String::new(),
            description: String::new(),
            picture: String::new(),
            pictures: Vec::new(),
            options: vec!["颜色".to_owned(), "尺码".to_owned()],
            skus: specs.iter().enumerate().map(sku).collect(),
            on_sale: true,
            sale: SalePeriod::default(),
            archived: false,
            purchase_limit: None,
            version: 0,
        }
    }

    #[test]
    fn a_value_keeps_the_others_where_this_combination_exists() {
        let shirt = product(&["红 / M", "红 / L", "蓝 / M", "绿 / XL"]);
        let left = [1, 1, 0, 1];
        let of = |chosen| Combinations::of(&shirt, &left, Some(chosen)).unwrap();
        assert_eq!(of("s1").with_value(0, "红"), Some((1, true)));
        // there is no blue L
        assert_eq!(of("s1").with_value(0, "蓝"), Some((2, false)));
        assert_eq!(of("s0").with_value(0, "蓝"), Some((2, true)), "sold out, and it exists");
        assert_eq!(of("s0").with_value(1, "XL"), Some((3, false)));
        assert_eq!(of("s3").with_value(0, "红"), Some((0, false)));
        // a wrong SKU in the address, or a sold-out specification, is not chosen
        assert_eq!(of("other").chosen, 0);
        assert_eq!(Combinations::of(&shirt, &[0, 2, 0, 0], None).unwrap().chosen, 1);
    }

    #[test]
    fn a_list_without_options_stays_a_list() {
        let plain = Product { options: Vec::new(), ..product(&["红 / M"]) };
        assert!(Combinations::of(&plain, &[1], None).is_none());
        let mixed = product(&["红 / M", "蓝"]);
        assert!(Combinations::of(&mixed, &[1, 1], None).is_none());
    }
}
