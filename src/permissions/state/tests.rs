//! Who can do what to which state, lock and key, asked of the policy engine; and what is refused at plan.

use super::*;
use crate::permissions::probe::{Probe, set};
use iam_policy::{Caller, Context, Document, Kind, Outcome, PolicySet, Request, catalog, evaluate_alone};

const HOME: Home<'_> = Home { partition: "aws", account_id: "111122223333" };
const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/terraform-locks";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn text(text: &str) -> Attr<String> {
    Attr::Known(text.to_owned())
}

/// The states of `prod/` in the bucket `acme-tfstate`.
fn prod() -> State {
    State { bucket: text("acme-tfstate"), key_prefixes: set(&["prod/"]), ..State::default() }
}

fn with_workspaces() -> State {
    State { workspace_key_prefix: text("env:"), ..prod() }
}

fn with_table() -> State {
    State { lock: text("dynamodb"), lock_table_arn: text(TABLE), ..prod() }
}

/// A role that holds just this section.
struct Holder(PolicySet);

impl Holder {
    fn of(section: &State, access: Access) -> Self {
        Self::in_home(section, access, HOME)
    }

    fn in_home(section: &State, access: Access, home: Home<'_>) -> Self {
        let document = Document::new(statements(section, access, home));
        document.check(Kind::Identity).unwrap();
        Self(PolicySet::new().identity("state", &document))
    }

    fn can(&self, action: &str, resource: &str, keys: &[(&str, &[&str])]) -> bool {
        let caller = Caller::Role { arn: "arn:aws:iam::111122223333:role/planner".to_owned(), session: None };
        let context = keys
            .iter()
            .fold(Context::complete(), |context, (key, values)| context.with(key, values.iter().copied()));
        match evaluate_alone(&self.0, &Request::new(caller, action, resource, context)).outcome {
            Outcome::Allowed => true,
            Outcome::Unknown => panic!("{action} on {resource} is not decided"),
            _ => false,
        }
    }

    /// Whether these actions, and no others of all that S3 has, are allowed on an object.
    fn only(&self, key: &str, allowed: &[&str]) {
        let resource = format!("arn:aws:s3:::acme-tfstate/{key}");
        for action in catalog::service("s3").unwrap().actions() {
            let action = action.to_string();
            assert_eq!(
                self.can(&action, &resource, &[]),
                allowed.contains(&action.as_str()),
                "{action} on {key}"
            );
        }
    }

    fn lists(&self, prefix: &str) -> bool {
        self.can("s3:ListBucket", "arn:aws:s3:::acme-tfstate", &[("s3:prefix", &[prefix])])
    }

    /// Whether these actions, and no others of all that DynamoDB has, are allowed on an item of the table.
    fn only_item(&self, id: &str, allowed: &[&str]) {
        for action in catalog::service("dynamodb").unwrap().actions() {
            let action = action.to_string();
            let is_allowed = self.can(&action, TABLE, &[("dynamodb:LeadingKeys", &[id])]);
            assert_eq!(is_allowed, allowed.contains(&action.as_str()), "{action} on {id}");
        }
    }

    fn uses_key(&self, action: &str, service: &str, context: (&str, &str)) -> bool {
        let (key, value) = context;
        let key = format!("kms:EncryptionContext:{key}");
        self.can(action, KEY, &[("kms:ViaService", &[service]), (&key, &[value])])
    }
}

const READ: &[&str] = &["s3:GetObject"];
const WRITE: &[&str] = &["s3:GetObject", "s3:PutObject"];
const LOCK: &[&str] = &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"];

#[test]
fn a_reader_reads_its_states_and_writes_nothing_but_their_lock_files() {
    let reader = Holder::of(&prod(), Access::Read);
    reader.only("prod/network/terraform.tfstate", READ);
    reader.only("prod/network/terraform.tfstate.tflock", LOCK);
    for other in
        ["prod", "stage/terraform.tfstate", "stage/terraform.tfstate.tflock", "env:/qa/prod/x", "x/prod/x"]
    {
        reader.only(other, &[]);
    }
    reader.only("prod/x.tflock.tfstate", READ);
}

#[test]
fn a_writer_writes_its_states_and_deletes_none() {
    let writer = Holder::of(&prod(), Access::Write);
    writer.only("prod/network/terraform.tfstate", WRITE);
    writer.only("prod/network/terraform.tfstate.tflock", LOCK);
    writer.only("stage/terraform.tfstate", &[]);
    writer.only("env:/qa/prod/terraform.tfstate", &[]);
}

#[test]
fn nothing_is_done_to_the_bucket_but_listing_it() {
    for access in [Access::Read, Access::Write] {
        let holder = Holder::of(&with_workspaces(), access);
        for action in catalog::service("s3").unwrap().actions() {
            let action = action.to_string();
            let is_allowed = holder.can(&action, "arn:aws:s3:::acme-tfstate", &[("s3:prefix", &["env:/"])]);
            assert_eq!(is_allowed, action == "s3:ListBucket", "{action}");
        }
    }
}

