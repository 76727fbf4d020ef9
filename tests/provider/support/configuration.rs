//! The files that a workspace starts with: the provider block, and the CLI configuration that finds our binary.

use std::path::Path;

/// `main.tf`: the provider for one account at one endpoint, `arguments` in its block, and `body` below.
pub(crate) fn main_tf(account: &str, endpoint: &str, arguments: &str, body: &str) -> String {
    format!(
        r#"terraform {{
  required_providers {{
    deployrunner = {{ source = "deployrunner/deployrunner" }}
  }}
}}

provider "deployrunner" {{
  region     = "us-east-1"
  access_key = "{account}"
  secret_key = "test"
  endpoints  = {{ iam = "{endpoint}", sts = "{endpoint}" }}
{arguments}
}}

{body}
"#
    )
}

/// A CLI configuration under which Terraform takes each of the providers from its folder, any other from nowhere, and
/// asks nothing of the network. With development overrides there is no `init` to run.
pub(crate) fn cli_tfrc(providers: &[(&str, &Path)]) -> String {
    let overrides: String = providers
        .iter()
        .map(|(source, folder)| format!("    \"{source}\" = \"{}\"\n", folder.display()))
        .collect();
    format!("disable_checkpoint = true\nprovider_installation {{\n  dev_overrides {{\n{overrides}  }}\n}}\n")
}
