//! Other people's lists become signatures: what they name is tagged, with the list as source.
//!
//! A list says that somebody listed a host, no more: what comes from one has confidence
//! `community`, and is `shared` unless the list says otherwise. What cannot be taken over is
//! counted by reason, with the first example.

mod companies;
mod endpoints;
mod line;
mod list;

use std::collections::{BTreeMap, HashSet};

use super::pattern::Pattern;
use super::{
    Category, Confidence, Exclusivity, PatternError, Signature, SourceCitation, Status,
    VantageSide, date,
};

/// What is said of a list as a whole.
#[derive(Clone, Debug, Default)]
pub struct ListFacts {
    /// Beginning of the ids; taken from the title where it is not given.
    pub id: Option<String>,
    /// Whose hosts they are; needed by nothing but lists without companies.
    pub vendor: Option<String>,
    /// What they are for; needed by lists that do not say it.
    pub category: Option<Category>,
    /// The list's title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Where it is found.
    pub reference: String,
    /// YYYY, YYYY-MM or YYYY-MM-DD; taken from the list's head where it is not given.
    pub as_of: Option<String>,
}

/// What came of a list.
#[derive(Debug, Default)]
pub struct Imported {
    /// What kind of list it was taken for.
    pub kind: &'static str,
    /// Signatures, by id.
    pub signatures: Vec<Signature>,
    /// Entries (rules, names) of the list.
    pub entries: u64,
    /// Entries that gave a pattern or network.
    pub taken: u64,
    /// The others, by reason.
    pub left_out: BTreeMap<LeftOut, Examples>,
}

/// Entries that were left out for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examples {
    /// How many.
    pub count: u64,
    /// The line of the first (from 1), where the list has lines.
    pub line: Option<usize>,
    /// The first, at most [`Examples::LONGEST`] characters of it.
    pub first: String,
}

impl Examples {
    /// Characters of an example that are kept.
    pub const LONGEST: usize = 120;
}

/// Why an entry gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum LeftOut {
    /// It was there before.
    #[error("stands there twice")]
    Repeated,
    /// Not a host name.
    #[error("is not a host name")]
    NotAHostName,
    /// Strangers own names below.
    #[error("covers a public suffix")]
    PublicSuffix,
    /// `*` within a label, or several of them.
    #[error("has a wildcard within a label, or several")]
    Wildcard,
    /// An address.
    #[error("is an address without ports")]
    Address,
    /// A rule about parts of pages, scripts or paths.
    #[error("is about parts of pages or paths, not hosts")]
    NotAHostRule,
    /// A rule with conditions that traffic does not show.
    #[error("has conditions that traffic does not show")]
    Conditional,
    /// A regular expression.
    #[error("is a regular expression")]
    RegularExpression,
    /// A class that vigie has no category for.
    #[error("is of a class without a category here; --category takes all")]
    Class,
    /// A directive of another kind.
    #[error("is of a form that is not known")]
    Unknown,
}

/// Why a list gives nothing at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// JSON of another shape, or none.
    #[error(
        "is JSON, but neither Microsoft 365 endpoints nor trackers of Disconnect or DuckDuckGo: {0}"
    )]
    NotKnownJson(String),
    /// A list that does not say what its hosts are for.
    #[error("a list of names does not say what they are for; give --category")]
    NoCategory,
    /// A list without date.
    #[error("the list does not say of when it is; give --as-of YYYY-MM-DD")]
    NoDate,
    /// A date of another form.
    #[error("{0:?} is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")]
    NotADate(String),
    /// Nothing could be taken over.
    #[error("nothing in it could be taken over")]
    Nothing,
}

/// Reads a list of any kind: hosts files, names, filter rules for hosts (Adblock, `AdGuard`,
/// Pi-hole), dnsmasq; Microsoft 365 endpoints, trackers of Disconnect and `DuckDuckGo` (JSON).
pub fn import(text: &str, facts: &ListFacts) -> Result<Imported, ImportError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut collection = Collection::new(text, facts)?;
    if is_json(text) {
        json(text, &mut collection)?;
    } else {
        list::read(text, &mut collection)?;
    }
    collection.finish()
}

