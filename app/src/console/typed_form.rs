use shop::{AddressForm, ParcelForm};

/// A form of an order's page that the shop refused. The page shows it again with the typed values.
#[derive(Clone, Debug)]
pub enum TypedForm {
    /// The form of a parcel.
    Parcel(TypedParcel),
    /// The form of the address.
    Address(TypedAddress),
}

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

/// The form of an address that the shop refused.
#[derive(Clone, Debug)]
pub struct TypedAddress {
    /// The typed values.
    pub form: AddressForm,
    /// The reason of the refusal, in the language of the page.
    pub problem: &'static str,
}
