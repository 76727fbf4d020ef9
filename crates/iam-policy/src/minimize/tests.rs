//! Lists that are known to be the shortest, and what is refused.

use super::*;
use crate::expand;

fn shortest_of(pattern: &str) -> Vec<String> {
    minimize(expand(pattern).unwrap()).unwrap()
}

#[test]
fn a_whole_service_is_one_pattern() {
    assert_eq!(shortest_of("s3:*"), ["s3:*"]);
    assert_eq!(shortest_of("*"), ["*"]);
}

#[test]
fn timing() {
    for level in ["read", "write"] {
        let actions: Vec<_> = crate::catalog::services()
            .filter(|service| {
                [
                    "ec2",
                    "iam",
                    "s3",
                    "rds",
                    "sagemaker",
                    "glue",
                    "connect",
                    "iot",
                    "lambda",
                    "ecs",
                    "quicksight",
                ]
                .contains(&service.prefix())
            })
            .flat_map(|service| service.actions())
            .filter(|action| action.level().is_read_only() == (level == "read"))
            .collect();
        for wildcards in [Wildcards::None, Wildcards::Words, Wildcards::Anywhere] {
            let start = std::time::Instant::now();
            let list = minimize_with(&actions, wildcards).unwrap();
            println!(
                "{level} {wildcards:?}: {} actions to {} patterns, {} chars of {}, {:?}",
                actions.len(),
                list.len(),
                list.iter().map(|one| one.len() + 3).sum::<usize>(),
                actions.iter().map(|one| one.to_string().len() + 3).sum::<usize>(),
                start.elapsed()
            );
            if wildcards != Wildcards::None {
                println!(
                    "{:?}",
                    list.iter().filter(|l| l.starts_with("s3:") || l.starts_with("iam:")).collect::<Vec<_>>()
                );
            }
        }
    }
}
