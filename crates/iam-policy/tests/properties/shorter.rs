//! Shorter, merged and packed policies: none decides otherwise than what it was made of.

use std::collections::BTreeSet;

use iam_policy::{
    Caller, Context, Document, Effect, Limits, OneOrMany, Outcome, PolicySet, Request, Scope, Statement,
    Version, Wildcards, evaluate, expand, expand_scope, merge, minify_with, minimize_with, pack, size,
};
use proptest::{collection::vec, prelude::*, sample::select};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_shortest_list_names_the_same_set_in_no_more_characters(names in names(), wildcards in wildcards()) {
        let list = minimize_with(&names, wildcards).unwrap();
        let named: BTreeSet<String> =
            list.iter().flat_map(|pattern| expand(pattern).unwrap()).map(ToString::to_string).collect();
        prop_assert_eq!(&named, &names);
        let length = |list: &mut dyn Iterator<Item = usize>| list.map(|name| name + 3).sum::<usize>();
        let [short, long] = [
            length(&mut list.iter().map(String::len)),
            length(&mut names.iter().map(String::len)),
        ];
        prop_assert!(short <= long, "{} characters for {}", short, long);
        prop_assert_eq!(minimize_with(named, wildcards).unwrap(), list);
    }

    #[test]
    fn one_action_more_or_less_leaves_other_services_alone(mut names in names(), wildcards in wildcards()) {
        let before = minimize_with(&names, wildcards).unwrap();
        let Some(gone) = names.pop_last() else { return Ok(()) };
        let after = minimize_with(&names, wildcards).unwrap();
        let service = gone.split(':').next().unwrap();
        let others = |list: &[String]| -> Vec<String> {
            list.iter().filter(|name| name.split(':').next() != Some(service)).cloned().collect()
        };
        prop_assert_eq!(others(&before), others(&after));
    }

    #[test]
    fn a_minified_document_decides_the_same(document in document(), wildcards in wildcards()) {
        let shorter = minify_with(&document, wildcards).unwrap();
        prop_assert!(shorter.to_json().len() <= document.to_json().len());
        prop_assert_eq!(minify_with(&shorter, wildcards).unwrap().to_json().len(), shorter.to_json().len());
        same_decisions(&[document], &[shorter])?;
    }

    #[test]
    fn merged_documents_decide_the_same(documents in vec(document(), 1..4)) {
        let merged = merge(&documents).unwrap();
        prop_assert_eq!(merge(std::slice::from_ref(&merged)), Ok(merged.clone()));
        same_decisions(&documents, &[merged])?;
    }

    #[test]
    fn packed_statements_fit_and_decide_the_same(document in document(), characters in 200..600_usize) {
        let limits = Limits { characters, documents: 100 };
        let Ok(packed) = pack(&document, limits) else { return Ok(()) };
        prop_assert!(packed.iter().all(|document| size(&document.to_json()) <= characters));
        prop_assert_eq!(pack(&document, limits), Ok(packed.clone()));
        same_decisions(&[document], &packed)?;
    }

    #[test]
    fn one_action_more_changes_few_documents(names in names(), more in select(NAMES), characters in 150..400_usize) {
        let limits = Limits { characters, documents: 1_000 };
        let packed = |names: &BTreeSet<String>| -> BTreeSet<String> {
            let statement = Statement::allow(names).resource("*");
            pack(&Document::new([statement]), limits).unwrap().iter().map(Document::to_json).collect()
        };
        let before = packed(&names);
        let mut names = names;
        names.insert(more.to_owned());
        let after = packed(&names);
        prop_assert!(before.difference(&after).count() <= 1, "{:#?} {:#?}", before, after);
        prop_assert!(after.difference(&before).count() <= 3, "{:#?} {:#?}", before, after);
    }
}

const NAMES: &[&str] = &[
    "iam:GetRole",
    "iam:PassRole",
    "iam:TagRole",
    "s3:DeleteObject",
    "s3:GetBucketAcl",
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:ListBucket",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:GetCallerIdentity",
    "sts:TagSession",
];

const PATTERNS: &[&str] = &[
    "*",
    "iam:*",
    "s3:*Acl",
    "s3:Get*",
    "s3:GetTomorrow",
    "s3:?etObject",
    "S3:GETOBJECT",
    "sts:*",
    "sts:Assume*",
    "tomorrow:Get*",
    "*:Get*",
];

const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::a",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::a/b",
    "arn:aws:s3:::?/b",
    "arn:aws:s3:::a/${aws:username}",
    "arn:aws:s3:::a/${aws:username}/*",
    "arn:aws:s3:::a/*name}",
    "arn:aws:s3:*:a*",
];

