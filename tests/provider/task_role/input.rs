//! Bad input is refused at plan with a message on the attribute that names the limit, and nothing is made.

use libtest_mimic::Trial;

use super::{TRUST, allow, role};
use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.15", every_bad_argument_is_refused_at_plan)
        .on_each_terraform_since("1.15", every_bad_trust_in_aws_principals_is_refused_at_plan)
        .on_each_terraform_since("1.15", every_bad_trust_in_services_and_tokens_is_refused_at_plan)
        .on_each_terraform_since("1.15", every_null_element_is_refused_at_plan)
        .on_each_terraform_since("1.15", what_only_the_provider_decides_is_refused_at_plan)
        .on_each_terraform_since("1.15", every_bad_policy_is_refused_at_plan)
        .on_each_terraform_since("1.0", a_misspelt_argument_is_refused)
        .into_iter()
        .collect()
}

/// Plans each body, which must be refused with the texts beside it.
fn refused(site: &Site, cases: &[(String, &[&str])]) {
    let workspace = site.workspace("");
    for (body, texts) in cases {
        workspace.rewrite(body);
        workspace.plan_error(texts);
    }
    assert_eq!(site.account().role_names(), Vec::<String>::new(), "nothing was made");
}

fn named(names: &str) -> String {
    format!("resource \"deployrunner_task_role\" \"this\" {{\n  task = \"custom\"\n{TRUST}\n{names}\n}}\n")
}

fn every_bad_argument_is_refused_at_plan(site: &Site) {
    let with = |arguments: &str| role(&format!("{TRUST}\n{arguments}"));
    let long = "x".repeat(65);
    let many: String = (0..51).map(|n| format!("t{n} = \"\", ")).collect();
    refused(
        site,
        &[
            (named(""), &["The role has no name", "name_prefix"]),
            (named("name = \"a\"\nname_prefix = \"b\""), &["The role has two names"]),
            (named(&format!("name = \"{long}\"")), &["1 to 64 characters; this one has 65"]),
            (named("name = \"a b\""), &["letters, digits and `_+=,.@-`"]),
            (named(&format!("name_prefix = \"{}\"", "x".repeat(39))), &["1 to 38 characters"]),
            (named("name = \"a\"\npath = \"ci\""), &["begins and ends with a slash"]),
            (with("account_id = \"12345\""), &["12 digits"]),
            (with("description = \"\\u4f60\""), &["Latin-1"]),
            (with("max_session_duration = 60"), &["3600 to 43200 seconds", "found 60"]),
            (with("max_session_duration = 3600.5"), &["not a whole number"]),
            (with("permissions_boundary = \"ReadOnlyAccess\""), &["A policy ARN looks like"]),
            (with("tags = { \"aws:x\" = \"1\" }"), &["reserved for AWS"]),
            (with(&format!("tags = {{ a = \"{}\" }}", "x".repeat(257))), &["0 to 256 characters"]),
            (with(&format!("tags = {{ {many} }}")), &["at most 50 tags", "these are 51"]),
            (with("tags = { Env = \"1\", env = \"2\" }"), &["differ in more than case"]),
            (with("unmanaged_policies = \"removed\""), &["is not one of", "Did you mean \"remove\"?"]),
            (
                with("").replace("task = \"custom\"", "task = \"terraform-planer\""),
                &["Did you mean \"terraform-planner\"?"],
            ),
        ],
    );
}

/// A role with one entry of this kind of trust.
fn trusting(kind: &str, entry: &str) -> String {
    role(&format!("  trust = {{ {kind} = [{{ {entry} }}] }}"))
}

fn every_bad_trust_in_aws_principals_is_refused_at_plan(site: &Site) {
    let aws = |entry: &str| trusting("aws", entry);
    let named = |arn: &str| aws(&format!("principals = [\"{arn}\"]"));
    let crowd: String = (0..99)
        .map(|n| format!("\"arn:aws:iam::2222222222{n:02}:role/some/long/path/{}\", ", "x".repeat(60)))
        .collect();
    let over = ["A quota of IAM is exceeded", "8192", "Drop some of these entries"];
    refused(
        site,
        &[
            (role(""), &["Missing required argument", "`trust` is required"]),
            (role("  trust = {}"), &["Nobody is trusted"]),
            (role("  trust = { aws = [] }"), &["Nobody is trusted"]),
            (aws("principals = []"), &["No principals"]),
            (named("*"), &["is none of these"]),
            (named("arn:aws:iam::222222222222:group/x"), &["is a group, which IAM cannot trust"]),
            (named("arn:aws:sts::222222222222:assumed-role/x/y"), &["is one session of a role"]),
            (
                named("arn:aws:iam::222222222222:role/x*"),
                &["A wildcard in a principal", "match = \"condition\""],
            ),
            (
                aws("principals = [\"222222222222\"], match = \"condition\""),
                &["cannot be matched by condition"],
            ),
            (
                aws("principals = [\"222222222222\"], match = \"conditions\""),
                &["Did you mean \"condition\"?"],
            ),
            (aws("principals = [\"222222222222\"], external_id = \"x\""), &["2 to 1224 characters"]),
            (aws("principals = [\"222222222222\"], org_id = \"acme\""), &["An organization ID is `o-`"]),
            (aws(&format!("principals = [{crowd}]")), &over),
        ],
    );
}

