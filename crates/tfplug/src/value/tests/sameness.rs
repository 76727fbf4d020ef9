//! When two values are the same to Terraform.

use super::*;

#[test]
fn sets_are_the_same_in_any_order() {
    let set = |elements: &[&str]| Value::Set(elements.iter().map(|one| text(one)).collect());
    assert!(set(&["a", "b"]).same(&set(&["b", "a"])));
    assert!(!set(&["a", "b"]).same(&set(&["a", "c"])));
    assert!(!Value::List(vec![text("a"), text("b")]).same(&Value::List(vec![text("b"), text("a")])));
}

#[test]
fn an_element_that_is_twice_in_a_set_is_there_once() {
    let set = |elements: &[&str]| Value::Set(elements.iter().map(|one| text(one)).collect());
    assert!(set(&["a", "a"]).same(&set(&["a"])));
    assert!(!set(&["a", "a"]).same(&set(&["a", "b"])) && !set(&["a", "b"]).same(&set(&["a", "a"])));
    let unknown = |count| Value::Set(vec![Value::unknown(); count]);
    assert!(unknown(2).same(&unknown(2)) && !unknown(1).same(&unknown(2)));
}

#[test]
fn what_is_known_of_an_unknown_value_makes_it_no_other() {
    assert!(Value::unknown().same(&Value::Unknown(Refinements::prefix("a"))));
    assert!(!Value::unknown().same(&Value::Null));
}

#[test]
fn numbers_are_the_same_however_they_are_written() {
    for (a, b) in [("1", "1.0"), ("100", "1e2"), ("0.10", "0.1"), ("-0", "0")] {
        assert!(number(a).same(&number(b)), "{a} {b}");
    }
    assert_eq!("1e2".parse::<Number>().unwrap().to_string(), "100");
    assert_eq!("1e2".parse::<Number>().unwrap().to_i64(), Some(100));
    assert_eq!("1.5".parse::<Number>().unwrap().to_i64(), None);
    assert_eq!("9223372036854775808".parse::<Number>().unwrap().to_i64(), None);
    assert_eq!(Number::from(u64::MAX).to_string(), "18446744073709551615");
}
