//! How frames were counted: what a recount must know.

use std::time::Duration;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::ResolvedOption;
use crate::export::rfc3339;
use crate::filter::{Filter, FilterError};
use crate::flow::HomeNet;
use crate::ledger::Dimension;
use crate::pipeline::{IdleLimits, Options, VlanUse};
use crate::source::CaptureTime;

/// The resolved options that change which flows there are and how they are counted. Everything
/// here goes into `record.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counting {
    /// Home networks; as mapped, where clients are pseudonyms.
    pub home_nets: Vec<IpNet>,
    /// Seconds of silence after which a TCP flow ends.
    pub idle_tcp: u64,
    /// The same once it is closed.
    pub idle_closed: u64,
    /// The same of other protocols.
    pub idle_other: u64,
    /// Whether flows of different VLANs are different flows.
    pub vlans: bool,
    /// Frames before this time (nanoseconds since 1970, UTC) are not counted.
    pub from: Option<i64>,
    /// Frames at or after this time are not counted.
    pub to: Option<i64>,
    /// The filter as written.
    pub filter: Option<String>,
    /// Whether all captures were read as one stream.
    pub join: bool,
    /// Whether copies of frames were counted apart.
    pub dedup: bool,
    /// Flows kept at the same time, where that was bounded.
    pub max_flows: Option<usize>,
}

impl Default for Counting {
    /// The pipeline's own defaults: no home network.
    fn default() -> Self {
        let idle = IdleLimits::default();
        Self {
            home_nets: Vec::new(),
            idle_tcp: idle.tcp.as_secs(),
            idle_closed: idle.closed.as_secs(),
            idle_other: idle.other.as_secs(),
            vlans: true,
            from: None,
            to: None,
            filter: None,
            join: false,
            dedup: false,
            max_flows: None,
        }
    }
}

impl Counting {
    /// Options that count the bundle's own captures as the originals were counted. Copies that
    /// were counted apart are not in them; frames that payload alone told apart would look like
    /// copies there, so that none is looked for.
    pub fn options(&self, rollups: &[&[Dimension]]) -> Result<Options, FilterError> {
        Ok(Options {
            home_net: HomeNet::new(self.home_nets.clone()),
            from: self.from.map(CaptureTime),
            to: self.to.map(CaptureTime),
            idle: IdleLimits {
                other: Duration::from_secs(self.idle_other),
                tcp: Duration::from_secs(self.idle_tcp),
                closed: Duration::from_secs(self.idle_closed),
            },
            vlans: if self.vlans { VlanUse::Distinguish } else { VlanUse::Ignore },
            rollups: rollups.iter().map(|dimensions| dimensions.to_vec()).collect(),
            filter: self.filter.as_deref().map(Filter::parse).transpose()?,
            ..Options::default()
        })
    }
}

impl Counting {
    /// The same as options of the command line, in the order of the help; `zone` is the one of
    /// times that people read.
    pub fn stated(&self, zone: &TimeZone) -> Vec<ResolvedOption> {
        let time = |time: i64| rfc3339(CaptureTime(time), 9).to_string();
        let nets: Vec<String> = self.home_nets.iter().map(ToString::to_string).collect();
        let Self { idle_tcp, idle_other, idle_closed, .. } = self;
        let all = [
            ("filter", self.filter.clone()),
            ("tz", zone.iana_name().map(str::to_owned).or_else(|| Some(offset(zone)))),
            ("home-net", Some(nets.join(","))),
            ("from", self.from.map(time)),
            ("to", self.to.map(time)),
            ("join", Some(self.join.to_string())),
            ("idle", Some(format!("tcp={idle_tcp}s,other={idle_other}s,closed={idle_closed}s"))),
            ("ignore-vlan", Some((!self.vlans).to_string())),
            ("dedup", Some(self.dedup.to_string())),
            ("max-flows", self.max_flows.map(|most| most.to_string())),
        ];
        let stated = |(name, value): (_, Option<_>)| Some(ResolvedOption { name, value: value? });
        all.into_iter().filter_map(stated).collect()
    }
}

/// A zone without a name, as its offset.
fn offset(zone: &TimeZone) -> String {
    zone.to_fixed_offset().map_or_else(|_| "UTC".to_owned(), |offset| offset.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_comes_back_as_options() {
        let counting = Counting {
            home_nets: vec!["192.0.2.0/24".parse().unwrap()],
            idle_tcp: 7,
            vlans: false,
            from: Some(5),
            filter: Some("category = telemetry".to_owned()),
            ..Counting::default()
        };
        let text = serde_json::to_string(&counting).unwrap();
        let read: Counting = serde_json::from_str(&text).unwrap();
        assert_eq!(read, counting);
        let options = read.options(&[&[Dimension::Category]]).unwrap();
        assert!(options.home_net.contains("192.0.2.9".parse().unwrap()));
        assert_eq!((options.idle.tcp.as_secs(), options.vlans), (7, VlanUse::Ignore));
        assert_eq!((options.from, options.rollups.len()), (Some(CaptureTime(5)), 1));
        assert!(options.filter.is_some());
        let wrong = Counting { filter: Some("nmae = x".to_owned()), ..counting };
        assert!(wrong.options(&[]).is_err());
    }
}
