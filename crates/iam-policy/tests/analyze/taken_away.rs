//! What is denied, or outside of a limit, is not found.

use iam_policy::{Document, Effect, PolicySet, Statement};

use crate::disguise::{Target, all_but, disguises, resource_of, set};

/// Checks every target in every disguise, each of its actions taken away in turn.
fn never_found(take_away: impl Fn(PolicySet, &'static str) -> PolicySet) {
    never_found_in(|_| true, take_away);
}

/// The same where the permission is written plainly or as wide as can be: for other ways to take away the same.
fn never_found_in_few(take_away: impl Fn(PolicySet, &'static str) -> PolicySet) {
    never_found_in(|name| matches!(name, "alone" | "behind NotAction" | "behind everything"), take_away);
}

fn never_found_in(is_tried: impl Fn(&str) -> bool, take_away: impl Fn(PolicySet, &'static str) -> PolicySet) {
    let mut wrong = Vec::new();
    for target in Target::all() {
        let disguises = disguises(&target.actions()).into_iter();
        for (name, documents) in disguises.filter(|(name, _)| is_tried(name)) {
            let policies = set(documents);
            for action in target.actions() {
                if target.found(&take_away(policies.clone(), action)).is_some() {
                    wrong.push(format!("{target:?} {name} without {action}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn document(statement: Statement) -> Document {
    Document::new([statement])
}

#[test]
fn nothing_that_a_deny_names_is_found() {
    never_found(|set, action| set.identity("deny", &document(Statement::deny([action]).resource("*"))));
}

#[test]
fn nothing_that_a_deny_of_a_wildcard_matches_is_found() {
    never_found_in_few(|set, action| {
        let wildcard = format!("{}*", &action[..action.len() - 2]);
        set.identity("deny", &document(Statement::deny([wildcard]).resource("*")))
    });
}

#[test]
fn nothing_that_a_deny_of_all_but_others_matches_is_found() {
    never_found_in_few(|set, _| {
        set.identity("deny", &document(all_but(Effect::Deny, &["a4b:*", "freertos:*"])))
    });
}

#[test]
fn nothing_outside_of_the_boundary_is_found() {
    never_found_in_few(|set, _| {
        set.boundary("boundary", &document(Statement::allow(["freertos:*"]).resource("*")))
    });
}

#[test]
fn nothing_that_the_boundary_leaves_out_is_found() {
    never_found(|set, action| set.boundary("boundary", &document(all_but(Effect::Allow, &[action]))));
}

#[test]
fn nothing_that_the_boundary_denies_is_found() {
    never_found_in_few(|set, action| {
        let everything = Statement::allow(["*"]).resource("*");
        set.boundary("boundary", &Document::new([everything, Statement::deny([action]).resource("*")]))
    });
}

#[test]
fn nothing_outside_of_the_session_policy_is_found() {
    never_found_in_few(|set, action| set.session("session", &document(all_but(Effect::Allow, &[action]))));
}

#[test]
fn a_deny_on_the_one_resource_that_is_allowed_takes_it_away() {
    for target in Target::all() {
        let actions = target.actions();
        let resources: Vec<String> = actions.iter().map(|action| resource_of(action)).collect();
        let each = actions.iter().zip(&resources);
        let allows = each.map(|(action, resource)| Statement::allow([*action]).resource(resource));
        let policies = set([Document::new(allows)]);
        assert!(target.found(&policies).is_some(), "{target:?}");
        for (action, resource) in actions.iter().zip(&resources) {
            let deny = document(Statement::deny([*action]).resource(resource));
            assert_eq!(target.found(&policies.clone().identity("deny", &deny)), None, "{target:?} {action}");
        }
    }
}
