//! The staff: accounts, roles, sign-in and sessions.

mod accounts;
mod alerts;
mod device;
mod failures;
mod invitations;
mod own_account;
mod password;
mod recovery;
mod role;
mod sessions;
mod sign_in;
mod totp;

use std::sync::Arc;

use store::Store;
use tokio::sync::Semaphore;

use crate::{Clock, Ids, Settings, audit::Audit, shop::Parts};

pub use self::{
    accounts::{Enrolment, StaffAccount},
    invitations::{Accepted, Invitation, InvitationToken},
    own_account::OwnSession,
    password::check_repeated_password,
    recovery::RECOVERY_CODES,
    role::{Right, Role, Staff, StaffName, StaffNameError, UnknownRole},
    sessions::STAFF_SESSION_S,
    sign_in::SignedIn,
    totp::{TOTP_PERIOD_S, totp_code},
};

/// The handle of the staff: accounts, roles, sign-in and sessions.
#[derive(Clone)]
pub struct StaffAccounts {
    store: Store,
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    audit: Audit,
    /// The permits to hash a password, see [`password::MAX_HASHES`].
    hash_permits: Arc<Semaphore>,
}

impl StaffAccounts {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self {
            store: parts.store.clone(),
            settings: Arc::clone(&parts.settings),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
            audit: parts.audit.clone(),
            hash_permits: Arc::new(Semaphore::new(password::MAX_HASHES)),
        }
    }
}
