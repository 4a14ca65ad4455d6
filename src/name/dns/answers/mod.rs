//! What each client resolved: the names by which it may have come to a server's address.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash, Hasher};
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry::{Occupied, Vacant};

use super::super::ech::{OuterNames, is_known_public_name};
use super::super::{DnsAnswer, DnsPublicName, HostName};
use crate::source::CaptureTime;

/// The DNS answers of one stream: (client, server address) → names that were asked, and when.
///
/// One owner, no lock: where several capture threads share the answers, another table takes its
/// place behind the same methods.
// Entry `n` stands at `entries[n - gone]`, and `newest` has the last one of each key, from which
// `previous` leads to the older ones; what is older than `gone` was evicted. Entries leave only at
// the front, in the order in which they came: `entries.len() <= limit`.
#[derive(Debug)]
pub struct AnswerTable {
    entries: VecDeque<Entry>,
    gone: u64,
    newest: HashTable<u64>,
    hasher: RandomState,
    names: NamePool,
    outer: OuterNames,
    limit: usize,
    hits: u64,
}

/// The most recent name that led a client to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The name that was asked.
    pub name: HostName,
    /// The CNAME chain from there to the owner of the address.
    pub chain: Box<[HostName]>,
    /// Time of the answer.
    pub time: CaptureTime,
    /// Whether other names, too, had led the client to the address and still counted.
    pub ambiguous: bool,
}

/// Client and server address.
type Key = (IpAddr, IpAddr);

/// One answer.
#[derive(Debug)]
struct Entry {
    key: Key,
    /// The name that was asked, then its chain.
    names: Arc<[HostName]>,
    at: CaptureTime,
    /// The last moment at which it counts.
    until: CaptureTime,
    /// The entry before it with the same key.
    previous: Option<u64>,
}

/// How long an answer counts at the least, in seconds: programs keep connecting to addresses
/// whose TTL was a minute.
pub(super) const LIFETIME: u32 = 3_600;

/// Nanoseconds in a second.
pub(super) const SECOND: u64 = 1_000_000_000;

/// Answers looked at for one client and address, the most recent ones: a block list answers
/// thousands of names with one address.
pub(super) const LOOKED_AT: usize = 64;

/// Later answers that are passed over on the way to those: a thread that is ahead of the one that
/// asks may have left some.
const PASSED_OVER: usize = 4_096;

impl AnswerTable {
    /// Answers that a stream keeps unless told otherwise; about 200 octets each.
    pub const LIMIT: usize = 262_144;

    /// An empty table for at most `limit` answers.
    pub fn new(limit: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            gone: 0,
            newest: HashTable::new(),
            hasher: RandomState::default(),
            names: NamePool::default(),
            outer: OuterNames::default(),
            limit: limit.max(1),
            hits: 0,
        }
    }

    /// Keeps an answer that `client` got at `at`. Where the table is full, the answer inserted
    /// longest ago leaves.
    pub fn insert(&mut self, client: IpAddr, answer: &DnsAnswer, at: CaptureTime) {
        if says_nothing(&answer.asked, answer.address) {
            return;
        }
        if self.entries.len() >= self.limit {
            self.evict();
        }
        let key = (client, answer.address);
        let number = self.gone + self.entries.len() as u64;
        let names = self.names.of(answer);
        let until = until(at, answer.ttl);
        let hash = self.hasher.hash_one(key);
        let Self { entries, gone, newest, hasher, .. } = self;
        let of = |number: &u64| entry(entries, *gone, *number).map(|entry| entry.key);
        let rehash = |number: &u64| of(number).map_or(0, |key| hasher.hash_one(key));
        let previous = match newest.entry(hash, |number| of(number) == Some(key), rehash) {
            Occupied(mut known) => Some(std::mem::replace(known.get_mut(), number)),
            Vacant(new) => {
                new.insert(number);
                None
            }
        };
        self.entries.push_back(Entry { key, names, at, until, previous });
    }

    /// The most recent name by which `client` got the address of `server` before `at`: not older
    /// than its TTL or an hour, whichever is longer. Answers of the same time count when they
    /// were inserted before. There is none for link-local servers, and for loopback only a name
    /// outside public DNS.
    pub fn resolve(&self, client: IpAddr, server: IpAddr, at: CaptureTime) -> Option<Resolution> {
        let valid = || {
            let past = self.of((client, server)).take(PASSED_OVER).filter(|e| e.at <= at);
            past.take(LOOKED_AT).filter(|e| at <= e.until)
        };
        let mut best = valid().next()?;
        for entry in valid() {
            if entry.at > best.at {
                best = entry;
            }
        }
        let (name, chain) = best.names.split_first()?;
        Some(Resolution {
            name: name.clone(),
            chain: chain.into(),
            time: best.at,
            ambiguous: valid().any(|entry| entry.names.first() != Some(name)),
        })
    }

    /// Keeps the public name of an `ECHConfigList` that `client` got at `at`.
    pub fn insert_public_name(&mut self, client: IpAddr, public: &DnsPublicName, at: CaptureTime) {
        self.outer.insert(client, public.name.clone(), at, until(at, public.ttl));
    }

    /// Whether `name`, as SNI of a ClientHello with `encrypted_client_hello`, is only the outer
    /// one (RFC 9849 §1): the client had got a configuration with this public name and it
    /// still counted at `at`, or it stands in the shipped list.
    pub fn is_outer_name(&self, client: IpAddr, name: &HostName, at: CaptureTime) -> bool {
        self.outer.has(client, name, at) || is_known_public_name(name)
    }

    /// Answers and public names that left because their table was full.
    pub fn hits(&self) -> u64 {
        self.hits + self.outer.hits()
    }

    /// The answers of a key, the last inserted first.
    fn of(&self, key: Key) -> impl Iterator<Item = &Entry> {
        let at = |number: u64| entry(&self.entries, self.gone, number);
        let is_of = |number: &u64| at(*number).is_some_and(|entry| entry.key == key);
        let newest = self.newest.find(self.hasher.hash_one(key), is_of).copied();
        std::iter::successors(newest.and_then(at), move |entry| entry.previous.and_then(at))
    }

    /// Removes the answer inserted longest ago.
    fn evict(&mut self) {
        let Some(entry) = self.entries.pop_front() else { return };
        let hash = self.hasher.hash_one(entry.key);
        if let Ok(newest) = self.newest.find_entry(hash, |number| *number == self.gone) {
            newest.remove();
        }
        self.gone += 1;
        self.hits += 1;
        self.names.release(&entry.names);
    }
}

