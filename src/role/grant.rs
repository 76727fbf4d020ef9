//! One inline policy on a role that belongs to somebody else.
//!
//! Owns nothing else of the role, and never takes a role that is gone for an error.

use super::step::gone_is_done;
use crate::aws::{Account, Error, Kind, Stop};

/// A policy on a role, both by name.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// The role's name.
    pub role: &'a str,
    /// The inline policy's name.
    pub policy: &'a str,
}

impl Grant<'_> {
    /// Puts the policy on the role, in place of one of the same name.
    ///
    /// # Errors
    /// AWS's refusal; [`Kind::NotFound`] when there is no such role.
    pub async fn put(self, account: &Account, document: &str, stop: &Stop) -> Result<(), Error> {
        account.iam(stop).await?.put_role_policy(self.role, self.policy, document).await
    }

    /// The policy's document as AWS has it, `None` when the policy or the role is gone.
    ///
    /// # Errors
    /// Whatever AWS answered instead: a refused or throttled read never means "gone".
    pub async fn read(self, account: &Account) -> Result<Option<String>, Error> {
        let stop = Stop::never();
        match account.iam(&stop).await?.get_role_policy(self.role, self.policy).await {
            Err(error) if error.kind() == Kind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }

    /// Takes the policy off the role. That one of them is gone already is success.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn remove(self, account: &Account, stop: &Stop) -> Result<(), Error> {
        gone_is_done(account.iam(stop).await?.delete_role_policy(self.role, self.policy).await)
    }
}
