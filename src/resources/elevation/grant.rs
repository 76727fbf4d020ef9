//! What an elevation grants, and to whom it may be granted.

use super::expiry::Expiry;
use super::state::State;
use crate::aws::Account;
use crate::guard;
use crate::home::Home;
use crate::permissions::{self, Holder};
use crate::provider::{Client, failure};
use crate::role::{self, ELEVATION_PREFIX, LiveRole};
use crate::task::Task;
use crate::task_role::managed_policy;
use crate::trust;
use iam_policy::{Document, Effect, Kind, Statement, Wildcards, minify_with, quota, size};
use std::collections::BTreeSet;
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::Attr;

/// The key that tells the time of a request. (IAM User Guide, "AWS global condition context keys".)
const TIME: &str = "aws:CurrentTime";

/// The role that is elevated, as far as it is known: at plan it may not be there yet.
pub(super) struct Elevated {
    account_id: String,
    partition: String,
    role: Option<LiveRole>,
}

impl Elevated {
    pub(super) async fn read(account: &Account, state: &State) -> Result<Self, Diagnostics> {
        let role = match state.role_name.known() {
            Some(name) => role::read(account, name, &BTreeSet::new()).await.map_err(|error| {
                failure(format!("Cannot read the role {name}"), &error).at(Path::attribute("role_name"))
            })?,
            None => None,
        };
        Ok(Self { account_id: account.id().to_owned(), partition: account.partition().to_owned(), role })
    }

    /// Whether the role is there.
    pub(super) fn exists(&self) -> bool {
        self.role.is_some()
    }

    /// Refuses roles that code holds which nobody has reviewed: by their name, and by whom they trust.
    pub(super) fn refuse_planner(&self, state: &State) -> Result<(), Diagnostics> {
        let name = state.role();
        let reason = match self.unreviewed_subject() {
            _ if Task::of_role_name(name) == Task::TerraformPlanner => {
                "its name is that of a planner".to_owned()
            }
            Some(subject) => format!("its trust policy lets in `{subject}`"),
            None => return Ok(()),
        };
        let detail = format!(
            "The role {name} runs code that nobody has reviewed: {reason}. Whoever can open a pull request would hold what is \
             granted here. Elevate the applier, or another role that only trusts reviewed code."
        );
        Err(Diagnostic::error("A planner is not elevated", detail).at(Path::attribute("role_name")).into())
    }

    /// A warning that such a role holds an elevation: it was granted when the role was another.
    pub(super) fn in_wrong_hands(&self, state: &State) -> Diagnostic {
        let detail = format!(
            "The role {} runs code that nobody has reviewed, and holds what is granted here until {}. Remove this elevation, \
             or take the role back from unreviewed code.",
            state.role(),
            state.expires_at.known().map(String::as_str).unwrap_or_default()
        );
        Diagnostic::warning("A planner is elevated", detail).at(Path::attribute("role_name"))
    }

    fn unreviewed_subject(&self) -> Option<String> {
        let trust = &self.role.as_ref()?.spec.assume_role_policy;
        trust::unreviewed_subject(&iam_policy::parse(trust, Kind::Trust).ok()?)
    }

    /// Fills in the policy and what it leaves out; both stay unknown while the permissions are. A policy that was granted
    /// stays in its spelling, and is not measured again.
    pub(super) fn decide(
        &self,
        state: &mut State,
        expiry: &Expiry,
        prior: Option<&State>,
    ) -> Result<(), Diagnostics> {
        let path = Path::attribute("permissions");
        let Attr::Known(permissions) = &state.permissions else { return Ok(()) };
        let decided = permissions::document(permissions, Task::TerraformApplier, &self.holder(state), &path)?;
        let Attr::Known((document, summary)) = decided else { return Ok(()) };
        let bounded = bounded(document, expiry, &path)?;
        let granted = prior.and_then(|prior| prior.policy.known());
        let shorter = || minify_with(&bounded, Wildcards::Words).ok().map(|shorter| shorter.to_json());
        let spellings = std::iter::once(bounded.to_json());
        let mut spellings = spellings.chain(std::iter::once_with(shorter).flatten());
        let kept = granted.filter(|granted| spellings.any(|text| permissions::same(&text, granted)));
        state.policy = Attr::Known(match kept {
            Some(granted) => granted.clone(),
            None => self.fitting(state, &bounded, &path)?,
        });
        state.permissions_summary = Attr::Known(summary.into_iter().map(Attr::Known).collect());
        Ok(())
    }

