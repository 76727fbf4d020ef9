//! Calls on customer-managed policies: as wholes, and their versions.

use std::collections::BTreeMap;

use super::document::decode;
use super::{Iam, from_sdk_tags, to_sdk_tags};
use crate::aws::{Error, Kind};

pub(in crate::aws) const GET_POLICY: &str = "iam:GetPolicy";
const CREATE_POLICY: &str = "iam:CreatePolicy";
const GET_POLICY_VERSION: &str = "iam:GetPolicyVersion";

/// What `iam:CreatePolicy` takes.
#[derive(Clone, Copy, Debug)]
pub struct NewPolicy<'a> {
    /// 1 to 128 characters, unique in the account without regard to case and path.
    pub name: &'a str,
    /// Begins and ends with a slash.
    pub path: &'a str,
    /// The policy, JSON; up to 6,144 characters without white space.
    pub document: &'a str,
    /// Up to 1,000 characters; never changes.
    pub description: &'a str,
    /// Up to 50.
    pub tags: &'a BTreeMap<String, String>,
}

/// A managed policy as `iam:GetPolicy` shows it: without its document, which is its version's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyDetail {
    /// As it was given when the policy was created.
    pub description: Option<String>,
    /// The version in force, such as `v3`.
    pub default_version: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// One version of a managed policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// `v1`, `v2`…: the number only grows, also when versions in between are deleted.
    pub id: String,
    /// Whether this is the one in force.
    pub is_default: bool,
}

