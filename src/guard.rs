//! The guard: refuses roles that break the separation between planning, applying and building.
//!
//! Owns the list of rules, their order and their levels; a rule is a file of `guard/` with its documentation page. Never
//! asks AWS, and never changes a role: it judges what a role will really hold, denies and boundary included.
//!
//! **Precedence.** A statement often breaks several rules at once: whoever may do everything may also write, read
//! secrets and hand over roles. So rules that are about what a statement allows are asked in the order of [`RULES`], the
//! strongest first, and a statement that one of them has named is not named again by the ones after it
//! ([`Rule::yields`]). Rules that are about something else are always heard.

mod admin_access;
mod applier_trusts_unreviewed_code;
mod builder_can_deploy;
mod builder_can_escalate;
mod building;
mod finding;
mod ineffective_scope;
mod invoker_too_wide;
mod judged;
mod level;
mod managed;
mod pass_role_unscoped;
mod planner_can_escalate;
mod planner_can_read_secrets;
mod planner_can_write;
mod power;
mod role;
mod role_can_rewrite_itself;
mod session_exceeds_chaining_limit;
mod state_role_too_wide;
mod tags;
mod takeover;
mod trust_confused_deputy;
mod trust_void_condition;
mod trust_wildcard_principal;
mod trust_wildcard_subject;
mod trust_without_audience;
mod trust_without_external_id;
mod trust_without_subject;
mod trusting;
mod unknown_action;
mod unknown_policy;
mod writes;

pub use level::{Level, Levels, check_level, check_rule};
pub use role::{Content, Policy, Role};

use finding::Finding;
use judged::Judged;
use tfplug::diagnostics::{Diagnostic, Diagnostics};

/// A rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its name, as users write it in `guard`.
    pub name: &'static str,
    /// How its findings count unless users say otherwise.
    pub level: Level,
    /// What it finds, in one sentence without a full stop.
    pub summary: &'static str,
    /// The title of its findings, without whose role it is: `Planner can write`.
    pub title: &'static str,
    /// Its documentation page, in Markdown.
    pub prose: &'static str,
    /// Whether it leaves out a statement that a rule before it has named.
    pub yields: bool,
    find: fn(&Judged<'_>, &mut Vec<Finding>),
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Rule").field(&self.name).finish()
    }
}

/// Every rule; of those that are about what a statement allows, the strongest first.
pub const RULES: &[Rule] = &[
    admin_access::RULE,
    planner_can_escalate::RULE,
    planner_can_write::RULE,
    planner_can_read_secrets::RULE,
    builder_can_escalate::RULE,
    builder_can_deploy::RULE,
    role_can_rewrite_itself::RULE,
    state_role_too_wide::RULE,
    invoker_too_wide::RULE,
    pass_role_unscoped::RULE,
    unknown_action::RULE,
    unknown_policy::RULE,
    ineffective_scope::RULE,
    applier_trusts_unreviewed_code::RULE,
    trust_wildcard_principal::RULE,
    trust_without_subject::RULE,
    trust_wildcard_subject::RULE,
    trust_without_audience::RULE,
    trust_void_condition::RULE,
    trust_without_external_id::RULE,
    trust_confused_deputy::RULE,
    session_exceeds_chaining_limit::RULE,
];

/// The title of the warning that names the rules which are off.
pub const OFF: &str = "Rules of the guard are off";

/// Judges the roles of one runner, or a single role: every finding as an error or a warning, by role and rule, and a
/// warning that names the rules which are off. What is not known yet is not judged.
#[must_use]
pub fn judge(roles: &[Role<'_>], levels: &Levels) -> Diagnostics {
    let mut found: Diagnostics = roles.iter().flat_map(|role| findings(role, roles, levels)).collect();
    let off: Vec<String> = levels.off().map(|rule| format!("`{rule}`")).collect();
    if !off.is_empty() {
        let detail = format!("Nothing is looked for by {}, as `guard` says.", off.join(", "));
        found.push(Diagnostic::warning(OFF, detail));
    }
    found
}

fn findings<'a>(role: &'a Role<'a>, roles: &'a [Role<'a>], levels: &Levels) -> Vec<Diagnostic> {
    let judged = Judged::new(role, roles);
    let mut told = Vec::new();
    for rule in RULES.iter().filter(|rule| levels.said(rule.name) != Some(Level::Off)) {
        let mut found = Vec::new();
        (rule.find)(&judged, &mut found);
        let level = |finding: &Finding| levels.said(rule.name).or(finding.level).unwrap_or(rule.level);
        if rule.yields {
            found.retain(|finding| finding.statement.is_none_or(|place| !judged.is_named(place)));
            // A warning silences nobody: what comes after it may be an error.
            let denied = found.iter().filter(|finding| level(finding) == Level::Deny);
            denied.filter_map(|finding| finding.statement).for_each(|place| judged.name(place));
        }
        told.extend(found.iter().map(|finding| finding.tell(rule, role, level(finding))));
    }
    told
}

#[cfg(test)]
mod tests;
