//! `cargo xtask codegen`: the wire contracts in `proto/` become Rust in `crates/tfplug/src/generated/`.
//!
//! Owns how the code is generated. It is committed, so that neither building nor publishing `tfplug` needs a
//! protobuf compiler, and `--check` holds it to its source. Never touches a file outside that folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, workspace};

/// The contracts, relative to `proto/`.
const PROTOS: &[&str] = &[
    "tfplugin6.proto",
    "plugin/grpc_broker.proto",
    "plugin/grpc_controller.proto",
    "plugin/grpc_stdio.proto",
];

/// One file a protobuf package.
const GENERATED: &[&str] = &["tfplugin6.rs", "plugin.rs"];

/// Only the test harness calls a provider; a provider's own binary carries no client.
const CLIENT_CFG: &str = "#[cfg(feature = \"testing\")]";

/// Runs the task: no argument writes the files, `--check` fails if they are not what it would write.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err("takes no argument but --check".into()),
    };
    let fresh = tempfile::tempdir()?;
    generate(fresh.path())?;
    let committed = workspace().join("crates/tfplug/src/generated");
    if check { compare(fresh.path(), &committed) } else { replace(fresh.path(), &committed) }
}

fn generate(into: &Path) -> Outcome {
    let proto = workspace().join("proto");
    let descriptors = protox::compile(PROTOS.iter().map(|file| proto.join(file)), [&proto])?;
    tonic_prost_build::configure()
        .out_dir(into)
        // Every RPC that a provider leaves out answers Unimplemented, which is what hosts expect of it.
        .generate_default_stubs(true)
        .client_mod_attribute(".", CLIENT_CFG)
        // The order of schemas is the same in every answer.
        .btree_map(".")
        .compile_fds(descriptors)?;
    let files = GENERATED.iter().map(|name| into.join(name)).collect::<Vec<_>>();
    format(&files)
}

fn format(files: &[PathBuf]) -> Outcome {
    let status = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(workspace().join("rustfmt.toml"))
        .args(files)
        .status()
        .map_err(|error| format!("cannot run rustfmt, which shapes the generated code: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("rustfmt failed: {status}").into()) }
}

fn replace(fresh: &Path, committed: &Path) -> Outcome {
    fs::create_dir_all(committed)?;
    for name in GENERATED {
        fs::copy(fresh.join(name), committed.join(name))?;
    }
    Ok(())
}

fn compare(fresh: &Path, committed: &Path) -> Outcome {
    for name in GENERATED {
        let path = committed.join(name);
        let found = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if found != fs::read(fresh.join(name))? {
            return Err(format!(
                "crates/tfplug/src/generated/{name} is not what proto/ compiles to; \
                 run `cargo xtask codegen` and commit the result (never edit it by hand)"
            )
            .into());
        }
    }
    Ok(())
}
