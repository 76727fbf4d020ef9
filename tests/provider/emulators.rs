//! What the emulators do that the other tests lean on. A claim that breaks here explains the failures elsewhere.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Account, Fault, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_emulator(a_key_of_twelve_digits_is_the_root_of_that_account)
        .on_each_emulator(accounts_do_not_see_each_other)
        .on_each_emulator(everything_about_a_role_can_be_changed_outside)
        .on_each_emulator(a_member_account_can_be_entered)
        .on_each_emulator(a_fault_is_answered_as_often_as_asked)
        .on_each_emulator(a_fault_after_the_work_loses_only_the_answer)
        .on_ministack(a_session_may_do_what_its_role_holds_and_no_more)
        .on_ministack(a_session_needs_the_right_external_id)
        .on_ministack(a_boundary_holds_whatever_the_policies_say)
        .into_iter()
        .collect()
}

fn statement(effect: &str, action: &str) -> Value {
    let statement = json!({"Effect": effect, "Action": action, "Resource": "*"});
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn trust(account: &Account) -> Value {
    let statement =
        json!({"Effect": "Allow", "Principal": {"AWS": account.id()}, "Action": "sts:AssumeRole"});
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn a_key_of_twelve_digits_is_the_root_of_that_account(site: &Site) {
    let account = site.account();
    assert!(account.arn().contains(account.id()), "{} is in another account", account.arn());
}

fn accounts_do_not_see_each_other(site: &Site) {
    let (here, there) = (site.account(), site.another_account());
    here.create_role("mine", &trust(here));
    assert_eq!(there.role("mine"), None);
    assert_eq!(there.role_names(), Vec::<String>::new());
    here.delete_role("mine");
}

fn everything_about_a_role_can_be_changed_outside(site: &Site) {
    let account = site.account();
    account.create_role("drifting", &trust(account));

    let policy = statement("Allow", "s3:ListAllMyBuckets");
    let managed = account.create_policy("managed", &policy);
    account.put_inline_policy("drifting", "inline", &policy);
    account.attach("drifting", &managed);
    account.set_boundary("drifting", Some(&managed));
    account.tag("drifting", "team", "platform");
    account.set_description_and_duration("drifting", "changed", 7200);
    let other = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ]});
    account.set_trust("drifting", &other);

    let role = account.role("drifting").unwrap();
    assert_eq!((role.description(), role.max_session_duration()), (Some("changed"), Some(7200)));
    assert_eq!(account.trust("drifting"), other);
    assert_eq!(account.inline_policies("drifting"), [("inline".to_owned(), policy)].into());
    assert_eq!(account.attached_policies("drifting"), [managed.clone()].into());
    assert_eq!(account.boundary("drifting"), Some(managed.clone()));
    assert_eq!(account.tags("drifting"), [("team".to_owned(), "platform".to_owned())].into());

    account.untag("drifting", "team");
    account.set_boundary("drifting", None);
    assert_eq!((account.tags("drifting").len(), account.boundary("drifting")), (0, None));
    account.delete_role("drifting");
    account.delete_policy(&managed);
}

fn a_member_account_can_be_entered(site: &Site) {
    let member = site.member_account("OrganizationAccountAccessRole", Some("secret"));
    let arn = format!("arn:aws:iam::{}:role/OrganizationAccountAccessRole", member.id());
    let inside = site.account().assume(&arn, Some("secret")).unwrap();
    let roles = inside.must(inside.iam().list_roles().send());
    assert!(roles.roles().iter().any(|role| role.arn() == arn));
    assert!(
        member.calls().iter().any(|action| action == "ListRoles"),
        "the session's calls are the member's"
    );
}

fn a_fault_is_answered_as_often_as_asked(site: &Site) {
    let account = site.account();
    account.answer_with("ListRoles", Fault::throttled().times(2));
    let codes = [(); 3].map(|()| account.attempt(account.iam().list_roles().send()).err().map(|no| no.code));
    assert_eq!(codes, [Some("Throttling".to_owned()), Some("Throttling".to_owned()), None]);
}

fn a_fault_after_the_work_loses_only_the_answer(site: &Site) {
    let account = site.account();
    account.answer_with("CreateRole", Fault::internal().after_the_work());
    let calls = account.calls_during(|| {
        let call = account.iam().create_role().role_name("there");
        let answer = account.attempt(call.assume_role_policy_document(trust(account).to_string()).send());
        assert_eq!(answer.unwrap_err().code, "ServiceFailure");
    });
    assert_eq!(calls, ["CreateRole"]);
    assert!(account.role("there").is_some());
    account.delete_role("there");
}

fn a_session_may_do_what_its_role_holds_and_no_more(site: &Site) {
    let account = site.account();
    let arn = account.create_role("reader", &trust(account)).arn().to_owned();
    account.put_inline_policy("reader", "read", &statement("Allow", "iam:ListRoles"));

    let session = account.assume(&arn, None).unwrap();
    session.must(session.iam().list_roles().send());
    let refused = session.attempt(session.iam().delete_role().role_name("reader").send());
    assert_eq!(refused.unwrap_err().code, "AccessDenied");
    account.delete_role("reader");
}

fn a_session_needs_the_right_external_id(site: &Site) {
    let account = site.account();
    let mut trust = trust(account);
    trust["Statement"][0]["Condition"] = json!({"StringEquals": {"sts:ExternalId": "right"}});
    let arn = account.create_role("guarded", &trust).arn().to_owned();

    assert!(account.assume(&arn, Some("right")).is_ok());
    for wrong in [Some("wrong"), None] {
        assert_eq!(account.assume(&arn, wrong).unwrap_err().code, "AccessDenied");
    }
    account.delete_role("guarded");
}

fn a_boundary_holds_whatever_the_policies_say(site: &Site) {
    let account = site.account();
    let arn = account.create_role("bounded", &trust(account)).arn().to_owned();
    let boundary = account.create_policy("boundary", &statement("Allow", "s3:*"));
    account.put_inline_policy("bounded", "all", &statement("Allow", "*"));
    account.set_boundary("bounded", Some(&boundary));

    let session = account.assume(&arn, None).unwrap();
    let refused = session.attempt(session.iam().list_roles().send());
    assert_eq!(refused.unwrap_err().code, "AccessDenied");
    account.delete_role("bounded");
    account.delete_policy(&boundary);
}
