//! One flow, or one signature: everything that is known.

use super::overview::curve;
use super::page::Line;
use super::scene::Scene;
use super::signatures::status;
use crate::filter::protocol_word;
use crate::flow::FlowFlags;
use crate::ledger::{FlowPlace, FlowRecord, TagRecord, WatchedFlow};
use crate::name::Fingerprint;
use crate::signature::{Basis, Confidence, Exclusivity, Signature, SignatureId};
use crate::tui::series::series;
use crate::tui::theme::Role;

impl Scene<'_> {
    /// The page of a flow; nothing where it is no longer kept.
    pub(in crate::tui) fn flow_page(&self, place: FlowPlace) -> Option<Vec<Line>> {
        let watched = self.sheet.snapshot.watched.as_ref()?;
        let flow = watched.flow(place)?;
        let mut lines = vec![Line::title(self.host(&flow.record)), Line::empty()];
        self.ends(flow, &mut lines);
        self.names(&flow.record, &mut lines);
        for tag in &flow.record.tags {
            self.tag(&flow.record, tag, &mut lines);
        }
        if flow.record.tags.is_empty() {
            lines.push(Line::title(self.say("detail-tags")));
            lines.push(Line::of(String::new(), self.say("detail-no-tag")));
        }
        lines.push(Line::empty());
        lines.push(Line::title(self.say("detail-over-time")));
        let record = &flow.record;
        let only = [(place, 0)].into();
        let span = (record.first, record.last);
        let octets = series(watched, &only, 1, span, 60).pop().unwrap_or_default();
        lines.push(Line::of(
            format!("{}–{}", self.time(record.first), self.time(record.last)),
            curve(&octets, 60),
        ));
        Some(lines)
    }

    fn ends(&self, flow: &WatchedFlow, lines: &mut Vec<Line>) {
        let record = &flow.record;
        let language = self.language;
        let end = |address: String, port: u16| {
            if record.has_ports() { format!("{address}  {port}") } else { address }
        };
        let mut say = |key, text| lines.push(Line::of(self.say(key), text));
        let client = end(self.address(record.client.ip), record.client.port);
        let client = match &record.device {
            Some(device) => format!("{client}  {device}"),
            None => client,
        };
        say("detail-client", client);
        say("detail-server", end(self.address(record.server.ip), record.server.port));
        self.registers(record, lines);
        let mut say = |key, text| lines.push(Line::of(self.say(key), text));
        say("detail-protocol", protocol_word(record.protocol).into_owned());
        say("detail-oriented", self.say(oriented(record)));
        for (key, count) in [("detail-up", record.counts.up), ("detail-down", record.counts.down)] {
            let text = self.say_with(
                "detail-amount",
                &[
                    ("octets", language.octets(count.octets).into()),
                    ("exact", language.count(count.octets).into()),
                    ("payload", language.octets(count.payload).into()),
                    ("frames", count.frames.into()),
                ],
            );
            say(key, text);
        }
        let lasted = language.duration(record.last.since(record.first));
        let state = self.say(if flow.live { "detail-live" } else { "detail-ended" });
        say("detail-first", self.moment(record.first));
        say("detail-last", format!("{}  ({lasted}, {state})", self.moment(record.last)));
        let capture = self.sheet.snapshot.captures.get(record.capture as usize);
        let capture = capture.map_or("", |capture| capture.path.as_str());
        let frame = language.count(record.first_frame);
        let arguments = [("capture", capture.into()), ("frame", frame.into())];
        say("detail-frame", self.say_with("detail-frame-text", &arguments));
        if !record.vlans.is_empty() {
            let ids: Vec<_> = record.vlans.iter().map(ToString::to_string).collect();
            say("detail-vlan", ids.join(", "));
        }
        if let Some(network) = record.vni {
            say("detail-vni", network.to_string());
        }
        if let Some(app) = &record.app {
            say("column-app", app.to_string());
        }
        if !record.alpn.is_empty() {
            say("detail-alpn", record.alpn.join(", "));
        }
        if let Some(offer) = record.fingerprint.as_ref().and_then(Fingerprint::quic) {
            if let Some(program) = offer.user_agent {
                say("detail-quic-user-agent", program.into());
            }
            let versions = offer.version.iter().chain(&offer.versions);
            let versions: Vec<_> = versions.map(|version| format!("0x{version:08x}")).collect();
            if !versions.is_empty() {
                say("detail-quic-versions", versions.join(", "));
            }
        }
        if let Some(program) = &record.stun_software {
            say("detail-stun-software", program.to_string());
        }
        let flags: Vec<_> = record.flags.words().collect();
        if !flags.is_empty() {
            say("detail-flags", flags.join(", "));
        }
    }

    fn names(&self, record: &FlowRecord, lines: &mut Vec<Line>) {
        lines.push(Line::empty());
        lines.push(Line::title(self.say("detail-names")));
        for seen in &record.names {
            let mut text = format!("{}  {}", seen.name.as_str(), self.time(seen.time));
            for name in &*seen.chain {
                text = format!("{text} → {}", name.as_str());
            }
            lines.push(Line::of(seen.via.word().to_owned(), text));
        }
        if let Some(cause) = record.unnamed {
            lines.push(Line::of(cause.word().to_owned(), self.cause(cause)));
        }
        lines.push(Line::empty());
    }

    fn tag(&self, record: &FlowRecord, tag: &TagRecord, lines: &mut Vec<Line>) {
        let signature = self.database.signature(tag.signature);
        let key = if record.primary() == Some(tag) { "detail-tag" } else { "detail-tag-further" };
        lines.push(Line::title(self.language.pair(&self.say(key), &signature.id)));
        lines.push(Line::of(
            self.say("detail-matched"),
            format!("{}  ({})", tag.matched, tag.basis.word()),
        ));
        lines.push(Line {
            head: self.say("detail-grade"),
            text: self.reason(record, tag),
            role: Role::Accusing,
        });
        self.signature(signature, lines);
    }

    /// The page of a signature.
    pub(in crate::tui) fn signature_page(&self, id: SignatureId) -> Vec<Line> {
        let signature = self.database.signature(id);
        let mut lines = vec![Line::title(signature.id.clone()), Line::empty()];
        self.signature(signature, &mut lines);
        lines.push(Line::of(self.say("detail-hosts"), signature.hosts.join("  ")));
        if !signature.networks.is_empty() {
            let networks: Vec<_> = signature.networks.iter().map(ToString::to_string).collect();
            let networks = format!("{}  {}", networks.join("  "), signature.ports.join("  "));
            lines.push(Line::of(self.say("detail-networks"), networks));
        }
        lines
    }

    fn signature(&self, signature: &Signature, lines: &mut Vec<Line>) {
        let mut say = |key, text| lines.push(Line::of(self.say(key), text));
        let category = self.language.category(signature.category);
        say("column-category", category.to_owned());
        say("column-product", format!("{}, {}", signature.vendor, signature.product));
        say("detail-purpose", self.language.purpose(&signature.purpose).to_owned());
        say("column-status", self.say(status(signature.status)));
        if let Some(notes) = &signature.notes {
            say("detail-notes", notes.clone());
        }
        for source in &signature.sources {
            let text = format!(
                "{} ({}, {}): {}  {}",
                source.title, source.publisher, source.as_of, source.says, source.r#ref
            );
            say("detail-source", text);
        }
    }

    /// Why this grade, in the language of the screen: what `signature::grade` says.
    pub(in crate::tui) fn reason(&self, record: &FlowRecord, tag: &TagRecord) -> String {
        let signature = self.database.signature(tag.signature);
        let rests = match tag.basis {
            Basis::Name => "grade-name",
            Basis::Certificate if record.flags.has(FlowFlags::CERTIFICATE_AMBIGUOUS) => {
                "grade-certificate-ambiguous"
            }
            Basis::Certificate => "grade-certificate",
            Basis::Dns if record.flags.has(FlowFlags::DNS_AMBIGUOUS) => "grade-dns-ambiguous",
            Basis::Dns => "grade-dns",
            Basis::Network => "grade-network",
        };
        let supported = match (signature.exclusivity, signature.confidence) {
            (Exclusivity::Dedicated, Confidence::Documented) => "grade-documented-dedicated",
            (Exclusivity::Shared, Confidence::Documented) => "grade-documented-shared",
            (Exclusivity::Dedicated, Confidence::Measured) => "grade-measured-dedicated",
            (Exclusivity::Shared, Confidence::Measured) => "grade-measured-shared",
            (Exclusivity::Dedicated, Confidence::Community) => "grade-community-dedicated",
            (Exclusivity::Shared, Confidence::Community) => "grade-community-shared",
        };
        // The sentence that was made with the grade alone knows what lowered it.
        let lowered: Vec<String> = [
            ("one direction only", "grade-one-sided"),
            ("the service was retired", "grade-retired"),
            ("lead to different categories", "grade-mixed"),
        ]
        .into_iter()
        .filter(|(words, _)| tag.reason.contains(words))
        .map(|(_, key)| self.say(key))
        .collect();
        let why = self.language.say_with(
            "grade-why",
            &[
                ("grade", tag.grade.word().into()),
                ("basis", self.say(rests).into()),
                ("support", self.say(supported).into()),
            ],
        );
        if lowered.is_empty() {
            return why;
        }
        let reasons = lowered.join(&self.say("grade-and"));
        let lowered = self.say_with("grade-lowered", &[("reasons", reasons.into())]);
        why + &self.say("semicolon") + &lowered
    }
}

fn oriented(record: &FlowRecord) -> &'static str {
    match record.oriented_by.word() {
        "syn" => "oriented-syn",
        "syn-ack" => "oriented-syn-ack",
        "hello" => "oriented-hello",
        "home-net" => "oriented-home-net",
        "port" => "oriented-port",
        _ => "oriented-first",
    }
}
