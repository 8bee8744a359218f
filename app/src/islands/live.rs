use leptos::prelude::*;

/// Whether the island reacts to the shopper. False in the server's HTML, true after the first effect.
///
/// Each island writes it to `data-live` of its root. The browser tests wait for this attribute.
pub(super) fn use_live() -> ReadSignal<bool> {
    let (live, set_live) = signal(false);
    Effect::new(move |_| set_live.set(true));
    live
}
