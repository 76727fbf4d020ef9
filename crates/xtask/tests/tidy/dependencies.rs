//! What holds for every package that this one is built with, tests and tools included: its licence, and that it is
//! there once. Read from `cargo metadata`, so that no other tool is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::{assert_none, root};

/// Licence expressions that somebody has read and found to go with MPL-2.0.
const LICENCES: [&str; 22] = [
    "(MIT OR Apache-2.0) AND Unicode-3.0",
    "Apache-2.0",
    "Apache-2.0 / MIT",
    "Apache-2.0 AND ISC",
    "Apache-2.0 OR BSL-1.0",
    "Apache-2.0 OR ISC OR MIT",
    "Apache-2.0 OR MIT",
    "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
    "Apache-2.0/MIT",
    "BSD-3-Clause",
    "CC0-1.0 OR MIT-0 OR Apache-2.0",
    "ISC",
    "ISC AND (Apache-2.0 OR ISC)",
    // aws-lc-sys: AWS-LC with what it includes, none of it copyleft.
    "ISC AND (Apache-2.0 OR ISC) AND Apache-2.0 AND MIT AND BSD-3-Clause AND (Apache-2.0 OR ISC OR MIT) AND \
     (Apache-2.0 OR ISC OR MIT-0)",
    "MIT",
    "MIT OR Apache-2.0",
    "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
    "MIT/Apache-2.0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense OR MIT",
    "Zlib",
];

/// Packages that are there in two versions because those who use them are between releases: the AWS SDK's hashes and
/// encodings, proc-macros, and what only other platforms build.
const TWICE: [&str; 12] = [
    "base64",
    "block-buffer",
    "cpufeatures",
    "crypto-common",
    "digest",
    "foldhash",
    "getrandom",
    "hashbrown",
    "syn",
    "synstructure",
    "untrusted",
    "windows-sys",
];

/// Name, version and licence of every package in the lock file.
fn packages() -> Vec<(String, String, String)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--locked", "--all-features", "--format-version", "1"];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |package: &Value, field: &str| package[field].as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| (text(package, "name"), text(package, "version"), text(package, "license")))
        .collect()
}

#[test]
fn every_package_has_a_licence_that_was_read() {
    let faults: Vec<String> = packages()
        .into_iter()
        .filter(|(_, _, licence)| !LICENCES.contains(&licence.as_str()))
        .map(|(name, version, licence)| format!("{name} {version}: {licence:?}"))
        .collect();
    assert_none(&faults, "read these licences, and list them in LICENCES if they go with MPL-2.0");
}

#[test]
fn no_package_is_there_twice_but_those_that_are_listed() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, version, _) in packages() {
        versions.entry(name).or_default().insert(version);
    }
    let twice: BTreeSet<String> =
        versions.into_iter().filter(|(_, versions)| versions.len() > 1).map(|(name, _)| name).collect();
    let listed: BTreeSet<String> = TWICE.map(str::to_owned).into();
    let faults: Vec<String> = twice.symmetric_difference(&listed).cloned().collect();
    assert_none(&faults, "these are there twice and not listed in TWICE, or listed and there once");
}
