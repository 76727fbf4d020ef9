//! `deployrunner_ecr_docker_push_policy`: a role that holds just it pushes images to the repositories that it names, and
//! makes none.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Api, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_ministack(a_role_with_the_policy_pushes_and_makes_no_repository)
        .on_ministack(a_slip_is_refused_at_its_argument)
        .into_iter()
        .collect()
}

const ADDRESS: &str = "data.deployrunner_ecr_docker_push_policy.this";

fn with(arguments: &str) -> String {
    format!("data \"deployrunner_ecr_docker_push_policy\" \"this\" {{\n{arguments}\n}}\n")
}

fn repository(site: &Site, name: &str) -> String {
    format!("arn:aws:ecr:us-east-1:{}:repository/{name}", site.account().id())
}

fn a_role_with_the_policy_pushes_and_makes_no_repository(site: &Site) {
    let (root, caller) = (site.api(), site.another_account());
    for name in ["team/app", "team/other", "base"] {
        root.must("ecr", "create_repository", &json!({ "repositoryName": name }));
    }
    let policy = with(&format!(
        "  repository_arns      = [\"{}\"]\n  pull_repository_arns = [\"{}\"]",
        repository(site, "team/app"),
        repository(site, "base")
    ));
    let role = format!(
        "resource \"deployrunner_task_role\" \"this\" {{\n  name = \"builder\"\n  task = \"custom\"\n  \
         trust = {{ aws = [{{ principals = [\"{}\"] }}] }}\n  \
         permissions = {{ inline_policies = {{ push = {ADDRESS}.minified_json }} }}\n}}\n",
        caller.id()
    );
    let workspace = site.workspace(&(policy + &role));
    workspace.apply();
    workspace.plan().assert_empty();

    let builder = site.api_as("builder", &caller);
    builder.must("ecr", "get_authorization_token", &json!({}));
    push(&builder, "team/app");
    let refused = |operation: &str, parameters: &Value| builder.must_not("ecr", operation, parameters);
    refused("create_repository", &json!({ "repositoryName": "team/new" }));
    refused("initiate_layer_upload", &json!({ "repositoryName": "team/other" }));
    refused("initiate_layer_upload", &json!({ "repositoryName": "base" }));
    let image = json!({ "repositoryName": "team/app", "imageIds": [{ "imageTag": "v1" }] });
    refused("batch_delete_image", &image);
    let base = json!({ "repositoryName": "base", "imageIds": [{ "imageTag": "v1" }] });
    builder.must("ecr", "batch_get_image", &base);

    for name in ["team/app", "team/other", "base"] {
        root.must("ecr", "delete_repository", &json!({ "repositoryName": name, "force": true }));
    }
    workspace.destroy();
}

/// What a client does with one image of one layer: looks for the tag, sends what is missing, puts the manifest.
fn push(builder: &Api, repository: &str) {
    let ecr = |operation: &str, parameters: Value| {
        let Value::Object(mut parameters) = parameters else { panic!("parameters are an object") };
        parameters.insert("repositoryName".to_owned(), json!(repository));
        builder.attempt("ecr", operation, &Value::Object(parameters))
    };
    // AWS refuses to describe what is not there; the emulator describes nothing.
    let is_there = || match ecr("describe_images", json!({ "imageIds": [{ "imageTag": "v1" }] })) {
        Ok(found) => found["imageDetails"] != json!([]),
        Err(refusal) if refusal.code == "ImageNotFoundException" => false,
        Err(refusal) => panic!("it may look: {refusal:?}"),
    };
    assert!(!is_there());
    let content = "a layer";
    let digest = "sha256:44ddc7a8d0e8ce3cd4b7b8d6f3b5a6b4b2d3f1a0e1c2d3e4f5061728394a5b6c";
    ecr("batch_check_layer_availability", json!({ "layerDigests": [digest] })).expect("it may look");
    let upload = ecr("initiate_layer_upload", json!({})).expect("it may begin")["uploadId"].clone();
    let part = json!({
        "uploadId": upload, "partFirstByte": 0, "partLastByte": content.len() - 1, "layerPartBlob": content,
    });
    ecr("upload_layer_part", part).expect("it may send");
    let completed = ecr("complete_layer_upload", json!({ "uploadId": upload, "layerDigests": [digest] }));
    let completed = completed.expect("it may finish");
    let layer = json!({
        "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "size": content.len(), "digest": completed["layerDigest"],
    });
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": layer, "layers": [layer],
    });
    ecr("put_image", json!({ "imageManifest": manifest.to_string(), "imageTag": "v1" })).expect("it may put");
    assert!(is_there());
}

fn a_slip_is_refused_at_its_argument(site: &Site) {
    let workspace = site.workspace("");
    for (arguments, texts) in [
        ("repository_arns = []", ["repository_arns = []", "`repository_arns` is empty"]),
        (
            "repository_arns = [\"*\"]",
            ["repository_arns = [\"*\"]", "The ARN of an ECR repository looks like"],
        ),
        (
            "repository_arns = [\"arn:aws:ecr:eu-west-1:*:repository/app\"]",
            ["repository_arns = ", "an ID of 12 digits"],
        ),
    ] {
        workspace.rewrite(&with(arguments));
        workspace.plan_error(&texts);
    }
}
