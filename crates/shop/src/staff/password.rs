//! Hashes and verifies passwords with Argon2id. One hash needs 19 MiB and about ten milliseconds, so it runs on a
//! thread for blocking work, and only a few run at the same time.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::{ShopError, StaffAccounts};

/// The maximum number of simultaneous hashes: two need 38 MiB.
pub(super) const MAX_HASHES: usize = 2;

/// The allowed lengths of a password, characters.
const LENGTH: std::ops::RangeInclusive<usize> = 10..=200;

/// Checks that a new password has an allowed length and no control characters.
pub(super) fn check_new_password(password: &str) -> Result<(), ShopError> {
    if LENGTH.contains(&password.chars().count()) && !password.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(ShopError::invalid(
            "密码为 10 至 200 个字符，不含换行等控制字符",
            "A password has 10 to 200 characters, without control characters.",
        ))
    }
}

/// Checks that a person typed the new password twice. `again` is `None` for a program, which sends it once.
///
/// # Errors
/// [`ShopError::Invalid`] if they differ.
pub fn check_repeated_password(password: &str, again: Option<&str>) -> Result<(), ShopError> {
    match again {
        Some(again) if again != password => {
            Err(ShopError::invalid("两次输入的密码不一致", "The two passwords are not the same."))
        }
        _ => Ok(()),
    }
}

fn hash(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).ok()
}

fn verify(password: &str, hash: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

impl StaffAccounts {
    pub(super) async fn hash_password(&self, password: String) -> Result<String, ShopError> {
        self.run_hash(move || hash(&password)).await?.ok_or(ShopError::Busy)
    }

    /// Whether the password matches the hash. `false` without a hash.
    pub(super) async fn verify_password(
        &self,
        password: String,
        known: Option<String>,
    ) -> Result<bool, ShopError> {
        self.run_hash(move || match known {
            Some(known) => verify(&password, &known),
            None => {
                // equally slow for an unknown name, so that the time does not reveal which names exist
                let _ = hash(&password);
                false
            }
        })
        .await
    }

    async fn run_hash<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ShopError> {
        let _turn = self.hash_permits.acquire().await.map_err(|_| ShopError::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| ShopError::Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_verifies_and_another_does_not() {
        let one = hash("correct horse").unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(hash("correct horse").unwrap(), one, "salted");
        assert!(verify("correct horse", &one) && !verify("correct horse ", &one));
        assert!(!verify("anything", "no hash"));
    }
}
