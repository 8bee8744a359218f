use shop::ParcelForm;

/// The form of a parcel that the shop refused.
#[derive(Clone, Debug)]
pub struct TypedParcel {
    /// The typed values.
    pub form: ParcelForm,
    /// The reason of the refusal, in the language of the page.
    pub problem: &'static str,
    /// Whether the reason is about the carrier.
    pub is_carrier_wrong: bool,
}
