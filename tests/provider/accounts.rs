//! Reaching accounts without Terraform in between: hops, external ids, one session an account, and the accounts that
//! are off limits.

use std::sync::Arc;

use libtest_mimic::Trial;
use terraform_provider_deployrunner::aws::{AccountRole, Aws, Error, Hop, Kind, Settings};
use tokio::runtime::Runtime;

use crate::role::settings;
use crate::support::{Ground, Site};

const ACCESS: &str = "OrganizationAccountAccessRole";

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_emulator(each_account_is_entered_once_however_many_ask)
        .on_each_emulator(the_base_account_is_not_entered_again)
        .on_each_emulator(an_account_that_is_not_allowed_is_not_touched)
        .on_each_emulator(an_override_leads_to_another_role)
        .on_each_emulator(hops_are_made_one_after_the_other)
        .on_ministack(a_wrong_external_id_names_the_hop_and_both_sides)
        .on_ministack(a_refused_hop_is_named_by_its_number)
        .into_iter()
        .collect()
}

fn through(name: &str, external_id: Option<&str>) -> AccountRole {
    let external_id = external_id.map(str::to_owned);
    AccountRole { name: Some(name.to_owned()), external_id, ..AccountRole::default() }
}

/// Enters `account_id` and gives the ARN of who is there.
fn enter(runtime: &Runtime, aws: &Aws, account_id: Option<&str>) -> Result<String, Error> {
    runtime.block_on(aws.account(account_id)).map(|account| account.identity().arn.clone())
}

fn each_account_is_entered_once_however_many_ask(site: &Site) {
    let members = [(); 3].map(|()| site.member_account(ACCESS, Some("secret")));
    let runtime = Runtime::new().unwrap();
    let role = through(ACCESS, Some("secret"));
    let base = site.account().id();
    let aws = Aws::new(Settings { account_role: Some(role), ..settings(site, base) });
    let calls = site.account().calls_during(|| {
        let asked: Vec<_> = (0..60)
            .map(|number| {
                let (aws, id) = (aws.clone(), members[number % 3].id().to_owned());
                runtime.spawn(async move { (aws.account(Some(&id)).await, id) })
            })
            .collect();
        for asked in asked {
            let (account, id) = runtime.block_on(asked).unwrap();
            assert_eq!(account.unwrap().id(), id);
        }
    });
    assert_eq!(calls.iter().filter(|call| *call == "GetCallerIdentity").count(), 1);
    assert_eq!(calls.iter().filter(|call| *call == "AssumeRole").count(), 3);
    for member in members {
        let account = runtime.block_on(aws.account(Some(member.id()))).unwrap();
        let stop = terraform_provider_deployrunner::aws::Stop::never();
        let role = runtime.block_on(async { account.iam(&stop).await?.get_role(ACCESS).await }).unwrap();
        assert!(role.arn.contains(member.id()), "{} is not in {}", role.arn, member.id());
    }
}

fn the_base_account_is_not_entered_again(site: &Site) {
    let runtime = Runtime::new().unwrap();
    let id = site.account().id();
    let aws = Aws::new(settings(site, id));
    let calls = site.account().calls_during(|| {
        let accounts = [None, Some(id), None].map(|asked| runtime.block_on(aws.account(asked)).unwrap());
        assert!(Arc::ptr_eq(&accounts[0], &accounts[1]) && Arc::ptr_eq(&accounts[1], &accounts[2]));
    });
    assert_eq!(calls, ["GetCallerIdentity"]);
}

