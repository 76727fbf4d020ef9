//! Which module may name what. Between crates the manifests see to it; inside a crate, this table does.

use crate::assert_none;
use crate::source::{files, names};

/// One arrow that must not exist.
struct Boundary {
    /// Beginnings of the paths that it holds for.
    within: &'static [&'static str],
    /// Beginnings of paths that are left out.
    except: &'static [&'static str],
    /// What must not be named there.
    never: &'static [&'static str],
    /// Why, and what to do instead.
    because: &'static str,
}

const SDK: &[&str] =
    &["aws_config", "aws_credential_types", "aws_runtime", "aws_sdk_", "aws_smithy_", "aws_types"];

const BOUNDARIES: &[Boundary] = &[
    Boundary {
        within: &["src/"],
        except: &["src/aws.rs", "src/aws/"],
        never: SDK,
        because: "only `aws` names the SDK; let `aws` give a type of its own",
    },
    Boundary {
        within: &["src/"],
        except: &[],
        never: &["tonic", "prost"],
        because: "the wire is the business of `tfplug`",
    },
    Boundary {
        within: &["src/resources/"],
        except: &[],
        never: &["crate::resources"],
        because: "a resource knows no other; what two share has a module of its own",
    },
    Boundary {
        within: &["src/task_role"],
        except: &[],
        never: &["crate::resources", "tfplug::context"],
        because: "a role for one task does not know whether it is a resource of its own or one of several",
    },
    Boundary {
        within: &["src/data_sources", "src/functions"],
        except: &[],
        never: &[
            "crate::resources",
            "crate::role",
            "crate::task_role",
            "tokio",
            "SystemTime",
            "std::fs",
            "std::env",
        ],
        because: "data sources and functions answer from the policy engine alone",
    },
    Boundary {
        within: &["src/role.rs", "src/role/", "src/aws.rs", "src/aws/"],
        except: &[],
        never: &["tfplug", "crate::resources", "crate::task_role", "crate::provider"],
        because: "the life of a role and AWS know no Terraform",
    },
    Boundary {
        within: &["src/aws.rs", "src/aws/"],
        except: &[],
        never: &["crate::role", "crate::trust", "crate::permissions"],
        because: "AWS knows nothing of what its callers make of it",
    },
    Boundary {
        within: &["src/guard"],
        except: &[],
        never: &[
            "crate::aws",
            "crate::role",
            "crate::task_role",
            "crate::provider",
            "crate::resources",
            "tokio",
        ],
        because: "the guard judges what it is given, and asks nobody",
    },
    Boundary {
        within: &[
            "src/trust",
            "src/permissions",
            "src/policy_size",
            "src/session_duration",
            "src/tags",
            "src/checks",
        ],
        except: &[],
        never: &["crate::aws", "crate::role", "tokio"],
        because: "what users write becomes documents without asking AWS",
    },
    Boundary {
        within: &[
            "crates/tfplug/src/schema",
            "crates/tfplug/src/value",
            "crates/tfplug/src/path",
            "crates/tfplug/src/plan",
            "crates/tfplug/src/docs",
        ],
        except: &["crates/tfplug/src/plan/tests", "crates/tfplug/src/docs/tests"],
        never: &["tokio", "tonic", "prost", "crate::generated", "crate::rpc"],
        because: "vocabulary and rules are pure and do not know the wire",
    },
    Boundary {
        within: &["crates/tfplug/src/"],
        except: &[
            "crates/tfplug/src/rpc",
            "crates/tfplug/src/plugin",
            "crates/tfplug/src/testing",
            "crates/tfplug/src/generated",
        ],
        never: &["crate::generated", "generated::", "tonic", "prost"],
        because: "generated types stay at the edge: rpc, plugin, testing",
    },
    Boundary {
        within: &["crates/tfplug/"],
        except: &[],
        never: &["aws_config", "aws_sdk_", "aws_types", "iam_policy", "terraform_provider_deployrunner"],
        because: "the framework knows no provider",
    },
    Boundary {
        within: &["crates/iam-policy/src/"],
        except: &[],
        never: &[
            "tokio",
            "tfplug",
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "SystemTime",
            "Instant",
            "aws_sdk_",
        ],
        because: "the policy engine has neither files, sockets, clocks nor an environment",
    },
];

#[test]
fn no_module_names_what_is_beyond_its_boundary() {
    let files = files(&[".rs"]);
    let mut faults = Vec::new();
    for boundary in BOUNDARIES {
        let begins = |path: &str, list: &[&str]| list.iter().any(|start| path.starts_with(start));
        let held = files
            .iter()
            .filter(|file| begins(&file.path, boundary.within) && !begins(&file.path, boundary.except));
        for file in held {
            for line in file.code() {
                for name in boundary.never.iter().filter(|name| names(line.code, name)) {
                    faults
                        .push(format!("{}:{} names `{name}`: {}", file.path, line.number, boundary.because));
                }
            }
        }
    }
    assert_none(&faults, "these cross a boundary (ARCHITECTURE.md has the map)");
}

#[test]
fn every_boundary_is_about_files_that_exist() {
    let files = files(&[".rs"]);
    let starts = BOUNDARIES.iter().flat_map(|boundary| boundary.within);
    let nowhere = starts.filter(|start| !files.iter().any(|file| file.path.starts_with(*start)));
    let faults: Vec<String> = nowhere.map(|start| (*start).to_owned()).collect();
    assert_none(&faults, "the table of boundaries names what is gone");
}
