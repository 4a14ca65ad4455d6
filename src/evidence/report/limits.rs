//! What a report does not show: each sentence is there because its condition holds in the data.

use super::{Material, Tally};
use crate::export::escape;
use crate::language::Argument;
use crate::name::Without;
use crate::signature::Category;

/// One limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The key of its sentence.
    pub key: &'static str,
    /// The sentence, in the language of the report.
    pub text: String,
}

/// Places of damage and captures that could not be read, named one by one; the rest is counted.
const NAMED: usize = 5;

/// The limits that apply, in a fixed order.
pub fn limits(material: &Material<'_>, tally: &Tally) -> Vec<Limit> {
    let mut list = List { material, limits: Vec::new() };
    list.always("limit-encrypted");
    list.of_systems(tally);
    list.of_names(tally);
    list.of_captures();
    list.of_flows(tally);
    list.of_the_run();
    list.always("limit-legal");
    list.limits
}

struct List<'a> {
    material: &'a Material<'a>,
    limits: Vec<Limit>,
}

impl List<'_> {
    fn always(&mut self, key: &'static str) {
        self.say(key, &[]);
    }

    fn say(&mut self, key: &'static str, arguments: &[(&'static str, Argument<'_>)]) {
        let text = self.material.language.say_with(key, arguments);
        self.limits.push(Limit { key, text });
    }

    fn counted(&mut self, key: &'static str, name: &'static str, number: u64) {
        if number > 0 {
            self.say(key, &[(name, number.into())]);
        }
    }

    fn of_systems(&mut self, tally: &Tally) {
        let signatures = tally.systems.keys().map(|id| self.material.database.signature(*id));
        let signatures: Vec<_> = signatures.collect();
        if signatures.iter().any(|s| s.vendor == "Microsoft") {
            self.always("limit-server-side");
        }
        if tally.shared > 0 {
            let octets = self.material.language.octets(tally.shared);
            self.say("limit-shared-host", &[("octets", octets.into())]);
        }
        let car = signatures.iter().any(|s| s.category == Category::ConnectedCar);
        let broker = signatures.iter().any(|s| s.category == Category::CarDataBroker);
        if car {
            self.always("limit-cellular");
        }
        if car || broker {
            self.always("limit-brokers");
        }
        if tally.by_name > 0 {
            self.always("limit-claimed");
        }
    }

    fn of_names(&mut self, tally: &Tally) {
        let language = self.material.language;
        let unnamed = self.material.snapshot.totals.unnamed.iter().sum::<u64>();
        let all = self.material.snapshot.balance.in_flows.octets;
        if unnamed > 0 {
            let share = language.share(unnamed, all);
            let octets = language.octets(unnamed);
            self.say("limit-unnamed", &[("share", share.into()), ("octets", octets.into())]);
        }
        self.counted("limit-ech", "flows", tally.ech);
        self.counted("limit-encrypted-dns", "flows", tally.encrypted_dns);
        self.counted("limit-midstream", "flows", tally.midstream);
        self.counted("limit-coalesced", "flows", tally.coalesced);
    }

    fn of_captures(&mut self) {
        let snapshot = self.material.snapshot;
        let failed: Vec<_> = snapshot.captures.iter().filter(|c| c.failed.is_some()).collect();
        for capture in failed.iter().take(NAMED) {
            let path = escape(file_name(&capture.path)).into_owned();
            self.say("limit-not-read", &[("capture", path.into())]);
        }
        let rest = failed.len().saturating_sub(NAMED) as u64;
        self.counted("limit-not-read-more", "captures", rest);
        let read = || snapshot.captures.iter().filter(|c| c.failed.is_none());
        let lost = read().filter_map(|c| c.dropped()).fold(0, u64::saturating_add);
        self.counted("limit-drops", "frames", lost);
        let silent = read().filter(|c| c.dropped().is_none()).count() as u64;
        self.counted("limit-drops-unknown", "captures", silent);
        let language = self.material.language;
        let places = || read().flat_map(|c| c.damage.iter().map(move |d| (c, d)));
        for (capture, damage) in places().take(NAMED) {
            let arguments = [
                ("capture", escape(file_name(&capture.path)).into_owned().into()),
                ("frame", language.count(damage.frame).into()),
                ("offset", language.count(damage.offset).into()),
            ];
            self.say("limit-damage", &arguments);
        }
        let more = read().map(|c| c.more_damage).fold(0, u64::saturating_add);
        let more = more.saturating_add(places().count().saturating_sub(NAMED) as u64);
        self.counted("limit-damage-more", "places", more);
        self.counted("limit-undecodable", "frames", snapshot.balance.undecodable.frames);
        if self.material.copies_apart {
            self.counted("limit-duplicates-apart", "frames", snapshot.balance.duplicates.frames);
        } else if snapshot.sampled.copies > 0 {
            let (copies, looked) = (snapshot.sampled.copies, snapshot.sampled.looked);
            let arguments = [("frames", copies.into()), ("looked", looked.into())];
            self.say("limit-duplicates-counted", &arguments);
        }
    }

    fn of_flows(&mut self, tally: &Tally) {
        self.counted("limit-one-sided", "flows", tally.one_sided);
        if let Some(octets) = tally.tunnels {
            let octets = self.material.language.octets(octets);
            self.say("limit-vpn", &[("octets", octets.into())]);
        }
        self.counted("limit-orientation", "flows", tally.inferred_client);
        self.counted("limit-offload", "flows", tally.merged);
        self.counted("limit-unkept", "flows", tally.older);
    }

    fn of_the_run(&mut self) {
        if self.material.clock.is_none() {
            self.always("limit-clock");
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
        self.counted("limit-stale", "days", self.material.stale_days.map_or(0, u64::from));
    }
}

/// The key of the words for why there is no name.
pub(super) fn cause(cause: Without) -> &'static str {
    match cause {
        Without::Dns => "unnamed-dns",
        Without::Ech => "unnamed-ech",
        Without::Midstream => "unnamed-midstream",
        Without::NoSni => "unnamed-no-sni",
        Without::Cut => "unnamed-cut",
        Without::Bound => "unnamed-bound",
        Without::UnknownProtocol => "unnamed-unknown-protocol",
        Without::NoPayload => "unnamed-no-payload",
    }
}

/// A capture's name without its folders.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests;
