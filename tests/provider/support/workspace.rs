//! A folder with a configuration, and Terraform run in it.
//!
//! Every run has an environment made from nothing, so that no setting of the person at the desk reaches it, a
//! bound on its time, and its own folder for temporary files. What it said is in the failure when one fails.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::{Output, Peak, Plan, State, Terraform, configuration, ground, memory};

/// Seconds after which a run is taken for hung. The slowest takes five on two busy cores.
const PATIENCE: &str = "120";

/// The address of the provider under test.
const OURS: &str = "deployrunner/deployrunner";

/// Where Terraform runs. Removed, with everything in it, when dropped.
pub(crate) struct Workspace {
    folder: TempDir,
    terraform: Terraform,
    account: String,
    endpoint: String,
    environment: RefCell<BTreeMap<OsString, OsString>>,
}

impl Workspace {
    pub(crate) fn new(terraform: Terraform, account: &str, endpoint: &str) -> Self {
        // Not the system's temporary folder, which may be deep: a plugin's socket lives in here, and the path of a
        // unix socket ends at 107 bytes.
        let folder = tempfile::Builder::new().prefix("dr-").tempdir_in("/tmp").expect("/tmp can be written");
        let at = |name: &str| folder.path().join(name);
        for name in ["plugins", "tmp", "home"] {
            fs::create_dir(at(name)).expect("the folder is new");
        }
        symlink(
            env!("CARGO_BIN_EXE_terraform-provider-deployrunner"),
            at("plugins/terraform-provider-deployrunner"),
        )
        .expect("the folder is new");
        let cli = configuration::cli_tfrc(&[(OURS, &at("plugins"))]);
        fs::write(at("cli.tfrc"), cli).expect("the folder is ours");
        let environment = [
            ("PATH", std::env::var_os("PATH").unwrap_or_default()),
            ("HOME", at("home").into()),
            ("TMPDIR", at("tmp").into()),
            ("TF_CLI_CONFIG_FILE", at("cli.tfrc").into()),
            ("TF_IN_AUTOMATION", "1".into()),
            ("CHECKPOINT_DISABLE", "1".into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ];
        Self {
            terraform,
            account: account.to_owned(),
            endpoint: endpoint.to_owned(),
            environment: RefCell::new(environment.map(|(name, value)| (name.into(), value)).into()),
            folder,
        }
    }

    /// From now on Terraform finds the AWS provider in here, and not ours.
    pub(crate) fn use_aws_provider(&self) {
        let folder = ground::folder().join("providers/aws");
        self.write("cli.tfrc", &configuration::cli_tfrc(&[("hashicorp/aws", &folder)]));
        // Each run builds a schema of a thousand types and throws it away. Collecting that is a third of its time.
        self.set("GOGC", "800");
    }

    /// Replaces the configuration's body; the provider block is the one of [`super::Site::workspace`].
    pub(crate) fn rewrite(&self, body: &str) {
        self.configure("", body);
    }

    /// Replaces the configuration, with `provider_arguments` in the provider block.
    pub(crate) fn configure(&self, provider_arguments: &str, body: &str) {
        let text = configuration::main_tf(&self.account, &self.endpoint, provider_arguments, body);
        self.write("main.tf", &text);
    }

    /// Writes a file of the configuration.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("the folder is ours");
    }

    /// Sets a variable for the runs that follow.
    pub(crate) fn set(&self, name: &str, value: &str) {
        self.environment.borrow_mut().insert(name.into(), value.into());
    }

