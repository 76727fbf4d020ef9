//! The attributes of a task role, and what they say to the AWS side.

use crate::aws::{Account, role_arn};
use crate::checks;
use crate::guard;
use crate::home::Home;
use crate::permissions::{self, Held, Holder, Managed, Owned, Permissions};
use crate::policy_size::PolicySize;
use crate::provider::Client;
use crate::role::{Contents, LiveRole, RoleSpec, Rules, Tolerate, Unmanaged};
pub(crate) use crate::tags::attributes::known;
use crate::task::{self, Task};
use crate::trust::Trust;
use crate::unique_suffix::unique_suffix;
use iam_policy::Arn;
use std::collections::BTreeMap;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, List, Map, Set, computed, optional, required};

/// What may happen to policies that others attached.
pub(crate) const UNMANAGED: &[&str] = &["remove", "report", "ignore"];

object! {
    /// One IAM role for one task of a deploy runner, owned whole: trust, inline policies, attachments, boundary, tags.
    ///
    /// The plan shows the ARN and every policy document as the role will hold them. Policies that somebody else puts on the role are drift. Only `name`, `name_prefix`, `path` and `account_id` make a new role.
    pub struct State {
        /// Name of the role: at most 64 letters, digits and `_+=,.@-`, unique in the account whatever its case. One of `name` and `name_prefix`.
        pub name: String = optional().computed().keep().replace().check(checks::role_name),
        /// Beginning of a generated name, at most 38 characters. One of `name` and `name_prefix`. A role whose name begins otherwise is replaced.
        pub name_prefix: String = optional().check(checks::role_name_prefix),
        /// What the role is for. It decides which arguments `permissions` has, and what they come to.
        pub task: String = required().one_of(task::NAMES),
        /// Account in which the role is, entered through the provider's `account_role`. Defaults to the provider's own account when the role is made; from then on the role stays where it is until another account is named.
        pub account_id: String = optional().computed().keep().replace().check(checks::account_id),
        /// Path of the role, such as `/ci/`.
        pub path: String = optional().default_to("/".to_owned()).replace().check(checks::path),
        /// What the role is, for people who find it in the console: at most 1,000 characters.
        pub description: String = optional().check(checks::description),
        /// ARN of the managed policy that bounds what the role can ever do.
        pub permissions_boundary: String = optional().check(checks::policy_arn),
        /// Tags, over those of the provider's `default_tags`; at most 50 together.
        pub tags: Map<String> = optional().check_keys(checks::tag_key).check_each(checks::tag_value),
        /// The longest session that the role allows, in seconds: 3600 to 43200. Sessions of a role that assumes this one last 3600 at most, whatever is set here.
        pub max_session_duration: i64 = optional().default_to(3600_i64).check(checks::max_session_duration),
        /// Who may assume the role: at least one entry, of any kind.
        pub trust: Trust = required(),
        /// What the role may do. Without it, a planner reads as `base` says, and other roles may do nothing.
        pub permissions: Permissions = optional(),
        /// What happens to policies that somebody attached outside of Terraform: `remove` takes them off, `report` shows them and leaves them, `ignore` leaves them unseen. `AWSRevokeOlderSessions`, which ends stolen sessions, and time-limited grants (`deployrunner-elevation-…`) are never touched.
        pub unmanaged_policies: String = optional().default_to("remove".to_owned()).one_of(UNMANAGED),
        /// Patterns, with `*` and `?`, of policy names, policy ARNs and tag keys that a company's guardrail may add: they are neither drift nor removed.
        pub tolerate: Set<String> = optional(),
        /// Whether destroying or replacing the role is refused.
        pub deletion_protection: bool = optional().default_to(false),
        /// What the guard's rules come to here: rule to `deny`, `warn` or `off`, over the provider's `guard`. The guide "The guard" has every rule.
        pub guard: Map<String> = optional().check_keys(guard::check_rule).check_each(guard::check_level),
        /// ARN of the role.
        pub id: String = computed().keep().never_null(),
        /// ARN of the role, known at plan when the name is.
        pub arn: String = computed().keep().never_null(),
        /// ID that IAM gave the role, such as `AROAEXAMPLEID`; another one when a role of this name is made again.
        pub unique_id: String = computed().keep().never_null(),
        /// When the role was made (RFC 3339).
        pub create_date: String = computed().keep().never_null(),
        /// The trust policy, in JSON.
        pub assume_role_policy: String = computed().never_null(),
        /// One sentence for each entry of `trust`: who is trusted, in which way, and what that means.
        pub trust_summary: List<String> = computed().never_null(),
        /// What a reader of the plan should know about the permissions, a sentence each: what could not be limited, and what was left out.
        pub permissions_summary: List<String> = computed().never_null(),
        /// The inline policies that the role holds: name to policy document in JSON. What the arguments of `permissions` come to is `deployrunner`.
        pub inline_policies: Map<String> = computed().never_null(),
        /// The managed policies that are attached to the role: name to a JSON object with their `PolicyArn`. Those with a `PolicyDocument` hold what does not fit into inline policies; they belong to the role, have its path and tags, and are deleted with it. One of them that is there without being attached, since a change ended half-way or somebody detached it, says `"Attached": false`.
        pub managed_policies: Map<String> = computed().never_null(),
        /// How much of IAM's quotas the policies use.
        pub policy_size: PolicySize = computed().never_null(),
        /// How many seconds the sessions of each kind of trusted caller really last at most: `oidc` and `user` get the role's maximum, `role` 3600 at most (role chaining), `service` has no value of ours: the service renews its credentials by itself.
        pub effective_session_duration: Map<i64> = computed().never_null(),
        /// All tags, the provider's `default_tags` included.
        pub tags_all: Map<String> = computed().never_null(),
    }
}

