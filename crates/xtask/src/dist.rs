//! `cargo xtask dist`: the assets of a release for the platform that it runs on, in `target/dist`.
//!
//! Owns their names and contents, which registries prescribe (Terraform Registry, "Publish providers"): an archive a
//! platform, the manifest, and the checksums of all of them. The same binary always gives the same bytes. Never signs
//! and never publishes: that is the release's part.

use std::env::{self, consts};
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::{Outcome, workspace};

const NAME: &str = "terraform-provider-deployrunner";
const VERSION: &str = env!("CARGO_PKG_VERSION");
const MANIFEST: &str = "terraform-registry-manifest.json";

/// One file of an archive: its name, its permissions, its content.
type Member = (String, u32, Vec<u8>);

/// Runs the task: builds the release binary and writes the assets of this version.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    if !arguments.is_empty() {
        return Err("takes no arguments".into());
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let target = workspace().join(target);
    let binary = format!("{NAME}{}", consts::EXE_SUFFIX);
    build()?;
    let members = vec![
        (
            format!("{NAME}_v{VERSION}{}", consts::EXE_SUFFIX),
            0o755,
            fs::read(target.join("release").join(binary))?,
        ),
        ("LICENSE".to_owned(), 0o644, fs::read(workspace().join("LICENSE"))?),
    ];
    let dist = target.join("dist");
    fs::create_dir_all(&dist)?;
    let platform = platform(consts::OS, consts::ARCH)?;
    fs::write(dist.join(format!("{NAME}_{VERSION}_{platform}.zip")), archive(members)?)?;
    fs::copy(workspace().join(MANIFEST), dist.join(format!("{NAME}_{VERSION}_manifest.json")))?;
    let sums = checksums(&dist)?;
    fs::write(dist.join(format!("{NAME}_{VERSION}_SHA256SUMS")), sums)?;
    Ok(())
}

fn build() -> Outcome {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--package", NAME])
        .current_dir(workspace())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("the release build failed: {status}").into()) }
}

/// A platform as registries call it: Go's names for system and processor.
fn platform(os: &str, arch: &str) -> Result<String, String> {
    let os = if os == "macos" { "darwin" } else { os };
    let arch = match arch {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "arm" => "arm",
        other => return Err(format!("registries have no name for the processor `{other}`")),
    };
    Ok(format!("{os}_{arch}"))
}

/// The bytes of an archive. They depend on the members alone: sorted, and without the time.
fn archive(mut members: Vec<Member>) -> Result<Vec<u8>, zip::result::ZipError> {
    members.sort();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, permissions, content) in members {
        let options = SimpleFileOptions::default()
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(permissions);
        writer.start_file(name, options)?;
        writer.write_all(&content)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// A line for each asset of this version in the folder, other platforms' archives included. Rule: the manifest must
/// be among them, or the registry ignores it and takes the provider to speak protocol 5.
fn checksums(dist: &Path) -> Result<String, std::io::Error> {
    let mut names: Vec<String> = fs::read_dir(dist)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, std::io::Error>>()?;
    let prefix = format!("{NAME}_{VERSION}_");
    names.retain(|name| {
        name.starts_with(&prefix) && (name.ends_with(".zip") || name.ends_with("_manifest.json"))
    });
    names.sort();
    let line = |name: String| {
        let digest = Sha256::digest(fs::read(dist.join(&name))?);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(format!("{hex}  {name}\n"))
    };
    names.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn members() -> Vec<Member> {
        vec![("b".to_owned(), 0o755, vec![1; 9000]), ("a".to_owned(), 0o644, b"text".to_vec())]
    }

    #[test]
    fn an_archive_depends_on_its_members_alone() {
        let mut turned = members();
        turned.reverse();
        assert_eq!(archive(members()).unwrap(), archive(turned).unwrap());
    }

    #[test]
    fn an_archive_keeps_content_and_executable_bit() {
        let mut read = zip::ZipArchive::new(Cursor::new(archive(members()).unwrap())).unwrap();
        let mut file = read.by_name("b").unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        assert_eq!(content, vec![1; 9000]);
        assert_eq!(file.unix_mode().unwrap() & 0o777, 0o755);
        assert!(file.compressed_size() < 900, "it is compressed");
    }

    #[test]
    fn platforms_have_the_names_of_go() {
        assert_eq!(platform("linux", "x86_64").unwrap(), "linux_amd64");
        assert_eq!(platform("macos", "aarch64").unwrap(), "darwin_arm64");
        assert!(platform("linux", "s390x").unwrap_err().contains("s390x"));
    }

    #[test]
    fn checksums_list_the_archives_and_the_manifest_of_this_version() {
        let dist = tempfile::tempdir().unwrap();
        let name = |rest: &str| format!("{NAME}_{VERSION}_{rest}");
        for file in
            [name("linux_amd64.zip"), name("manifest.json"), name("SHA256SUMS"), "other.zip".to_owned()]
        {
            fs::write(dist.path().join(file), "abc").unwrap();
        }
        // FIPS 180-2, appendix B.1: the digest of "abc".
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let expected =
            [name("linux_amd64.zip"), name("manifest.json")].map(|name| format!("{abc}  {name}\n"));
        assert_eq!(checksums(dist.path()).unwrap(), expected.concat());
    }

    #[test]
    fn the_manifest_says_protocol_six() {
        let manifest = fs::read_to_string(workspace().join(MANIFEST)).unwrap();
        assert!(manifest.contains(r#""protocol_versions": ["6.0"]"#), "{manifest}");
    }
}