#[test]
fn keys_are_listed_under_the_prefixes_so_that_a_state_that_is_not_there_is_answered_404() {
    let reader = Holder::of(&prod(), Access::Read);
    assert!(reader.lists("prod/") && reader.lists("prod/network/terraform.tfstate"));
    assert!(!reader.lists("") && !reader.lists("pro") && !reader.lists("stage/") && !reader.lists("env:/"));
    let whole_bucket = reader.can("s3:ListBucket", "arn:aws:s3:::acme-tfstate", &[]);
    assert!(!whole_bucket, "a listing without a prefix is one of the whole bucket");
    assert!(!reader.can("s3:ListBucket", "arn:aws:s3:::acme-other", &[("s3:prefix", &["prod/"])]));
}

#[test]
fn a_prefix_is_taken_as_it_is_written() {
    let one = State { key_prefixes: set(&["prod/network/terraform.tfstate"]), ..prod() };
    let reader = Holder::of(&one, Access::Read);
    reader.only("prod/network/terraform.tfstate", READ);
    reader.only("prod/network/terraform.tfstate.tflock", LOCK);
    reader.only("prod/network", &[]);
    let open = State { key_prefixes: set(&["prod"]), ..prod() };
    Holder::of(&open, Access::Read).only("production/terraform.tfstate", READ);
}

#[test]
fn workspaces_are_listed_used_and_by_a_writer_deleted_where_they_are_named() {
    let reader = Holder::of(&with_workspaces(), Access::Read);
    let writer = Holder::of(&with_workspaces(), Access::Write);
    assert!(reader.lists("env:/") && reader.lists("env:/qa/prod/terraform.tfstate"));
    assert!(!reader.lists("env:/qa") && !reader.lists("env:/qa/stage/terraform.tfstate"));
    reader.only("env:/qa/prod/terraform.tfstate", READ);
    reader.only("env:/qa/prod/terraform.tfstate.tflock", LOCK);
    writer.only("env:/qa/prod/terraform.tfstate", LOCK);
    writer.only("prod/terraform.tfstate", WRITE);
    for other in ["env:/qa/stage/terraform.tfstate", "workspaces/qa/prod/terraform.tfstate"] {
        reader.only(other, &[]);
        writer.only(other, &[]);
    }
}

#[test]
fn other_units_states_are_read_by_prefix_and_neither_written_nor_locked() {
    let section = State { read_key_prefixes: set(&["shared/"]), ..with_workspaces() };
    for access in [Access::Read, Access::Write] {
        let holder = Holder::of(&section, access);
        for key in ["shared/vpc.tfstate", "shared/vpc.tfstate.tflock", "env:/qa/shared/vpc.tfstate"] {
            holder.only(key, READ);
        }
        assert!(holder.lists("shared/vpc.tfstate"), "one that is not there is answered 404");
        holder.only("other/vpc.tfstate", &[]);
    }
    let table = State { read_key_prefixes: set(&["shared/"]), ..with_table() };
    for access in [Access::Read, Access::Write] {
        Holder::of(&table, access).only_item("acme-tfstate/shared/vpc.tfstate-md5", &["dynamodb:GetItem"]);
    }
}

#[test]
fn every_key_is_meant_only_when_a_star_says_so() {
    let section = State { key_prefixes: set(&["*"]), ..with_workspaces() };
    let reader = Holder::of(&section, Access::Read);
    reader.only("anything", READ);
    reader.only("anything.tflock", LOCK);
    assert!(reader.lists("") && reader.lists("env:/"));
    let writer = Holder::of(&section, Access::Write);
    writer.only("prod/terraform.tfstate", WRITE);
    writer.only("env:/qa/prod/terraform.tfstate", LOCK);
}

#[test]
fn without_a_lock_a_reader_writes_nothing() {
    let section = State { lock: text("none"), ..prod() };
    Holder::of(&section, Access::Read).only("prod/terraform.tfstate.tflock", READ);
    Holder::of(&section, Access::Write).only("prod/terraform.tfstate.tflock", WRITE);
    Holder::of(&with_table(), Access::Read).only("prod/terraform.tfstate.tflock", READ);
}

const TAKE: &[&str] = &["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"];

