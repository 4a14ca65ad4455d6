//! Bundles of evidence that the screen asks for, made beside it: both passes over captures that
//! were read already, then the same bundle as `vigie report` makes.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, anyhow};
use ipnet::IpNet;
use jiff::{Timestamp, Zoned};

use super::cause::with_causes;
use super::report::Recorded;
use super::{signatures, warning};
use crate::evidence::bundle::{self, BundleError, BundleOptions};
use crate::evidence::pseudonym::{MaskedNames, PseudonymFault, PseudonymKey, Pseudonyms};
use crate::evidence::{Case, FirstPass, Gathered, Material, Scratch};
use crate::export::rfc3339;
use crate::filter::Filter;
use crate::ledger::{Dimension, Snapshot};
use crate::pipeline::{Options, Run};
use crate::signature::Database;
use crate::source::{CaptureAccount, CaptureTime, StreamPlan};
use crate::tui::{BundleRefused, BundleWish, BundleWritten};

/// Names that are tried for a bundle at most.
const TRIES: usize = 1_000;
/// Keys that are drawn for a bundle at most.
const KEYS: usize = 8;
/// Parts of the work in per cent: each pass, and counting the bundle again.
const PASS: u64 = 46;
const REST: u64 = 100 - 2 * PASS;

/// Makes bundles, one at a time, on a thread of its own.
#[derive(Debug)]
pub(super) struct Bundles<'a> {
    /// How the captures were first read.
    options: &'a Options,
    database: &'a Database,
    recorded: &'a Recorded,
    /// Where bundles are made; `None` where nothing can be written.
    folder: Option<PathBuf>,
    /// Set to end early.
    stop: AtomicBool,
    desk: Mutex<Desk>,
    posted: Condvar,
}

/// What is asked for, how far it is, and what came of it.
#[derive(Debug, Default)]
struct Desk {
    state: Work,
    pass: Option<Pass>,
    done: Option<BundleWritten>,
}

#[derive(Debug, Default)]
enum Work {
    #[default]
    Nothing,
    Asked(Box<Asked>),
    Begun,
    Over,
}

/// A bundle that is wanted, and of what.
#[derive(Debug)]
struct Asked {
    wish: BundleWish,
    streams: Vec<StreamPlan>,
}

/// How far the work is.
#[derive(Debug)]
struct Pass {
    run: Arc<Run>,
    /// Octets that it reads, where that is known.
    size: Option<u64>,
    /// Per cent that were done before it, and that it is.
    before: u64,
    is: u64,
}

