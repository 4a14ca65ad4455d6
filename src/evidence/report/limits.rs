//! What a report does not show: each sentence is there because its condition holds in the data.

use super::sums::Sums;
use crate::evidence::session::{Session, holds_only_tagged, sessions};
use crate::evidence::{ClockState, Material};
use crate::flow::{FlowFlags, OrientedBy};
use crate::language::{Argument, Language};
use crate::signature::Category;
use crate::source::{CaptureAccount, CaptureTime};

/// One limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    /// The key of its sentence.
    pub(super) key: &'static str,
    /// The sentence, in the language of the report.
    pub(super) text: String,
}

/// Places of damage and captures that could not be read, named one by one; the rest is counted.
const NAMED: usize = 5;

/// The limits that apply, in a fixed order.
pub(super) fn limits(material: &Material<'_>, sums: &Sums, language: Language) -> Vec<Limit> {
    let mut list = List { material, language, limits: Vec::new() };
    list.always("limit-encrypted");
    list.of_systems(sums);
    list.of_names();
    list.of_captures();
    list.of_flows();
    list.of_the_run();
    list.always("limit-legal");
    list.limits
}

struct List<'a> {
    material: &'a Material<'a>,
    language: Language,
    limits: Vec<Limit>,
}

impl List<'_> {
    fn always(&mut self, key: &'static str) {
        self.say(key, &[]);
    }

    fn say(&mut self, key: &'static str, arguments: &[(&'static str, Argument<'_>)]) {
        let text = self.language.say_with(key, arguments);
        self.limits.push(Limit { key, text });
    }

    fn counted(&mut self, key: &'static str, name: &'static str, number: u64) {
        if number > 0 {
            self.say(key, &[(name, number.into())]);
        }
    }

    fn flagged(&self, flag: FlowFlags) -> u64 {
        self.material.all.flagged(flag).flows
    }

    fn of_systems(&mut self, sums: &Sums) {
        let database = self.material.database;
        let met = || sums.systems.iter().map(|system| database.signature(system.id));
        let cloud = met().any(|signature| signature.vendor == "Microsoft");
        let car = met().any(|signature| signature.category == Category::ConnectedCar);
        let broker = met().any(|signature| signature.category == Category::CarDataBroker);
        if cloud {
            self.always("limit-server-side");
        }
        if sums.shared > 0 {
            let octets = self.language.octets(sums.shared);
            self.say("limit-shared-host", &[("octets", octets.into())]);
        }
        if car {
            self.always("limit-cellular");
        }
        if car || broker {
            self.always("limit-brokers");
        }
        if self.material.all.claimed.flows > 0 {
            self.always("limit-claimed");
        }
    }

    fn of_names(&mut self) {
        let language = self.language;
        let snapshot = self.material.snapshot;
        let unnamed = snapshot.totals.unnamed.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
        if unnamed > 0 {
            let share = language.share(unnamed, snapshot.balance.in_flows.octets);
            let octets = language.octets(unnamed);
            self.say("limit-unnamed", &[("share", share.into()), ("octets", octets.into())]);
        }
        self.counted("limit-ech", "flows", self.flagged(FlowFlags::ECH));
        self.counted("limit-encrypted-dns", "flows", self.flagged(FlowFlags::ENCRYPTED_DNS));
        self.counted("limit-midstream", "flows", self.material.all.midstream.flows);
        self.counted("limit-coalesced", "flows", self.material.all.multiplexed.flows);
        self.counted("limit-proxy", "flows", self.flagged(FlowFlags::PROXY));
    }

    fn of_captures(&mut self) {
        let snapshot = self.material.snapshot;
        let failed: Vec<_> = snapshot.captures.iter().filter(|c| c.failed.is_some()).collect();
        for capture in failed.iter().take(NAMED) {
            self.say("limit-not-read", &[("capture", file_name(&capture.path).into())]);
        }
        let rest = failed.len().saturating_sub(NAMED) as u64;
        self.counted("limit-not-read-more", "captures", rest);
        let read = || snapshot.captures.iter().filter(|c| c.failed.is_none());
        let lost = read().filter_map(CaptureAccount::dropped).fold(0, u64::saturating_add);
        self.counted("limit-drops", "frames", lost);
        let silent = read().filter(|c| c.dropped().is_none()).count() as u64;
        self.counted("limit-drops-unknown", "captures", silent);
        let places = || read().flat_map(|c| c.damage.iter().map(move |d| (c, d)));
        for (capture, damage) in places().take(NAMED) {
            let arguments = [
                ("capture", file_name(&capture.path).into()),
                ("frame", self.language.count(damage.frame).into()),
                ("offset", self.language.count(damage.offset).into()),
            ];
            self.say("limit-damage", &arguments);
        }
        let more = read().map(|c| c.more_damage).fold(0, u64::saturating_add);
        let more = more.saturating_add(places().count().saturating_sub(NAMED) as u64);
        self.counted("limit-damage-more", "places", more);
        self.counted("limit-undecodable", "frames", snapshot.balance.undecodable.frames);
        self.of_sessions();
        if self.material.counting.dedup {
            self.counted("limit-duplicates-apart", "frames", snapshot.balance.duplicates.frames);
        } else if snapshot.sampled.copies > 0 {
            let (copies, looked) = (snapshot.sampled.copies, snapshot.sampled.looked);
            let arguments = [("frames", copies.into()), ("looked", looked.into())];
            self.say("limit-duplicates-counted", &arguments);
        }
    }

    /// What live sessions left out, as their files say.
    fn of_sessions(&mut self) {
        let captures = &self.material.snapshot.captures;
        let mut filters: Vec<&str> = captures
            .iter()
            .flat_map(|capture| &capture.interfaces)
            .filter_map(|interface| interface.filter.as_deref())
            .collect();
        filters.sort_unstable();
        filters.dedup();
        for filter in filters.iter().take(NAMED) {
            let is_withheld = self.material.privacy.pseudonymized;
            let withheld = || self.language.say("report-session-withheld");
            let filter = if is_withheld { withheld() } else { (*filter).to_owned() };
            self.say("limit-capture-filter", &[("filter", filter.into())]);
        }
        let rest = filters.len().saturating_sub(NAMED) as u64;
        self.counted("limit-capture-filter-more", "filters", rest);
        let minimised = captures.iter().filter(|capture| holds_only_tagged(capture)).count();
        self.counted("limit-only-tagged", "captures", minimised as u64);
        let found = sessions(captures);
        let missing = found.iter().map(Session::missing).fold(0, u64::saturating_add);
        self.counted("limit-session-missing", "files", missing);
        if captures.iter().any(|capture| capture.part.is_some()) {
            self.always("limit-session-running");
        }
    }

    fn of_flows(&mut self) {
        self.counted("limit-one-sided", "flows", self.flagged(FlowFlags::ONE_SIDED));
        let tunnels = self.material.all.flagged(FlowFlags::VPN);
        if tunnels.flows > 0 {
            let octets = self.language.octets(tunnels.octets);
            self.say("limit-vpn", &[("octets", octets.into())]);
        }
        let inferred = OrientedBy::ALL
            .into_iter()
            .filter(|rule| !matches!(rule, OrientedBy::Syn | OrientedBy::SynAck))
            .map(|rule| self.material.all.oriented_by(rule).flows)
            .fold(0, u64::saturating_add);
        self.counted("limit-orientation", "flows", inferred);
        self.counted("limit-offload", "flows", self.flagged(FlowFlags::SUPER_FRAME));
        self.counted("limit-aggregate", "flows", self.flagged(FlowFlags::AGGREGATE));
    }

    fn of_the_run(&mut self) {
        match self.material.host.map(|host| host.clock) {
            Some(ClockState::Synchronized { .. }) => self.always("limit-clock-host"),
            Some(ClockState::Unknown) | None => self.always("limit-clock"),
        }
        let counting = self.material.counting;
        if let Some(filter) = &counting.filter {
            self.say("limit-filter", &[("filter", filter.as_str().into())]);
        }
        if counting.from.is_some() || counting.to.is_some() {
            let time = |at: Option<i64>| {
                let text = |at| crate::export::rfc3339(CaptureTime(at), 0).to_string();
                at.map_or_else(|| "–".to_owned(), text)
            };
            let frames = self.material.snapshot.balance.outside.frames;
            let arguments = [
                ("from", time(counting.from).into()),
                ("to", time(counting.to).into()),
                ("frames", self.language.count(frames).into()),
            ];
            self.say("limit-window", &arguments);
        }
        let bounds = &self.material.snapshot.bounds;
        let hits = [
            bounds.reassembly,
            bounds.fragments,
            bounds.overlaps,
            bounds.dns_answers,
            bounds.flows,
            bounds.names,
            bounds.scopes,
            bounds.resumed,
            bounds.rows,
        ];
        self.counted("limit-bounds", "hits", hits.into_iter().fold(0, u64::saturating_add));
        let lost = self.material.captures.iter().map(|c| c.lost).fold(0, u64::saturating_add);
        self.counted("limit-capture-lost", "frames", lost);
        self.counted("limit-stale", "days", self.material.stale_days.map_or(0, u64::from));
        if self.material.interrupted {
            self.always("limit-interrupted");
        }
    }
}

/// A capture's name without its folders.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
