use leptos::prelude::*;
use shop::ShopError;

use super::message::error_page;
use crate::{components::draft, messages};

/// A page that first loads its data from the shop. After an error it shows the page of the error.
#[component]
pub(super) fn SuspendedPage<F>(
    /// Loads the data and returns the page.
    load: F,
) -> impl IntoView
where
    F: Future<Output = Result<AnyView, ShopError>> + Send + 'static,
{
    let (language, draft) = (messages::language(), draft());
    view! {
        <Suspense>
            {Suspend::new(async move {
                // each text and each field asks for them, and a look-up walks from the nearest owner to the root
                provide_context(language);
                provide_context(draft);
                load.await.unwrap_or_else(|error| error_page(&error))
            })}
        </Suspense>
    }
}