/// Whether a text is an object, or an array of them: `[Adblock Plus 2.0]` heads a filter list.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let inner = text.strip_prefix('[').map_or(text, str::trim_start);
    inner.starts_with('{')
}

fn json(text: &str, collection: &mut Collection<'_>) -> Result<(), ImportError> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|e| ImportError::NotKnownJson(e.to_string()))?;
    if endpoints::read(&value, collection) || companies::read(&value, collection) {
        return Ok(());
    }
    Err(ImportError::NotKnownJson("its fields are others".to_owned()))
}

/// Signatures in the making: one for each vendor and category.
struct Collection<'f> {
    facts: &'f ListFacts,
    as_of: String,
    seen: HashSet<Box<str>>,
    signatures: BTreeMap<(String, Category, String), Signature>,
    imported: Imported,
}

impl<'f> Collection<'f> {
    fn new(text: &str, facts: &'f ListFacts) -> Result<Self, ImportError> {
        let as_of = match &facts.as_of {
            Some(as_of) => as_of.clone(),
            None => date_of(text).ok_or(ImportError::NoDate)?,
        };
        if date::last_day(&as_of).is_none() {
            return Err(ImportError::NotADate(as_of));
        }
        let (seen, signatures, imported) = Default::default();
        Ok(Self { facts, as_of, seen, signatures, imported })
    }

    /// Counts an entry that gives nothing.
    fn leave_out(&mut self, why: LeftOut, line: Option<usize>, entry: &str) {
        self.imported.entries += 1;
        let examples = self.imported.left_out.entry(why).or_insert_with(|| Examples {
            count: 0,
            line,
            first: entry.chars().take(Examples::LONGEST).collect(),
        });
        examples.count += 1;
    }

    /// Takes the patterns of one entry over; one that was there before, or none that can be
    /// used, leaves the entry out.
    fn take(&mut self, patterns: &[String], line: Option<usize>, entry: &str, owner: &Owner<'_>) {
        let mut why = None;
        let mut any = false;
        for pattern in patterns {
            match checked(pattern) {
                Err(fault) => why = Some(fault),
                Ok(()) if self.seen.contains(pattern.as_str()) => {
                    why = why.or(Some(LeftOut::Repeated));
                }
                Ok(()) => {
                    self.seen.insert(pattern.as_str().into());
                    self.signature(owner).hosts.push(pattern.clone());
                    any = true;
                }
            }
        }
        if any {
            self.imported.entries += 1;
            self.imported.taken += 1;
        } else {
            self.leave_out(why.unwrap_or(LeftOut::Unknown), line, entry);
        }
    }

    /// The signature of an owner, begun where there is none.
    fn signature(&mut self, owner: &Owner<'_>) -> &mut Signature {
        let key = (owner.vendor.to_owned(), owner.category, owner.part.to_owned());
        let (facts, as_of) = (self.facts, &self.as_of);
        self.signatures.entry(key).or_insert_with(|| Signature {
            id: String::new(),
            vendor: text_of(owner.vendor),
            product: text_of(owner.product),
            category: owner.category,
            purpose: text_of(owner.purpose),
            exclusivity: Exclusivity::Shared,
            confidence: Confidence::Community,
            status: Status::Active,
            active_from: None,
            active_until: None,
            hosts: Vec::new(),
            networks: Vec::new(),
            ports: Vec::new(),
            side: VantageSide::default(),
            notes: None,
            sources: vec![SourceCitation {
                title: text_of(&facts.title),
                publisher: text_of(&facts.publisher),
                r#ref: text_of(&facts.reference),
                as_of: as_of.clone(),
                says: text_of(owner.says),
            }],
        })
    }

