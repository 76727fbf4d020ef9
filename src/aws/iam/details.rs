//! Whole roles: one by itself, or many of an account in one snapshot.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_iam::types::EntityType;
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
}

/// Roles by name, out of one snapshot of the account, and how many pages it took.
pub(in crate::aws) struct Snapshot {
    pub(in crate::aws) roles: HashMap<String, RoleDetail>,
    pub(in crate::aws) pages: usize,
}

/// What only ListRoles tells.
struct Header {
    unique_id: String,
    description: Option<String>,
    max_session_duration: Option<i32>,
}

impl Iam<'_> {
    /// One role with everything it holds: three calls, and one for each inline policy.
    ///
    /// # Errors
    /// [`Kind::NotFound`] only when AWS says that the role is not there.
    pub async fn read_role(&self, name: &str) -> Result<RoleDetail, Error> {
        let (mut role, policies, attached) = tokio::try_join!(
            self.get_role(name),
            self.list_role_policies(name),
            self.list_attached_role_policies(name),
        )?;
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

    /// The roles `wanted` out of a snapshot of the whole account; a role that is not in it is left out. `None` when
    /// the account takes more than `most_pages` pages.
    ///
    /// # Errors
    /// AWS's refusal, or [`Kind::Other`] where the service does not know the call.
    pub(in crate::aws) async fn snapshot(
        &self,
        wanted: &BTreeSet<&str>,
        most_pages: usize,
    ) -> Result<Option<Snapshot>, Error> {
        let (details, headers) = tokio::try_join!(
            self.role_details(wanted, most_pages.div_ceil(2)),
            self.role_headers(wanted, most_pages.div_ceil(2))
        )?;
        let (Some((mut roles, first)), Some((headers, second))) = (details, headers) else { return Ok(None) };
        // GetAccountAuthorizationDetails has neither description nor duration; ListRoles has both.
        roles.retain(|name, role| match headers.get(name) {
            Some(Header { unique_id, description, max_session_duration: Some(duration) })
                if *unique_id == role.unique_id =>
            {
                role.max_session_duration = *duration;
                role.description.clone_from(description);
                true
            }
            _ => false,
        });
        Ok(Some(Snapshot { roles, pages: first + second }))
    }

    async fn role_details(
        &self,
        wanted: &BTreeSet<&str>,
        most_pages: usize,
    ) -> Result<Option<(HashMap<String, RoleDetail>, usize)>, Error> {
        let request =
            self.client.get_account_authorization_details().filter(EntityType::Role).max_items(PAGE);
        let mut pages = request.into_paginator().send();
        let (mut found, mut count) = (HashMap::new(), 0);
        while let Some(page) =
            self.read("iam:GetAccountAuthorizationDetails", async { pages.next().await.transpose() }).await?
        {
            count += 1;
            let last = page.marker.is_none();
            for detail in page.role_detail_list.unwrap_or_default() {
                if let Some(role) = RoleDetail::from_detail(detail, wanted) {
                    found.insert(role.name.clone(), role);
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
        })
    }
}
