//! The staff: accounts, roles, sign-in and sessions.

mod accounts;
mod alerts;
mod failures;
mod password;
mod role;
mod sessions;
mod sign_in;
mod totp;

pub(crate) use self::password::AT_ONCE as PASSWORDS_AT_ONCE;
pub use self::{
    accounts::{Enrolment, StaffAccount},
    role::{Right, Role, Staff, StaffName, StaffNameError, UnknownRole},
    sessions::STAFF_SESSION_S,
    sign_in::SignedIn,
    totp::{TOTP_PERIOD_S, totp_code},
};
