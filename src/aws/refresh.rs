//! Reading many roles of one account with few calls, without timers.
//!
//! The first read goes by itself at once. Reads that come while it is under way wait; when it ends, whoever has
//! waited longest reads for all of them: two or more from one snapshot of the account, one by itself. So a single
//! role costs no delay, and fifty at once cost a few snapshots instead of two hundred calls.
//!
//! INVARIANT: a read is only answered from a snapshot that began after the read did, and never for a role that this
//! process has changed. A role that a snapshot does not show is asked for by name before anybody says that it is gone;
//! so is a role that owns policies of which the snapshot does not show one, or which this process has changed.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::iam::{GET_ROLE, Snapshot, Wanted};
use super::{Account, Error, Iam, Kind, RoleDetail, Stop};

/// Stands for "refused": more pages than any number of roles is worth.
const NEVER: usize = usize::MAX;

/// The reads of one account that are under way or waiting.
#[derive(Debug, Default)]
pub(super) struct Refresh {
    line: Mutex<Line>,
    /// Pages that a snapshot takes at least, as far as is known.
    pages: AtomicUsize,
}

#[derive(Debug, Default)]
struct Line {
    busy: bool,
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    ask: Ask,
    answer: oneshot::Sender<Answer>,
}

/// Which role somebody wants to read.
#[derive(Clone, Debug)]
struct Ask {
    role: String,
    /// ARNs of policies whose documents are wanted with it.
    owned: BTreeSet<String>,
}

#[derive(Debug)]
enum Answer {
    /// It is your turn: read for yourself and for all that wait.
    Lead(Turn),
    /// The role, from a snapshot that somebody else took.
    Role(Box<RoleDetail>),
    /// Somebody else's snapshot did not have it: ask for it by name.
    Ask,
}

impl Account {
    /// The role with everything it holds, or `None` when AWS says that it does not exist; and the documents of the
    /// policies `owned` (ARNs), as far as they are there.
    ///
    /// Reads of several roles that overlap share their calls.
    ///
    /// # Errors
    /// Whatever AWS answered other than `NoSuchEntity`: a refused read never means "gone".
    pub async fn read_role(
        &self,
        name: &str,
        owned: &BTreeSet<String>,
        stop: &Stop,
    ) -> Result<Option<RoleDetail>, Error> {
        let ask = Ask { role: name.to_owned(), owned: owned.clone() };
        if self.has_changed(&ask) {
            return self.read_one(&ask, stop).await;
        }
        let turn = match Refresh::queue(&self.refresh, &ask) {
            Place::First(turn) => Some(turn),
            Place::Later(answer) => match answer.await {
                Ok(Answer::Role(role)) if !self.has_changed(&ask) => return Ok(Some(*role)),
                Ok(Answer::Lead(turn)) => return self.lead(turn, &ask, stop).await,
                // The one who read for us went away, or has no answer.
                Ok(Answer::Role(_) | Answer::Ask) | Err(_) => None,
            },
        };
        let read = self.read_one(&ask, stop).await;
        drop(turn);
        read
    }

    /// Whether this process changed any of it.
    fn has_changed(&self, ask: &Ask) -> bool {
        self.was_written(&ask.role) || ask.owned.iter().any(|arn| self.was_written(arn))
    }

    /// Reads for all that wait.
    async fn lead(&self, turn: Turn, own: &Ask, stop: &Stop) -> Result<Option<RoleDetail>, Error> {
        let others = self.refresh.take();
        // A role by itself takes some four small calls at the same time, a snapshot its large pages one after the
        // other: a page a role is where the snapshot stops being the better way.
        let worth = others.len() + 1;
        let mut found = Snapshot::default();
        if !others.is_empty() && self.refresh.pages.load(Ordering::Relaxed) <= worth {
            let iam = self.iam(stop).await?;
            let asks = || others.iter().map(|waiting| &waiting.ask).chain([own]);
            let wanted = Wanted {
                roles: asks().map(|ask| ask.role.as_str()).collect(),
                policies: asks().flat_map(|ask| &ask.owned).map(String::as_str).collect(),
            };
            found = self.refresh.snapshot(&iam, &wanted, worth).await;
        }
        for waiting in others {
            let role = waiting.ask.answer_in(&found);
            // Whoever went away needs no answer.
            let _ = waiting.answer.send(role.map_or(Answer::Ask, |role| Answer::Role(Box::new(role))));
        }
        let read = match own.answer_in(&found).filter(|_| !self.has_changed(own)) {
            Some(role) => Ok(Some(role)),
            None => self.read_one(own, stop).await,
        };
        drop(turn);
        read
    }

