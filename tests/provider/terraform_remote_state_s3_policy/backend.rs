//! A unit of Terraform whose state is in S3, used by a role or by the account's root.
//!
//! It holds one resource that is built into Terraform, so that nothing but the backend calls AWS.

use serde_json::{Value, json};

use crate::support::{Account, Site, Workspace};

/// The table of locks.
pub(super) const TABLE: &str = "terraform-locks";

/// What makes the table, as boto3 takes it.
pub(super) fn table() -> Value {
    json!({
        "TableName": TABLE,
        "KeySchema": [{ "AttributeName": "LockID", "KeyType": "HASH" }],
        "AttributeDefinitions": [{ "AttributeName": "LockID", "AttributeType": "S" }],
        "BillingMode": "PAY_PER_REQUEST",
    })
}

/// The unit's one resource.
pub(super) const DATA: &str = "terraform_data.this";

/// The bucket of an account.
pub(super) fn bucket(account: &Account) -> String {
    format!("tfstate-{}", account.id())
}

/// How a backend locks.
#[derive(Clone, Copy)]
pub(super) enum Lock {
    File,
    Table,
    None,
}

/// A backend's configuration.
#[derive(Clone, Copy)]
pub(super) struct Backend {
    /// Whose session uses it; the root's without.
    pub(super) role: Option<&'static str>,
    pub(super) key: &'static str,
    pub(super) lock: Lock,
}

impl Backend {
    /// A workspace of such a unit, initialized.
    #[track_caller]
    pub(super) fn workspace(self, site: &Site) -> Workspace {
        let workspace = site.empty_workspace();
        workspace.write(
            "backend.tf",
            &format!("terraform {{\n  backend \"s3\" {{\n{}  }}\n}}\n", self.arguments(site)),
        );
        write(&workspace, "first");
        workspace.run(&["init", "-input=false", "-no-color"]).assert_succeeded();
        workspace
    }

    /// A data source that reads the state there.
    pub(super) fn as_dependency(self, site: &Site) -> String {
        format!(
            "data \"terraform_remote_state\" \"other\" {{\n  backend = \"s3\"\n  config = {{\n{}  }}\n}}\n",
            Self { lock: Lock::None, ..self }.arguments(site)
        )
    }

    fn arguments(self, site: &Site) -> String {
        let (account, endpoint) = (site.account(), site.endpoint());
        let role = self.role.map(|role| {
            format!("assume_role = {{ role_arn = \"arn:aws:iam::{}:role/{role}\" }}\n", account.id())
        });
        let lock = match self.lock {
            Lock::File => "use_lockfile = true\n".to_owned(),
            Lock::Table => format!("dynamodb_table = \"{TABLE}\"\n"),
            Lock::None => String::new(),
        };
        format!(
            r#"
    bucket         = "{}"
    key            = "{}"
    region         = "us-east-1"
    access_key     = "{}"
    secret_key     = "test"
    use_path_style = true
    endpoints      = {{ s3 = "{endpoint}", dynamodb = "{endpoint}", sts = "{endpoint}", iam = "{endpoint}" }}
    {lock}{}
"#,
            bucket(account),
            self.key,
            account.id(),
            role.unwrap_or_default(),
        )
    }
}

/// Makes the next plan of the unit an update.
pub(super) fn change(workspace: &Workspace) {
    write(workspace, "second");
}

fn write(workspace: &Workspace, input: &str) {
    workspace
        .write("main.tf", &format!("resource \"terraform_data\" \"this\" {{\n  input = \"{input}\"\n}}\n"));
}