object! {
    /// What tells one role from every other.
    pub struct Identity {
        /// Account ID.
        pub account_id: String = required(),
        /// Partition: `aws`, `aws-cn`, `aws-us-gov`…
        pub partition: String = optional(),
        /// Name of the role.
        pub name: String = required(),
    }
}

impl State {
    /// The identity, once account and name are known.
    pub(crate) fn identity(&self) -> Option<Identity> {
        let arn = Arn::parse(self.arn.known()?).ok()?;
        Some(Identity {
            account_id: Attr::Known(arn.account().to_owned()),
            partition: Attr::Known(arn.partition().to_owned()),
            name: self.name.clone(),
        })
    }

    /// Whether only what names the role is known, as after an import.
    pub(crate) fn is_imported(&self) -> bool {
        self.unique_id.is_null()
    }

    /// The role's name, which every stored state has.
    ///
    /// # Errors
    /// The state has none: it was damaged.
    pub(crate) fn name(&self) -> Result<String, Diagnostics> {
        self.name.known().cloned().ok_or_else(|| damaged("name"))
    }

    /// Gives the role a name and what follows from it, where the plan could not.
    pub(crate) fn name_it(&mut self, account: &Account) {
        if let (Attr::Unknown, Attr::Known(prefix)) = (&self.name, &self.name_prefix) {
            self.name = Attr::Known(format!("{prefix}{}", unique_suffix()));
        }
        self.account_id = Attr::Known(account.id().to_owned());
        if let (Attr::Known(path), Attr::Known(name)) = (&self.path, &self.name) {
            self.arn = Attr::Known(role_arn(account.partition(), account.id(), path, name));
        }
    }

    /// What the role is for, once that is known.
    pub(crate) fn task(&self) -> Option<Task> {
        Task::named(self.task.known()?)
    }

    /// What the role will hold. It depends on where the role is, and on which others belong to the same runner.
    ///
    /// # Errors
    /// Something in the permissions comes to nothing, or does not fit into IAM's quotas.
    pub(crate) fn held(&self, home: Option<Home<'_>>, siblings: &[String]) -> Result<Held, Diagnostics> {
        let path = Path::attribute("permissions");
        permissions::held(&self.permissions, self.task(), self.holder(home, siblings).as_ref(), &path)
    }

