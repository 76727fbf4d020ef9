//! The role that was made is the role that was meant: who may assume it can, who may not cannot, and its sessions
//! do what they are allowed and nothing else. On the emulator that enforces IAM.

use libtest_mimic::Trial;

use super::role;
use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_ministack(only_the_right_external_id_opens_the_role)
        .on_ministack(a_session_does_what_it_is_allowed_and_is_refused_the_rest)
        .on_ministack(a_principal_matched_by_condition_may_be_made_later)
        .on_ministack(the_boundary_bounds_what_the_policies_allow)
        .into_iter()
        .collect()
}

const READ_ROLES: &str = r#"
  permissions = {
    inline_policies = {
      roles = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = ["iam:ListRoles", "iam:CreateUser"], Resource = "*" }]
      })
    }
  }
"#;

fn arn(site: &Site) -> String {
    format!("arn:aws:iam::{}:role/runner-custom", site.account().id())
}

fn only_the_right_external_id_opens_the_role(site: &Site) {
    let caller = site.another_account();
    let trust = format!(
        "  trust = {{ aws = [{{ principals = [\"{}\"], external_id = \"runner-1\" }}] }}",
        caller.id()
    );
    let workspace = site.workspace(&role(&format!("{trust}{READ_ROLES}")));
    workspace.apply();
    let denied = |external_id| caller.assume(&arn(site), external_id).err().map(|refusal| refusal.code);
    assert_eq!(denied(Some("runner-2")).as_deref(), Some("AccessDenied"));
    assert_eq!(denied(None).as_deref(), Some("AccessDenied"));
    let session = caller.assume(&arn(site), Some("runner-1")).expect("this is the right one");
    assert!(session.arn().contains(":assumed-role/runner-custom/"));
    let stranger = site.another_account();
    assert!(stranger.assume(&arn(site), Some("runner-1")).is_err(), "another account is not trusted");
    workspace.destroy();
}

fn a_session_does_what_it_is_allowed_and_is_refused_the_rest(site: &Site) {
    let caller = site.another_account();
    let trust = format!("  trust = {{ aws = [{{ principals = [\"{}\"] }}] }}", caller.id());
    let workspace =
        site.workspace(&role(&format!("{trust}{}", READ_ROLES.replace(", \"iam:CreateUser\"", ""))));
    workspace.apply();
    let session = caller.assume(&arn(site), None).expect("the account is trusted");
    session.must(session.iam().list_roles().send());
    let refused = session.attempt(session.iam().create_user().user_name("stray").send());
    assert_eq!(refused.err().map(|refusal| refusal.code).as_deref(), Some("AccessDenied"));
    workspace.destroy();
}

fn a_principal_matched_by_condition_may_be_made_later(site: &Site) {
    let caller = site.another_account();
    let trust = format!(
        "  trust = {{ aws = [{{ principals = [\"arn:aws:iam::{}:user/ci-*\"], match = \"condition\" }}] }}",
        caller.id()
    );
    let workspace = site.workspace(&role(&format!("{trust}{READ_ROLES}")));
    workspace.apply();
    workspace.plan().assert_empty();
    for (name, trusted) in [("ci-deploy", true), ("other", false)] {
        assert_eq!(caller.user(name).assume(&arn(site), None).is_ok(), trusted, "{name}");
    }
    workspace.destroy();
}

fn the_boundary_bounds_what_the_policies_allow(site: &Site) {
    let caller = site.another_account();
    let trust = format!("  trust = {{ aws = [{{ principals = [\"{}\"] }}] }}", caller.id());
    let boundary = "  permissions_boundary = \"arn:aws:iam::aws:policy/IAMReadOnlyAccess\"\n";
    let workspace = site.workspace(&role(&format!("{boundary}{trust}{READ_ROLES}")));
    workspace.apply();
    let session = caller.assume(&arn(site), None).expect("the account is trusted");
    session.must(session.iam().list_roles().send());
    let refused = session.attempt(session.iam().create_user().user_name("stray").send());
    assert_eq!(refused.err().map(|refusal| refusal.code).as_deref(), Some("AccessDenied"));
    workspace.destroy();
}
