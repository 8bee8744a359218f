use leptos::prelude::*;
use model::LocalizedText;

use crate::{
    Draft,
    messages::{self, t},
    raw_text::TextArea,
};

/// The form that the shop has just refused; an empty draft on the first visit.
pub(crate) fn draft() -> Draft {
    use_context::<Draft>().unwrap_or_default()
}

/// The fixed properties of a field of a form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldKind {
    pub(crate) name: &'static str,
    pub(crate) label: LocalizedText,
    /// The `type` of the input.
    pub(crate) input: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) longest: u8,
    pub(crate) placeholder: Option<LocalizedText>,
}

/// A field with its label, and below it the sentence about its mistake.
#[component]
pub(crate) fn Field(
    kind: FieldKind,
    /// The text in the field at first.
    value: String,
    /// Whether the browser requires the field.
    #[prop(optional)]
    required: bool,
    /// The id of a list of suggestions.
    #[prop(optional)]
    list: Option<&'static str>,
) -> impl IntoView {
    let FieldKind { name, label, input, autocomplete, longest, placeholder } = kind;
    let problem = draft().problem(name);
    view! {
        <div class="field" class:invalid=problem.is_some()>
            <label>
                <span>{t(label)}</span>
                <input
                    type=input
                    name=name
                    value=value
                    autocomplete=autocomplete
                    maxlength=longest.to_string()
                    placeholder=placeholder.map(t)
                    required=required
                    list=list
                    aria-invalid=problem.map(|_| "true")
                    aria-describedby=problem.map(|_| format!("{name}-problem"))
                />
            </label>
            <Problem name/>
        </div>
    }
}

/// The sentence about the mistake in a field, if there is one.
#[component]
pub(crate) fn Problem(name: &'static str) -> impl IntoView {
    draft().problem(name).map(|problem| {
        view! { <p class="problem" id=format!("{name}-problem")>{t(problem)}</p> }
    })
}

/// A field for a text of several lines, and below it the sentence about its mistake.
#[component]
pub(crate) fn TextField(
    name: &'static str,
    label: LocalizedText,
    rows: u8,
    longest: usize,
    value: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let problem = draft().problem(name);
    view! {
        <div class="field" class:invalid=problem.is_some()>
            <label>
                <span>{t(label)}</span>
                <TextArea name rows maxlength=longest required value/>
            </label>
            <Problem name/>
        </div>
    }
}

/// The sentence at the top of a form that the shop refused.
#[component]
pub(crate) fn Summary() -> impl IntoView {
    draft().summary.map(|summary| view! { <p class="notice bad" role="alert">{t(summary)}</p> })
}

/// The choice of a province and a city. A text field beside it takes the rest of the region.
#[component]
pub(crate) fn CitySelect(
    /// The chosen province and city: `广东省 广州市`.
    chosen: String,
) -> impl IntoView {
    let provinces = regions()
        .map(|(province, cities)| {
            let option = |value: String, text: &'static str| {
                let selected = value == chosen;
                view! { <option value=value selected=selected>{text}</option> }
            };
            if cities.is_empty() {
                option(province.to_owned(), province).into_any()
            } else {
                let cities = cities.into_iter().map(|city| option(format!("{province} {city}"), city));
                view! { <optgroup label=province>{cities.collect_view()}</optgroup> }.into_any()
            }
        })
        .collect_view();
    let problem = draft().problem("city");
    view! {
        <div class="field" class:invalid=problem.is_some()>
            <label>
                <span>{t(messages::CITY)}</span>
                <select
                    name="city"
                    autocomplete="address-level1"
                    data-province=t(messages::PROVINCE)
                    data-choose-province=t(messages::CHOOSE_PROVINCE)
                    aria-invalid=problem.map(|_| "true")
                    aria-describedby=problem.map(|_| "city-problem")
                >
                    <option value="">{t(messages::CHOOSE_CITY)}</option>
                    {provinces}
                </select>
            </label>
            <Problem name="city"/>
        </div>
    }
}

/// The provinces with their cities. A municipality has no cities.
fn regions() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    include_str!("regions.txt").lines().filter_map(|line| {
        let mut names = line.split(' ');
        Some((names.next()?, names.collect()))
    })
}

/// Splits a region into the province and city of the list, and the rest. If the list does not have them, the whole
/// region is the rest.
pub(crate) fn split_region(region: &str) -> (String, String) {
    for (province, cities) in regions() {
        let Some(rest) = region.strip_prefix(province) else { continue };
        if cities.is_empty() {
            return (province.to_owned(), rest.trim_start().to_owned());
        }
        let rest = rest.trim_start();
        if let Some((city, rest)) = cities.iter().find_map(|city| Some((city, rest.strip_prefix(city)?))) {
            return (format!("{province} {city}"), rest.trim_start().to_owned());
        }
    }
    (String::new(), region.to_owned())
}

/// Joins the chosen city and the typed region. If `region` is a whole region already, the city does not count.
#[must_use]
pub fn join_region(city: &str, region: &str) -> String {
    if city.is_empty() || is_whole_region(region) {
        region.to_owned()
    } else {
        format!("{city} {}", region.trim())
    }
}

/// Whether a region begins with a province. WeChat and programs write a region in this way: `广东省 广州市 海珠区`, `上海`.
#[must_use]
pub fn is_whole_region(region: &str) -> bool {
    // the first two characters are different for each province
    let start: String = region.trim_start().chars().take(2).collect();
    start.chars().count() == 2 && regions().any(|(province, _)| province.starts_with(&start))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file from which the address form suggests districts.
    const DISTRICTS: &str = include_str!("../../../public/districts.txt");

    #[test]
    fn the_districts_are_of_cities_in_the_list() {
        let known: Vec<String> = regions()
            .flat_map(|(province, cities)| match cities.as_slice() {
                [] => vec![province.to_owned()],
                cities => cities.iter().map(|city| format!("{province} {city}")).collect(),
            })
            .collect();
        let lines: Vec<_> = DISTRICTS.lines().filter_map(|line| line.split_once('|')).collect();
        assert!(lines.len() > 350, "{}", lines.len());
        for (city, districts) in &lines {
            assert!(known.iter().any(|name| name == city), "{city}");
            assert!(districts.split(' ').all(|name| name.chars().count() > 1), "{city}");
        }
        assert!(lines.iter().any(|(city, districts)| *city == "上海市" && districts.contains("徐汇区")));
    }

    #[test]
    fn a_region_is_split_and_joined_again() {
        for (region, city, rest) in [
            ("广东省 广州市 海珠区", "广东省 广州市", "海珠区"),
            ("上海市 徐汇区", "上海市", "徐汇区"),
            ("上海", "", "上海"),
            ("Shanghai, Xuhui", "", "Shanghai, Xuhui"),
        ] {
            assert_eq!(split_region(region), (city.to_owned(), rest.to_owned()));
            assert_eq!(join_region(city, rest), region);
        }
        // WeChat filled the whole region into the field beside a city that was chosen before
        assert_eq!(join_region("上海市", "广东省 广州市 海珠区"), "广东省 广州市 海珠区");
    }
}
