//! The command line, for the few times that a person and not a host starts the binary.
//!
//! Owns the arguments and the texts. Never starts anything.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use super::Plugin;
use super::handshake::{PROTOCOL, started_by_host};
use super::listener::Address;

/// How the process was started.
#[derive(Debug)]
pub(super) enum Invocation {
    /// By a host.
    Host,
    /// With `--debug`: by a person who will point a host at it.
    Debug,
    /// There is nothing to serve: the text is out, this is the exit code.
    Answered(ExitCode),
}

/// Reads the arguments; answers on the spot whatever is not a wish to serve.
pub(super) fn read(
    plugin: &Plugin,
    arguments: impl Iterator<Item = OsString>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Invocation {
    let arguments: Vec<String> = arguments.map(|argument| argument.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] if started_by_host(environment) => Invocation::Host,
        [] => complain(1, &by_hand(plugin)),
        ["--debug" | "-debug"] => Invocation::Debug,
        ["--version" | "-version"] => answer(&format!("{} {}", plugin.name, plugin.version)),
        ["--help" | "-help" | "-h"] => answer(&help(plugin)),
        [
            known @ ("--debug" | "-debug" | "--version" | "-version" | "--help" | "-help" | "-h"),
            extra,
            ..,
        ] => complain(2, &format!("{}: {known} takes no further argument, found {extra:?}", plugin.name)),
        [unknown, ..] => {
            complain(2, &format!("{}: unknown argument {unknown:?}; --help lists what there is", plugin.name))
        }
    }
}

fn answer(text: &str) -> Invocation {
    // A reader that closed its end early wants no more of it.
    let _ = writeln!(std::io::stdout(), "{text}");
    Invocation::Answered(ExitCode::SUCCESS)
}

fn complain(code: u8, text: &str) -> Invocation {
    let _ = writeln!(std::io::stderr(), "{text}");
    Invocation::Answered(ExitCode::from(code))
}

fn by_hand(plugin: &Plugin) -> String {
    let Plugin { name, version, address } = plugin;
    let source = source(address);
    format!(
        "{name} {version} is a plugin: Terraform or OpenTofu starts it, it does nothing on its own.\n\n\
         To use it, name it in a configuration and run `terraform init`:\n\n  \
         terraform {{\n    \
         required_providers {{\n      \
         {local} = {{ source = \"{source}\" }}\n    \
         }}\n  \
         }}\n\n\
         `{name} --help` lists what it can do by hand.",
        local = source.rsplit('/').next().unwrap_or(source),
    )
}

fn help(plugin: &Plugin) -> String {
    let Plugin { name, version, address } = plugin;
    format!(
        "{name} {version}: the provider {address} (plugin protocol {PROTOCOL})\n\n\
         usage: {name} [--debug | --version | --help]\n\n  \
         (nothing)  serve the host that started this process\n  \
         --debug    serve without TLS until interrupted, and print how to attach a host to it\n  \
         --version  print name and version\n  \
         --help     print this\n\n\
         TF_LOG_PROVIDER, else TF_LOG, sets the log level: trace, debug, info, warn, error."
    )
}

/// The address as it is written in a configuration: without the registry that hosts assume.
fn source(address: &'static str) -> &'static str {
    address.strip_prefix("registry.terraform.io/").unwrap_or(address)
}

/// What `--debug` prints: how to attach a host, ready to paste into a shell.
///
/// `Test` tells the host that it does not own the process and must not end it.
pub(super) fn reattach(plugin: &Plugin, at: &Address) -> String {
    let providers = json!({ plugin.address: {
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": std::process::id(),
        "Test": true,
        "Addr": { "Network": at.network, "String": at.place },
    }});
    let quoted = providers.to_string().replace('\'', r"'\''");
    format!(
        "{} {} is serving. To attach Terraform or OpenTofu to it, set in their shell:\n\n  \
         export TF_REATTACH_PROVIDERS='{quoted}'\n\n\
         Interrupt (Ctrl-C) ends it.",
        plugin.name, plugin.version
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLUGIN: Plugin = Plugin {
        name: "terraform-provider-example",
        version: "1.2.3",
        address: "registry.terraform.io/acme/example",
    };

    fn code(arguments: &[&str]) -> Option<ExitCode> {
        match read(&PLUGIN, arguments.iter().map(OsString::from), &|_| None) {
            Invocation::Answered(code) => Some(code),
            Invocation::Host | Invocation::Debug => None,
        }
    }

    #[test]
    fn arguments_that_ask_a_question_are_answered_with_success() {
        for question in ["--version", "-version", "--help"] {
            assert_eq!(code(&[question]), Some(ExitCode::SUCCESS), "{question}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert_eq!(code(&["--verbose"]), Some(ExitCode::from(2)));
        assert_eq!(code(&["--version", "now"]), Some(ExitCode::from(2)));
        assert_eq!(code(&[]), Some(ExitCode::from(1)));
    }

    #[test]
    fn a_start_by_hand_is_told_what_to_write() {
        let text = by_hand(&PLUGIN);
        assert!(text.contains(r#"example = { source = "acme/example" }"#), "{text}");
    }

    #[test]
    fn the_reattach_line_survives_a_quote_in_the_path() {
        let text = reattach(&PLUGIN, &Address { network: "unix", place: "/tmp/it's".to_owned() });
        assert!(text.contains(r#""String":"/tmp/it'\''s"}}}'"#), "{text}");
    }
}