    /// Sockets and other files that runs left in their temporary folder.
    pub(crate) fn temporary_files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join("tmp")).expect("the folder is ours");
        entries
            .map(|entry| entry.expect("the folder is ours").file_name().to_string_lossy().into_owned())
            .collect()
    }

    /// Runs Terraform with `arguments`, whatever it comes to.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("timeout");
        command.args(["--kill-after=5", PATIENCE]).arg(self.terraform.command());
        self.finish(command, arguments, |_| ())
    }

    /// Runs Terraform with `arguments` for at most so many seconds, and says what its provider processes took.
    pub(crate) fn run_watched(&self, arguments: &[&str], patience: &str) -> (Output, Peak) {
        let mut command = Command::new("timeout");
        command.args(["--kill-after=5", patience]).arg(self.terraform.command());
        let mut watch = None;
        let output = self.finish(command, arguments, |root| watch = Some(memory::watch(root)));
        let watch = watch.expect("it was started");
        (output, watch.join().expect("nothing in it panics"))
    }

    /// Runs Terraform with `arguments`, and presses Ctrl-C once `is_time`: the interrupt goes to the whole group of
    /// processes, Terraform and provider alike, as a terminal sends it.
    pub(crate) fn run_interrupted(&self, arguments: &[&str], is_time: impl Fn() -> bool) -> Output {
        let mut command = Command::new(self.terraform.command());
        command.process_group(0);
        self.finish(command, arguments, |group| {
            while !is_time() {
                std::thread::yield_now();
            }
            let interrupted = Command::new("kill").args(["-INT", "--", &format!("-{group}")]).status();
            assert!(interrupted.expect("there is a `kill`").success(), "it is still running");
        })
    }

    fn finish(&self, mut command: Command, arguments: &[&str], meanwhile: impl FnOnce(u32)) -> Output {
        let running = command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.environment.borrow().iter())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("coreutils' `timeout` is installed");
        meanwhile(running.id());
        let done = running.wait_with_output().expect("it was started");
        Output {
            command: format!("terraform {} # {}", arguments.join(" "), self.terraform.version()),
            code: done.status.code(),
            stdout: String::from_utf8_lossy(&done.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&done.stderr).into_owned(),
        }
    }

    /// Checks the configuration without asking AWS anything; fails the test when it is refused.
    #[track_caller]
    pub(crate) fn validate(&self) -> Output {
        self.succeed(&["validate", "-no-color"], &[])
    }

    /// Applies without asking; fails the test when anything does.
    #[track_caller]
    pub(crate) fn apply(&self) -> Output {
        self.apply_with(&[])
    }

    /// Applies with more options, such as `-replace=ADDRESS`.
    #[track_caller]
    pub(crate) fn apply_with(&self, options: &[&str]) -> Output {
        self.succeed(&["apply", "-auto-approve", "-input=false", "-no-color"], options)
    }

    /// Plans; fails the test when that does.
    #[track_caller]
    pub(crate) fn plan(&self) -> Plan {
        self.plan_with(&[])
    }

    /// Plans with more options, such as `-destroy` or `-refresh-only`.
    #[track_caller]
    pub(crate) fn plan_with(&self, options: &[&str]) -> Plan {
        self.succeed(&["plan", "-out=plan", "-input=false", "-no-color"], options);
        Plan::new(self.json(&["show", "-json", "plan"]))
    }

    /// Destroys everything; fails the test when anything is left in the state.
    #[track_caller]
    pub(crate) fn destroy(&self) {
        self.succeed(&["destroy", "-auto-approve", "-input=false", "-no-color"], &[]);
        let state = self.state();
        let left = state.addresses();
        assert!(left.is_empty(), "destroyed, and still in the state: {left:?}");
    }

    /// Imports `id` as `address`.
    #[track_caller]
    pub(crate) fn import(&self, address: &str, id: &str) -> Output {
        self.succeed(&["import", "-input=false", "-no-color", address, id], &[])
    }

    /// Fails the test unless `validate` is refused and says every one of `texts`.
    #[track_caller]
    pub(crate) fn validate_error(&self, texts: &[&str]) -> Output {
        self.fail(&["validate", "-no-color"], texts)
    }

    /// Fails the test unless `plan` is refused and says every one of `texts`.
    #[track_caller]
    pub(crate) fn plan_error(&self, texts: &[&str]) -> Output {
        self.fail(&["plan", "-input=false", "-no-color"], texts)
    }

    /// Fails the test unless `apply` is refused or breaks off, and says every one of `texts`.
    #[track_caller]
    pub(crate) fn apply_error(&self, texts: &[&str]) -> Output {
        self.fail(&["apply", "-auto-approve", "-input=false", "-no-color"], texts)
    }

    /// Fails the test unless the import is refused and says every one of `texts`.
    #[track_caller]
    pub(crate) fn import_error(&self, address: &str, id: &str, texts: &[&str]) -> Output {
        self.fail(&["import", "-input=false", "-no-color", address, id], texts)
    }

    /// What the state holds.
    #[track_caller]
    pub(crate) fn state(&self) -> State {
        State::new(self.json(&["show", "-json"]))
    }

    /// The value of an output in the state.
    #[track_caller]
    pub(crate) fn output(&self, name: &str) -> Value {
        let outputs = self.json(&["output", "-json"]);
        outputs.get(name).unwrap_or_else(|| panic!("no output {name} in {outputs}"))["value"].clone()
    }

    #[track_caller]
    fn succeed(&self, arguments: &[&str], options: &[&str]) -> Output {
        let output = self.run(&[arguments, options].concat());
        output.assert_succeeded();
        output
    }

    #[track_caller]
    fn fail(&self, arguments: &[&str], texts: &[&str]) -> Output {
        let output = self.run(arguments);
        output.assert_failed();
        output.assert_says(texts);
        output
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.succeed(arguments, &[]);
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("no JSON: {error}\n{output}"))
    }
}
