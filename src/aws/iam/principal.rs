//! What IAM puts in the place of a principal's ARN when it stores a trust policy.

use super::Iam;
use crate::aws::partition::Arn;
use crate::aws::{Error, Kind};

impl Iam<'_> {
    /// The unique id (`AROA…`, `AIDA…`) of a role or user of this account; one call.
    ///
    /// `None` when there is none of exactly this ARN, when it lives in another account, where nobody here may look,
    /// or when the caller may not look at it.
    ///
    /// # Errors
    /// When AWS gave no answer, or one that leaves the question open.
    pub async fn unique_id_of(&self, arn: &str) -> Result<Option<String>, Error> {
        let Some(parsed) = Arn::parse(arn).filter(|parsed| parsed.account_id == self.account.id()) else {
            return Ok(None);
        };
        let found = if let Some(role) = parsed.role_name() {
            self.get_role(role).await.map(|role| (role.arn, role.unique_id))
        } else if let Some(user) = parsed.user_name() {
            self.get_user(user).await
        } else {
            return Ok(None);
        };
        match found {
            // Another path is another ARN: that is not the principal that is trusted.
            Ok((found, unique_id)) => Ok((found == arn).then_some(unique_id)),
            Err(error) if matches!(error.kind(), Kind::NotFound | Kind::Denied) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn get_user(&self, name: &str) -> Result<(String, String), Error> {
        const GET_USER: &str = "iam:GetUser";
        let answer = self.read(GET_USER, self.client.get_user().user_name(name).send()).await?;
        let user =
            answer.user().ok_or_else(|| Error::new(Kind::Other, GET_USER, "the answer holds no user"))?;
        Ok((user.arn().to_owned(), user.user_id().to_owned()))
    }
}