    fn finish(mut self) -> Result<Imported, ImportError> {
        let stem = kebab(self.facts.id.as_deref().unwrap_or(&self.facts.title), "list");
        let mut ids = HashSet::new();
        for ((vendor, category, part), mut signature) in std::mem::take(&mut self.signatures) {
            if signature.hosts.is_empty() && signature.networks.is_empty() {
                continue;
            }
            let is_whole = self.facts.vendor.as_deref().unwrap_or(UNSTATED) == vendor;
            let whose = if is_whole { String::new() } else { vendor };
            let category = category.word();
            let name =
                format!("{stem} {whose} {} {part}", if part.is_empty() { category } else { "" });
            let base = kebab(&name, &stem);
            let mut id = base.clone();
            let mut n = 1;
            while !ids.insert(id.clone()) {
                n += 1;
                id = format!("{base}-{n}");
            }
            signature.id = id;
            // Neither the order of the list's entries nor that of its companies says anything.
            signature.hosts.sort_unstable();
            signature.networks.sort_unstable();
            signature.networks.dedup();
            self.imported.signatures.push(signature);
        }
        self.imported.signatures.sort_by(|a, b| a.id.cmp(&b.id));
        if self.imported.signatures.is_empty() {
            return Err(ImportError::Nothing);
        }
        Ok(self.imported)
    }
}

/// Under which heading an entry goes.
struct Owner<'a> {
    vendor: &'a str,
    product: &'a str,
    category: Category,
    purpose: &'a str,
    says: &'a str,
    /// Tells signatures of one vendor and category apart; part of the id.
    part: &'a str,
}

/// The vendor of lists that do not say whose hosts they name.
const UNSTATED: &str = "not stated by the list";

/// Whether a signature may hold the pattern.
fn checked(pattern: &str) -> Result<(), LeftOut> {
    match Pattern::parse(pattern) {
        Ok(_) => Ok(()),
        Err(PatternError::PublicSuffix(_)) => Err(LeftOut::PublicSuffix),
        Err(PatternError::Wildcard(_)) => Err(LeftOut::Wildcard),
        Err(PatternError::NotAHostName(_) | PatternError::UpperCase(_)) => {
            let address = pattern.parse::<std::net::IpAddr>().is_ok();
            Err(if address { LeftOut::Address } else { LeftOut::NotAHostName })
        }
    }
}

/// One line without control characters, within what a field may hold, and not empty.
fn text_of(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = plain.char_indices().map(|(at, _)| at).find(|at| *at >= 1000).unwrap_or(plain.len());
    if plain.is_empty() {
        "not stated".to_owned()
    } else {
        plain.get(..end).unwrap_or(&plain).to_owned()
    }
}

/// Small letters, digits and single hyphens, at most 70 of them.
fn kebab(text: &str, otherwise: &str) -> String {
    let mut id = String::new();
    for letter in text.chars().map(|c| c.to_ascii_lowercase()) {
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() {
            id.push(letter);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
        if id.len() >= 70 {
            break;
        }
    }
    let id = id.trim_end_matches('-');
    if id.is_empty() { otherwise.to_owned() } else { id.to_owned() }
}

/// The date in the head of a list: `# Last modified: 2026-03-01` and the like.
fn date_of(text: &str) -> Option<String> {
    let head = text.lines().take(HEAD).filter(|line| line.starts_with(['#', '!', ';']));
    let dated = head.filter(|line| {
        let line = line.to_lowercase();
        ["modified", "updated", "date", "version"].iter().any(|word| line.contains(word))
    });
    let mut words = dated.flat_map(|line| line.split(|c: char| !(c.is_ascii_digit() || c == '-')));
    let is_date = |word: &&str| word.len() >= "YYYY-MM".len() && date::last_day(word).is_some();
    words.find(is_date).map(str::to_owned)
}

/// Lines of a list's head.
const HEAD: usize = 60;

#[cfg(test)]
mod tests;
