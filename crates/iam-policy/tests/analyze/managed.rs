//! What is found in the policies that AWS manages, and that it takes no time to find it.

use iam_policy::{
    Document, Kind, PolicySet, Possible, Question, Statement, analyze,
    analyze::{Secret, access},
    catalog::{self, AccessLevel, secrets::Tier},
    parse, possible,
};

use crate::disguise::planner;

pub(crate) fn managed(name: &str) -> Document {
    parse(catalog::managed_policy(name).unwrap().document(), Kind::Identity).unwrap()
}

fn with(name: &str) -> PolicySet {
    PolicySet::new().identity(name, &managed(name))
}

#[test]
fn grouped_questions_give_the_same_answers_as_one_question_an_action() {
    let deny = Statement::deny(["s3:Get*", "kms:*"]).resource("arn:aws:s3:::acme-state/*");
    let only = Statement::allow(["ec2:*", "s3:*", "sts:*", "kms:*"]).resource("*").condition(
        "StringEquals",
        "aws:RequestedRegion",
        ["eu-west-1"],
    );
    let sets = [
        with("ReadOnlyAccess").identity("deny", &Document::new([deny])),
        with("PowerUserAccess").boundary("boundary", &Document::new([only])),
    ];
    for set in sets {
        let found = access(&set, &planner());
        for service in ["s3", "ec2", "kms", "sts", "iam", "lambda"] {
            for action in catalog::service(service).unwrap().actions() {
                let caller = iam_policy::Caller::Role {
                    arn: "arn:aws:iam::111122223333:role/planner".to_owned(),
                    session: None,
                };
                let alone = possible(&set, &Question::new(caller, action.to_string()));
                let expected = (matches!(alone, Possible::Yes(_)), matches!(alone, Possible::Maybe));
                let grouped = (found.possible.contains(action), found.perhaps.contains(action));
                assert_eq!(grouped, expected, "{action}");
            }
        }
    }
}

#[test]
fn read_only_access_is_no_safe_planner() {
    let analysis = analyze(&with("ReadOnlyAccess"), &planner());
    let counts = analysis.access.counts();
    assert!(counts[&AccessLevel::Read] > 4_000 && counts[&AccessLevel::Write] < 20, "{counts:?}");
    let of = |tier| analysis.secrets.iter().filter(|secret| secret.tier == tier).count();
    assert!(of(Tier::Credential) > 30 && of(Tier::Content) > 20);
    assert!(analysis.escalations.is_empty(), "{:?}", analysis.escalations);
    let names: Vec<&str> = analysis.secrets.iter().map(|Secret { action, .. }| *action).collect();
    assert!(names.contains(&"ssm:GetParameter") && !names.contains(&"secretsmanager:GetSecretValue"));
}

#[test]
fn power_user_access_passes_no_role_and_reads_every_secret() {
    let analysis = analyze(&with("PowerUserAccess"), &planner());
    assert!(analysis.escalations.iter().all(|one| one.pass_role().is_none()));
    assert!(analysis.escalations.iter().any(|one| one.path.actions == ["lambda:UpdateFunctionCode"]));
    assert!(analysis.secrets.len() * 10 > catalog::secrets::all().len() * 9);
}

#[test]
fn administrator_access_can_do_everything() {
    let analysis = analyze(&with("AdministratorAccess"), &planner());
    assert_eq!(analysis.access.all().len(), iam_policy::ActionSet::all().len());
    assert_eq!(analysis.secrets.len(), catalog::secrets::all().len());
    assert_eq!(analysis.escalations.len(), catalog::escalation::paths().len());
}
