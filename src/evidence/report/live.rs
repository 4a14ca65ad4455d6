//! What the method says of live sessions: from the files that `vigie live --write` wrote.

use super::Report;
use super::limits::file_name;
use super::markup::Page;
use crate::evidence::session::{Session, sessions};
use crate::source::{CaptureAccount, Interface};

/// Sessions, and files, interfaces and gaps of each, that are named; the rest is counted.
const SESSIONS_NAMED: usize = 20;
const NAMED: usize = 5;

impl Report<'_> {
    pub(super) fn sessions(&self, page: &mut Page) {
        let sessions = sessions(&self.material.snapshot.captures);
        for session in sessions.iter().take(SESSIONS_NAMED) {
            let mut sentences = vec![self.session(session)];
            sentences.extend(session.files.iter().filter_map(|file| self.running(file)));
            sentences.extend(self.missing(session));
            self.fact(page, "report-method-session", &sentences.join(" "));
        }
        let rest = sessions.len().saturating_sub(SESSIONS_NAMED) as u64;
        if rest > 0 {
            let more = [("rows", rest.into()), ("file", "record.json".into())];
            self.fact(page, "report-method-session", &self.say_with("report-more", &more));
        }
    }

    fn session(&self, session: &Session<'_>) -> String {
        let interfaces: Vec<&Interface> =
            session.files.iter().flat_map(|file| &file.interfaces).collect();
        let name = |of: &&Interface| of.name.clone().unwrap_or_else(|| "–".to_owned());
        let kept = |of: &&Interface| match of.snaplen {
            0 => self.say("report-snaplen-all"),
            octets => self.language.count(octets.into()),
        };
        let filter = |of: &&Interface| match &of.filter {
            None => self.say("report-session-filter-none"),
            Some(_) if self.material.privacy.pseudonymized => self.say("report-session-withheld"),
            Some(filter) => filter.clone(),
        };
        let drops = session.files.iter().filter_map(|file| file.dropped());
        let drops = drops.reduce(u64::saturating_add);
        let drops =
            drops.map_or_else(|| self.say("report-drops-unknown"), |n| self.language.count(n));
        let files = session.files.iter().map(|file| file_name(&file.path).to_owned());
        let arguments = [
            ("files", self.list(files).into()),
            ("begun", self.language.moment(session.begun, &self.case.zone).into()),
            ("interfaces", self.list(interfaces.iter().map(name)).into()),
            ("kept", self.list(interfaces.iter().map(kept)).into()),
            ("filter", self.list(interfaces.iter().map(filter)).into()),
            ("drops", drops.into()),
            ("markers", self.language.count(session.markers()).into()),
        ];
        self.say_with("report-session-text", &arguments)
    }

    /// That a file went on behind what was read.
    fn running(&self, file: &CaptureAccount) -> Option<String> {
        let octets = file.part?;
        let arguments =
            [("capture", file_name(&file.path).into()), ("octets", octets.to_string().into())];
        Some(self.say_with("report-session-running", &arguments))
    }

    fn missing(&self, session: &Session<'_>) -> Option<String> {
        let gaps = session.missing.iter().map(|(first, last)| {
            if first == last { first.to_string() } else { format!("{first}–{last}") }
        });
        let files = [("files", self.list(gaps).into())];
        (!session.missing.is_empty()).then(|| self.say_with("report-session-missing", &files))
    }

    /// Each once, the first of them by name.
    fn list(&self, words: impl Iterator<Item = String>) -> String {
        let (mut named, mut seen, mut rest) = (Vec::new(), std::collections::HashSet::new(), 0_u64);
        for word in words.filter(|word| seen.insert(word.clone())) {
            if named.len() < NAMED {
                named.push(word);
            } else {
                rest += 1;
            }
        }
        if rest > 0 {
            named.push(format!("… +{}", self.language.count(rest)));
        }
        named.join(", ")
    }
}
