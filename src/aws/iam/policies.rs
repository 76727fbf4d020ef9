//! Calls on what a role holds: inline policies and attachments.

use super::document::decode;
use super::managed::of_policy;
use super::{Iam, is_about_role};
use crate::aws::{Error, Kind};

const ATTACH_ROLE_POLICY: &str = "iam:AttachRolePolicy";

impl Iam<'_> {
    /// `iam:GetRolePolicy`: the document of one inline policy.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::aws::Kind::NotFound) when the role or the policy is not there.
    pub async fn get_role_policy(&self, role: &str, policy: &str) -> Result<String, Error> {
        let call = self.client.get_role_policy().role_name(role).policy_name(policy).send();
        let answer = self.read("iam:GetRolePolicy", call).await?;
        Ok(decode(answer.policy_document()))
    }

    /// `iam:PutRolePolicy`: creates or replaces an inline policy.
    ///
    /// # Errors
    /// [`Kind::Malformed`](crate::aws::Kind::Malformed), [`Kind::LimitExceeded`](crate::aws::Kind::LimitExceeded) for
    /// the 10,240 characters that all inline policies of a role share, or AWS's refusal.
    pub async fn put_role_policy(&self, role: &str, policy: &str, document: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request =
            self.client.put_role_policy().role_name(role).policy_name(policy).policy_document(document);
        self.write("iam:PutRolePolicy", || request.clone().send())
            .await
            .map_err(|error| of_policy(error, policy))?;
        Ok(())
    }

    /// `iam:DeleteRolePolicy`.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn delete_role_policy(&self, role: &str, policy: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request = self.client.delete_role_policy().role_name(role).policy_name(policy);
        self.write("iam:DeleteRolePolicy", || request.clone().send())
            .await
            .map_err(|error| of_policy(error, policy))?;
        Ok(())
    }

    /// `iam:AttachRolePolicy`; attaching twice is no error.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::aws::Kind::NotFound) also when the policy does not exist.
    pub async fn attach_role_policy(&self, role: &str, policy_arn: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request = self.client.attach_role_policy().role_name(role).policy_arn(policy_arn);
        let done = self.write(ATTACH_ROLE_POLICY, || request.clone().send()).await;
        done.map_err(|error| of_policy(error, policy_arn))?;
        Ok(())
    }

    /// The same for a policy that was created a moment ago: "no such policy" then means "not everywhere yet".
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn attach_new_role_policy(&self, role: &str, policy_arn: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request = self.client.attach_role_policy().role_name(role).policy_arn(policy_arn);
        let again = |error: &Error| self.is_not_yet(error) || is_missing_policy(error);
        let done = self.persist(again, || self.read(ATTACH_ROLE_POLICY, request.clone().send())).await;
        done.map_err(|error| of_policy(error, policy_arn))?;
        Ok(())
    }

    /// `iam:DetachRolePolicy`.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn detach_role_policy(&self, role: &str, policy_arn: &str) -> Result<(), Error> {
        self.account.mark_written(role);
        let request = self.client.detach_role_policy().role_name(role).policy_arn(policy_arn);
        let done = self.write("iam:DetachRolePolicy", || request.clone().send()).await;
        done.map_err(|error| of_policy(error, policy_arn))?;
        Ok(())
    }
}

fn is_missing_policy(error: &Error) -> bool {
    error.kind() == Kind::NotFound && !is_about_role(error.message())
}
