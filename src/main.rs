//! The provider's process: everything it does is in the library.

use std::process::ExitCode;
use terraform_provider_deployrunner::DeployRunner;
use tfplug::plugin::Plugin;

fn main() -> ExitCode {
    let plugin = Plugin {
        name: "terraform-provider-deployrunner",
        version: env!("CARGO_PKG_VERSION"),
        address: "registry.terraform.io/deployrunner/deployrunner",
    };
    tfplug::serve::<DeployRunner>(plugin)
}
