//! `iam:CreateRole`, and what becomes of a role whose creation was not answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use aws_sdk_iam::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_iam::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_iam::error::BoxError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::{Iam, RoleDetail, to_sdk_tags, trust};
use crate::aws::{Error, Kind};

const CREATE_ROLE: &str = "iam:CreateRole";
/// The SDK corrects a clock that is off by more.
const CLOCK_SKEW: Duration = Duration::from_secs(5 * 60);

/// What `iam:CreateRole` takes.
#[derive(Clone, Debug)]
pub struct NewRole<'a> {
    /// 1 to 64 characters, unique in the account without regard to case.
    pub name: &'a str,
    /// Begins and ends with a slash.
    pub path: &'a str,
    /// The trust policy, JSON.
    pub assume_role_policy: &'a str,
    /// Up to 1,000 characters.
    pub description: Option<&'a str>,
    /// Seconds, 3,600 to 43,200.
    pub max_session_duration: i32,
    /// ARN of a managed policy.
    pub permissions_boundary: Option<&'a str>,
    /// Up to 50.
    pub tags: &'a BTreeMap<String, String>,
}

/// What AWS alone knows of a new role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedRole {
    /// The role's ARN.
    pub arn: String,
    /// `AROA…`, never used twice.
    pub unique_id: String,
    /// RFC 3339.
    pub create_date: String,
}

impl Iam<'_> {
    /// `iam:CreateRole`, tried again for a while when a principal of the trust policy may not be everywhere yet.
    ///
    /// When an attempt gets no answer and the next one finds the name taken, the role may be ours: it is, if it is
    /// exactly what was asked for and no older than the first attempt. Any other role of the name is somebody else's.
    ///
    /// # Errors
    /// [`Kind::AlreadyExists`], [`Kind::InvalidPrincipal`] with the principals to look at, or AWS's refusal.
    pub async fn create_role(&self, role: &NewRole<'_>) -> Result<CreatedRole, Error> {
        self.account.mark_written(role.name);
        let begun = SystemTime::now();
        let tags = to_sdk_tags(CREATE_ROLE, role.tags)?;
        let request = self
            .client
            .create_role()
            .role_name(role.name)
            .path(role.path)
            .assume_role_policy_document(role.assume_role_policy)
            .set_description(role.description.map(str::to_owned))
            .max_session_duration(role.max_session_duration)
            .set_permissions_boundary(role.permissions_boundary.map(str::to_owned))
            .set_tags((!tags.is_empty()).then_some(tags));
        let attempts = Attempts::default();
        let send = || request.clone().customize().interceptor(attempts.clone()).send();
        match self.persist(trust::is_not_yet, || self.read(CREATE_ROLE, send())).await {
            Ok(answer) => {
                let created = answer.role();
                let created = created.map(|created| CreatedRole::from(&RoleDetail::from_role(created)));
                created.ok_or_else(|| Error::new(Kind::Other, CREATE_ROLE, "the answer holds no role"))
            }
            Err(error) if error.kind() == Kind::AlreadyExists && attempts.count() > 1 => {
                self.created_without_answer(role, begun).await.ok_or(error)
            }
            Err(error) => Err(trust::missing_principal(error, role.assume_role_policy)),
        }
    }

    async fn created_without_answer(&self, asked: &NewRole<'_>, begun: SystemTime) -> Option<CreatedRole> {
        let found = self.get_role(asked.name).await.ok()?;
        let created = DateTime::from_str(&found.create_date, Format::DateTime).ok()?;
        let is_new = is_since(SystemTime::try_from(created).ok()?, begun);
        (is_new && asked.is(&found)).then(|| CreatedRole::from(&found))
    }
}

impl NewRole<'_> {
    /// Whether a role is what this asks for, without anything that could have come later.
    fn is(&self, found: &RoleDetail) -> bool {
        let parse = |text: &str| iam_policy::parse(text, iam_policy::Kind::Trust).ok();
        let same_trust = match (parse(self.assume_role_policy), parse(&found.assume_role_policy)) {
            (Some(asked), Some(found)) => iam_policy::equal(&asked, &found),
            _ => false,
        };
        same_trust
            && self.path == found.path
            && self.description.unwrap_or_default() == found.description.as_deref().unwrap_or_default()
            && self.max_session_duration == found.max_session_duration
            && self.permissions_boundary == found.permissions_boundary.as_deref()
            && *self.tags == found.tags
    }
}

impl From<&RoleDetail> for CreatedRole {
    fn from(role: &RoleDetail) -> Self {
        Self {
            arn: role.arn.clone(),
            unique_id: role.unique_id.clone(),
            create_date: role.create_date.clone(),
        }
    }
}

/// Whether something that AWS dated `created` can have been made by what began here at `begun`.
pub(super) fn is_since(created: SystemTime, begun: SystemTime) -> bool {
    created + CLOCK_SKEW > begun
}

/// Counts how often a request goes out: the SDK does not tell how often it tried again.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempts(Arc<AtomicU32>);

impl Attempts {
    pub(super) fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "Attempts"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