fn every_bad_trust_in_services_and_tokens_is_refused_at_plan(site: &Site) {
    let ecs = |more: &str| trusting("services", &format!("service = \"ecs-tasks.amazonaws.com\", {more}"));
    let token = |more: &str| trusting("oidc", &format!("issuer = \"https://agent.buildkite.com\", {more}"));
    let cluster = "source_arns = [\"arn:aws:ecs:eu-west-1:111111111111:cluster/x\"]";
    let plain = "issuer = \"http://x.example.com\", audiences = [\"a\"], claims = { sub = [\"a\"] }";
    refused(
        site,
        &[
            (trusting("services", "service = \"ECS\""), &["looks like `ecs-tasks.amazonaws.com`"]),
            (ecs(cluster), &["A cluster cannot be a source"]),
            (ecs("source_account = \"x\""), &["12 digits"]),
            (token("audiences = [\"a\"], claims = {}"), &["The subject is not bound"]),
            (token("audiences = [], claims = { sub = [\"a\"] }"), &["No audience"]),
            (token("audiences = [\"a\"], claims = { sub = [\"*\"] }"), &["A claim that says nothing"]),
            (token("audiences = [\"a\"], claims = { sub = [\"a\"], aud = [\"b\"] }"), &["as `audiences`"]),
            (trusting("oidc", plain), &["is not https"]),
        ],
    );
}

fn what_only_the_provider_decides_is_refused_at_plan(site: &Site) {
    let read_only = ["read-only"];
    let set = |what: &str| role(&format!("{TRUST}\n  {what}"));
    refused(
        site,
        &[
            (set("unique_id = \"x\""), &read_only),
            (set("arn = \"x\""), &read_only),
            (set("assume_role_policy = jsonencode({})"), &read_only),
            (set("inline_policies = { x = \"{}\" }"), &read_only),
            (set("tags_all = {}"), &read_only),
        ],
    );
}

fn every_null_element_is_refused_at_plan(site: &Site) {
    let permissions = |inner: &str| role(&format!("{TRUST}\n  permissions = {{ {inner} }}"));
    let token = |more: &str| trusting("oidc", &format!("issuer = \"https://agent.buildkite.com\", {more}"));
    let null = ["A null element"];
    refused(
        site,
        &[
            (role(&format!("{TRUST}\n  tags = {{ a = null }}")), &null),
            (role(&format!("{TRUST}\n  tolerate = [null]")), &null),
            (permissions("inline_policies = { a = null }"), &null),
            (permissions("managed_policy_arns = [null]"), &null),
            (
                permissions(&format!("inline_policies = {{ AWSRevokeOlderSessions = {} }}", allow("s3:*"))),
                &["reserved"],
            ),
            (role("  trust = { aws = [null] }"), &null),
            (trusting("aws", "principals = [null, \"222222222222\"]"), &null),
            (trusting("services", "service = \"codebuild.amazonaws.com\", source_arns = [null]"), &null),
            (token("audiences = [null], claims = { sub = [\"a\"] }"), &null),
            (token("audiences = [\"a\"], claims = { sub = [null] }"), &null),
            (token("audiences = [\"a\"], claims = { sub = null }"), &null),
            (token("audiences = [\"a\"], claims = null"), &["required"]),
        ],
    );
    let workspace = site.workspace_with("  assume_role = [null]", &role(TRUST));
    workspace.plan_error(&null);
}

fn every_bad_policy_is_refused_at_plan(site: &Site) {
    let with = |name: &str, policy: &str| {
        role(&format!("{TRUST}\n  permissions = {{ inline_policies = {{ \"{name}\" = {policy} }} }}"))
    };
    let document =
        |statement: &str| format!("jsonencode({{ Version = \"2012-10-17\", Statement = [{statement}] }})");
    let statement = |more: &str| {
        document(&format!("{{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\"{more} }}"))
    };
    let huge: String = (0..600).map(|n| format!("\"arn:aws:s3:::bucket-{n}\", ")).collect();
    let arns: String = (0..26).map(|n| format!("\"arn:aws:iam::aws:policy/P{n}\", ")).collect();
    refused(
        site,
        &[
            (with("a b", &allow("s3:GetObject")), &["A policy name consists of"]),
            (with(&"x".repeat(129), &allow("s3:GetObject")), &["1 to 128 characters"]),
            (with("a", "\"{\""), &["Invalid policy document", "line 1"]),
            (with("a", "\"[]\""), &["Invalid policy document"]),
            (with("a", &statement(", Sid = \"no-dash\"")), &["Statement[0].Sid", "A-Z, a-z and 0-9"]),
            (with("a", &statement(", Principal = { AWS = \"*\" }")), &["Principal"]),
            (
                with("a", &document("{ Effect = \"allow\", Action = \"s3:GetObject\", Resource = \"*\" }")),
                &["Statement[0].Effect"],
            ),
            (
                with("a", &document("{ Effect = \"Allow\", Action = \"GetObject\", Resource = \"*\" }")),
                &["Statement[0].Action"],
            ),
            (with("a", &document("{ Effect = \"Allow\", Action = \"s3:GetObject\" }")), &["Resource"]),
            (
                with(
                    "a",
                    &document(&format!(
                        "{{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = [{huge}] }}"
                    )),
                ),
                &["A quota of IAM is exceeded", "over the 10240"],
            ),
            (
                role(&format!("{TRUST}\n  permissions = {{ managed_policy_arns = [\"ReadOnlyAccess\"] }}")),
                &["A policy ARN looks like"],
            ),
            (
                role(&format!("{TRUST}\n  permissions = {{ managed_policy_arns = [{arns}] }}")),
                &["26, which is 1 over the 25"],
            ),
        ],
    );
}

fn a_misspelt_argument_is_refused(site: &Site) {
    refused(
        site,
        &[
            (role(&format!("{TRUST}\n  descripton = \"x\"")), &["descripton"]),
            (role("  trust = { service = [] }"), &["service"]),
        ],
    );
}
