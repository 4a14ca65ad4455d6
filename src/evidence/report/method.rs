//! Method, filled in from the record of the run.

use super::Report;
use super::limits::file_name;
use super::markup::Page;
use super::table::{Cell, Group, Head, Table, observed};
use super::words::grade_row;
use crate::evidence::ClockState;
use crate::ledger::Quantity;
use crate::signature::Basis;
use crate::source::CaptureAccount;

const CAPTURES: [Head; 6] = [
    observed("report-th-capture"),
    observed("report-th-from-to"),
    observed("report-th-frames"),
    observed("report-th-octets"),
    observed("report-th-interface"),
    observed("report-th-drops"),
];
const HASHES: [Head; 2] = [observed("report-th-capture"), observed("report-th-sha256")];
const GRADES: [Head; 5] = [
    observed("report-th-basis"),
    observed("report-grade-documented-dedicated"),
    observed("report-grade-middle"),
    observed("report-grade-weak"),
    observed("report-grade-community-shared"),
];
const BALANCE: [Head; 3] =
    [observed("report-th-group"), observed("report-th-frames"), observed("report-th-octets")];

/// Captures and interfaces that tables name; the rest is counted, and stands in the files.
const CAPTURES_NAMED: usize = 200;
const INTERFACES_NAMED: usize = 4;

