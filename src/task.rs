//! The tasks of a deploy runner: what a role is for. Owns their names; decides nothing.

/// Every task, by the name that users write.
pub const NAMES: &[&str] = &[
    "terraform-planner",
    "terraform-applier",
    "terraform-state",
    "ami-builder",
    "docker-image-builder",
    "invoker",
    "custom",
];

/// What a role is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Plans, also code that nobody has reviewed: reads, and writes nothing but the lock of its state.
    TerraformPlanner,
    /// Applies what was reviewed.
    TerraformApplier,
    /// Reads and writes Terraform's state, and nothing else.
    TerraformState,
    /// Builds machine images.
    AmiBuilder,
    /// Builds container images.
    DockerImageBuilder,
    /// Starts the runner.
    Invoker,
    /// Anything else.
    Custom,
}

impl Task {
    /// Every task, in the order of [`NAMES`].
    pub const ALL: [Self; 7] = [
        Self::TerraformPlanner,
        Self::TerraformApplier,
        Self::TerraformState,
        Self::AmiBuilder,
        Self::DockerImageBuilder,
        Self::Invoker,
        Self::Custom,
    ];

    /// The task of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().zip(Self::ALL).find(|(known, _)| **known == name).map(|(_, task)| task)
    }

    /// The task that a role's name ends with, as the names of a runner's roles do; [`Task::Custom`] if none. AWS does
    /// not know what a role is for.
    #[must_use]
    pub fn of_role_name(name: &str) -> Self {
        let ends = NAMES.iter().zip(Self::ALL).find(|(known, _)| name.ends_with(*known));
        ends.map_or(Self::Custom, |(_, task)| task)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TerraformPlanner => "terraform-planner",
            Self::TerraformApplier => "terraform-applier",
            Self::TerraformState => "terraform-state",
            Self::AmiBuilder => "ami-builder",
            Self::DockerImageBuilder => "docker-image-builder",
            Self::Invoker => "invoker",
            Self::Custom => "custom",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_the_name_of_its_task() {
        assert_eq!(NAMES, Task::ALL.map(Task::name));
        assert!(Task::ALL.iter().all(|task| Task::named(task.name()) == Some(*task)));
        assert_eq!(Task::named("planner"), None);
    }

    #[test]
    fn a_role_name_tells_its_task_by_its_end() {
        assert_eq!(Task::of_role_name("infra-live-terraform-planner"), Task::TerraformPlanner);
        assert_eq!(Task::of_role_name("deploy"), Task::Custom);
    }
}
