//! The Import section: each way to bring an existing object under management of which there is an example.

use super::Examples;
use super::attributes;
use super::page::fenced;
use crate::schema::Attribute;

/// The example of the command.
pub(super) const COMMAND: &str = "import.sh";
/// The example of an import block with an id.
pub(super) const BY_ID: &str = "import-by-string-id.tf";
/// The example of an import block with an identity.
pub(super) const BY_IDENTITY: &str = "import-by-identity.tf";

/// Each way: the file that shows it, its language, and what it is.
const WAYS: [(&str, &str, &str); 3] = [
    (BY_ID, "terraform", "With an `import` block by ID (Terraform and OpenTofu 1.5 or later):"),
    (BY_IDENTITY, "terraform", "With an `import` block by identity (Terraform and OpenTofu 1.12 or later):"),
    (COMMAND, "shell", "On the command line:"),
];

/// The section, as blocks of Markdown; none when there is no example.
pub(super) fn section(identity: &[Attribute], examples: &Examples) -> Vec<String> {
    let mut blocks = Vec::new();
    for (file, language, what) in WAYS {
        let Some(text) = examples.get(file) else { continue };
        blocks.push(what.to_owned());
        blocks.push(fenced(language, text));
        if file == BY_IDENTITY {
            blocks.push("### Identity Schema".to_owned());
            blocks.extend(attributes::identity(identity));
        }
    }
    if !blocks.is_empty() {
        blocks.insert(0, "## Import".to_owned());
    }
    blocks
}