impl Iam<'_> {
    /// `iam:CreatePolicy`.
    ///
    /// An attempt whose answer is lost may have created the policy; the next one then finds the name taken.
    ///
    /// # Errors
    /// [`Kind::AlreadyExists`], [`Kind::Malformed`], or AWS's refusal.
    pub async fn create_policy(&self, policy: &NewPolicy<'_>) -> Result<(), Error> {
        let tags = to_sdk_tags(CREATE_POLICY, policy.tags)?;
        let request = self
            .client
            .create_policy()
            .policy_name(policy.name)
            .path(policy.path)
            .policy_document(policy.document)
            .description(policy.description)
            .set_tags((!tags.is_empty()).then_some(tags));
        self.write(CREATE_POLICY, || request.clone().send())
            .await
            .map_err(|error| of_policy(error, policy.name))?;
        Ok(())
    }

    /// `iam:GetPolicy`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such policy.
    pub async fn get_policy(&self, arn: &str) -> Result<PolicyDetail, Error> {
        let answer = self.read(GET_POLICY, self.client.get_policy().policy_arn(arn).send()).await;
        let answer = answer.map_err(|error| of_policy(error, arn))?;
        let policy =
            answer.policy.ok_or_else(|| Error::new(Kind::Other, GET_POLICY, "the answer holds no policy"))?;
        Ok(PolicyDetail {
            tags: from_sdk_tags(policy.tags()),
            description: policy.description,
            default_version: policy.default_version_id.unwrap_or_default(),
        })
    }

    /// `iam:GetPolicyVersion`: the document of one version.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when the policy or the version is not there.
    pub async fn get_policy_version(&self, arn: &str, version: &str) -> Result<String, Error> {
        let call = self.client.get_policy_version().policy_arn(arn).version_id(version).send();
        let answer = self.read(GET_POLICY_VERSION, call).await.map_err(|error| of_policy(error, arn))?;
        let document = answer.policy_version.and_then(|version| version.document);
        document
            .map(|document| decode(&document))
            .ok_or_else(|| Error::new(Kind::Other, GET_POLICY_VERSION, "the answer holds no document"))
    }

    /// `iam:CreatePolicyVersion`: the policy says `document` from now on. The version before it stays.
    ///
    /// # Errors
    /// [`Kind::LimitExceeded`] when the policy has as many versions as it may, [`Kind::Malformed`], or AWS's refusal.
    pub async fn create_policy_version(&self, arn: &str, document: &str) -> Result<(), Error> {
        self.account.mark_written(arn);
        let request = self
            .client
            .create_policy_version()
            .policy_arn(arn)
            .policy_document(document)
            .set_as_default(true);
        self.write("iam:CreatePolicyVersion", || request.clone().send())
            .await
            .map_err(|error| of_policy(error, arn))?;
        Ok(())
    }

    /// `iam:ListPolicyVersions`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such policy.
    pub async fn list_policy_versions(&self, arn: &str) -> Result<Vec<PolicyVersion>, Error> {
        let mut pages = self.client.list_policy_versions().policy_arn(arn).into_paginator().send();
        let mut versions = Vec::new();
        while let Some(page) =
            self.read("iam:ListPolicyVersions", async { pages.next().await.transpose() }).await?
        {
            let found = page.versions.unwrap_or_default().into_iter();
            versions.extend(found.filter_map(|version| {
                Some(PolicyVersion { id: version.version_id?, is_default: version.is_default_version })
            }));
        }
        Ok(versions)
    }

    /// `iam:DeletePolicyVersion`, of one that is not in force.
    ///
    /// # Errors
    /// [`Kind::NotFound`], or AWS's refusal.
    pub async fn delete_policy_version(&self, arn: &str, version: &str) -> Result<(), Error> {
        let request = self.client.delete_policy_version().policy_arn(arn).version_id(version);
        self.write("iam:DeletePolicyVersion", || request.clone().send())
            .await
            .map_err(|error| of_policy(error, arn))?;
        Ok(())
    }

    /// `iam:DeletePolicy`, of one that is attached to nobody and has one version.
    ///
    /// # Errors
    /// [`Kind::DeleteConflict`] when it is attached, bounds somebody or has more versions; [`Kind::NotFound`].
    pub async fn delete_policy(&self, arn: &str) -> Result<(), Error> {
        self.account.mark_written(arn);
        let request = self.client.delete_policy().policy_arn(arn);
        self.write("iam:DeletePolicy", || request.clone().send())
            .await
            .map_err(|error| of_policy(error, arn))?;
        Ok(())
    }

    /// `iam:ListEntitiesForPolicy`: to whom it is attached or whom it bounds, as `role deploy`, `user alice`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such policy.
    pub async fn list_entities_for_policy(&self, arn: &str) -> Result<Vec<String>, Error> {
        let mut pages = self.client.list_entities_for_policy().policy_arn(arn).into_paginator().send();
        let mut entities = Vec::new();
        while let Some(page) =
            self.read("iam:ListEntitiesForPolicy", async { pages.next().await.transpose() }).await?
        {
            let roles =
                page.policy_roles().iter().filter_map(|role| Some(format!("role {}", role.role_name()?)));
            let users =
                page.policy_users().iter().filter_map(|user| Some(format!("user {}", user.user_name()?)));
            let groups = page
                .policy_groups()
                .iter()
                .filter_map(|group| Some(format!("group {}", group.group_name()?)));
            entities.extend(roles.chain(users).chain(groups));
        }
        Ok(entities)
    }

    /// `iam:TagPolicy`: adds tags and replaces the values of those whose keys are there, in whatever case.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn tag_policy(&self, arn: &str, tags: &BTreeMap<String, String>) -> Result<(), Error> {
        const TAG_POLICY: &str = "iam:TagPolicy";
        let request = self.client.tag_policy().policy_arn(arn).set_tags(Some(to_sdk_tags(TAG_POLICY, tags)?));
        self.write(TAG_POLICY, || request.clone().send()).await.map_err(|error| of_policy(error, arn))?;
        Ok(())
    }

    /// `iam:UntagPolicy`.
    ///
    /// # Errors
    /// AWS's refusal.
    pub async fn untag_policy(&self, arn: &str, keys: &[String]) -> Result<(), Error> {
        let request = self.client.untag_policy().policy_arn(arn).set_tag_keys(Some(keys.to_vec()));
        self.write("iam:UntagPolicy", || request.clone().send())
            .await
            .map_err(|error| of_policy(error, arn))?;
        Ok(())
    }
}

/// AWS's messages rarely say which policy of the request is meant.
pub(super) fn of_policy(error: Error, policy: &str) -> Error {
    if error.message().contains(policy) { error } else { error.advise(format!("The policy is {policy}.")) }
}