/// The entry of a number, unless it was evicted.
fn entry(entries: &VecDeque<Entry>, gone: u64, number: u64) -> Option<&Entry> {
    entries.get(usize::try_from(number.checked_sub(gone)?).ok()?)
}

/// The last moment at which an answer of `at` counts.
fn until(at: CaptureTime, ttl: u32) -> CaptureTime {
    at.plus(u64::from(ttl.max(LIFETIME)) * SECOND)
}

/// Whether `name` is not that of the machine at `address`, although a resolver said so. A
/// link-local address is another machine to every host that uses it. Loopback is what blockers
/// answer for names that they block, all of public DNS: a local program would get the name of a
/// tracker. A name outside public DNS (`test.lan`, `localhost`) nobody blocks: it was given to
/// that program.
pub(super) fn says_nothing(name: &HostName, address: IpAddr) -> bool {
    let (link_local, loopback) = match address {
        IpAddr::V4(a) => (a.is_link_local(), a.is_loopback()),
        IpAddr::V6(a) => (a.is_unicast_link_local(), a.is_loopback()),
    };
    link_local || (loopback && name.is_public())
}

/// Every name and chain that an entry holds, once: eight addresses of an answer share one.
#[derive(Debug, Default)]
struct NamePool {
    pool: HashTable<Arc<[HostName]>>,
    hasher: RandomState,
}

impl NamePool {
    /// The name and chain of an answer.
    fn of(&mut self, answer: &DnsAnswer) -> Arc<[HostName]> {
        let names = || std::iter::once(&answer.asked).chain(&answer.chain);
        let hash = hash(&self.hasher, names());
        if let Some(known) = self.pool.find(hash, |known| known.iter().eq(names())) {
            return Arc::clone(known);
        }
        let new: Arc<[HostName]> = names().cloned().collect();
        let hasher = &self.hasher;
        self.pool.insert_unique(hash, Arc::clone(&new), |known| self::hash(hasher, known.iter()));
        new
    }

    /// Forgets names that only `names` and the pool still hold.
    fn release(&mut self, names: &Arc<[HostName]>) {
        const POOL_AND_ENTRY: usize = 2;
        if Arc::strong_count(names) > POOL_AND_ENTRY {
            return;
        }
        let hash = hash(&self.hasher, names.iter());
        if let Ok(known) = self.pool.find_entry(hash, |known| Arc::ptr_eq(known, names)) {
            known.remove();
        }
    }
}

/// Keyed hash of a name and its chain.
fn hash<'a>(keyed: &RandomState, names: impl Iterator<Item = &'a HostName>) -> u64 {
    let mut hasher = keyed.build_hasher();
    names.for_each(|name| name.hash(&mut hasher));
    hasher.finish()
}

#[cfg(test)]
mod tests;
