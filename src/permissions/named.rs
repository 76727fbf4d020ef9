//! What a section names by ARN: in a stable order, whether it belongs together, and roles that may be handed over.
//! Never judges a single ARN: `checks::arns` does.

use iam_policy::{Arn, Statement};
use std::collections::BTreeSet;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::{Attr, Set};

/// The known members of a set, each once, in an order that does not hang on how they were written.
pub(super) fn arns(set: &Attr<Set<String>>) -> BTreeSet<&str> {
    set.known().into_iter().flat_map(|set| set.0.iter().filter_map(Attr::known)).map(String::as_str).collect()
}

/// The statement, with these resources in it.
pub(super) fn on(statement: Statement, resources: impl IntoIterator<Item: Into<String>>) -> Statement {
    resources.into_iter().fold(statement, Statement::resource)
}

/// Allows these roles to be handed to these services, and to no other; nothing without a role. Source: IAM User Guide,
/// "Grant a user permissions to pass a role to an AWS service".
pub(super) fn pass_role(roles: &BTreeSet<&str>, services: &[&str]) -> Option<Statement> {
    let statement = Statement::allow(["iam:PassRole"]).sid("PassRole");
    let statement = statement.condition("StringEquals", "iam:PassedToService", services.iter().copied());
    (!roles.is_empty()).then(|| on(statement, roles.iter().copied()))
}

/// An argument of a section: a set of ARNs, and its name.
pub(super) type Argument<'a> = (&'a Attr<Set<String>>, &'a str);

/// Refuses sets without members.
pub(super) fn not_empty(arguments: &[Argument<'_>], path: &Path, found: &mut Diagnostics) {
    for (_, name) in arguments.iter().filter(|(set, _)| set.known().is_some_and(|set| set.0.is_empty())) {
        let detail =
            format!("`{name}` is empty, so nothing would be allowed. Name at least one, or leave it out.");
        found.push(Diagnostic::error("Nothing is named", detail).at(path.join(*name)));
    }
}

/// Refuses ARNs of another partition than the role's, where nothing of them is.
pub(super) fn in_partition(
    arguments: &[Argument<'_>],
    partition: &str,
    path: &Path,
    found: &mut Diagnostics,
) {
    for (text, name) in
        arguments.iter().flat_map(|(set, name)| arns(set).into_iter().map(move |text| (text, *name)))
    {
        let Ok(arn) = Arn::parse(text) else { continue };
        if arn.partition() != partition && !arn.partition().contains(['*', '?', '$']) {
            let detail = format!(
                "`{arn}` is in the partition `{}`, and the role in `{partition}`, where it can never meet it. Check the ARN, or \
                 the account.",
                arn.partition()
            );
            found.push(Diagnostic::error("An ARN of another partition", detail).at(path.join(name)));
        }
    }
}

/// Refuses ARNs of several partitions or accounts where one call is about all of them, so that it could never be
/// allowed. Each is compared with the first of the first set that has one.
pub(super) fn in_one_account(arguments: &[Argument<'_>], path: &Path, found: &mut Diagnostics) {
    let all = arguments.iter().flat_map(|(set, name)| arns(set).into_iter().map(move |text| (text, *name)));
    let mut places = all.filter_map(|(text, name)| Some((Arn::parse(text).ok()?, name)));
    let Some((first, first_name)) = places.next() else { return };
    for (arn, name) in places {
        let what = match () {
            () if arn.partition() != first.partition() => "partition",
            () if arn.account() != first.account() => "account",
            () => continue,
        };
        let detail = format!(
            "`{arn}` is in another {what} than `{first}` of `{first_name}`. They are used together, which works within \
             one account only. Write a policy for each account."
        );
        found.push(Diagnostic::error(format!("Not of one {what}"), detail).at(path.join(name)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(arns: &[&str]) -> Attr<Set<String>> {
        Attr::Known(Set(arns.iter().map(|arn| Attr::Known((*arn).to_owned())).collect()))
    }

    #[test]
    fn order_and_repetition_do_not_count() {
        assert_eq!(arns(&set(&["b", "a", "b"])), arns(&set(&["a", "b"])));
    }

    #[test]
    fn what_is_used_together_is_in_one_partition_and_account() {
        let judge = |arns: &[&str]| {
            let mut found = Diagnostics::new();
            let others = set(&["arn:aws:iam::111122223333:role/a"]);
            in_one_account(&[(&set(arns), "x"), (&others, "y")], &Path::root(), &mut found);
            found.iter().map(|one| one.summary.clone()).collect::<Vec<_>>()
        };
        assert!(judge(&["arn:aws:ecs:*:111122223333:service/a"]).is_empty());
        assert_eq!(judge(&["arn:aws:ecs:*:444455556666:service/a"]), ["Not of one account"]);
        assert_eq!(judge(&["arn:aws-cn:ecs:*:111122223333:service/a"]), ["Not of one partition"]);
        assert!(judge(&[]).is_empty());
    }

    #[test]
    fn without_a_role_nothing_may_be_passed() {
        assert_eq!(pass_role(&BTreeSet::new(), &["ecs-tasks.amazonaws.com"]), None);
    }
}
