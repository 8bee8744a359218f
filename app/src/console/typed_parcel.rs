use shop::ParcelForm;

/// What staff typed about a parcel, after the shop refused it.
#[derive(Clone, Debug)]
pub struct TypedParcel {
    /// What was typed.
    pub form: ParcelForm,
    /// What is wrong, in the language of the page.
    pub problem: &'static str,
    /// Whether it is the carrier.
    pub is_carrier_wrong: bool,
}