    /// Gone is a role only when GetRole says so: the lists may lag behind a new role.
    async fn read_one(&self, ask: &Ask, stop: &Stop) -> Result<Option<RoleDetail>, Error> {
        let iam = self.iam(stop).await?;
        let read = match iam.read_role(&ask.role, &ask.owned).await {
            Err(error) if error.kind() == Kind::NotFound && error.operation() != GET_ROLE => {
                match iam.get_role(&ask.role).await {
                    Ok(_) => iam.read_role(&ask.role, &ask.owned).await,
                    Err(error) => Err(error),
                }
            }
            read => read,
        };
        match read {
            Err(error) if error.kind() == Kind::NotFound && error.operation() == GET_ROLE => Ok(None),
            read => read.map(Some),
        }
    }
}

impl Ask {
    /// The role as a snapshot shows it, if that has all of it.
    fn answer_in(&self, snapshot: &Snapshot) -> Option<RoleDetail> {
        let documents =
            self.owned.iter().map(|arn| Some((arn.clone(), snapshot.documents.get(arn)?.clone())));
        let documents = documents.collect::<Option<_>>()?;
        Some(RoleDetail { documents, ..snapshot.roles.get(&self.role)?.clone() })
    }
}

impl Refresh {
    fn queue(this: &Arc<Self>, ask: &Ask) -> Place {
        let mut line = this.lock();
        if !line.busy {
            line.busy = true;
            return Place::First(Turn(Arc::clone(this)));
        }
        let (answer, receiver) = oneshot::channel();
        line.waiting.push_back(Waiting { ask: ask.clone(), answer });
        Place::Later(receiver)
    }

    fn take(&self) -> VecDeque<Waiting> {
        std::mem::take(&mut self.lock().waiting)
    }

    /// What a snapshot shows; nothing when it is refused, unknown, or not worth its pages.
    async fn snapshot(&self, iam: &Iam<'_>, wanted: &Wanted<'_>, worth: usize) -> Snapshot {
        match iam.snapshot(wanted, worth).await {
            Ok(Some(snapshot)) => {
                self.pages.store(snapshot.pages, Ordering::Relaxed);
                snapshot
            }
            Ok(None) => {
                self.pages.fetch_max(worth + 1, Ordering::Relaxed);
                Snapshot::default()
            }
            Err(error) => {
                tracing::debug!(%error, "no snapshot of the account, roles are read one by one");
                // Only a refusal lasts; after anything else the next snapshot may work.
                if matches!(error.kind(), Kind::Denied | Kind::Invalid | Kind::Other) {
                    self.pages.store(NEVER, Ordering::Relaxed);
                }
                Snapshot::default()
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Place {
    First(Turn),
    Later(oneshot::Receiver<Answer>),
}

/// The right to read. However it ends, even in a dropped future or an unread answer, the next in line gets it.
#[derive(Debug)]
struct Turn(Arc<Refresh>);

impl Drop for Turn {
    fn drop(&mut self) {
        let next = {
            let mut line = self.0.lock();
            let next = line.waiting.pop_front();
            line.busy = next.is_some();
            next
        };
        if let Some(waiting) = next {
            // If it went away, the answer comes back, and dropping it passes the turn on.
            let _ = waiting.answer.send(Answer::Lead(Self(Arc::clone(&self.0))));
        }
    }
}

#[cfg(test)]
mod tests;
