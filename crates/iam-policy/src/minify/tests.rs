//! Documents and what they shrink to.

use super::*;
use crate::{Kind, parse};

#[test]
fn managed() {
    let text = std::fs::read_to_string("/tmp/h/verbs-managed.json").unwrap();
    let all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    for wildcards in [Wildcards::None, Wildcards::Words, Wildcards::Anywhere] {
        let (mut before, mut after) = (0, 0);
        let start = std::time::Instant::now();
        let mut slow = Vec::new();
        for (name, value) in &all {
            let document = match parse(&value.to_string(), Kind::Identity) {
                Ok(document) => document,
                Err(error) => {
                    println!("{name}: {error}");
                    continue;
                }
            };
            let t = std::time::Instant::now();
            match minify_with(&document, wildcards) {
                Ok(short) => {
                    before += document.to_json().len();
                    after += short.to_json().len();
                    if short.to_json().len() > document.to_json().len() {
                        println!("{name} longer");
                    }
                    if name == "SecurityAudit" && wildcards == Wildcards::Words {
                        println!("{}", short.to_json());
                    }
                }
                Err(error) => println!("{name}: {error}"),
            }
            if t.elapsed().as_millis() > 700 {
                println!("{name} {:?}", t.elapsed());
            }
            slow.push((t.elapsed(), name));
        }
        slow.sort();
        println!("{wildcards:?}: {before} -> {after}, {:?} {:?}", start.elapsed(), &slow[slow.len() - 5..]);
    }
}
