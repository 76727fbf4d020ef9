//! How fast the engine is, printed as a table; figures hold for the machine and the moment that they are measured on.
//!
//! Owns the questions that are timed. Never fails for being slow.

#![expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should say where and stop")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use iam_policy::{
    Caller, Context, Document, Kind, PolicySet, Request, Statement, catalog, classify, evaluate,
    expand_document, minimize, parse,
};

const RUNS: usize = 5;

fn main() {
    // First of all, before anything else has read the catalog.
    first_use();
    let document = catalog::managed_policy("ReadOnlyAccess").unwrap();
    let read_only = parse(document.document(), Kind::Identity).unwrap();
    println!("{:<58}{:>14}", format!("ReadOnlyAccess {}, of {}", document.version(), document.date()), "");
    decisions(&read_only);
    many_statements();
    classification(&read_only);
    minimization();
}

fn first_use() {
    let started = Instant::now();
    black_box(catalog::action("s3:GetObject").unwrap().level());
    row("catalog: first action of the process", started.elapsed());
    let started = Instant::now();
    let actions: usize = catalog::services().map(|service| service.actions().len()).sum();
    row(&format!("catalog: first use of all {actions} actions"), started.elapsed());
    let started = Instant::now();
    black_box(catalog::managed_policy("ReadOnlyAccess").unwrap().document());
    row("catalog: first text of a managed policy", started.elapsed());
}

fn row(what: &str, took: Duration) {
    println!("{what:<58}{:>11.3} ms", took.as_secs_f64() * 1e3);
}

/// The median of some runs.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(RUNS / 2).copied().unwrap_or_default()
}

/// Every so many'th action of the catalog, from all services.
fn some_actions(count: usize) -> Vec<String> {
    let all: Vec<String> =
        catalog::services().flat_map(catalog::Service::actions).map(ToString::to_string).collect();
    let step = all.len() / count;
    all.into_iter().step_by(step.max(1)).take(count).collect()
}

fn requests(actions: &[String]) -> Vec<Request> {
    let caller = Caller::Role { arn: "arn:aws:iam::111122223333:role/planner".to_owned(), session: None };
    let on = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0";
    let request = |action: &String| Request::new(caller.clone(), action.clone(), on, Context::complete());
    actions.iter().map(request).collect()
}

fn per_second(policies: &PolicySet, requests: &[Request], rounds: usize) -> f64 {
    let took = median(|| {
        for _ in 0..rounds {
            for request in requests {
                black_box(evaluate(policies, black_box(request)));
            }
        }
    });
    let decisions = u32::try_from(rounds * requests.len()).unwrap();
    f64::from(decisions) / took.as_secs_f64()
}

fn decisions(read_only: &Document) {
    let policies = PolicySet::new().identity("ReadOnlyAccess", read_only);
    let rate = per_second(&policies, &requests(&some_actions(1_000)), 100);
    println!("{:<58}{rate:>14.0}", "decisions a second, 1,000 actions of all services");
}

/// Whether time grows no faster than the number of statements: statements of one service, each about one resource.
fn many_statements() {
    for count in [1_000, 2_000, 4_000] {
        let statement = |index| {
            Statement::allow(["ec2:StartInstances", "ec2:Describe*"])
                .resource(format!("arn:aws:ec2:*:111122223333:instance/i-{index}"))
        };
        let policies = PolicySet::new().identity("many", &Document::new((0..count).map(statement)));
        let actions = ["ec2:StartInstances", "ec2:StopInstances", "s3:GetObject", "ec2:DescribeTags"];
        let rate = per_second(&policies, &requests(&actions.map(str::to_owned)), 200);
        println!("{:<58}{rate:>14.0}", format!("decisions a second, {count} statements, none indexed away"));
    }
}

fn classification(read_only: &Document) {
    let mut named = 0;
    let took = median(|| named = expand_document(black_box(read_only)).allowed.actions.len());
    row(&format!("expand ReadOnlyAccess to {named} actions"), took);
    row("expand and classify ReadOnlyAccess", median(|| drop(classify(black_box(read_only)))));
}

fn minimization() {
    let actions = some_actions(2_000);
    let mut patterns = 0;
    let took = median(|| patterns = minimize(black_box(&actions)).unwrap().len());
    row(&format!("minimize 2,000 actions of all services to {patterns} patterns, in words"), took);
    let ec2: Vec<String> =
        catalog::service("ec2").unwrap().actions().iter().map(ToString::to_string).collect();
    let half: Vec<&String> = ec2.iter().step_by(2).collect();
    let took = median(|| patterns = minimize(black_box(&half)).unwrap().len());
    row(&format!("minimize every other of ec2's actions, {}, to {patterns}, in words", half.len()), took);
}
