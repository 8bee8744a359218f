use leptos::prelude::*;
use shop::ShopError;

use super::message::error_page;

/// A page that first loads its data from the shop. An error becomes the page of that error.
#[component]
pub(super) fn SuspendedPage<F>(
    /// Loads the data and gives the page.
    load: F,
) -> impl IntoView
where
    F: Future<Output = Result<AnyView, ShopError>> + Send + 'static,
{
    view! {
        <Suspense>
            {Suspend::new(async move { load.await.unwrap_or_else(|error| error_page(&error)) })}
        </Suspense>
    }
}
