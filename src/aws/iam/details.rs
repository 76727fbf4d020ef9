//! Whole roles: one by itself, or many of an account in one snapshot.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_iam::types::{EntityType, ManagedPolicyDetail};
use futures_util::TryStreamExt as _;
use futures_util::stream::{self, StreamExt as _};

use super::document::decode;
use super::{Iam, from_sdk_tags};
use crate::aws::{Error, Kind};

/// What IAM takes when nobody says, in seconds.
pub(super) const DEFAULT_SESSION_DURATION: i32 = 3600;
/// Inline policies of one role read at the same time.
const READS_AT_ONCE: usize = 8;
/// The most that IAM gives in one page.
const PAGE: i32 = 1000;

/// A role with everything it holds, as IAM has it; documents decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleDetail {
    /// The role's ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its path, with a slash at both ends.
    pub path: String,
    /// `AROA…`.
    pub unique_id: String,
    /// RFC 3339.
    pub create_date: String,
    /// The description; none and empty are the same to IAM.
    pub description: Option<String>,
    /// The trust policy, JSON.
    pub assume_role_policy: String,
    /// Seconds.
    pub max_session_duration: i32,
    /// ARN of the boundary policy.
    pub permissions_boundary: Option<String>,
    /// Tags, keys in the case in which they were first written.
    pub tags: BTreeMap<String, String>,
    /// Inline policies: JSON by name.
    pub inline_policies: BTreeMap<String, String>,
    /// ARNs of the attached managed policies.
    pub managed_policy_arns: BTreeSet<String>,
    /// The documents in force of those policies that were asked for, by ARN, attached or not; JSON.
    pub documents: BTreeMap<String, String>,
}

/// What a snapshot is to show.
#[derive(Debug, Default)]
pub(in crate::aws) struct Wanted<'a> {
    /// Names of roles.
    pub(in crate::aws) roles: BTreeSet<&'a str>,
    /// ARNs of customer-managed policies.
    pub(in crate::aws) policies: BTreeSet<&'a str>,
}

/// Roles by name and documents by the policy's ARN, out of one snapshot of the account, and how many pages it took.
#[derive(Default)]
pub(in crate::aws) struct Snapshot {
    pub(in crate::aws) roles: HashMap<String, RoleDetail>,
    pub(in crate::aws) documents: HashMap<String, String>,
    pub(in crate::aws) pages: usize,
}

/// What only ListRoles tells.
struct Header {
    unique_id: String,
    description: Option<String>,
    max_session_duration: Option<i32>,
}

