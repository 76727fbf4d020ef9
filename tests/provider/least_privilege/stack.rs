//! The configuration of one resource type, and Terraform's AWS provider run on it as one role or the other.
//!
//! Owns the runs and what a refusal looks like. Never decides which should be refused.

use std::fs;
use std::path::PathBuf;

use super::BOUNDARY;
use crate::support::{Output, Site, Workspace, root};

/// The name of the file that belongs to every configuration.
pub(super) const SETTING: &str = "setting";

/// A refusal whose sentence is lost: ministack writes it in another case than services with a REST protocol in JSON.
const WORDLESS: &str = "AccessDeniedException: status code: 403";

/// Which of the two versions of its resource a configuration asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// As it is created.
    Before,
    /// As it is changed in place.
    After,
}

/// A configuration to run.
pub(super) struct Stack {
    workspace: Workspace,
    account: String,
}

impl Stack {
    /// The configuration of a type, for an account that nobody else uses.
    pub(super) fn new(site: &Site, resource_type: &str) -> Self {
        let workspace = site.empty_workspace();
        workspace.use_aws_provider();
        for name in [SETTING, resource_type] {
            let file = format!("{name}.tf");
            workspace.write(&file, &fs::read_to_string(folder().join(&file)).unwrap());
        }
        let account = site.account().id().to_owned();
        workspace.set("TF_VAR_account_id", &account);
        workspace.set("TF_VAR_endpoint", &site.endpoint());
        workspace.set("TF_VAR_boundary", BOUNDARY);
        Self { workspace, account }
    }

    /// Who runs what from now on.
    pub(super) fn set(&self, role: &str, stage: Stage) {
        let stage = match stage {
            Stage::Before => "before",
            Stage::After => "after",
        };
        self.workspace.set("TF_VAR_role_arn", &format!("arn:aws:iam::{}:role/{role}", self.account));
        self.workspace.set("TF_VAR_stage", stage);
    }

    /// Refreshes and applies, whatever it comes to.
    pub(super) fn apply(&self) -> Run {
        self.run(&["apply", "-auto-approve"])
    }

    /// Destroys without a look before, whatever it comes to.
    pub(super) fn destroy(&self) -> Run {
        self.run(&["destroy", "-auto-approve", "-refresh=false"])
    }

    /// Refreshes and plans; fails the test unless what there is is what the configuration asks for.
    #[track_caller]
    pub(super) fn assert_no_changes(&self) {
        self.run(&["plan", "-detailed-exitcode"]).assert_succeeded();
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run(self.workspace.run(&[arguments, &["-input=false", "-no-color"]].concat()))
    }
}

/// What one run came to.
pub(super) struct Run(Output);

impl Run {
    /// Fails the test unless it did what it was told.
    #[track_caller]
    pub(super) fn assert_succeeded(&self) {
        self.0.assert_succeeded();
    }

    /// Fails the test unless it did what it was told and said every one of `texts`.
    #[track_caller]
    pub(super) fn assert_says(&self, texts: &[&str]) {
        self.0.assert_succeeded();
        self.0.assert_says(texts);
    }

    /// Fails the test unless AWS refused `action`; any action if it is empty.
    #[track_caller]
    pub(super) fn assert_refused(&self, action: &str) {
        self.0.assert_failed();
        let sentence = format!("is not authorized to perform: {action}");
        assert!(
            self.0.says(&sentence) || self.0.says(WORDLESS),
            "nowhere does it say: {sentence}\n{}",
            self.0
        );
    }
}

/// Where the configurations are.
pub(super) fn folder() -> PathBuf {
    root().join("tests/provider/least_privilege")
}