impl<'a> Bundles<'a> {
    /// `options` as the captures were first read with, and what else a record states of them.
    pub(super) fn new(
        options: &'a Options,
        database: &'a Database,
        recorded: &'a Recorded,
        folder: Option<PathBuf>,
    ) -> Self {
        let (stop, desk, posted) = Default::default();
        Self { options, database, recorded, folder, stop, desk, posted }
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a bundle of these captures.
    pub(super) fn ask(
        &self,
        wish: BundleWish,
        streams: Vec<StreamPlan>,
    ) -> Result<(), BundleRefused> {
        self.may_ask(&streams)?;
        let mut desk = self.lock();
        desk.state = Work::Asked(Box::new(Asked { wish, streams }));
        self.posted.notify_all();
        Ok(())
    }

    /// Whether one may be asked for; if not, why.
    pub(super) fn may_ask(&self, streams: &[StreamPlan]) -> Result<(), BundleRefused> {
        if FirstPass::check(streams).is_err() {
            return Err(BundleRefused::OnlyOnce);
        }
        if self.folder.is_none() {
            return Err(BundleRefused::NotWritable);
        }
        match self.lock().state {
            Work::Nothing => Ok(()),
            Work::Asked(_) | Work::Begun | Work::Over => Err(BundleRefused::Busy),
        }
    }

    /// What came of it, once.
    pub(super) fn done(&self) -> Option<BundleWritten> {
        self.lock().done.take()
    }

    /// How much of the work is done, in per cent, while there is some.
    pub(super) fn progress(&self) -> Option<u8> {
        let desk = self.lock();
        match &desk.state {
            Work::Nothing | Work::Over => None,
            Work::Asked(_) => Some(0),
            Work::Begun => {
                let done = desk.pass.as_ref().map_or(0, |pass| {
                    let read = pass.run.octets.load(Relaxed);
                    let of = pass.size.filter(|size| *size > 0);
                    pass.before + of.map_or(0, |size| read.min(size).saturating_mul(pass.is) / size)
                });
                Some(u8::try_from(done).unwrap_or(100))
            }
        }
    }

    /// Ends the work, also what has begun: nothing of it is left.
    pub(super) fn leave(&self) {
        self.stop.store(true, Relaxed);
        let mut desk = self.lock();
        if let Some(pass) = &desk.pass {
            pass.run.stop.store(true, Relaxed);
        }
        if let Work::Asked(_) = desk.state {
            desk.done = Some(BundleWritten::Failed(ENDED.to_owned()));
        }
        desk.state = Work::Over;
        self.posted.notify_all();
    }

    /// The thread: waits for wishes until [`leave`](Self::leave).
    pub(super) fn work(&self) {
        loop {
            let mut desk = self.lock();
            let asked = loop {
                match std::mem::take(&mut desk.state) {
                    Work::Asked(asked) => break asked,
                    Work::Over => {
                        desk.state = Work::Over;
                        return;
                    }
                    Work::Nothing | Work::Begun => {
                        desk = self.posted.wait(desk).unwrap_or_else(PoisonError::into_inner);
                    }
                }
            };
            desk.state = Work::Begun;
            drop(desk);
            let made = self.make(&asked);
            let mut desk = self.lock();
            desk.pass = None;
            desk.done = Some(made.unwrap_or_else(|why| BundleWritten::Failed(with_causes(&why))));
            if let Work::Begun = desk.state {
                desk.state = Work::Nothing;
            }
        }
    }

    /// A pass whose progress is seen, and that ends when the screen does.
    fn pass(&self, size: Option<u64>, before: u64, is: u64) -> Arc<Run> {
        let mut desk = self.lock();
        // Of its own: a pass that fails stops itself, and the next bundle is to go on.
        let stop = Arc::new(AtomicBool::new(self.stop.load(Relaxed)));
        let run = Arc::new(Run { octets: AtomicU64::new(0), stop, watch: None });
        desk.pass = Some(Pass { run: Arc::clone(&run), size, before, is });
        run
    }

    fn go_on(&self) -> anyhow::Result<()> {
        if self.stop.load(Relaxed) { Err(anyhow!(ENDED)) } else { Ok(()) }
    }

    fn make(&self, asked: &Asked) -> anyhow::Result<BundleWritten> {
        let Asked { wish, streams } = asked;
        let folder =
            self.folder.as_deref().ok_or_else(|| anyhow!("nothing can be written here"))?;
        warning::of_left(&Scratch::sweep(folder));
        let scratch = Scratch::make(folder);
        let scratch = scratch
            .with_context(|| format!("{}: nothing can be written there", folder.display()))?;
        let recorded = Recorded { filter: wish.filter.clone(), ..self.recorded.clone() };
        let filter = wish.filter.as_deref().map(Filter::parse).transpose()?;
        let mut options = Options {
            filter,
            // The frames at the moment that is shown belong to it.
            to: wish.moment.map(|moment| CaptureTime(moment.0.saturating_add(1))),
            // Files have an end.
            max_rows: None,
            rollups: Material::ROLLUPS.map(<[Dimension]>::to_vec).to_vec(),
            hash: true,
            ..self.options.clone()
        };
        let size = StreamPlan::size_of_all(streams);
        let run = self.pass(size, 0, PASS);
        let first = FirstPass::read(streams, &options, self.database, &run)?;
        self.go_on()?;
        readable(&first.snapshot)?;
        let stale_days = signatures::stale_days_for(self.database, &first.snapshot.captures);
        let (counting, resolved) =
            (recorded.counting(&options), recorded.options(&options, &wish.zone));
        // Sums and hashes are known.
        options.rollups.clear();
        options.hash = false;
        let run = self.pass(size, PASS, PASS);
        let again = first.again(streams, &options, self.database, &run, scratch.path());
        self.go_on()?;
        let gathered = Gathered { counting, options: resolved, stale_days, ..again? };
        self.put(gathered, wish, folder, scratch.path())
    }

    /// Puts it together and into its place, with the key of its pseudonyms beside it.
    fn put(
        &self,
        mut gathered: Gathered,
        wish: &BundleWish,
        folder: &Path,
        scratch: &Path,
    ) -> anyhow::Result<BundleWritten> {
        // Hosts stay named, or it would be no evidence; not so the customer's name in them.
        let masked = MaskedNames {
            tenants: wish.mask.hides_hosts(),
            domains: self.recorded.own_domains.clone(),
        };
        let draw = || pseudonymize(&mut gathered, &masked, self.database, scratch);
        let key = wish.mask.hides_clients().then(draw).transpose()?;
        let place = free(folder, &gathered.snapshot)?;
        let kept = key.as_ref().map(|key| keep(key, &place)).transpose()?;
        let case = Case {
            title: None,
            author: None,
            case: None,
            question: None,
            date: Zoned::new(Timestamp::now(), wish.zone.clone()).date(),
            language: wish.language,
            zone: wish.zone.clone(),
        };
        let material = gathered.material(self.database);
        let run = self.pass(gathered.recount_size(scratch), 2 * PASS, REST);
        let (jobs, run) = (self.options.jobs, Some(&*run));
        let options = BundleOptions { jobs, run, ..BundleOptions::default() };
        let made = bundle::write(&material, &case, scratch, &place, &options);
        let made = made.inspect_err(|_| {
            // A key without its bundle is of no use to anybody.
            let _ = kept.as_ref().map(std::fs::remove_file);
        });
        let made = match made {
            Err(BundleError::Stopped) => return Err(anyhow!(ENDED)),
            made => made?,
        };
        Ok(BundleWritten::Made {
            flows: gathered.tagged.total.flows,
            key: kept,
            incomplete: made.lost > 0
                || gathered.snapshot.captures.iter().any(CaptureAccount::is_damaged)
                || !gathered.snapshot.balance.holds(),
            folder: made.folder,
        })
    }
}

/// Whoever left did not wait for it.
const ENDED: &str = "the screen was left before it was there";

/// Whether anything could be read at all.
fn readable(snapshot: &Snapshot) -> anyhow::Result<()> {
    let mut failed = snapshot.captures.iter().map(|capture| (&capture.path, &capture.failed));
    match failed.next() {
        Some((path, Some(why))) if failed.all(|(_, failed)| failed.is_some()) => {
            Err(anyhow!("{path}: {why}"))
        }
        None => Err(anyhow!("there is no capture")),
        Some(_) => Ok(()),
    }
}

/// Gives clients pseudonyms by a key that is drawn for this bundle.
fn pseudonymize(
    gathered: &mut Gathered,
    masked: &MaskedNames,
    database: &Database,
    scratch: &Path,
) -> anyhow::Result<PseudonymKey> {
    let clients: HashSet<_> = gathered.clients().into_iter().collect();
    let mut tried = 0;
    loop {
        tried += 1;
        let key = PseudonymKey::draw().context("no key could be drawn")?;
        if tried < KEYS && says_a_client(&key, &clients) {
            continue;
        }
        match gathered.pseudonymize(&key, masked, database, scratch) {
            Ok(()) => return Ok(key),
            // Nothing was changed yet.
            Err(PseudonymFault::Clash(_)) if tried < KEYS => {}
            Err(fault) => return Err(fault.into()),
        }
    }
}

/// Whether a pseudonym by this key lies in a network (/24, /64) in which clients are. One bit of
/// Crypto-PAn often follows from the one before it: of a hundred keys about one keeps the first
/// three octets of an address in 10.0.0.0/8. Nobody could tell, but whoever searches the bundle
/// for an address is to find none. Where networks with clients are many, every key does it.
fn says_a_client(key: &PseudonymKey, clients: &HashSet<IpAddr>) -> bool {
    let names = Pseudonyms::new(key);
    let network = |address: IpAddr| {
        let length = if address.is_ipv4() { 24 } else { 64 };
        IpNet::new(address, length).map(|net| net.trunc()).ok()
    };
    let networks: HashSet<_> = clients.iter().map(|client| network(*client)).collect();
    clients.iter().any(|client| networks.contains(&network(names.hide(*client))))
}

/// A name in the folder, by the time of the first frame, that neither bundle nor key has yet.
fn free(folder: &Path, snapshot: &Snapshot) -> anyhow::Result<PathBuf> {
    let first = snapshot.captures.iter().filter_map(|capture| capture.first).min();
    let first = first.map_or_else(String::new, |first| {
        let text = rfc3339(first, 0).to_string();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let (day, time) = digits.split_at(digits.len().min(8));
        format!("-{day}-{time}")
    });
    for number in 1..=TRIES {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let place = folder.join(format!("vigie-evidence{first}{number}"));
        let is_free = |path: &Path| bundle::check_free(path, false).is_ok();
        if is_free(&place) && is_free(&key_of(&place)) {
            return Ok(place);
        }
    }
    Err(anyhow!("{}: {TRIES} bundles of this session are there already", folder.display()))
}

fn key_of(place: &Path) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".key");
    place.with_file_name(name)
}

/// Writes the key beside the bundle's place: for its owner alone, and never into the bundle.
fn keep(key: &PseudonymKey, place: &Path) -> anyhow::Result<PathBuf> {
    let path = key_of(place);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let fault = || format!("{}: cannot be written", path.display());
    let mut file = options.open(&path).with_context(fault)?;
    let written = file.write_all(key.to_line().as_bytes()).and_then(|()| file.sync_all());
    written.with_context(fault).inspect_err(|_| {
        let _ = std::fs::remove_file(&path);
    })?;
    Ok(path)
}
