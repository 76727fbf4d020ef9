//! Lists, always to their last page: a page may end early, so nobody may trust the first.

use std::collections::BTreeSet;

use super::Iam;
use crate::aws::Error;

impl Iam<'_> {
    /// `iam:ListRoles`: ARNs of all roles of the account.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn list_roles(&self) -> Result<Vec<String>, Error> {
        let mut pages = self.client.list_roles().into_paginator().send();
        let mut arns = Vec::new();
        while let Some(page) = self.read("iam:ListRoles", async { pages.next().await.transpose() }).await? {
            arns.extend(page.roles.into_iter().map(|role| role.arn));
        }
        Ok(arns)
    }

    /// `iam:ListRolePolicies`: names of the inline policies.
    ///
    /// # Errors
    /// AWS's refusal; [`Kind::NotFound`](crate::aws::Kind::NotFound) when there is no such role.
    pub async fn list_role_policies(&self, role: &str) -> Result<Vec<String>, Error> {
        let mut pages = self.client.list_role_policies().role_name(role).into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) =
            self.read("iam:ListRolePolicies", async { pages.next().await.transpose() }).await?
        {
            names.extend(page.policy_names);
        }
        Ok(names)
    }

    /// `iam:ListAttachedRolePolicies`: ARNs of the attached policies.
    ///
    /// # Errors
    /// AWS's refusal; [`Kind::NotFound`](crate::aws::Kind::NotFound) when there is no such role.
    pub async fn list_attached_role_policies(&self, role: &str) -> Result<BTreeSet<String>, Error> {
        let mut pages = self.client.list_attached_role_policies().role_name(role).into_paginator().send();
        let mut arns = BTreeSet::new();
        while let Some(page) =
            self.read("iam:ListAttachedRolePolicies", async { pages.next().await.transpose() }).await?
        {
            arns.extend(
                page.attached_policies.unwrap_or_default().into_iter().filter_map(|policy| policy.policy_arn),
            );
        }
        Ok(arns)
    }

    /// `iam:ListInstanceProfilesForRole`: names of the instance profiles that hold the role.
    ///
    /// # Errors
    /// AWS's refusal; [`Kind::NotFound`](crate::aws::Kind::NotFound) when there is no such role.
    pub async fn list_instance_profiles_for_role(&self, role: &str) -> Result<Vec<String>, Error> {
        let mut pages = self.client.list_instance_profiles_for_role().role_name(role).into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) =
            self.read("iam:ListInstanceProfilesForRole", async { pages.next().await.transpose() }).await?
        {
            names.extend(page.instance_profiles.into_iter().map(|profile| profile.instance_profile_name));
        }
        Ok(names)
    }
}
