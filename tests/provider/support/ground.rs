//! The test ground as one handle: finds `target/ground`, makes it when it is missing, and starts each emulator once.
//!
//! Never decides what a test does with it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::emulator::{Emulator, Server};
use super::trials::Trials;

/// Everything that the trials of one run share. Clones are the same ground.
#[derive(Clone, Default)]
pub(crate) struct Ground {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    ministack: Mutex<Option<Arc<Server>>>,
    moto: Mutex<Option<Arc<Server>>>,
    accounts: AtomicU64,
}

impl Ground {
    /// Makes what is missing; a tenth of a second when nothing is. Ends the run with the reason when it cannot.
    pub(crate) fn prepare(&self) {
        let script = root().join("tests/ground/prepare.py");
        let status = python("python3".as_ref()).arg(&script).arg("tests").status();
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => {
                panic!("the test ground could not be set up: {} ended with {status}", script.display())
            }
            Err(error) => panic!("the test ground needs Python 3.11 or later as `python3`: {error}"),
        }
    }

    /// An empty list of trials on this ground.
    pub(crate) fn trials(&self) -> Trials {
        Trials::on(self.clone())
    }

    /// The running emulator, started by whoever asks first.
    pub(crate) fn server(&self, emulator: Emulator) -> Arc<Server> {
        let mut slot = self.slot(emulator).lock().expect("a start that panicked said why");
        Arc::clone(slot.get_or_insert_with(|| Arc::new(Server::start(emulator))))
    }

    /// Ends the emulators and waits until they are gone.
    pub(crate) fn close(&self) {
        for emulator in Emulator::ALL {
            self.slot(emulator).lock().expect("a start that panicked said why").take();
        }
    }

    /// An account id that no other test of this run has.
    pub(crate) fn new_account_id(&self) -> String {
        format!("{:012}", 200_000_000_000 + self.shared.accounts.fetch_add(1, Ordering::Relaxed))
    }

    fn slot(&self, emulator: Emulator) -> &Mutex<Option<Arc<Server>>> {
        match emulator {
            Emulator::Ministack => &self.shared.ministack,
            Emulator::Moto => &self.shared.moto,
        }
    }
}

/// Python, told to keep what it compiles out of the source tree.
pub(crate) fn python(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.env("PYTHONPYCACHEPREFIX", folder().join("pycache"));
    command
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where `tests/ground/prepare.py` puts what it makes.
pub(crate) fn folder() -> PathBuf {
    root().join("target/ground")
}
