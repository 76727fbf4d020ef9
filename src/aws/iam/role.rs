//! Calls on a role that is there: describe, trust, boundary, tags, delete.

use std::collections::BTreeMap;

use aws_smithy_types::date_time::Format;

use super::details::RoleDetail;
use super::{Iam, from_sdk_tags, to_sdk_tags, trust};
use crate::aws::{Error, Kind};

pub(in crate::aws) const GET_ROLE: &str = "iam:GetRole";
const UPDATE_TRUST: &str = "iam:UpdateAssumeRolePolicy";

impl Iam<'_> {
    /// `iam:GetRole`: the role without its policies, which are lists of their own.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such role.
    pub async fn get_role(&self, name: &str) -> Result<RoleDetail, Error> {
        let answer = self.read(GET_ROLE, self.client.get_role().role_name(name).send()).await?;
        let role =
            answer.role().ok_or_else(|| Error::new(Kind::Other, GET_ROLE, "the answer holds no role"))?;
        Ok(RoleDetail::from_role(role))
    }

    /// `iam:UpdateAssumeRolePolicy`, tried again like [`Iam::create_role`].
    ///
    /// # Errors
    /// [`Kind::InvalidPrincipal`] with the principals to look at, or AWS's refusal.
    pub async fn update_assume_role_policy(&self, role: &str, document: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request = self.client.update_assume_role_policy().role_name(role).policy_document(document);
        let again = |error: &Error| trust::is_not_yet(error) || self.is_not_yet(error);
        self.persist(again, || self.read(UPDATE_TRUST, request.clone().send()))
            .await
            .map_err(|error| trust::missing_principal(error, document))?;
        Ok(())
    }

    /// `iam:UpdateRole`. Both are always sent: AWS resets a duration that is left out to 3,600, and keeps a
    /// description that is left out.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn update_role(
        &self,
        role: &str,
        description: &str,
        max_session_duration: i32,
    ) -> Result<(), Error> {
        self.account.mark_written(role);
        let request = self
            .client
            .update_role()
            .role_name(role)
            .description(description)
            .max_session_duration(max_session_duration);
        self.write("iam:UpdateRole", || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:PutRolePermissionsBoundary`.
    ///
    /// # Errors
    /// AWS's refusal; [`Kind::NotFound`] also when the boundary policy does not exist.
    pub async fn put_role_permissions_boundary(&self, role: &str, policy_arn: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request =
            self.client.put_role_permissions_boundary().role_name(role).permissions_boundary(policy_arn);
        self.write("iam:PutRolePermissionsBoundary", || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:DeleteRolePermissionsBoundary`.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn delete_role_permissions_boundary(&self, role: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request = self.client.delete_role_permissions_boundary().role_name(role);
        self.write("iam:DeleteRolePermissionsBoundary", || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:TagRole`: adds tags and replaces the values of those whose keys are there, in whatever case.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn tag_role(&self, role: &str, tags: &BTreeMap<String, String>) -> Result<(), Error> {
        const TAG_ROLE: &str = "iam:TagRole";
        self.account.mark_written(role);
        let request = self.client.tag_role().role_name(role).set_tags(Some(to_sdk_tags(TAG_ROLE, tags)?));
        self.write(TAG_ROLE, || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:UntagRole`.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn untag_role(&self, role: &str, keys: &[String]) -> Result<(), Error> {
        self.account.mark_written(role);
        let request = self.client.untag_role().role_name(role).set_tag_keys(Some(keys.to_vec()));
        self.write("iam:UntagRole", || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:DeleteRole`, which takes the boundary and the tags along, but nothing else that the role holds.
    ///
    /// # Errors
    /// [`Kind::DeleteConflict`] when it still holds something, [`Kind::NotFound`], or AWS's refusal.
    pub async fn delete_role(&self, role: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request = self.client.delete_role().role_name(role);
        self.write("iam:DeleteRole", || request.clone().send()).await?;
        Ok(())
    }

    /// `iam:RemoveRoleFromInstanceProfile`; the profile stays.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn remove_role_from_instance_profile(&self, role: &str, profile: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request =
            self.client.remove_role_from_instance_profile().role_name(role).instance_profile_name(profile);
        self.write("iam:RemoveRoleFromInstanceProfile", || request.clone().send()).await?;
        Ok(())
    }
}

impl RoleDetail {
    pub(super) fn from_role(role: &aws_sdk_iam::types::Role) -> Self {
        Self {
            arn: role.arn().to_owned(),
            name: role.role_name().to_owned(),
            path: role.path().to_owned(),
            unique_id: role.role_id().to_owned(),
            create_date: rfc3339(role.create_date()),
            description: role.description().map(str::to_owned),
            assume_role_policy: super::document::decode(
                role.assume_role_policy_document().unwrap_or_default(),
            ),
            max_session_duration: role
                .max_session_duration()
                .unwrap_or(super::details::DEFAULT_SESSION_DURATION),
            permissions_boundary: role
                .permissions_boundary()
                .and_then(|boundary| boundary.permissions_boundary_arn())
                .map(str::to_owned),
            tags: from_sdk_tags(role.tags()),
            ..Self::default()
        }
    }
}

pub(super) fn rfc3339(date: &aws_smithy_types::DateTime) -> String {
    date.fmt(Format::DateTime).unwrap_or_default()
}
