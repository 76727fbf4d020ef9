//! The trust of a planner, derived from a reviewed one. Never narrows: a planner's own `trust` does that.

use super::{Trust, github, gitlab, hcp_terraform};
use tfplug::schema::{Attr, List};

/// The same sources for code that nobody has reviewed: every branch and pull request of a repository or project, and
/// the plan phase of a workspace's runs. Tags and environments stay, for a planner runs for what is applied as well; so do
/// AWS principals, services and other issuers, which say nothing of code. What is not known stays so.
pub fn widened(trust: &Trust) -> Trust {
    Trust {
        github: each(&trust.github, github::widened),
        gitlab: each(&trust.gitlab, gitlab::widened),
        hcp_terraform: each(&trust.hcp_terraform, hcp_terraform::widened),
        ..trust.clone()
    }
}

fn each<T>(entries: &Attr<List<T>>, widened: fn(&T) -> T) -> Attr<List<T>> {
    entries.as_ref().map(|entries| entries.iter().map(|entry| entry.as_ref().map(widened)).collect())
}
