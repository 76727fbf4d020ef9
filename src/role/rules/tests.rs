//! Claims about what is left alone, and what its owner sees.

use super::*;

fn rules() -> Rules {
    Rules {
        unmanaged: Unmanaged::Remove,
        tolerate: Tolerate {
            policy_names: vec!["Company*".to_owned()],
            policy_arns: vec!["arn:aws:iam::*:policy/guardrail/*".to_owned()],
            tag_keys: vec!["cost-*".to_owned()],
        },
        ignore_tags: IgnoreTags { keys: ["Owner".to_owned()].into(), key_prefixes: vec!["k8s/".to_owned()] },
    }
}

#[test]
fn globs_match_as_people_expect() {
    for (pattern, text, matches) in [
        ("*", "", true),
        ("", "", true),
        ("", "a", false),
        ("a*c", "abbbc", true),
        ("a*c", "abbbcd", false),
        ("*ab*ab", "abxabab", true),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("**", "x", true),
        ("é?", "éé", true),
    ] {
        assert_eq!(glob(pattern, text), matches, "{pattern} {text}");
    }
}

#[test]
fn revocations_and_elevations_are_always_spared() {
    let rules = Rules::default();
    let policy = |effect: &str, condition: &str| {
        format!(r#"{{"Statement": [{{"Effect": "{effect}", "Action": "*", "Resource": "*"{condition}}}]}}"#)
    };
    let until = r#", "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}"#;
    assert!(rules.spares_inline("AWSRevokeOlderSessions", &policy("Deny", "")));
    assert!(rules.spares_inline("deployrunner-elevation-1", &policy("Allow", until)));
    assert!(!rules.spares_inline("AWSRevokeOlderSessions", &policy("Allow", until)));
    assert!(!rules.spares_inline("deployrunner-elevation-1", &policy("Allow", "")));
    assert!(
        !rules.spares_inline("extra", &policy("Deny", ""))
            && !rules.spares_attached("arn:aws:iam::aws:policy/X")
    );
    assert!(rules.spares_tag("aws:cloudformation:stack-name"));
}

#[test]
fn tolerated_names_arns_and_keys_are_spared() {
    let rules = rules();
    assert!(rules.spares_inline("CompanyBaseline", "{}"));
    assert!(rules.spares_attached("arn:aws:iam::aws:policy/x/CompanyBoundary"));
    assert!(rules.spares_attached("arn:aws:iam::111111111111:policy/guardrail/deny"));
    assert!(rules.spares_tag("Cost-Center") && rules.spares_tag("Owner") && rules.spares_tag("k8s/x"));
    assert!(!rules.spares_tag("owner") && !rules.spares_tag("team"));
}

#[test]
fn the_owner_sees_drift_but_not_what_is_spared() {
    let pairs =
        |items: &[(&str, &str)]| items.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let live = LiveRole {
        spec: RoleSpec {
            inline_policies: pairs(&[("own", "{}"), ("extra", "{}"), ("CompanyX", "{}")]),
            tags: pairs(&[("Team", "a"), ("cost-center", "7"), ("new", "b")]),
            ..RoleSpec::default()
        },
        ..LiveRole::default()
    };
    let managed = RoleSpec {
        inline_policies: pairs(&[("own", "{}")]),
        tags: pairs(&[("team", "a")]),
        ..RoleSpec::default()
    };
    let seen = rules().visible(&live, &managed);
    assert_eq!(seen.inline_policies, pairs(&[("own", "{}"), ("extra", "{}")]));
    assert_eq!(seen.tags, pairs(&[("team", "a"), ("new", "b")]));
    let ignoring = Rules { unmanaged: Unmanaged::Ignore, ..rules() };
    assert_eq!(ignoring.visible(&live, &managed).inline_policies, pairs(&[("own", "{}")]));
}
