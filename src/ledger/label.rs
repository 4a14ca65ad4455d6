//! What is known of a flow beside its counts. Labels say under which heading a counter is
//! summed; no number is ever moved because of them.

use crate::flow::{FlowFlags, Orientation};
use crate::name::{Fingerprint, Observation, Via, Without};
use crate::signature::{Match, SignatureId};

/// The labels of one flow: small while it has no name.
#[derive(Debug)]
pub struct Labels {
    /// Who is the client, and why.
    pub orientation: Orientation,
    /// What is remarkable.
    pub flags: FlowFlags,
    /// Why there is no name, as far as is known.
    pub without: Without,
    /// Names, ALPN, tags by network: boxed, since most flows of a busy link have none.
    pub found: Option<Box<Found>>,
    /// Whether what the addresses say (the name that was resolved, the network) is said of the
    /// flow that this one continues, not of its own beginning.
    pub inherits: bool,
}

/// What a flow has shown.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Every name, each (name, via) once, with the signature it leads to.
    pub names: Vec<NameLabel>,
    /// Names beyond [`Found::NAMES_KEPT`].
    pub more_names: u64,
    /// ALPN protocols offered.
    pub alpn: Vec<Box<str>>,
    /// What the first ClientHello offers.
    pub fingerprint: Option<Fingerprint>,
    /// Signature that server address and port lead to.
    pub network: Option<Box<MatchLabel>>,
    /// What few captures tell: boxed, so that a name alone takes two cache lines.
    pub rare: Option<Box<Rare>>,
}

/// What a flow has shown that few captures tell.
#[derive(Clone, Debug, Default)]
pub struct Rare {
    /// The client's and server's devices by MAC, by side of the key.
    pub devices: [Option<Box<str>>; 2],
    /// Makers of the hardware at both ends of the first frame, by side of the key.
    pub makers: [Option<Box<str>>; 2],
    /// What both ends call their STUN programs, by side of the key: text from the wire.
    pub software: [Option<Box<str>>; 2],
    /// The app that the first frame's trailer names.
    pub app: Option<Box<str>>,
}

impl Rare {
    fn is_empty(&self) -> bool {
        let Self { devices, makers, software, app } = self;
        app.is_none() && devices.iter().chain(makers).chain(software).all(Option::is_none)
    }

    fn go_on(&mut self, later: Self) {
        let join = |known: &mut [Option<Box<str>>; 2], later: [Option<Box<str>>; 2]| {
            known.iter_mut().zip(later).for_each(|(known, later)| *known = known.take().or(later));
        };
        join(&mut self.devices, later.devices);
        join(&mut self.software, later.software);
        // Both ends are of one frame.
        if self.makers.iter().all(Option::is_none) {
            self.makers = later.makers;
        }
        self.app = self.app.take().or(later.app);
    }
}

/// A name of the flow and the signature that it leads to.
#[derive(Clone, Debug)]
pub struct NameLabel {
    /// The name and how it was seen.
    pub observation: Observation,
    /// The look-up's result; made once. Boxed, since most names lead nowhere.
    pub found: Option<Box<MatchLabel>>,
}

/// A signature, and what matched.
#[derive(Clone, Debug)]
pub struct MatchLabel {
    /// Which signature.
    pub signature: SignatureId,
    /// The pattern or network as written.
    pub pattern: Box<str>,
    /// How specific it is.
    pub specificity: u32,
}

impl MatchLabel {
    /// What a look-up found.
    pub fn of(found: Match<'_>) -> Self {
        let Match { signature, pattern, specificity } = found;
        Self { signature, pattern: pattern.into(), specificity }
    }
}

impl Found {
    /// Names kept with a flow; more are counted. A resolver's one flow may carry many.
    pub const NAMES_KEPT: usize = 1_000;

    /// Whether the name was seen that way before.
    pub fn knows(&self, observation: &Observation) -> bool {
        self.names
            .iter()
            .any(|n| n.observation.via == observation.via && n.observation.name == observation.name)
    }

    /// Adds a name that is not known yet, while there is room; says whether there was.
    pub fn add(&mut self, name: NameLabel) -> bool {
        let room = self.names.len() < Self::NAMES_KEPT;
        if room {
            if self.names.is_empty() {
                // Most flows have one name, and a vector would make room for four.
                self.names.reserve_exact(1);
            }
            self.names.push(name);
        } else {
            self.more_names += 1;
        }
        room
    }

    /// Puts a name before the others: what the client resolved, it resolved before the flow.
    pub fn put_first(&mut self, name: NameLabel) {
        self.names.reserve_exact(1);
        self.names.insert(0, name);
    }

