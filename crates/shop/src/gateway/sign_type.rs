//! Converts the sign types of V2 between the shop's records and the crate `wechat`.

use model::payment::SignType;
use wechat::wire::sign;

/// The sign type of the crate `wechat`.
pub(crate) const fn to_wire(sign_type: SignType) -> sign::SignType {
    match sign_type {
        SignType::Md5 => sign::SignType::Md5,
        SignType::HmacSha256 => sign::SignType::HmacSha256,
    }
}

/// The sign type of the shop's records.
pub(crate) const fn from_wire(sign_type: sign::SignType) -> SignType {
    match sign_type {
        sign::SignType::Md5 => SignType::Md5,
        sign::SignType::HmacSha256 => SignType::HmacSha256,
    }
}
