//! The provider block: how AWS is reached, as whom, in which accounts, and what holds for every resource.

use libtest_mimic::Trial;

use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", one_provider_reaches_three_accounts_with_one_session_each)
        .on_ministack(an_account_with_a_role_of_its_own_is_entered_through_it)
        .on_ministack(an_account_that_cannot_be_entered_fails_alone_and_names_the_hop)
        .on_ministack(an_account_that_nothing_names_any_more_is_entered_to_destroy)
        .on_ministack(a_destroy_without_a_way_in_says_what_is_missing_and_keeps_the_role)
        .on_ministack(hops_are_taken_in_order)
        .on_ministack(a_failing_hop_is_named)
        .on_each_emulator(accounts_that_are_not_allowed_are_refused_at_plan)
        .on_each_emulator(default_tags_lie_under_a_resources_own)
        .on_ministack(a_profile_and_shared_files_are_used)
        .on_each_terraform_since("1.15", every_contradiction_is_refused)
        .on_each_terraform_since("1.0", nothing_is_called_before_a_resource_needs_it)
        .into_iter()
        .collect()
}

const ROLE: &str = "deployrunner_task_role.this";
const TRUST: &str = "trust = { services = [{ service = \"codebuild.amazonaws.com\" }] }";

fn role(more: &str) -> String {
    format!(
        "resource \"deployrunner_task_role\" \"this\" {{\n  name = \"runner\"\n  task = \"custom\"\n  {TRUST}\n{more}\n}}\n"
    )
}