    /// Asks the guard about the grant, as it would about an applier that holds it.
    ///
    /// # Errors
    /// A rule refuses it.
    pub(super) async fn judge(
        &self,
        ctx: &Context<Client>,
        account: &Account,
        state: &State,
    ) -> Result<(), Diagnostics> {
        let policy = state.policy.known().and_then(|text| iam_policy::parse(text, Kind::Identity).ok());
        let (Some(policy), Some(live)) = (policy, &self.role) else { return Ok(()) };
        let boundary = match &live.spec.permissions_boundary {
            Some(arn) => Some(managed_policy(account, arn, Path::attribute("role_name")).await),
            None => None,
        };
        let home = Home { partition: &self.partition, account_id: &self.account_id };
        let path = Path::attribute("permissions");
        let name = state.policy_name.known().map_or("elevation", String::as_str);
        let role = guard::Role {
            task: Task::TerraformApplier,
            name: state.role(),
            arn: home.role_arn(&live.spec.path, state.role()),
            home,
            trust: None,
            trust_path: Path::attribute("role_name"),
            policies: vec![guard::Policy::known(name, path.clone(), policy)],
            boundary: boundary.filter(|boundary| matches!(boundary.content, guard::Content::Known(_))),
            max_session_duration: None,
            permissions: state.permissions.known(),
            permissions_path: path,
        };
        let said = ctx.client()?.guard().iter().map(|(rule, level)| (rule.as_str(), level.as_str()));
        let found = guard::judge(std::slice::from_ref(&role), &guard::Levels::of(said, []));
        if found.has_errors() {
            return Err(found);
        }
        found.into_iter().filter(|one| one.summary != guard::OFF).for_each(|warning| ctx.warn(warning));
        Ok(())
    }

    fn holder<'a>(&'a self, state: &'a State) -> Holder<'a> {
        let spec = self.role.as_ref().map(|role| &role.spec);
        Holder {
            home: Home { partition: &self.partition, account_id: &self.account_id },
            path: spec.map_or("/", |spec| spec.path.as_str()),
            name: Some(state.role()),
            name_pattern: state.role().to_owned(),
            permissions_boundary: spec.and_then(|spec| spec.permissions_boundary.as_deref()),
            attached: spec.map(|spec| spec.managed_policy_arns.iter().cloned().collect()).unwrap_or_default(),
            siblings: &[],
        }
    }

    /// The policy in what the role's other inline policies leave of the quota, shortened if it must be.
    fn fitting(&self, state: &State, document: &Document, path: &Path) -> Result<String, Diagnostics> {
        let own = state.policy_name.known();
        let others = self.role.iter().flat_map(|role| &role.spec.inline_policies);
        let others = others.filter(|(name, _)| Some(*name) != own);
        let (mut used, mut elevations) = (0, 0);
        for (name, text) in others {
            used += size(text);
            elevations += usize::from(name.starts_with(ELEVATION_PREFIX));
        }
        let room = quota::INLINE_POLICIES_PER_ROLE.saturating_sub(used);
        let text = document.to_json();
        if size(&text) <= room {
            return Ok(text);
        }
        let text = minify_with(document, Wildcards::Words).map_or(text, |shorter| shorter.to_json());
        let Some(over) = size(&text).checked_sub(room + 1) else { return Ok(text) };
        let detail = format!(
            "All inline policies of a role together have at most {} characters. Those that the role {} has take {used} \
             ({elevations} of them other elevations), and this one takes {}, which is {} too many. Grant less, or destroy \
             elevations that are over.",
            quota::INLINE_POLICIES_PER_ROLE,
            state.role(),
            size(&text),
            over + 1
        );
        Err(Diagnostic::error("The elevation does not fit", detail).at(path.clone()).into())
    }
}

/// When a policy that was found ends: the last end of its statements that allow. `None` if one has none, so that it goes on.
pub(super) fn end(policy: &str) -> Option<Expiry> {
    let document = iam_policy::parse(policy, Kind::Identity).ok()?;
    let allows = document.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    let end = |statement: &Statement| {
        let ends = statement.conditions.iter().filter(|condition| {
            condition.operator.eq_ignore_ascii_case("DateLessThan")
                && condition.key.eq_ignore_ascii_case(TIME)
        });
        let moments = ends.flat_map(|condition| condition.values.as_slice());
        // Any one of several values satisfies a condition.
        moments.map(|moment| Expiry::parse(&moment.to_text())).collect::<Option<Vec<_>>>()?.into_iter().max()
    };
    allows.map(end).collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// The document, in which every statement ends.
fn bounded(document: Document, expiry: &Expiry, path: &Path) -> Result<Document, Diagnostics> {
    let statements = document.statements.into_vec().into_iter();
    let statements =
        statements.map(|statement| statement.condition("DateLessThan", TIME, [expiry.to_text()]));
    let bounded = Document { statements: statements.collect(), ..document };
    bounded.check(Kind::Identity).map_err(|error| {
        let detail = format!(
            "With its end, the policy is not valid: {error}. A statement that has a `DateLessThan` on `{TIME}` of its own \
             cannot have another; leave the end to `expires_at` or `valid_for`."
        );
        Diagnostic::error("The end cannot be added to a policy", detail).at(path.join("inline_policies"))
    })?;
    Ok(bounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_ends_with_the_last_of_its_statements_and_not_at_all_if_one_does_not() {
        let until = |moment: &str| {
            Statement::allow(["s3:GetObject"]).resource("*").condition("DateLessThan", TIME, [moment])
        };
        let text = |statements: Vec<Statement>| Document::new(statements).to_json();
        let both = text(vec![until("2026-01-01T00:00:00Z"), until("2027-01-01T00:00:00Z")]);
        assert_eq!(end(&both), Expiry::parse("2027-01-01T00:00:00Z"));
        let endless = Statement::allow(["s3:*"]).resource("*");
        assert_eq!(end(&text(vec![until("2026-01-01T00:00:00Z"), endless])), None);
        assert_eq!(end("{"), None);
    }
}
