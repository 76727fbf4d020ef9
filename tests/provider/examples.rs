//! Every example in `examples/` applies as it stands, then plans empty, then is destroyed.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;

use crate::support::{Ground, Site, Workspace};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", quickstart)
        .on_each_terraform_since("1.0", organization)
        .on_each_terraform_since("1.15", ecs)
        .on_each_terraform_since("1.15", github)
        .on_each_terraform_since("1.15", gitlab)
        .on_each_terraform_since("1.15", hcp_terraform)
        .on_each_terraform_since("1.15", buildkite)
        .on_each_terraform_since("1.15", third_party)
        .on_each_terraform_since("1.15", the_resource_and_the_provider_of_the_registry_pages)
        .on_each_terraform_since("1.0", the_identity_providers_of_the_registry_pages)
        .on_each_terraform_since("1.8", every_function_of_the_registry_pages)
        .on_each_terraform_since("1.0", every_data_source_of_the_registry_pages)
        .on_ministack(no_example_is_forgotten_here)
        .into_iter()
        .collect()
}

/// A workspace with these files, and AWS in its environment alone, as examples expect it.
fn workspace(site: &Site, files: &[impl AsRef<str>]) -> Workspace {
    let workspace = site.empty_workspace();
    for file in files.iter().map(AsRef::as_ref) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        workspace.write(&file.replace('/', "_"), &text);
    }
    let endpoint = site.endpoint();
    for (name, value) in [
        ("AWS_ENDPOINT_URL_IAM", endpoint.as_str()),
        ("AWS_ENDPOINT_URL_STS", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", site.account().id()),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
    ] {
        workspace.set(name, value);
    }
    workspace
}

fn lives(workspace: &Workspace) {
    let applied = workspace.apply();
    assert!(!applied.stdout.contains("Check block"), "a check fails\n{applied}");
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn quickstart(site: &Site) {
    lives(&workspace(site, &["quickstart/main.tf"]));
}

fn organization(site: &Site) {
    let members =
        ["dev", "prod"].map(|name| (name, site.member_account("OrganizationAccountAccessRole", None)));
    let ids: Vec<String> =
        members.iter().map(|(name, member)| format!("{name} = \"{}\"", member.id())).collect();
    let workspace = workspace(site, &["organization/main.tf"]);
    workspace.set("TF_VAR_accounts", &format!("{{ {} }}", ids.join(", ")));
    lives(&workspace);
}

fn ecs(site: &Site) {
    lives(&workspace(site, &["ecs/main.tf"]));
}

fn github(site: &Site) {
    lives(&workspace(site, &["github/main.tf"]));
}

fn gitlab(site: &Site) {
    lives(&workspace(site, &["gitlab/main.tf"]));
}

fn hcp_terraform(site: &Site) {
    lives(&workspace(site, &["hcp-terraform/main.tf"]));
}

fn buildkite(site: &Site) {
    lives(&workspace(site, &["buildkite/main.tf"]));
}

fn third_party(site: &Site) {
    lives(&workspace(site, &["third-party/main.tf"]));
}

fn the_resource_and_the_provider_of_the_registry_pages(site: &Site) {
    lives(&workspace(site, &["provider/provider.tf", "resources/deployrunner_task_role/resource.tf"]));
}

fn the_identity_providers_of_the_registry_pages(site: &Site) {
    lives(&workspace(site, &["provider/provider.tf", "resources/deployrunner_oidc_provider/resource.tf"]));
}

fn every_function_of_the_registry_pages(site: &Site) {
    lives(&workspace(site, &of_the_pages("functions", "function.tf")));
}

fn every_data_source_of_the_registry_pages(site: &Site) {
    lives(&workspace(site, &of_the_pages("data-sources", "data-source.tf")));
}

/// The example of that name of each thing in a folder, and the provider's.
fn of_the_pages(folder: &str, file: &str) -> Vec<String> {
    let examples = names(folder).into_iter().map(|name| format!("{folder}/{name}/{file}"));
    examples.chain(["provider/provider.tf".to_owned()]).collect()
}

fn no_example_is_forgotten_here(_: &Site) {
    let all = [
        "buildkite",
        "data-sources",
        "ecs",
        "functions",
        "github",
        "gitlab",
        "hcp-terraform",
        "organization",
        "provider",
        "quickstart",
        "resources",
        "third-party",
    ];
    assert_eq!(names(""), all);
}

/// What is in a folder of `examples/`, in order.
fn names(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(folder);
    let entries = fs::read_dir(folder).expect("it is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("it is there").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
