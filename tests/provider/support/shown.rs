//! What `terraform show -json` says, as questions that a test asks: of a plan, and of a state.

use std::fmt;

use serde_json::Value;

/// A plan that Terraform made.
#[derive(Debug)]
pub(crate) struct Plan {
    json: Value,
}

impl Plan {
    pub(crate) fn new(json: Value) -> Self {
        Self { json }
    }

    /// Whether applying it would do nothing, to a resource or to an output.
    pub(crate) fn is_empty(&self) -> bool {
        let outputs = self.json["output_changes"].as_object().into_iter().flatten();
        let quiet = |change: &Value| actions(change).iter().all(|action| matches!(*action, "no-op" | "read"));
        self.changes().all(|entry| quiet(&entry["change"]))
            && outputs.into_iter().all(|(_, change)| quiet(change))
    }

    /// Fails the test with the changes in full unless the plan is empty.
    #[track_caller]
    pub(crate) fn assert_empty(&self) {
        assert!(self.is_empty(), "the plan should be empty, and is\n{self}");
    }

    /// What would be done to one resource: `["no-op"]`, `["create"]`, `["update"]`, `["delete", "create"]`…
    #[track_caller]
    pub(crate) fn actions(&self, address: &str) -> Vec<&str> {
        actions(self.change(address))
    }

    /// The resource as it is before, in the state after refreshing.
    #[track_caller]
    pub(crate) fn before(&self, address: &str) -> &Value {
        &self.change(address)["before"]
    }

    /// The resource as planned; what is not known yet is missing.
    #[track_caller]
    pub(crate) fn after(&self, address: &str) -> &Value {
        &self.change(address)["after"]
    }

    /// The same shape with `true` for what is not known yet.
    #[track_caller]
    pub(crate) fn after_unknown(&self, address: &str) -> &Value {
        &self.change(address)["after_unknown"]
    }

    /// The attributes that differ between before and after, unknown ones included, by name.
    #[track_caller]
    pub(crate) fn changed(&self, address: &str) -> Vec<&str> {
        let (before, after) = (self.before(address), self.after(address));
        let unknown = self.after_unknown(address);
        let names = [before, after, unknown]
            .into_iter()
            .filter_map(Value::as_object)
            .flat_map(|object| object.keys());
        let mut names: Vec<&str> = names.map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| before.get(name) != after.get(name) || holds_true(&unknown[*name]));
        names
    }

    /// What changed outside of Terraform since the last run, as far as Terraform tells it: the addresses.
    pub(crate) fn drifted(&self) -> Vec<&str> {
        list(&self.json["resource_drift"]).filter_map(|entry| entry["address"].as_str()).collect()
    }

    #[track_caller]
    fn change(&self, address: &str) -> &Value {
        let found = self.changes().find(|entry| entry["address"] == address);
        &found.unwrap_or_else(|| panic!("no {address} in the plan\n{self}"))["change"]
    }

    fn changes(&self) -> impl Iterator<Item = &Value> {
        list(&self.json["resource_changes"])
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in self.changes() {
            writeln!(f, "{}: {:#}", entry["address"], entry["change"])?;
        }
        writeln!(f, "outputs: {:#}", self.json["output_changes"])
    }
}

/// A state that Terraform wrote.
#[derive(Debug)]
pub(crate) struct State {
    json: Value,
}

impl State {
    pub(crate) fn new(json: Value) -> Self {
        Self { json }
    }

    /// The addresses of the root module's resources.
    pub(crate) fn addresses(&self) -> Vec<&str> {
        self.resources().filter_map(|resource| resource["address"].as_str()).collect()
    }

    /// One attribute of a resource, JSON null when it has none of that name.
    #[track_caller]
    pub(crate) fn attribute(&self, address: &str, name: &str) -> &Value {
        let found = self.resources().find(|resource| resource["address"] == address);
        &found.unwrap_or_else(|| panic!("no {address} in the state\n{:#}", self.json))["values"][name]
    }

    /// An attribute that is a string.
    #[track_caller]
    pub(crate) fn text(&self, address: &str, name: &str) -> &str {
        let value = self.attribute(address, name);
        value.as_str().unwrap_or_else(|| panic!("{address}.{name} is {value} and not a string"))
    }

    fn resources(&self) -> impl Iterator<Item = &Value> {
        list(&self.json["values"]["root_module"]["resources"])
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn actions(change: &Value) -> Vec<&str> {
    list(&change["actions"]).filter_map(Value::as_str).collect()
}

fn holds_true(value: &Value) -> bool {
    match value {
        Value::Bool(unknown) => *unknown,
        Value::Array(items) => items.iter().any(holds_true),
        Value::Object(items) => items.values().any(holds_true),
        _ => false,
    }
}
