//! `make demo`, and what it leaves out for shortness: for each task, who may be its role and who may not, and what its
//! sessions can do on an AWS that enforces IAM. The attempts and their answers are in `tests/ground/attempts/`.

use std::process::Stdio;

use libtest_mimic::Trial;

use crate::support::{Ground, ground};

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-deployrunner");

pub(crate) fn trials(_: &Ground) -> Vec<Trial> {
    let name = "demo::everybody_gets_what_their_task_takes_and_nothing_else";
    vec![Trial::test(name, || {
        everybody_gets_what_their_task_takes_and_nothing_else();
        Ok(())
    })]
}

fn everybody_gets_what_their_task_takes_and_nothing_else() {
    let shown = ground::python(&ground::folder().join("venv/bin/python"))
        .arg(ground::root().join("tests/ground/demo.py"))
        .args(["--all", BINARY])
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&shown.stdout);
    assert!(shown.status.success(), "{said}{}", String::from_utf8_lossy(&shown.stderr));
    // As in "The planner, in the hands of a pull request: 19 allowed, 59 refused".
    let refused = said.lines().filter_map(|line| {
        let (who, counts) = line.trim().strip_suffix(" refused")?.split_once(": ")?;
        let refused = counts.rsplit(' ').next()?.parse::<u32>().ok()?;
        who.starts_with("The planner").then_some(refused)
    });
    let refused: Vec<u32> = refused.collect();
    assert!(!refused.is_empty() && refused.iter().all(|refused| *refused >= 30), "{refused:?}\n{said}");
}