impl Report<'_> {
    pub(super) fn method(&self, page: &mut Page) {
        page.paragraph(self.say("report-method-lead"));
        page.within("dl", &[("class", "facts")], |page| self.run(page));
        page.paragraph(self.say("report-method-naming"));
        page.paragraph(self.say("report-method-client"));
        self.markers(page);
        self.captures_read(page);
        self.balance(page);
        page.paragraph(self.say("report-method-grades"));
        self.grades(page);
    }

    fn run(&self, page: &mut Page) {
        let material = self.material;
        self.fact(page, "report-method-version", &format!("vigie {}", material.version));
        let signatures =
            [("count", material.in_force.0.into()), ("date", material.in_force.1.into())];
        let signatures = self.say_with("report-method-signatures-text", &signatures);
        self.fact(page, "report-method-signatures", &signatures);
        let options = material.options.iter().map(|o| format!("--{} {}", o.name, o.value));
        let options: Vec<_> = options.collect();
        let options = if options.is_empty() {
            self.say("report-method-options-none")
        } else {
            options.join("  ")
        };
        self.fact(page, "report-method-options", &options);
        let filter = material.counting.filter.clone();
        let filter = filter.unwrap_or_else(|| self.say("report-method-filter-none"));
        self.fact(page, "report-method-filter", &filter);
        let nets = &material.counting.home_nets;
        let nets: Vec<_> = nets.iter().map(ToString::to_string).collect();
        let nets = if nets.is_empty() { "–".to_owned() } else { nets.join(", ") };
        self.fact(page, "report-method-home", &nets);
        let machine = match material.host {
            Some(host) => format!("{}, {}", host.name, host.kernel),
            None => self.say("report-method-machine-none"),
        };
        self.fact(page, "report-method-machine", &machine);
        let clock = match material.host.map(|host| host.clock) {
            Some(ClockState::Synchronized { last }) => {
                let last = self.language.moment(last, &self.case.zone);
                self.say_with("report-method-clock-synchronized", &[("time", last.into())])
            }
            Some(ClockState::Unknown) => self.say("report-method-clock-unknown"),
            None => self.say("report-method-clock-none"),
        };
        self.fact(page, "report-method-clock", &clock);
        self.sessions(page);
    }

    fn markers(&self, page: &mut Page) {
        page.element("h3", &[], self.say("report-markers"));
        let markers = &self.material.snapshot.markers;
        if markers.is_empty() {
            page.paragraph(self.say("report-markers-none"));
            return;
        }
        page.within("ol", &[], |page| {
            for marker in markers {
                let time = marker.time.map_or_else(
                    || self.say("report-marker-no-time"),
                    |time| self.language.moment(time, &self.case.zone),
                );
                let text = if self.material.privacy.pseudonymized {
                    self.say("report-session-withheld")
                } else {
                    marker.text.to_string()
                };
                page.element("li", &[], format!("{time}: {text}"));
            }
        });
    }

    fn captures_read(&self, page: &mut Page) {
        let captures = &self.material.snapshot.captures;
        let named = || captures.iter().take(CAPTURES_NAMED);
        let rows = named().map(|capture| self.capture(capture)).collect();
        let groups = vec![Group { rows, ..Group::default() }];
        let caption = self.say("report-caption-captures");
        Table { caption, heads: &CAPTURES, tells_apart: false, groups }.write(page, self.language);
        let rows = named()
            .map(|capture| {
                let hash = capture.sha256.map_or_else(|| self.say("report-hash-none"), hexadecimal);
                vec![Cell::Head(file_name(&capture.path).to_owned()), Cell::Code(hash)]
            })
            .collect();
        let groups = vec![Group { rows, ..Group::default() }];
        let caption = self.say("report-caption-hashes");
        Table { caption, heads: &HASHES, tells_apart: false, groups }.write(page, self.language);
        let rest = captures.len().saturating_sub(CAPTURES_NAMED) as u64;
        if rest > 0 {
            let more = [("rows", rest.into()), ("file", "tables/captures.csv".into())];
            page.paragraph(self.say_with("report-more", &more));
        }
        self.behind(page, "captures.csv", "report-behind-original");
    }

    fn capture(&self, capture: &CaptureAccount) -> Vec<Cell> {
        let span = match (capture.first, capture.last) {
            (Some(first), Some(last)) => {
                Cell::Times(self.language.span(first, last, &self.case.zone))
            }
            _ => Cell::Text("–".to_owned()),
        };
        let mut interfaces: Vec<_> = capture
            .interfaces
            .iter()
            .take(INTERFACES_NAMED)
            .map(|interface| {
                let kept = match interface.snaplen {
                    0 => self.say("report-snaplen-all"),
                    octets => self.language.count(octets.into()),
                };
                let name = interface.name.clone().unwrap_or_else(|| "–".to_owned());
                let values = [("name", name.into()), ("octets", kept.into())];
                self.say_with("report-interface", &values)
            })
            .collect();
        let rest = capture.interfaces.len().saturating_sub(INTERFACES_NAMED) as u64;
        if rest > 0 {
            let more = [("rows", rest.into()), ("file", "record.json".into())];
            interfaces.push(self.say_with("report-more", &more));
        }
        let drops = capture
            .dropped()
            .map_or_else(|| self.say("report-drops-unknown"), |n| self.language.count(n));
        vec![
            Cell::Head(file_name(&capture.path).to_owned()),
            span,
            Cell::Number(self.language.count(capture.frames)),
            Cell::Octets(capture.octets),
            Cell::Lines(interfaces),
            Cell::Number(drops),
        ]
    }

    fn balance(&self, page: &mut Page) {
        let balance = &self.material.snapshot.balance;
        let row = |key, quantity: Quantity| {
            vec![
                Cell::Head(self.say(key)),
                Cell::Number(self.language.count(quantity.frames)),
                Cell::Octets(quantity.octets),
            ]
        };
        let rows = vec![
            row("report-balance-flows", balance.in_flows),
            row("report-balance-not-ip", balance.not_ip),
            row("report-balance-undecodable", balance.undecodable),
            row("report-balance-outside", balance.outside),
            row("report-balance-duplicates", balance.duplicates),
        ];
        let sum = Some(row("report-balance-read", balance.read));
        let groups = vec![Group { rows, sum, ..Group::default() }];
        let caption = self.say("report-caption-balance");
        Table { caption, heads: &BALANCE, tells_apart: false, groups }.write(page, self.language);
        let holds = if balance.holds() { "report-balance-holds" } else { "report-balance-broken" };
        page.paragraph(self.say(holds));
        self.behind(page, "balance.csv", "report-behind-original");
    }

    fn grades(&self, page: &mut Page) {
        let rows = [
            ("report-grade-row-name", Basis::Name, false),
            ("report-grade-row-certificate", Basis::Certificate, false),
            ("report-grade-row-certificate-ambiguous", Basis::Certificate, true),
            ("report-grade-row-dns", Basis::Dns, false),
            ("report-grade-row-dns-ambiguous", Basis::Dns, true),
            ("report-grade-row-network", Basis::Network, false),
        ];
        let rows = rows.map(|(key, basis, ambiguous)| {
            let grades = grade_row(basis, ambiguous).map(|grade| Cell::Text(grade.to_string()));
            let mut cells = vec![Cell::Head(self.say(key))];
            cells.extend(grades);
            cells
        });
        let groups = vec![Group { rows: rows.to_vec(), ..Group::default() }];
        let caption = self.say("report-caption-grades");
        Table { caption, heads: &GRADES, tells_apart: false, groups }.write(page, self.language);
    }
}

fn hexadecimal(hash: [u8; 32]) -> String {
    hash.iter().fold(String::new(), |text, octet| text + &format!("{octet:02x}"))
}