    fn holder<'a>(&'a self, home: Option<Home<'a>>, siblings: &'a [String]) -> Option<Holder<'a>> {
        let prefix = self.name_prefix.known().map(|prefix| format!("{prefix}*"));
        let boundary = match &self.permissions_boundary {
            Attr::Unknown => return None,
            boundary => boundary.known().map(String::as_str).filter(|arn| !arn.is_empty()),
        };
        let name = self.name.known().map(String::as_str);
        Some(Holder {
            home: home?,
            path: self.path.known()?,
            name,
            name_pattern: prefix.or_else(|| name.map(str::to_owned))?,
            permissions_boundary: boundary,
            attached: self.permissions.known().map(permissions::customer_managed).unwrap_or_default(),
            siblings,
        })
    }

    /// What the role held as far as it is ours. Where the permissions can no longer be generated, since somebody took
    /// the boundary away for example, that is told from what the role shows: no prior state keeps it from being mended.
    pub(crate) fn held_before(&self, home: Option<Home<'_>>, siblings: &[String]) -> Held {
        self.held(home, siblings).unwrap_or_else(|_| {
            Held::of_shown(&self.permissions, self.task(), (&known(&self.inline_policies), &self.managed()))
        })
    }

    /// What is wanted of the role.
    ///
    /// # Errors
    /// Something is still unknown, which a host must not ask to apply.
    pub(crate) fn spec(&self, siblings: &[String]) -> Result<RoleSpec, Diagnostics> {
        self.at_home(|home| self.held(home, siblings)).and_then(|held| self.holding(held))
    }

    /// What was wanted of the role, as far as that can still be told.
    ///
    /// # Errors
    /// The state was damaged.
    pub(crate) fn spec_before(&self, siblings: &[String]) -> Result<RoleSpec, Diagnostics> {
        self.holding(self.at_home(|home| self.held_before(home, siblings)))
    }

    fn at_home<T>(&self, tell: impl FnOnce(Option<Home<'_>>) -> T) -> T {
        let arn = self.arn.known().and_then(|arn| Arn::parse(arn).ok());
        tell(arn.as_ref().map(|arn| Home { partition: arn.partition(), account_id: arn.account() }))
    }

    fn holding(&self, held: Held) -> Result<RoleSpec, Diagnostics> {
        Ok(RoleSpec {
            inline_policies: known(&held.inline),
            managed_policy_arns: held.attached.into_known().unwrap_or_default(),
            owned_policies: held.owned.into_known().unwrap_or_default(),
            ..self.bare()?
        })
    }

    /// The role without its policies.
    fn bare(&self) -> Result<RoleSpec, Diagnostics> {
        Ok(RoleSpec {
            name: self.name()?,
            path: self.path.known().cloned().unwrap_or_else(|| "/".to_owned()),
            description: self.description.known().filter(|text| !text.is_empty()).cloned(),
            assume_role_policy: self
                .assume_role_policy
                .known()
                .cloned()
                .ok_or_else(|| damaged("assume_role_policy"))?,
            max_session_duration: self
                .max_session_duration
                .known()
                .and_then(|s| i32::try_from(*s).ok())
                .unwrap_or(3600),
            permissions_boundary: self.permissions_boundary.known().filter(|arn| !arn.is_empty()).cloned(),
            tags: known(&self.tags_all),
            ..RoleSpec::default()
        })
    }

    /// The role as it was last seen.
    ///
    /// # Errors
    /// The state was damaged.
    pub(crate) fn live(&self, account: &Account) -> Result<LiveRole, Diagnostics> {
        let text = |attr: &Attr<String>| attr.known().cloned().unwrap_or_default();
        let Managed { attached, owned } = self.managed();
        let (held, detached): (BTreeMap<_, _>, BTreeMap<_, _>) =
            owned.into_iter().partition(|(_, policy)| policy.is_attached);
        let by_name = |(arn, policy): (String, Owned)| {
            (arn.rsplit('/').next().unwrap_or_default().to_owned(), policy.document)
        };
        let spec = RoleSpec {
            inline_policies: known(&self.inline_policies),
            managed_policy_arns: attached,
            owned_policies: held.into_iter().map(by_name).collect(),
            ..self.bare()?
        };
        Ok(LiveRole {
            arn: text(&self.arn),
            unique_id: text(&self.unique_id),
            create_date: text(&self.create_date),
            account_id: account.id().to_owned(),
            partition: account.partition().to_owned(),
            spec,
            detached_policies: detached.into_iter().map(by_name).collect(),
        })
    }

    /// The managed policies as they were last seen, or are planned.
    pub(crate) fn managed(&self) -> Managed {
        Managed::shown(&self.managed_policies)
    }

    /// What the role held when it was last seen.
    pub(crate) fn contents(&self) -> Contents {
        let Managed { attached, owned } = self.managed();
        Contents {
            inline_policies: known(&self.inline_policies),
            managed_policy_arns: attached,
            owned_policies: owned.into_iter().map(|(arn, policy)| (arn, policy.document)).collect(),
            ..Contents::default()
        }
    }

    /// What to leave alone.
    pub(crate) fn rules(&self, client: &Client) -> Rules {
        let patterns: Vec<String> = self
            .tolerate
            .known()
            .into_iter()
            .flat_map(|set| &set.0)
            .filter_map(Attr::known)
            .cloned()
            .collect();
        Rules {
            unmanaged: match self.unmanaged_policies.known().map(String::as_str) {
                Some("report") => Unmanaged::Report,
                Some("ignore") => Unmanaged::Ignore,
                _ => Unmanaged::Remove,
            },
            tolerate: Tolerate {
                policy_names: patterns.clone(),
                policy_arns: patterns.clone(),
                tag_keys: patterns,
            },
            ignore_tags: client.ignore_tags().clone(),
        }
    }
}

fn damaged(attribute: &str) -> Diagnostics {
    let detail = format!(
        "`{attribute}` should be known here and is not. The state was damaged, or this is a fault in the provider; \
         please report it."
    );
    Diagnostic::error("The state lacks a value", detail).at(Path::attribute(attribute)).into()
}