fn an_account_that_is_not_allowed_is_not_touched(site: &Site) {
    let member = site.member_account(ACCESS, None);
    let runtime = Runtime::new().unwrap();
    let base =
        || Settings { account_role: Some(through(ACCESS, None)), ..settings(site, site.account().id()) };
    let lists = [
        (
            Settings { allowed_account_ids: vec![site.account().id().to_owned()], ..base() },
            "`allowed_account_ids`",
        ),
        (
            Settings { forbidden_account_ids: vec![member.id().to_owned()], ..base() },
            "`forbidden_account_ids`",
        ),
    ];
    for (settings, attribute) in lists {
        let calls = site.account().calls_during(|| {
            let error = enter(&runtime, &Aws::new(settings), Some(member.id())).unwrap_err();
            assert_eq!(error.kind(), Kind::Configuration);
            assert!(error.to_string().contains(attribute), "{error}");
        });
        assert_eq!(calls, [""; 0]);
    }
    let own = Settings { forbidden_account_ids: vec![site.account().id().to_owned()], ..base() };
    assert_eq!(enter(&runtime, &Aws::new(own), None).unwrap_err().kind(), Kind::Configuration);
}

fn an_override_leads_to_another_role(site: &Site) {
    let member = site.member_account("Special", None);
    let runtime = Runtime::new().unwrap();
    let with = |arn: String| {
        let overrides = [(member.id().to_owned(), arn)].into();
        let role = AccountRole { overrides, ..through("NotThere", None) };
        Aws::new(Settings { account_role: Some(role), ..settings(site, site.account().id()) })
    };
    let right = with(format!("arn:aws:iam::{}:role/Special", member.id()));
    assert!(enter(&runtime, &right, Some(member.id())).unwrap().contains("assumed-role/Special/"));
    let elsewhere = with("arn:aws:iam::999999999999:role/Special".to_owned());
    let error = enter(&runtime, &elsewhere, Some(member.id())).unwrap_err();
    assert!(error.to_string().contains("account_role.overrides"), "{error}");
    let nowhere = Aws::new(settings(site, site.account().id()));
    let error = enter(&runtime, &nowhere, Some(member.id())).unwrap_err();
    assert!(error.to_string().contains("no `account_role`"), "{error}");
}

fn hops_are_made_one_after_the_other(site: &Site) {
    let first = site.member_account("First", None);
    let mut second = site.another_account();
    second.let_in(first.id(), "Second", None);
    let hops = [(first.id(), "First"), (second.id(), "Second")]
        .map(|(id, name)| Hop { role_arn: format!("arn:aws:iam::{id}:role/{name}"), ..Hop::default() });
    let runtime = Runtime::new().unwrap();
    let aws = Aws::new(Settings { assume_role: hops.to_vec(), ..settings(site, site.account().id()) });
    let calls = site.account().calls_during(|| {
        assert!(enter(&runtime, &aws, None).unwrap().contains("assumed-role/Second/"));
        assert_eq!(runtime.block_on(aws.account(None)).unwrap().id(), second.id());
    });
    assert_eq!(calls, ["AssumeRole"], "the answer to the hop says who one is");
    second.delete_role("Second");
}

fn a_wrong_external_id_names_the_hop_and_both_sides(site: &Site) {
    let member = site.member_account(ACCESS, Some("right"));
    let runtime = Runtime::new().unwrap();
    for (external_id, said) in [(Some("wrong"), "another `external_id`"), (None, "none was sent")] {
        let role = through(ACCESS, external_id);
        let aws = Aws::new(Settings { account_role: Some(role), ..settings(site, site.account().id()) });
        let error = enter(&runtime, &aws, Some(member.id())).unwrap_err();
        assert_eq!((error.kind(), error.account_id()), (Kind::Denied, Some(member.id())));
        for part in [said, "`account_role`", &format!("arn:aws:iam::{}:role/{ACCESS}", member.id())] {
            assert!(error.to_string().contains(part), "{part} is missing: {error}");
        }
    }
}

fn a_refused_hop_is_named_by_its_number(site: &Site) {
    let first = site.member_account("First", None);
    let hops = [(first.id(), "First"), (first.id(), "Nobody")]
        .map(|(id, name)| Hop { role_arn: format!("arn:aws:iam::{id}:role/{name}"), ..Hop::default() });
    let runtime = Runtime::new().unwrap();
    let aws = Aws::new(Settings { assume_role: hops.to_vec(), ..settings(site, site.account().id()) });
    let error = enter(&runtime, &aws, None).unwrap_err();
    assert!(error.to_string().contains("`assume_role[1]`"), "{error}");
}
