use leptos::prelude::*;
use model::LocalizedText;

use crate::{
    Draft,
    messages::{self, t},
    raw_text::TextArea,
};

/// The form that the shop refused just now; an empty one on the first visit.
pub(crate) fn draft() -> Draft {
    use_context::<Draft>().unwrap_or_default()
}

/// What a field of a form is.
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

/// A field with its label. What is wrong with it stands below it.
#[component]
pub(crate) fn Field(
    kind: FieldKind,
    /// The text at the start.
    value: String,
    /// Whether the browser asks for it.
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

/// What is wrong with a field.
#[component]
pub(crate) fn Problem(name: &'static str) -> impl IntoView {
    draft().problem(name).map(|problem| {
        view! { <p class="problem" id=format!("{name}-problem")>{t(problem)}</p> }
    })
}

/// A field for a text of several lines. What is wrong with it stands below it.
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

/// The choice of a province and city. The text field of the region beside it takes the rest.
#[component]
pub(crate) fn CitySelect(
    /// The chosen one: `广东省 广州市`.
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

/// Provinces with their cities. A municipality has none.
fn regions() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    include_str!("regions.txt").lines().filter_map(|line| {
        let mut names = line.split(' ');
        Some((names.next()?, names.collect()))
    })
}

/// Splits a region into a province with a city of the list, and the rest. A region of another form is all rest.
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

/// Joins the chosen city and the typed region. A whole region stands by itself.
#[must_use]
pub fn join_region(city: &str, region: &str) -> String {
    if city.is_empty() || is_whole_region(region) {
        region.to_owned()
    } else {
        format!("{city} {}", region.trim())
    }
}

/// Whether a region begins with a province, as WeChat and programs write it: `广东省 广州市 海珠区`, `上海`.
#[must_use]
pub fn is_whole_region(region: &str) -> bool {
    // each province differs from the others in its first two characters
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
