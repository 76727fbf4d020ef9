//! Calls of the provider's functions from HCL, with no provider block: what they return, and what refuses them.

use serde_json::Value;

use super::{Site, Workspace};

const PROVIDER: &str = "terraform {\n  required_providers {\n    deployrunner = { source = \"deployrunner/deployrunner\" }\n  }\n}\n";

/// A refused call.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// What Terraform says.
    pub(crate) detail: String,
    /// The part of the call that it points at; of a string, what is between its quotes.
    pub(crate) argument: String,
}

/// What each of these calls, such as `role_arn("111122223333", "x")`, returns.
#[track_caller]
pub(crate) fn results(site: &Site, calls: &[&str]) -> Vec<Value> {
    let workspace = site.empty_workspace();
    let calls: Vec<String> =
        calls.iter().map(|call| format!("    provider::deployrunner::{call},\n")).collect();
    // One list, since Terraform forgets an output that is null.
    workspace
        .write("main.tf", &format!("{PROVIDER}output \"all\" {{\n  value = [\n{}  ]\n}}\n", calls.concat()));
    workspace.apply();
    workspace.output("all").as_array().expect("a list").clone()
}

/// Fails the test unless each call is refused, with the detail that holds all the texts, at this argument. An
/// argument is written on one line.
#[track_caller]
pub(crate) fn assert_refused(site: &Site, cases: &[(&str, &str, &[&str])]) {
    let calls: Vec<&str> = cases.iter().map(|(call, _, _)| *call).collect();
    let output = calling(site, &calls).run(&["validate", "-json"]);
    let json: Value = serde_json::from_str(&output.stdout).expect("validate -json prints JSON");
    let diagnostics = json["diagnostics"].as_array().expect("a list");
    let errors: Vec<&Value> = diagnostics.iter().filter(|found| found["severity"] == "error").collect();
    for (number, (call, argument, texts)) in cases.iter().enumerate() {
        let context = format!("output \"call_{number}\"");
        let here = errors.iter().filter(|error| error["snippet"]["context"] == context.as_str());
        let found: Vec<Refusal> = here.map(|error| refusal(error)).collect();
        let [Refusal { detail, argument: pointed_at }] = found.as_slice() else {
            panic!("{call}: {} errors and not one\n{output}", found.len())
        };
        assert_eq!(pointed_at, argument, "{call}: {detail}");
        for text in *texts {
            assert!(detail.contains(text), "{call}: {text:?} is not in\n{detail}");
        }
    }
    assert_eq!(errors.len(), cases.len(), "{output}");
}

fn calling(site: &Site, calls: &[&str]) -> Workspace {
    let outputs = calls.iter().enumerate().map(|(number, call)| {
        format!("output \"call_{number}\" {{\n  value = provider::deployrunner::{call}\n}}\n")
    });
    let workspace = site.empty_workspace();
    workspace.write("main.tf", &(PROVIDER.to_owned() + &outputs.collect::<String>()));
    workspace
}

fn refusal(diagnostic: &Value) -> Refusal {
    let snippet = &diagnostic["snippet"];
    let offset = |name: &str| usize::try_from(snippet[name].as_u64().expect("an offset")).expect("small");
    let highlighted = offset("highlight_start_offset")..offset("highlight_end_offset");
    let code = snippet["code"].as_str().expect("a line");
    Refusal {
        detail: diagnostic["detail"].as_str().expect("a text").to_owned(),
        argument: code.get(highlighted).expect("it is in the line").to_owned(),
    }
}