    /// Whether nothing was found, or what was found was taken back: a name seen from the wrong
    /// end.
    pub fn is_empty(&self) -> bool {
        let Self { names, more_names: _, alpn, fingerprint, network, rare } = self;
        let is_silent = names.is_empty() && alpn.is_empty() && fingerprint.is_none();
        is_silent && network.is_none() && rare.as_ref().is_none_or(|rare| rare.is_empty())
    }

    /// What few captures tell, made on first use.
    pub fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Adds what the flow has shown itself since it went on: names in its packets, what its hello
    /// offers, the hardware and the app of its first frame. What its addresses said stays away.
    pub fn go_on(&mut self, later: Self) {
        for name in later.names {
            if name.observation.via != Via::Dns && !self.knows(&name.observation) {
                self.names.push(name);
            }
        }
        for protocol in later.alpn {
            if !self.alpn.contains(&protocol) {
                self.alpn.push(protocol);
            }
        }
        self.fingerprint = self.fingerprint.take().or(later.fingerprint);
        if let Some(later) = later.rare {
            self.rare_mut().go_on(*later);
        }
        // Those before were counted in it from the beginning.
        self.more_names = later.more_names;
    }

    /// Whether a name that can be a basis was seen in the flow itself.
    pub fn is_named_by_itself(&self) -> bool {
        self.names.iter().any(|n| n.observation.via.is_basis() && n.observation.via != Via::Dns)
    }
}

impl Labels {
    /// Labels of a flow of which only the orientation is known.
    pub fn new(orientation: Orientation, flags: FlowFlags) -> Self {
        let without = Without::NoPayload;
        Self { orientation, flags, without, found: None, inherits: false }
    }

    /// What was found, made on first use.
    pub fn found_mut(&mut self) -> &mut Found {
        self.found.get_or_insert_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::HostName;
    use crate::source::CaptureTime;

    fn named(name: &str, via: Via, time: i64) -> NameLabel {
        let name = HostName::from_wire(name.as_bytes()).unwrap();
        let observation = Observation { name, via, time: CaptureTime(time), chain: [].into() };
        NameLabel { observation, found: None }
    }

    #[test]
    fn what_a_flow_shows_later_is_added_and_hides_nothing_of_before() {
        let rare = |software: [Option<&str>; 2], app: Option<&str>| {
            let software = software.map(|one| one.map(Box::from));
            Some(Box::new(Rare { software, app: app.map(Box::from), ..Rare::default() }))
        };
        let mut known = Found {
            names: vec![named("a.example", Via::Dns, 1), named("b.example", Via::TlsSni, 2)],
            alpn: vec!["h2".into()],
            rare: rare([None, Some("old")], Some("app")),
            ..Found::default()
        };
        known.go_on(Found {
            names: vec![
                named("c.example", Via::Dns, 3),
                named("b.example", Via::TlsSni, 4),
                named("d.example", Via::TlsSni, 5),
            ],
            more_names: 7,
            alpn: vec!["h3".into(), "h2".into()],
            rare: rare([Some("new"), Some("newer")], Some("other")),
            ..Found::default()
        });
        let names: Vec<_> = known.names.iter().map(|n| &n.observation).collect();
        let names: Vec<_> = names.iter().map(|o| (o.name.to_string(), o.time.0)).collect();
        let expected = [("a.example", 1), ("b.example", 2), ("d.example", 5)];
        assert_eq!(names, expected.map(|(name, time)| (name.to_owned(), time)));
        assert_eq!(known.more_names, 7);
        assert_eq!(known.alpn, ["h2".into(), "h3".into()]);
        let Rare { software, app, .. } = *known.rare.unwrap();
        assert_eq!(software, [Some("new".into()), Some("old".into())]);
        assert_eq!(app.as_deref(), Some("app"));
    }

    #[test]
    fn a_name_that_was_taken_back_leaves_nothing_found() {
        let mut found = Found::default();
        assert!(found.is_empty());
        found.put_first(named("a.example", Via::Dns, 1));
        assert!(!found.is_empty());
        found.names.clear();
        assert!(found.is_empty());
        let has = |found: Found| assert!(!found.is_empty());
        has(Found { alpn: vec!["h2".into()], ..Found::default() });
        let has_rare = |rare| has(Found { rare: Some(Box::new(rare)), ..Found::default() });
        let one = || [None, Some(Box::from("one"))];
        has_rare(Rare { app: Some("app".into()), ..Rare::default() });
        has_rare(Rare { software: one(), ..Rare::default() });
        has_rare(Rare { devices: one(), ..Rare::default() });
        has_rare(Rare { makers: one(), ..Rare::default() });
        assert!(Found { rare: Some(Box::default()), ..Found::default() }.is_empty());
    }
}