#[test]
fn a_reader_takes_locks_in_a_table_and_cannot_write_checksums() {
    let reader = Holder::of(&with_table(), Access::Read);
    reader.only_item("acme-tfstate/prod/network/terraform.tfstate", TAKE);
    reader.only_item("acme-tfstate/prod/network/terraform.tfstate-md5", &["dynamodb:GetItem"]);
    let writer = Holder::of(&with_table(), Access::Write);
    writer.only_item("acme-tfstate/prod/network/terraform.tfstate", TAKE);
    writer.only_item("acme-tfstate/prod/network/terraform.tfstate-md5", TAKE);
    for holder in [reader, writer] {
        holder.only_item("acme-tfstate/stage/terraform.tfstate", &[]);
        holder.only_item("acme-other/prod/terraform.tfstate", &[]);
    }
}

#[test]
fn a_request_about_no_item_or_also_about_a_foreign_one_is_refused() {
    let writer = Holder::of(&with_table(), Access::Write);
    for action in TAKE {
        assert!(!writer.can(action, TABLE, &[]), "`ForAllValues` is true of a key that is absent");
        let both = ["acme-tfstate/prod/x", "acme-tfstate/stage/x"];
        assert!(!writer.can(action, TABLE, &[("dynamodb:LeadingKeys", &both)]));
    }
    let reader = Holder::of(&with_table(), Access::Read);
    let both = ["acme-tfstate/prod/x", "acme-tfstate/prod/x-md5"];
    assert!(!reader.can("dynamodb:PutItem", TABLE, &[("dynamodb:LeadingKeys", &both)]));
}

#[test]
fn locks_of_workspaces_are_in_the_table_under_the_workspaces_keys() {
    let section = State { workspace_key_prefix: text("env:"), ..with_table() };
    let reader = Holder::of(&section, Access::Read);
    reader.only_item("acme-tfstate/env:/qa/prod/terraform.tfstate", TAKE);
    reader.only_item("acme-tfstate/env:/qa/stage/terraform.tfstate", &[]);
    Holder::of(&with_table(), Access::Write).only_item("acme-tfstate/env:/qa/prod/terraform.tfstate", &[]);
}

#[test]
fn a_key_is_used_by_way_of_s3_for_the_bucket_alone() {
    let object = ("aws:s3:arn", "arn:aws:s3:::acme-tfstate/prod/terraform.tfstate");
    let section = State { kms_key_arn: text(KEY), ..prod() };
    for access in [Access::Read, Access::Write] {
        let holder = Holder::of(&section, access);
        for action in ["kms:Decrypt", "kms:GenerateDataKey"] {
            assert!(holder.uses_key(action, "s3.eu-west-1.amazonaws.com", object));
            let bucket_key = ("aws:s3:arn", "arn:aws:s3:::acme-tfstate");
            assert!(holder.uses_key(action, "s3.eu-west-1.amazonaws.com", bucket_key), "of an S3 Bucket Key");
            assert!(!holder.uses_key(action, "s3.us-east-1.amazonaws.com", object));
            assert!(!holder.uses_key(action, "dynamodb.eu-west-1.amazonaws.com", object));
            let other = ("aws:s3:arn", "arn:aws:s3:::acme-tfstate-backup/x");
            assert!(!holder.uses_key(action, "s3.eu-west-1.amazonaws.com", other));
            assert!(!holder.can(action, KEY, &[]), "not by KMS itself");
        }
        assert!(!holder.uses_key("kms:Encrypt", "s3.eu-west-1.amazonaws.com", object));
        assert!(!holder.uses_key("kms:CreateGrant", "s3.eu-west-1.amazonaws.com", object));
    }
}

#[test]
fn who_writes_no_object_makes_no_data_key() {
    let object = ("aws:s3:arn", "arn:aws:s3:::acme-tfstate/prod/terraform.tfstate");
    for (section, access, makes) in [
        (State { kms_key_arn: text(KEY), lock: text("none"), ..prod() }, Access::Read, false),
        (State { kms_key_arn: text(KEY), ..with_table() }, Access::Read, false),
        (State { kms_key_arn: text(KEY), ..prod() }, Access::Read, true),
        (State { kms_key_arn: text(KEY), lock: text("none"), ..prod() }, Access::Write, true),
    ] {
        let holder = Holder::of(&section, access);
        let service = "s3.eu-west-1.amazonaws.com";
        assert_eq!(holder.uses_key("kms:GenerateDataKey", service, object), makes, "{section:?}");
        assert!(holder.uses_key("kms:Decrypt", service, object));
    }
}

#[test]
fn the_tables_key_only_decrypts_and_only_for_the_table() {
    let section = State { lock_table_kms_key_arn: text(KEY), ..with_table() };
    let holder = Holder::of(&section, Access::Write);
    let (service, table) =
        ("dynamodb.eu-west-1.amazonaws.com", ("aws:dynamodb:tableName", "terraform-locks"));
    assert!(holder.uses_key("kms:Decrypt", service, table));
    assert!(!holder.uses_key("kms:GenerateDataKey", service, table));
    assert!(!holder.uses_key("kms:Decrypt", service, ("aws:dynamodb:tableName", "customers")));
    assert!(!holder.uses_key("kms:Decrypt", "s3.eu-west-1.amazonaws.com", table));
}

