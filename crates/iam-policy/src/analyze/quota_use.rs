//! How much of IAM's quotas a role's policies take.
//!
//! Owns which documents share a quota; the limits are in `quota`, the counting in `size`.

use crate::{Document, quota, size};

/// How a document belongs to a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attachment {
    /// An inline policy: all of a role share one quota.
    Inline,
    /// A managed policy of the customer's, attached or as the boundary: each has a quota of its own.
    Managed,
    /// The trust policy.
    Trust,
}

/// Characters used of one quota. Prints as a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaUse {
    /// The kind of document.
    pub attachment: Attachment,
    /// The document's name; `None` for the inline policies together and the trust policy.
    pub policy: Option<String>,
    /// Characters that count.
    pub used: usize,
    /// Characters that may be used. A trust policy's quota is the one of an account that did not ask for more.
    pub limit: usize,
}

impl QuotaUse {
    /// The part that is used, in percent, rounded up; above 100 IAM refuses it.
    #[must_use]
    pub fn percent(&self) -> usize {
        (100 * self.used).div_ceil(self.limit)
    }
}

/// Measures documents, given with how they belong to one role and by name: the inline ones together first, then the
/// others in their order.
///
/// Policies that AWS manages take no quota of characters and are not to be given.
#[must_use]
pub fn quota_use<'a>(
    documents: impl IntoIterator<Item = (Attachment, &'a str, &'a Document)>,
) -> Vec<QuotaUse> {
    let mut inline: Option<usize> = None;
    let mut uses = Vec::new();
    for (attachment, name, document) in documents {
        let used = size(&document.to_json());
        let limit = match attachment {
            Attachment::Inline => {
                inline = Some(inline.unwrap_or_default() + used);
                continue;
            }
            Attachment::Managed => quota::MANAGED_POLICY,
            Attachment::Trust => quota::TRUST_POLICY,
        };
        let policy = (attachment == Attachment::Managed).then(|| name.to_owned());
        uses.push(QuotaUse { attachment, policy, used, limit });
    }
    let together = inline.map(|used| QuotaUse {
        attachment: Attachment::Inline,
        policy: None,
        used,
        limit: quota::INLINE_POLICIES_PER_ROLE,
    });
    together.into_iter().chain(uses).collect()
}
