//! Turns a test function into trials: one for each Terraform and emulator that it is to hold on.
//!
//! Owns the names and the reporting of failures. A test is a `fn(&Site)` whose own name is the claim.

use std::any::type_name;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use libtest_mimic::{Failed, Trial};

use super::{Emulator, Ground, Site, Terraform};

/// A list of trials under construction.
pub(crate) struct Trials {
    ground: Ground,
    list: Vec<Trial>,
}

impl Trials {
    pub(crate) fn on(ground: Ground) -> Self {
        Self { ground, list: Vec::new() }
    }

    /// Every Terraform on every emulator: for what a version of Terraform or a reading of IAM could change.
    pub(crate) fn everywhere<Test: Fn(&Site) + Copy + Send + 'static>(self, test: Test) -> Self {
        let pairs =
            Terraform::ALL.iter().flat_map(|&terraform| Emulator::ALL.map(|emulator| (terraform, emulator)));
        pairs.fold(self, |trials, (terraform, emulator)| trials.once(test, terraform, emulator))
    }

    /// The newest Terraform on every emulator: for what AWS decides.
    pub(crate) fn on_each_emulator<Test: Fn(&Site) + Copy + Send + 'static>(self, test: Test) -> Self {
        Emulator::ALL
            .into_iter()
            .fold(self, |trials, emulator| trials.once(test, Terraform::NEWEST, emulator))
    }

    /// Every Terraform since `first` (such as `"1.5"`), on ministack: for what Terraform decides.
    pub(crate) fn on_each_terraform_since<Test>(self, first: &str, test: Test) -> Self
    where
        Test: Fn(&Site) + Copy + Send + 'static,
    {
        let versions = Terraform::ALL.iter().filter(|terraform| terraform.is_since(first));
        versions.fold(self, |trials, &terraform| trials.once(test, terraform, Emulator::Ministack))
    }

    /// The newest Terraform on ministack: for what needs a policy enforced, and for what neither side could change.
    pub(crate) fn on_ministack<Test: Fn(&Site) + Copy + Send + 'static>(self, test: Test) -> Self {
        self.once(test, Terraform::NEWEST, Emulator::Ministack)
    }

    /// The newest Terraform on ministack, for a test of a table: its name alone does not tell what it is about.
    pub(crate) fn of_table<Test: Fn(&Site) + Send + 'static>(self, claim: &str, test: Test) -> Self {
        self.named(claim, (Terraform::NEWEST, Emulator::Ministack), test)
    }

    fn once<Test>(self, test: Test, terraform: Terraform, emulator: Emulator) -> Self
    where
        Test: Fn(&Site) + Send + 'static,
    {
        self.named(type_name::<Test>().trim_start_matches("provider::"), (terraform, emulator), test)
    }

    fn named<Test: Fn(&Site) + Send + 'static>(
        mut self,
        claim: &str,
        (terraform, emulator): (Terraform, Emulator),
        test: Test,
    ) -> Self {
        let name = format!("{claim} [terraform {}, {}]", terraform.version(), emulator.name());
        let ground = self.ground.clone();
        self.list.push(Trial::test(name, move || {
            verdict(|| {
                let site = Site::new(&ground, terraform, emulator);
                test(&site);
                site.assert_nothing_is_left();
            })
        }));
        self
    }
}

impl IntoIterator for Trials {
    type Item = Trial;
    type IntoIter = std::vec::IntoIter<Trial>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What `test` comes to. A panic becomes a failure that is printed once, at the end, with the line of the test.
fn verdict(test: impl FnOnce()) -> Result<(), Failed> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|info| LAST_PANIC.with_borrow_mut(|last| *last = info.to_string())));
    });
    panic::catch_unwind(AssertUnwindSafe(test))
        .map_err(|_| LAST_PANIC.with_borrow(|last| last.clone()).into())
}
