//! One action of a service.
//!
//! Owns what the catalogue tells about an action. Never holds a copy of the data: every text is a slice of it.

use std::fmt;

use super::{AccessLevel, Service};

/// An action, such as `s3:GetObject`. Prints with its prefix, in AWS's spelling. Compares and sorts without case, by
/// prefix and name.
#[derive(Clone, Copy)]
pub struct Action {
    service: &'static Service,
    /// Its name, and behind ` > ` the actions that it needs besides.
    line: &'static str,
    name_length: u8,
    level: AccessLevel,
    /// What it is on, as a number of the service.
    bearing: u16,
    /// Its place among the actions of the service.
    place: u16,
}

// All actions are read within milliseconds, of which most go into memory that is touched for the first time.
const _: () = assert!(size_of::<Action>() <= 32);

impl Action {
    /// The action of a line: `level` is a letter with a number behind, `line` the rest, `place` how many came before it.
    pub(super) fn read(
        service: &'static Service,
        place: usize,
        level: &str,
        line: &'static str,
    ) -> Option<Self> {
        let (letter, number) = level.split_at_checked(1)?;
        let level = match letter {
            "L" => AccessLevel::List,
            "R" => AccessLevel::Read,
            "T" => AccessLevel::Tagging,
            "W" => AccessLevel::Write,
            "P" => AccessLevel::PermissionsManagement,
            _ => return None,
        };
        let name_length = line.bytes().position(|byte| byte == b' ').unwrap_or(line.len());
        let name_length = u8::try_from(name_length).ok()?;
        let place = u16::try_from(place).ok()?;
        Some(Self { service, line, name_length, level, bearing: number.parse().ok()?, place })
    }

    /// The service that it is one of.
    pub(crate) fn its_service(&self) -> &'static Service {
        self.service
    }

    /// Its place among the actions of its service.
    pub(crate) fn place(&self) -> usize {
        usize::from(self.place)
    }

    /// The prefix of its service: `s3`.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.service.prefix()
    }

    /// Its name without the prefix, in AWS's spelling: `GetObject`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.line.get(..usize::from(self.name_length)).unwrap_or_default()
    }

    /// What it does.
    #[must_use]
    pub fn level(&self) -> AccessLevel {
        self.level
    }

    /// The types of resources that a statement can limit it to, by name, and whether each is required. Rule: an
    /// action is allowed only on resources of every required type that the request names (Service Authorization
    /// Reference, "Actions table"). What the types are is in [`Service::resource_type`].
    pub fn resource_types(&self) -> impl Iterator<Item = (&'static str, bool)> + use<> {
        let names = self.service.bearing(self.bearing).on.split(", ").filter(|name| !name.is_empty());
        names.map(|name| name.strip_suffix('*').map_or((name, false), |name| (name, true)))
    }

    /// Whether a statement can limit it to resources. Rule: an action without resource types needs `"Resource": "*"`
    /// (Service Authorization Reference, "Actions table").
    #[must_use]
    pub fn takes_resource(&self) -> bool {
        !self.service.bearing(self.bearing).on.is_empty()
    }

    /// The condition keys that a request for it may carry, of the action and of its resource types, beside AWS's
    /// global ones. A part in `${…}` or `<…>` stands for a name of the user's, as in `aws:ResourceTag/${TagKey}`.
    pub fn condition_keys(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.service.bearing(self.bearing).keys.split_ascii_whitespace()
    }

    /// The actions that its caller needs besides, always or for some arguments, such as `iam:PassRole` for
    /// `lambda:CreateFunction`. They are those of July 2026: later editions of the data leave them out.
    pub fn dependents(&self) -> impl Iterator<Item = &'static str> + use<> {
        let needs = self.line.split_once(" > ").map_or("", |(_, needs)| needs);
        needs.split_ascii_whitespace()
    }

    /// Whether its requests go to the one endpoint that its service has in a partition, so that a condition on
    /// `aws:RequestedRegion` says nothing about where the resources are.
    #[must_use]
    pub fn is_global(&self) -> bool {
        super::global::is_global(self.service(), self.name())
    }

    /// Whether it ends what somebody made: deletes, terminates, deregisters, releases. Told by the words of its name,
    /// since AWS has no level for that; taking away a tag, or a link between two things that both stay, is not meant.
    #[must_use]
    pub fn destroys(&self) -> bool {
        let changes = matches!(self.level, AccessLevel::Write | AccessLevel::PermissionsManagement);
        changes && super::destroys::destroys(self.name())
    }

    /// Whether a role can be given to a service with it, which the caller needs `iam:PassRole` for.
    #[must_use]
    pub fn passes_role(&self) -> bool {
        self.dependents().any(|name| name == "iam:PassRole")
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service(), self.name())
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} ({})", self.level)
    }
}

// An action exists once, and the actions of a service are sorted: its place says all that its name does.
impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place && self.service() == other.service()
    }
}

impl Eq for Action {}

impl Ord for Action {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.service().cmp(other.service()).then_with(|| self.place.cmp(&other.place))
    }
}

impl PartialOrd for Action {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl std::hash::Hash for Action {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.service(), self.place).hash(state);
    }
}
