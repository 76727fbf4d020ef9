//! How long the provider takes to plan roles whose permissions are generated; figures hold for the machine and the moment
//! that they are measured on.
//!
//! Owns the configurations that are timed. Never asks AWS, and never fails for being slow.

#![expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should say where and stop")]

use iam_policy::catalog::{self, Operation};
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};
use terraform_provider_deployrunner::DeployRunner;
use tfplug::testing::harness::Harness;

const RUNS: usize = 9;
const SERVICES: usize = 50;
const TYPES: usize = 300;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let host = Harness::<DeployRunner>::new();
        let block = json!({ "region": "eu-west-1", "access_key": "AKIAEXAMPLE", "secret_key": "secret" });
        host.configure(block).await.unwrap();
        println!("{:<66}{:>10}{:>12}", "plan of a role, without a call to AWS", "first", "median");
        for (task, permissions) in [
            ("custom", json!({})),
            ("terraform-planner", json!({})),
            ("terraform-planner", stacks(3, 30)),
            ("terraform-applier", stacks(3, 30)),
            ("terraform-planner", stacks(SERVICES, TYPES)),
            ("terraform-applier", stacks(6, 100)),
        ] {
            row(&host, task, &permissions).await;
        }
    });
}

/// The most used services by name, and types of the AWS provider whose reading is known, spread over all of them.
fn stacks(services: usize, types: usize) -> Json {
    let prefixes: Vec<&str> = USED.iter().copied().take(services).collect();
    assert!(prefixes.len() == services && prefixes.iter().all(|prefix| catalog::service(prefix).is_some()));
    let known = |name: &String| {
        let is_iam = name.starts_with("aws_iam_");
        let reads = |name| catalog::resource_type(name).is_ok_and(|one| one.calls(Operation::Read).is_some());
        name.starts_with("aws_") && !is_iam && reads(name)
    };
    let all: Vec<String> = catalog::resource_types().filter(known).collect();
    let spread = all.iter().step_by(all.len() / types).take(types).collect::<Vec<_>>();
    json!({ "services": prefixes, "resource_types": spread })
}

async fn row(host: &Harness<DeployRunner>, task: &str, permissions: &Json) {
    let config = json!({
        "name": "bench", "task": task, "account_id": "111111111111", "permissions": permissions,
        "trust": { "services": [{ "service": "codebuild.amazonaws.com" }] },
    });
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        let plan = host.resource("deployrunner_task_role").plan(config.clone(), None).await;
        times.push(started.elapsed());
        plan.unwrap();
    }
    let first = times.first().copied().unwrap_or_default();
    times.sort();
    let median = times.get(RUNS / 2).copied().unwrap_or_default();
    let count = |name: &str| permissions.get(name).and_then(Json::as_array).map_or(0, Vec::len);
    let what =
        format!("{task}, {} services and {} resource types", count("services"), count("resource_types"));
    println!("{what:<66}{:>10}{:>12}", milliseconds(first), milliseconds(median));
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

const USED: &[&str] = &[
    "ec2",
    "s3",
    "rds",
    "lambda",
    "ecs",
    "ecr",
    "sqs",
    "sns",
    "dynamodb",
    "logs",
    "cloudwatch",
    "kms",
    "ssm",
    "secretsmanager",
    "elasticloadbalancing",
    "autoscaling",
    "route53",
    "cloudfront",
    "acm",
    "apigateway",
    "events",
    "states",
    "kinesis",
    "firehose",
    "glue",
    "athena",
    "elasticache",
    "es",
    "eks",
    "elasticfilesystem",
    "backup",
    "cloudformation",
    "cloudtrail",
    "config",
    "codebuild",
    "codepipeline",
    "cognito-idp",
    "wafv2",
    "guardduty",
    "securityhub",
    "servicediscovery",
    "redshift",
    "sagemaker",
    "batch",
    "dms",
    "kafka",
    "mq",
    "transfer",
    "appsync",
    "xray",
];