fn one_provider_reaches_three_accounts_with_one_session_each(site: &Site) {
    let members = [(); 3].map(|()| site.member_account("OrganizationAccountAccessRole", None));
    let ids: Vec<String> = members.iter().map(|member| format!("\"{}\"", member.id())).collect();
    let body = format!(
        "resource \"deployrunner_task_role\" \"this\" {{\n  for_each = {{ for pair in setproduct([{}], [\"plan\", \"apply\", \"build\"]) : join(\"-\", pair) => pair }}\n  \
         name = each.value[1]\n  account_id = each.value[0]\n  task = \"custom\"\n  {TRUST}\n}}\n",
        ids.join(", ")
    );
    let workspace =
        site.workspace_with("  account_role = { name = \"OrganizationAccountAccessRole\" }", &body);
    let plan = workspace.plan();
    let address = format!("{ROLE}[\"{}-plan\"]", members[0].id());
    assert_eq!(plan.after(&address)["arn"], format!("arn:aws:iam::{}:role/plan", members[0].id()));
    let calls = site.account().calls_during(|| {
        workspace.apply();
    });
    let count = |action: &str| calls.iter().filter(|call| *call == action).count();
    assert_eq!((count("AssumeRole"), count("GetCallerIdentity")), (3, 1), "{calls:?}");
    for member in &members {
        assert_eq!(member.role_names().len(), 4, "three, and the one that let us in");
    }
    assert_eq!(site.account().role_names(), Vec::<String>::new());
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn an_account_with_a_role_of_its_own_is_entered_through_it(site: &Site) {
    let member = site.member_account("Special", Some("in-1"));
    let id = member.id();
    let provider = format!(
        "  account_role = {{ name = \"Usual\", external_id = \"in-1\", overrides = {{ \"{id}\" = \"arn:aws:iam::{id}:role/Special\" }} }}"
    );
    let workspace = site.workspace_with(&provider, &role(&format!("  account_id = \"{id}\"")));
    workspace.apply();
    assert!(member.role("runner").is_some());
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn an_account_that_cannot_be_entered_fails_alone_and_names_the_hop(site: &Site) {
    let member = site.member_account("Access", None);
    let closed = site.another_account();
    let body = format!(
        "resource \"deployrunner_task_role\" \"this\" {{\n  for_each = toset([\"{}\", \"{}\"])\n  name = \"runner\"\n  account_id = each.value\n  task = \"custom\"\n  {TRUST}\n}}\n",
        member.id(),
        closed.id()
    );
    let workspace = site.workspace_with("  account_role = { name = \"Access\" }", &body);
    let hop = format!("arn:aws:iam::{}:role/Access", closed.id());
    workspace.apply_error(&[&format!("Cannot work in account {}", closed.id()), &hop]);
    assert!(member.role("runner").is_some(), "the other account is not held up");
    workspace.destroy();
}

fn an_account_that_nothing_names_any_more_is_entered_to_destroy(site: &Site) {
    let member = site.member_account("Access", None);
    let provider = "  account_role = { name = \"Access\" }";
    let workspace = site.workspace_with(provider, &role(&format!("  account_id = \"{}\"", member.id())));
    workspace.apply();
    workspace.configure(provider, "");
    workspace.apply();
    assert_eq!((member.role("runner"), workspace.state().addresses().len()), (None, 0));
}

fn a_destroy_without_a_way_in_says_what_is_missing_and_keeps_the_role(site: &Site) {
    let member = site.member_account("Special", None);
    let id = member.id();
    let special = format!("arn:aws:iam::{id}:role/Special");
    let provider =
        format!("  account_role = {{ name = \"Usual\", overrides = {{ \"{id}\" = \"{special}\" }} }}");
    let workspace = site.workspace_with(&provider, &role(&format!("  account_id = \"{id}\"")));
    workspace.apply();
    let place = format!("Cannot work in account {id}");
    workspace.configure("  account_role = { name = \"Usual\" }", "");
    workspace.apply_error(&[&place, &format!("arn:aws:iam::{id}:role/Usual"), "`account_role.overrides`"]);
    workspace.configure("", "");
    workspace.apply_error(&[&place, "no `account_role`"]);
    assert!(member.role("runner").is_some());
    workspace.configure(&provider, "");
    workspace.apply();
    assert_eq!(member.role("runner"), None);
}

fn hops_are_taken_in_order(site: &Site) {
    let first = site.member_account("First", Some("one"));
    let mut second = site.another_account();
    second.let_in(first.id(), "Second", None);
    let provider = format!(
        "  assume_role = [\n    {{ role_arn = \"arn:aws:iam::{}:role/First\", external_id = \"one\", session_name = \"hop-1\" }},\n    {{ role_arn = \"arn:aws:iam::{}:role/Second\", duration = \"1h\" }},\n  ]",
        first.id(),
        second.id()
    );
    let workspace = site.workspace_with(&provider, &role(""));
    assert_eq!(workspace.plan().after(ROLE)["account_id"], second.id());
    workspace.apply();
    assert!(second.role("runner").is_some());
    workspace.plan().assert_empty();
    workspace.destroy();
    second.delete_role("Second");
}

fn a_failing_hop_is_named(site: &Site) {
    let first = site.member_account("First", Some("one"));
    let arn = format!("arn:aws:iam::{}:role/First", first.id());
    let provider = format!("  assume_role = [{{ role_arn = \"{arn}\", external_id = \"two\" }}]");
    site.workspace_with(&provider, &role("")).plan_error(&["sts:AssumeRole", &arn, "AccessDenied"]);
}

fn accounts_that_are_not_allowed_are_refused_at_plan(site: &Site) {
    let id = site.account().id().to_owned();
    let cases = [
        ("  allowed_account_ids = [\"999999999999\"]".to_owned(), "allowed_account_ids"),
        (format!("  forbidden_account_ids = [\"{id}\"]"), "forbidden_account_ids"),
    ];
    for (provider, attribute) in cases {
        for more in ["", &format!("  account_id = \"{id}\"")] {
            site.workspace_with(&provider, &role(more)).plan_error(&[attribute, &id]);
        }
    }
    assert_eq!(site.account().role_names(), Vec::<String>::new());
}

fn default_tags_lie_under_a_resources_own(site: &Site) {
    let provider = "  default_tags = { team = \"platform\", env = \"prod\" }";
    let workspace = site.workspace_with(provider, &role("  tags = { team = \"payments\" }"));
    workspace.apply();
    workspace.plan().assert_empty();
    let tags = site.account().tags("runner");
    assert_eq!((tags["team"].as_str(), tags["env"].as_str()), ("payments", "prod"));
    workspace
        .configure("  default_tags = { team = \"platform\" }", &role("  tags = { team = \"payments\" }"));
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(site.account().tags("runner").len(), 1);
    site.account().untag("runner", "team");
    assert_eq!(workspace.plan().actions(ROLE), ["update"]);
    workspace.apply();
    workspace.destroy();
}

fn a_profile_and_shared_files_are_used(site: &Site) {
    let workspace = site.workspace("");
    let endpoint = site.endpoint();
    workspace.write(
        "credentials",
        &format!("[ci]\naws_access_key_id = {}\naws_secret_access_key = test\n", site.account().id()),
    );
    workspace.write(
        "main.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    deployrunner = {{ source = \"deployrunner/deployrunner\" }}\n  }}\n}}\n\
             provider \"deployrunner\" {{\n  region = \"us-gov-west-1\"\n  profile = \"ci\"\n  shared_credentials_files = [\"credentials\"]\n  \
             endpoints = {{ iam = \"{endpoint}\", sts = \"{endpoint}\" }}\n}}\n{}",
            role(&format!("  account_id = \"{}\"", site.account().id()))
        ),
    );
    let plan = workspace.plan();
    assert_eq!(plan.after(ROLE)["arn"], format!("arn:aws-us-gov:iam::{}:role/runner", site.account().id()));
}

fn every_contradiction_is_refused(site: &Site) {
    let cases: [(&str, &[&str]); 9] = [
        ("  max_retries = 5000", &["0 to 1000"]),
        (
            "  allowed_account_ids = [\"111111111111\"]\n  forbidden_account_ids = [\"222222222222\"]",
            &["cannot both be set"],
        ),
        ("  allowed_account_ids = [\"1111\"]", &["12 digits"]),
        ("  retry_mode = \"legacy\"", &["is not one of"]),
        ("  assume_role = [{ role_arn = \"admin\" }]", &["A role ARN looks like"]),
        (
            "  assume_role = [{ role_arn = \"arn:aws:iam::111111111111:role/a\", duration = \"5m\" }]",
            &["15 minutes to 12 hours"],
        ),
        (
            "  assume_role = [{ role_arn = \"arn:aws:iam::111111111111:role/a\" }, { role_arn = \"arn:aws:iam::111111111111:role/b\", duration = \"2h\" }]",
            &["role chaining"],
        ),
        ("  account_role = {}", &["names no role"]),
        (
            "  account_role = { overrides = { \"111111111111\" = \"arn:aws:iam::222222222222:role/x\" } }",
            &["in account 222222222222, and not in account 111111111111"],
        ),
    ];
    for (provider, texts) in cases {
        site.workspace_with(provider, &role("")).plan_error(texts);
    }
}

fn nothing_is_called_before_a_resource_needs_it(site: &Site) {
    let workspace = site.workspace("");
    let calls = site.account().calls_during(|| {
        workspace.plan();
    });
    assert_eq!(calls, Vec::<String>::new());
}
