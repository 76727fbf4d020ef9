//! `session-exceeds-chaining-limit`: long sessions for callers that cannot have them.

use super::finding::Finding;
use super::judged::Judged;
use super::{Level, Rule, trusting};
use crate::session_duration::CHAINED;
use crate::trust::entrance::{Entrance, Hold, Who, ways};
use iam_policy::Arn;
use tfplug::path::{Path, Step};

pub(super) const RULE: Rule = Rule {
    name: "session-exceeds-chaining-limit",
    level: Level::Warn,
    summary: "A role allows sessions of more than an hour, and only other roles assume it",
    title: "Session too long",
    prose: "\
`max_session_duration` is more than 3600 seconds, and every caller that the trust policy names is itself a role.

A session of a role that assumes another role is chained, and AWS ends it after an hour at most, whatever the role allows; \
a caller that asks for more is refused (STS API Reference, `AssumeRole`). No quota raises that. An AWS service that hands \
out a role, such as Amazon ECS, renews its credentials by itself and does not look at the duration either.

Longer sessions are for holders of tokens, SAML users and IAM users. A role that one of them may assume as well is left \
alone; `effective_session_duration` shows what each kind of caller gets. A whole account counts as having users, unless a \
condition on `aws:PrincipalArn` or `aws:PrincipalType` only lets roles in.

## What to write instead

Leave `max_session_duration` out, and let the job assume the role again when the hour is over; or trust the CI system's \
tokens, so that nothing is chained.
",
    yields: false,
    find,
};

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    let Some(seconds) = judged.role.max_session_duration.filter(|seconds| *seconds > CHAINED) else { return };
    let entrances: Vec<Entrance<'_>> = trusting::passable(judged).collect();
    let is_service = |entrance: &&Entrance<'_>| matches!(entrance.who, Who::Service(_));
    let mut callers = entrances.iter().filter(|entrance| !is_service(entrance)).peekable();
    let Some(first) = callers.peek().copied() else { return };
    if !callers.all(is_role) {
        return;
    }
    let says = format!(
        "lets in {}, and every caller is a role like that, whose session ends after {CHAINED} seconds and not after {seconds}",
        trusting::spoken(first.who)
    );
    let finding = trusting::finding(
        judged,
        first,
        (says, None),
        (
            "A job that relies on the longer session is refused when it asks for it, or breaks off after an hour.",
            format!("Leave `max_session_duration` out, or set it to {CHAINED}."),
        ),
    );
    found.push(Finding { path: beside(&judged.role.trust_path, "max_session_duration"), ..finding });
}

fn is_role(entrance: &Entrance<'_>) -> bool {
    let Who::Aws(name) = entrance.who else { return false };
    let arn = Arn::parse(name).ok();
    let names_role = arn
        .as_ref()
        .is_some_and(|arn| arn.iam_role().is_some() || arn.resource().starts_with("assumed-role/"));
    names_role || name.starts_with("AROA") || only_lets_roles_in(entrance)
}

fn only_lets_roles_in(entrance: &Entrance<'_>) -> bool {
    let arns = ways(entrance, "aws:PrincipalArn");
    let by_arn = !arns.is_empty() && arns.iter().flatten().all(|value| value.fixed().0.contains(":role/"));
    by_arn || entrance.hold("aws:PrincipalType", "User") == Hold::Bound
}

/// The path of another attribute of the same object.
fn beside(path: &Path, name: &str) -> Path {
    let (_, before) = path.steps().split_last().unwrap_or((&Step::Index(0), &[]));
    let parent = before.iter().fold(Path::root(), |path, step| match step {
        Step::Attribute(name) => path.join(name),
        Step::Key(key) => path.key(key),
        Step::Index(index) => path.index(*index),
    });
    parent.join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_duration_stands_beside_the_trust() {
        let path = beside(&Path::attribute("provisioners").key("api").join("trust"), "max_session_duration");
        assert_eq!(path, Path::attribute("provisioners").key("api").join("max_session_duration"));
        assert_eq!(beside(&Path::attribute("trust"), "x"), Path::attribute("x"));
    }
}
