//! `deployrunner_policy_analysis`: what the holder of some policies can do that a reviewer should know.
//!
//! Owns the arguments and the order of the answers. What is read is in `subject`, how findings look in `findings`.

mod findings;
mod subject;

use crate::policy_size::{Usage, usage};
use crate::{checks, provider::Client};
use findings::{EscalationPath, IneffectiveScope, ManagedPolicy, Secret, UnknownAction};
use iam_policy::catalog::{self, AccessLevel};
use iam_policy::{analyze, quota, size};
use subject::Judged;
use tfplug::context::Context;
use tfplug::data_source::DataSource;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::schema::{Attr, List, Map, Set, computed, optional};

object! {
    /// What a role with these policies can do that a reviewer should know: actions by service and access level, secrets that it can read, ways to more power, statements without effect, names that AWS may not have. AWS is not asked: actions and AWS-managed policies are those of the provider's catalogue, which has a date.
    ///
    /// An action counts as allowed if there is any resource and any context in which these policies, within the boundary, allow it. What cannot be told counts as allowed. Made for `check` blocks and `terraform test`: the lists are never null, and every access level has its list.
    pub(super) struct State {
        /// Identity policies as JSON text, inline or managed.
        policies: List<String> = optional().check_each(subject::identity_policy),
        /// ARNs of AWS-managed policies, such as `arn:aws:iam::aws:policy/SecurityAudit`. Of a policy of your own, give the document in `policies`.
        managed_policy_arns: Set<String> = optional().check_each(subject::aws_managed),
        /// The permissions boundary: the ARN of an AWS-managed policy, or a document as JSON text.
        permissions_boundary: String = optional().check(subject::boundary),
        /// ARN of the role, if it is known: conditions and variables that name the caller are then decided. Without it, they may hold, and the role is taken for one in the account whose resources the policies name.
        role_arn: String = optional().check(checks::role_arn),
        /// The allowed actions by access level, sorted: under `list`, `read`, `tagging`, `write` and `permissions-management`. Those of `ineffective_scopes` are among them.
        actions: Map<List<String>> = computed(),
        /// The access levels of the allowed actions, by prefix of the service. A service without an allowed action is not there.
        services: Map<List<String>> = computed(),
        /// Those of the allowed actions of which it could not be told whether they are allowed, such as on resources of another account, which has a say.
        uncertain_actions: List<String> = computed(),
        /// Actions and patterns that match nothing in the catalogue: misspelt, or newer. What they allow is not known, so they are not among `actions`.
        unknown_actions: List<UnknownAction> = computed(),
        /// Allowed actions by which credentials, secrets or stored content can be read.
        secrets: List<Secret> = computed(),
        /// Ways from these permissions to more: actions that are all allowed and together lead there.
        escalation_paths: List<EscalationPath> = computed(),
        /// Actions on resources that they cannot be limited to: a statement says nothing of them.
        ineffective_scopes: List<IneffectiveScope> = computed(),
        /// Characters of `policies` as the inline policies of one role, all together.
        inline_policy_size: Usage = computed(),
        /// Characters of each of `policies` as a customer-managed policy, in their order.
        managed_policy_sizes: List<Usage> = computed(),
        /// The AWS-managed policies that were judged, the boundary included, and in which version.
        managed_policies: List<ManagedPolicy> = computed(),
        /// The day of the catalogue of actions (`YYYY-MM-DD`). Newer actions are unknown.
        catalog_date: String = computed(),
    }
}

/// The data source.
#[derive(Debug)]
pub(super) struct PolicyAnalysis;

impl DataSource for PolicyAnalysis {
    const NAME: &'static str = "policy_analysis";
    type State = State;
    type Client = Client;

    fn validate(config: &State, found: &mut Diagnostics) {
        let no_policy = config.policies.is_null() || config.policies.known().is_some_and(Vec::is_empty);
        let arns = &config.managed_policy_arns;
        if no_policy && (arns.is_null() || arns.known().is_some_and(|arns| arns.0.is_empty())) {
            let detail = "Give at least one policy, in `policies` or in `managed_policy_arns`.";
            found.push(Diagnostic::error("There is nothing to analyze", detail));
        }
    }

    async fn read(_: &Context<Client>, config: State) -> Result<State, Diagnostics> {
        let Judged { policies, subject, managed } = subject::judged(&config)?;
        let analysis = analyze(&policies, &subject);
        let all = analysis.access.all();
        let of_level = |level: AccessLevel| {
            let actions = all.iter().filter(|action| action.level() == level);
            (level.to_string(), super::names(actions))
        };
        let services = analysis.access.by_service().into_iter();
        let documents: Vec<&String> =
            config.policies.known().into_iter().flatten().filter_map(Attr::known).collect();
        let sizes = || documents.iter().map(|text| size(text));
        Ok(State {
            actions: Attr::Known(AccessLevel::ALL.into_iter().map(of_level).collect()),
            services: Attr::Known(
                services.map(|(prefix, levels)| (prefix.to_owned(), super::names(levels.keys()))).collect(),
            ),
            uncertain_actions: super::names(analysis.access.perhaps.iter()),
            unknown_actions: findings::list(&analysis.unknown_names),
            secrets: findings::list(&analysis.secrets),
            escalation_paths: findings::list(&analysis.escalations),
            ineffective_scopes: findings::list(&analysis.ineffective_scopes),
            inline_policy_size: usage(sizes().sum(), quota::INLINE_POLICIES_PER_ROLE),
            managed_policy_sizes: Attr::Known(
                sizes().map(|used| usage(used, quota::MANAGED_POLICY)).collect(),
            ),
            managed_policies: findings::list(&managed),
            catalog_date: Attr::Known(catalog::DATE.to_owned()),
            ..config
        })
    }
}
