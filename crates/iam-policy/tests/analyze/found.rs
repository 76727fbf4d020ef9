//! What is allowed is found, however it is written.

use iam_policy::{
    Document, PolicySet, Scope,
    analyze::{escalations, secrets},
};

use crate::disguise::{Target, allow, disguises, planner, resource_of, set};

#[test]
fn every_target_is_found_in_every_disguise() {
    let mut missing = Vec::new();
    let mut count = 0;
    for target in Target::all() {
        for (name, documents) in disguises(&target.actions()) {
            count += 1;
            let certain = target.found(&set(documents));
            if certain != Some(true) && !(target.needs_resource_policy() && certain == Some(false)) {
                missing.push(format!("{target:?} {name}: {certain:?}"));
            }
        }
    }
    assert!(missing.is_empty(), "{} of {count}:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn a_finding_names_its_statement_its_resource_and_a_witness() {
    for target in Target::all().into_iter().filter(|target| !target.needs_resource_policy()) {
        let statements =
            target.actions().into_iter().map(|action| allow(&[action], &resource_of(action)).sid("Here"));
        let others = Document::new([allow(&["ec2:DescribeRegions"], "*")]);
        let set = PolicySet::new().identity("others", &others).identity("inline", &Document::new(statements));
        let grants = match target {
            Target::Secret(action) => {
                let all = secrets(&set, &planner());
                all.into_iter().find(|secret| secret.action == action).unwrap().grants
            }
            Target::Path(id, _) => {
                let all = escalations(&set, &planner());
                let steps = all.into_iter().find(|one| one.path.id == id).unwrap().steps;
                steps.into_iter().flat_map(|step| step.grants).collect()
            }
        };
        for grant in grants {
            let source = grant.source.unwrap();
            assert_eq!(
                (source.policy.as_str(), source.sid.as_deref()),
                ("inline", Some("Here")),
                "{target:?}"
            );
            let resource = resource_of(&grant.action);
            assert_eq!(grant.resources, Scope::Only(vec![resource.clone()]), "{target:?}");
            assert_eq!(grant.witness.unwrap().action(), grant.action, "{target:?}");
        }
    }
}

#[test]
fn what_is_accepted_on_a_resource_is_not_found_there_and_is_found_elsewhere() {
    let state = "arn:aws:s3:::acme-state/app/*";
    let set = set([Document::new([allow(&["s3:GetObject"], state)])]);
    let has = |subject| secrets(&set, &subject).iter().any(|one| one.action == "s3:GetObject");
    assert!(has(planner()));
    assert!(!has(planner().accept("s3:GetObject", state)));
    assert!(!has(planner().accept("s3:Get*", "arn:aws:s3:::acme-state/*")));
    assert!(has(planner().accept("s3:GetObject", "arn:aws:s3:::acme-state/app/prod/*")));
    assert!(has(planner().accept("s3:GetObjectVersion", state)));
}

#[test]
fn a_policy_of_unknown_content_may_do_anything_and_nothing_is_sure() {
    let set = PolicySet::new().identity_unknown("arn:aws:iam::111122223333:policy/team");
    for target in Target::all() {
        assert_eq!(target.found(&set), Some(false), "{target:?}");
    }
}

#[test]
fn everything_is_found_where_everything_is_allowed() {
    let set = set([Document::new([allow(&["*"], "*")])]);
    let (secrets, escalations) = (secrets(&set, &planner()), escalations(&set, &planner()));
    let found = secrets.iter().map(|one| one.action).chain(escalations.iter().map(|one| one.path.id));
    let all = Target::all();
    let all = all.iter().map(|target| match target {
        Target::Secret(action) => *action,
        Target::Path(id, _) => *id,
    });
    assert!(found.eq(all));
}

#[test]
fn who_may_do_everything_in_a_bucket_reads_objects_and_nothing_else() {
    let set = set([Document::new([allow(&["*"], "arn:aws:s3:::acme-state/*")])]);
    let found: Vec<&str> = secrets(&set, &planner()).iter().map(|one| one.action).collect();
    assert!(found.contains(&"s3:GetObject"));
    assert!(!found.contains(&"secretsmanager:GetSecretValue"));
    assert!(escalations(&set, &planner()).is_empty());
}

#[test]
fn of_many_resources_a_finding_lists_a_hundred_and_counts_the_others() {
    let buckets = (0..250).map(|index| format!("arn:aws:s3:::bucket-{index}/*"));
    let mut statement = allow(&["s3:GetObject"], "*");
    statement.resources = Some(Scope::Only(buckets.collect()));
    let secrets = secrets(&set([Document::new([statement])]), &planner());
    let grant = &secrets[0].grants[0];
    assert_eq!((grant.resources.inner().len(), grant.unlisted), (100, 150));
    assert!(grant.to_string().contains(" and perhaps 150 more by "), "{grant}");
}