const ASKED: &[&str] = &[
    "arn:aws:s3:::a",
    "arn:aws:s3:::a/b",
    "arn:aws:s3:::a/alice",
    "arn:aws:s3:::a/alice/x",
    "arn:aws:s3:::a/${aws:username}",
    "arn:aws:s3:x::a",
    "*",
];

/// Whole families and single names of a few services, so that there is something to shorten.
fn names() -> impl Strategy<Value = BTreeSet<String>> {
    let families = select(&["sts:*", "iam:Get*", "s3:*Acl", "sqs:*", "s3:*Tag*", "iam:*SAML*", "iam:*e"][..]);
    let drops = vec(any::<prop::sample::Index>(), 0..6);
    (vec(families, 0..3), vec(select(NAMES), 0..8), drops).prop_map(|(families, names, drops)| {
        let families = families.into_iter().flat_map(|family| expand(family).unwrap_or_default());
        let mut all: BTreeSet<String> = families.map(ToString::to_string).collect();
        all.extend(names.into_iter().map(str::to_owned));
        for drop in drops {
            let gone = all.iter().nth(drop.index(all.len().max(1))).cloned();
            if let Some(gone) = gone {
                all.remove(&gone);
            }
        }
        if all.is_empty() {
            all.insert("s3:GetObject".to_owned());
        }
        all
    })
}

fn wildcards() -> impl Strategy<Value = Wildcards> {
    select(&[Wildcards::None, Wildcards::Words, Wildcards::Anywhere][..])
}

fn document() -> impl Strategy<Value = Document> {
    let version = select(&[Some(Version::V2012), Some(Version::V2008), None][..]);
    (version, vec(statement(), 1..6)).prop_map(|(version, statements)| {
        let sid = |(index, statement): (usize, Statement)| statement.sid(format!("S{index}"));
        let named = statements.into_iter().enumerate().map(sid);
        Document { version, ..Document::new(named) }
    })
}

fn statement() -> impl Strategy<Value = Statement> {
    let actions = vec(select([NAMES, PATTERNS].concat()), 1..6);
    let resources = vec(select(RESOURCES), 1..4);
    let parts = (any::<bool>(), scope(actions), scope(resources), vec(0..3_usize, 0..3));
    parts.prop_map(|(is_allow, actions, resources, conditions)| {
        let mut statement = Statement::allow(["*"]);
        statement.effect = if is_allow { Effect::Allow } else { Effect::Deny };
        statement.actions = actions;
        statement.resources = Some(resources);
        let conditions: BTreeSet<usize> = conditions.into_iter().collect();
        conditions.into_iter().fold(statement, |statement, which| match which {
            0 => statement.condition("StringEquals", "aws:x", ["1"]),
            1 => statement.condition("StringLike", "aws:username", ["al*", "${aws:x}"]),
            _ => statement.condition("Bool", "aws:SecureTransport", ["true"]),
        })
    })
}

/// Mostly the plain form, for the other one hides everything else.
fn scope(
    values: impl Strategy<Value = Vec<&'static str>>,
) -> impl Strategy<Value = Scope<OneOrMany<String>>> {
    (0..6, values).prop_map(|(form, values)| {
        let values: OneOrMany<String> = values.into_iter().map(str::to_owned).collect();
        if form == 0 { Scope::Except(values) } else { Scope::Only(values) }
    })
}

/// Asks both sides for every action that either names and a few more, on each resource, in several contexts.
fn same_decisions(before: &[Document], after: &[Document]) -> Result<(), TestCaseError> {
    let mut actions: BTreeSet<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    actions.insert("s3:GetTomorrow".to_owned());
    actions.insert("tomorrow:GetThing".to_owned());
    for statement in before.iter().chain(after).flat_map(|document| &document.statements) {
        let named = expand_scope(&Scope::Only(statement.actions.inner().clone()));
        actions.extend(named.actions.iter().step_by(97).map(ToString::to_string));
    }
    let set =
        |documents: &[Document]| documents.iter().fold(PolicySet::new(), |set, one| set.identity("p", one));
    let (before, after) = (set(before), set(after));
    let caller = Caller::User { arn: "arn:aws:iam::111122223333:user/alice".to_owned() };
    let context = Context::complete().with("aws:username", ["alice"]);
    let contexts = [
        context.clone(),
        context.clone().with("aws:x", ["1"]),
        context.with("aws:x", ["alice"]).with("aws:SecureTransport", ["true"]),
        Context::partial(),
    ];
    for context in contexts {
        for action in &actions {
            for resource in ASKED {
                let request = Request::new(caller.clone(), action, *resource, context.clone());
                let [one, other]: [Outcome; 2] = [&before, &after].map(|set| evaluate(set, &request).outcome);
                prop_assert_eq!(one, other, "{} on {}", action, resource);
            }
        }
    }
    Ok(())
}
