//! What one test is given: a Terraform, an emulator, and accounts of its own.

use std::sync::{Arc, Mutex};

use super::emulator::Server;
use super::{Account, Api, Emulator, Ground, Terraform, Workspace};

/// One test's world. Nothing in it is shared with another test except the emulator's process.
pub(crate) struct Site {
    ground: Ground,
    terraform: Terraform,
    emulator: Emulator,
    server: Arc<Server>,
    account: Account,
    others: Mutex<Vec<Account>>,
}

impl Site {
    pub(crate) fn new(ground: &Ground, terraform: Terraform, emulator: Emulator) -> Self {
        let server = ground.server(emulator);
        let account = Account::new(ground.new_account_id(), Arc::clone(&server));
        Self { ground: ground.clone(), terraform, emulator, server, account, others: Mutex::default() }
    }

    /// The Terraform that this site's workspaces run.
    pub(crate) fn terraform(&self) -> Terraform {
        self.terraform
    }

    /// Which emulator plays AWS here.
    pub(crate) fn emulator(&self) -> Emulator {
        self.emulator
    }

    /// The URL of the emulator.
    pub(crate) fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// The account whose root's key the provider block holds.
    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    /// One more account. It is empty; its root's key is known to the test and not to the provider.
    pub(crate) fn another_account(&self) -> Account {
        self.keep(Account::new(self.ground.new_account_id(), Arc::clone(&self.server)))
    }

    /// One more account with a role that this site's account may assume and that may do everything in its own.
    pub(crate) fn member_account(&self, access_role: &str, external_id: Option<&str>) -> Account {
        let mut member = Account::new(self.ground.new_account_id(), Arc::clone(&self.server));
        member.let_in(self.account.id(), access_role, external_id);
        self.keep(member)
    }

    /// Any service, called by the root of this site's account.
    pub(crate) fn api(&self) -> Api {
        Api::of_root(&self.endpoint(), self.account.id())
    }

    /// Any service, called by a session of a role of this site's account, which `caller` assumes.
    pub(crate) fn api_as(&self, role: &str, caller: &Account) -> Api {
        let role = format!("arn:aws:iam::{}:role/{role}", self.account.id());
        Api::of_role(&self.endpoint(), caller.id(), &role)
    }

    /// A workspace with the provider configured for this site, and `body` below.
    pub(crate) fn workspace(&self, body: &str) -> Workspace {
        self.workspace_with("", body)
    }

    /// The same, with more arguments in the provider block.
    pub(crate) fn workspace_with(&self, provider_arguments: &str, body: &str) -> Workspace {
        let workspace = self.empty_workspace();
        workspace.configure(provider_arguments, body);
        workspace
    }

    /// A workspace with no file in it and no AWS in its environment.
    pub(crate) fn empty_workspace(&self) -> Workspace {
        Workspace::new(self.terraform, self.account.id(), &self.server.endpoint())
    }

    /// Fails the test when a role, a customer-managed policy or an identity provider is left in any account of the site.
    pub(crate) fn assert_nothing_is_left(&self) {
        let others = self.others.lock().expect("no holder panics");
        for account in others.iter().chain([&self.account]) {
            let left = account.leftovers();
            assert!(left.is_empty(), "left behind in account {}: {left:?}", account.id());
        }
    }

    fn keep(&self, account: Account) -> Account {
        self.others.lock().expect("no holder panics").push(account.clone());
        account
    }
}