#[test]
fn other_partitions_have_arns_and_service_names_of_their_own() {
    let key = KEY.replace("aws:kms:eu-west-1", "aws-cn:kms:cn-north-1");
    let section = State { kms_key_arn: text(&key), ..prod() };
    let home = Home { partition: "aws-cn", ..HOME };
    let reader = Holder::in_home(&section, Access::Read, home);
    let object = "arn:aws-cn:s3:::acme-tfstate/prod/terraform.tfstate";
    assert!(reader.can("s3:GetObject", object, &[]));
    assert!(!reader.can("s3:GetObject", "arn:aws:s3:::acme-tfstate/prod/terraform.tfstate", &[]));
    let via = |service: &str| {
        let object: &[&str] = &[object];
        reader.can(
            "kms:Decrypt",
            &key,
            &[("kms:ViaService", &[service]), ("kms:EncryptionContext:aws:s3:arn", object)],
        )
    };
    assert!(via("s3.cn-north-1.amazonaws.com.cn") && !via("s3.cn-north-1.amazonaws.com"));
}

#[test]
fn aws_decides_each_action_by_the_resource_and_the_keys_that_its_statement_names() {
    let section = State {
        kms_key_arn: text(KEY),
        lock_table_kms_key_arn: text(KEY),
        workspace_key_prefix: text("env:"),
        ..with_table()
    };
    for access in [Access::Read, Access::Write] {
        Probe::of(statements(&section, access, HOME)).assert_scopes_have_effect();
    }
}

fn found(section: &State) -> Vec<String> {
    let mut found = Diagnostics::default();
    validate(section, &Path::root(), &mut found);
    found.iter().map(|diagnostic| format!("{diagnostic:?}")).collect()
}

#[test]
fn a_section_that_contradicts_itself_is_refused_at_the_argument() {
    for (section, attribute, says) in [
        (State { key_prefixes: set(&[]), ..prod() }, "key_prefixes", "[\\\"*\\\"]"),
        (State { key_prefixes: set(&["*", "prod/"]), ..prod() }, "key_prefixes", "limit nothing"),
        (State { read_key_prefixes: set(&["*", "a/"]), ..prod() }, "read_key_prefixes", "limit nothing"),
        (State { lock: text("dynamodb"), ..prod() }, "lock", "Name it in `lock_table_arn`"),
        (State { lock_table_arn: text(TABLE), ..prod() }, "lock_table_arn", "`lock` is \\\"s3\\\""),
        (State { lock: text("none"), ..with_table() }, "lock_table_arn", "`lock` is \\\"none\\\""),
        (State { lock_table_kms_key_arn: text(KEY), ..prod() }, "lock_table_kms_key_arn", "leave"),
        (
            State { kms_key_arn: text(&KEY.replace("arn:aws:", "arn:aws-cn:")), ..with_table() },
            "lock_table_arn",
            "partition `aws-cn`",
        ),
    ] {
        let found = found(&section);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(&format!("\"{attribute}\"")) && found[0].contains(says), "{}", found[0]);
    }
}

#[test]
fn nothing_is_said_of_what_is_right_or_not_known_yet() {
    for section in [
        prod(),
        with_table(),
        State { read_key_prefixes: set(&[]), ..prod() },
        State { lock: text("dynamodb"), lock_table_arn: Attr::Unknown, ..prod() },
        State { lock: Attr::Unknown, ..with_table() },
        State { key_prefixes: Attr::Unknown, kms_key_arn: Attr::Unknown, ..prod() },
    ] {
        assert_eq!(found(&section), Vec::<String>::new());
    }
}

#[test]
fn names_have_the_form_that_aws_and_terraform_give_them() {
    for right in ["abc", "acme-tfstate", "acme.tf.state1", "1-2"] {
        bucket_name(right).unwrap();
    }
    for wrong in [
        "ab",
        "Acme",
        "acme_state",
        "-acme",
        "acme-",
        "a..b",
        "192.168.0.1",
        "arn:aws:s3:::acme",
        "acme/prod",
        "acme*",
        "x-s3alias",
        "x--usw2-az1--x-s3",
        "",
    ] {
        bucket_name(wrong).unwrap_err();
    }
    for right in ["prod/", "prod", "a/b/c.tfstate", "env:/qa/", "*", "with space/"] {
        key_prefix(right).unwrap();
    }
    for wrong in ["", "/prod", "prod/*", "prod/?", "${aws:username}/", "pr\u{f6}d/", "a\n"] {
        key_prefix(wrong).unwrap_err();
    }
    workspace_key_prefix("env:").unwrap();
    for wrong in ["", "env:/", "/env", "*"] {
        workspace_key_prefix(wrong).unwrap_err();
    }
}
