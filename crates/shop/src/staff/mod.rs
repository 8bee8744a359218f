//! The people of the shop: who they are, and what each may do.

mod role;

pub use self::role::{Right, Role, Staff, StaffName, StaffNameError};