impl Iam<'_> {
    /// One role with everything it holds, and the documents of the policies `owned` (ARNs), attached or not, as far
    /// as they are there: three calls, one for each inline policy, two for each document.
    ///
    /// # Errors
    /// [`Kind::NotFound`] of `iam:GetRole` only when AWS says that the role is not there.
    pub async fn read_role(&self, name: &str, owned: &BTreeSet<String>) -> Result<RoleDetail, Error> {
        let (mut role, policies, attached) = tokio::try_join!(
            self.get_role(name),
            self.list_role_policies(name),
            self.list_attached_role_policies(name),
        )?;
        let documents: Vec<_> = owned.iter().map(|arn| (arn.clone(), attached.contains(arn))).collect();
        role.documents = stream::iter(documents)
            .map(|(arn, attached)| async move { self.read_document(arn, attached).await })
            .buffer_unordered(READS_AT_ONCE)
            .try_filter_map(|read| async move { Ok(read) })
            .try_collect()
            .await?;
        role.managed_policy_arns = attached;
        role.inline_policies = stream::iter(policies)
            .map(|policy| async move { self.read_inline(name, policy).await })
            .buffer_unordered(READS_AT_ONCE)
            .try_filter_map(|read| async move { Ok(read) })
            .try_collect()
            .await?;
        Ok(role)
    }

    /// A policy that vanished between the list and the read is not there; that the role vanished, the next read
    /// will tell.
    async fn read_inline(&self, role: &str, policy: String) -> Result<Option<(String, String)>, Error> {
        match self.get_role_policy(role, &policy).await {
            Ok(document) => Ok(Some((policy, document))),
            Err(error) if error.kind() == Kind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The document in force of a managed policy, with the policy's ARN. What is not attached may be gone; what is
    /// attached is there, so that "no such policy" is then an error.
    async fn read_document(&self, arn: String, attached: bool) -> Result<Option<(String, String)>, Error> {
        let policy = match self.get_policy(&arn).await {
            Err(error) if error.kind() == Kind::NotFound && !attached => return Ok(None),
            policy => policy?,
        };
        let document = self.get_policy_version(&arn, &policy.default_version).await?;
        Ok(Some((arn, document)))
    }

    /// What is `wanted` out of a snapshot of the whole account; what is not in it is left out. `None` when the account
    /// takes more than `most_pages` pages.
    ///
    /// # Errors
    /// AWS's refusal, or [`Kind::Other`] where the service does not know the call.
    pub(in crate::aws) async fn snapshot(
        &self,
        wanted: &Wanted<'_>,
        most_pages: usize,
    ) -> Result<Option<Snapshot>, Error> {
        let (details, headers) = tokio::try_join!(
            self.role_details(wanted, most_pages.div_ceil(2)),
            self.role_headers(&wanted.roles, most_pages.div_ceil(2))
        )?;
        let (Some(mut snapshot), Some((headers, pages))) = (details, headers) else { return Ok(None) };
        // GetAccountAuthorizationDetails has neither description nor duration; ListRoles has both.
        snapshot.roles.retain(|name, role| match headers.get(name) {
            Some(Header { unique_id, description, max_session_duration: Some(duration) })
                if *unique_id == role.unique_id =>
            {
                role.max_session_duration = *duration;
                role.description.clone_from(description);
                true
            }
            _ => false,
        });
        snapshot.pages += pages;
        Ok(Some(snapshot))
    }

    /// Policies are only asked for when somebody wants one: each comes with the documents of all its versions.
    async fn role_details(&self, wanted: &Wanted<'_>, most_pages: usize) -> Result<Option<Snapshot>, Error> {
        let policies = (!wanted.policies.is_empty()).then_some(EntityType::LocalManagedPolicy);
        let filter = [EntityType::Role].into_iter().chain(policies).collect();
        let request =
            self.client.get_account_authorization_details().set_filter(Some(filter)).max_items(PAGE);
        let mut pages = request.into_paginator().send();
        let mut found = Snapshot::default();
        while let Some(page) =
            self.read("iam:GetAccountAuthorizationDetails", async { pages.next().await.transpose() }).await?
        {
            found.pages += 1;
            let last = page.marker.is_none();
            for detail in page.role_detail_list.unwrap_or_default() {
                if let Some(role) = RoleDetail::from_detail(detail, &wanted.roles) {
                    found.roles.insert(role.name.clone(), role);
                }
            }
            let policies = page.policies.unwrap_or_default().into_iter();
            found.documents.extend(policies.filter_map(|policy| document_in_force(policy, &wanted.policies)));
            if found.roles.len() == wanted.roles.len() && found.documents.len() == wanted.policies.len() {
                break;
            }
            if found.pages >= most_pages && !last {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    async fn role_headers(
        &self,
        wanted: &BTreeSet<&str>,
        most_pages: usize,
    ) -> Result<Option<(HashMap<String, Header>, usize)>, Error> {
        let mut pages = self.client.list_roles().max_items(PAGE).into_paginator().send();
        let (mut found, mut count) = (HashMap::new(), 0);
        while let Some(page) = self.read("iam:ListRoles", async { pages.next().await.transpose() }).await? {
            count += 1;
            let last = page.marker.is_none();
            for role in page.roles {
                if wanted.contains(role.role_name.as_str()) {
                    let header = Header {
                        unique_id: role.role_id,
                        description: role.description,
                        max_session_duration: role.max_session_duration,
                    };
                    found.insert(role.role_name, header);
                }
            }
            if found.len() == wanted.len() {
                break;
            }
            if count >= most_pages && !last {
                return Ok(None);
            }
        }
        Ok(Some((found, count)))
    }
}

/// ARN and document of a policy, if it is a wanted one.
fn document_in_force(policy: ManagedPolicyDetail, wanted: &BTreeSet<&str>) -> Option<(String, String)> {
    let arn = policy.arn.filter(|arn| wanted.contains(arn.as_str()))?;
    let version = policy.policy_version_list?.into_iter().find(|version| version.is_default_version)?;
    Some((arn, decode(&version.document?)))
}

impl RoleDetail {
    fn from_detail(detail: aws_sdk_iam::types::RoleDetail, wanted: &BTreeSet<&str>) -> Option<Self> {
        let name = detail.role_name.filter(|name| wanted.contains(name.as_str()))?;
        let inline = detail.role_policy_list.unwrap_or_default().into_iter();
        let attached = detail.attached_managed_policies.unwrap_or_default().into_iter();
        Some(Self {
            arn: detail.arn?,
            name,
            path: detail.path?,
            unique_id: detail.role_id?,
            create_date: super::role::rfc3339(&detail.create_date?),
            description: None,
            assume_role_policy: decode(&detail.assume_role_policy_document?),
            max_session_duration: DEFAULT_SESSION_DURATION,
            permissions_boundary: detail
                .permissions_boundary
                .and_then(|boundary| boundary.permissions_boundary_arn),
            tags: from_sdk_tags(&detail.tags.unwrap_or_default()),
            inline_policies: inline
                .filter_map(|policy| Some((policy.policy_name?, decode(&policy.policy_document?))))
                .collect(),
            managed_policy_arns: attached.filter_map(|policy| policy.policy_arn).collect(),
            documents: BTreeMap::new(),
        })
    }
}
