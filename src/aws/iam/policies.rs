//! Calls on what a role holds: inline policies and attachments.

use super::Iam;
use super::document::decode;
use crate::aws::Error;

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
        let done = self.write("iam:AttachRolePolicy", || request.clone().send()).await;
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

/// AWS's messages rarely say which policy of the request is meant.
fn of_policy(error: Error, policy: &str) -> Error {
    if error.message().contains(policy) { error } else { error.advise(format!("The policy is {policy}.")) }
}
