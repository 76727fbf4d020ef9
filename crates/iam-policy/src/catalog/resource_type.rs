//! One type of resources of a service.
//!
//! Owns what the catalogue tells about it, its ARN formats first. Never matches an ARN.

/// A type of resources that statements name, such as `bucket` of `s3`.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType {
    pub(super) service: &'static str,
    pub(super) name: &'static str,
    /// ARNs as written in the data: joined by a comma and a space, the usual beginning left out.
    pub(super) arns: &'static str,
    /// Condition keys, joined by spaces.
    pub(super) keys: &'static str,
}

impl ResourceType {
    /// Its name, as actions refer to it. It may contain spaces.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The formats of its ARNs, one or more: `arn:${Partition}:s3:::${BucketName}`. Each `${…}` stands for a text of
    /// any length.
    pub fn arns(&self) -> impl Iterator<Item = String> + use<> {
        let service = self.service;
        self.arns.split(", ").map(move |arn| {
            if arn.starts_with("arn:") {
                arn.to_owned()
            } else {
                format!("arn:${{Partition}}:{service}:${{Region}}:${{Account}}:{arn}")
            }
        })
    }

    /// The condition keys that a request about such a resource may carry.
    pub fn condition_keys(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.keys.split_ascii_whitespace()
    }
}
