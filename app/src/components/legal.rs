use leptos::prelude::*;
use shop::{Licence, Shop};

use crate::messages::{self, t};

/// The ministry's page about ICP numbers. A site must link its number to this page.
const ICP_PAGE: &str = "https://beian.miit.gov.cn/";

/// Who operates the shop: operator, licence, ICP number, telephone for complaints. It shows only what is configured.
#[component]
pub(crate) fn LegalFooter() -> impl IntoView {
    let legal = expect_context::<Shop>().settings().legal.clone();
    legal.is_configured().then(|| {
        let licence = legal.licence.map(|licence| match licence {
            Licence::Number(number) => {
                view! { <p>{messages::labelled(messages::LICENCE, &number)}</p> }.into_any()
            }
            Licence::Page(href) => view! { <p><a href=href>{t(messages::LICENCE)}</a></p> }.into_any(),
        });
        let telephone = legal.complaint_telephone.map(|number| {
            let href = format!("tel:{}", number.replace(' ', ""));
            view! { <p>{t(messages::COMPLAINT_TELEPHONE)} " " <a href=href>{number}</a></p> }
        });
        view! {
            <footer class="panel facts">
                {legal.operator.map(|name| view! { <p>{messages::labelled(messages::OPERATOR, &name)}</p> })}
                {licence}
                {telephone}
                {legal.icp.map(|number| view! { <p><a href=ICP_PAGE rel="noreferrer">{number}</a></p> })}
            </footer>
        }
    })
}
