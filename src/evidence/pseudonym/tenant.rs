//! Names of tenants in host names: which labels are theirs, and their pseudonyms.
//!
//! A label's pseudonym has as many characters as the label, so that what it stands in keeps its
//! lengths; it is the same below every suffix. The length is therefore not hidden.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

use hashbrown::HashSet;
use memchr::memmem::Finder;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::PseudonymKey;
use super::ff1::{Ff1, Way};
use crate::name::HostName;
use crate::signature::Database;

/// Pseudonyms of tenants by one key. The same key gives the same ones in every bundle.
pub struct Tenants {
    ff1: Ff1,
    /// The symbols in the order of this key: what a label of one character becomes.
    single: [u8; SYMBOLS.len()],
    list: Vec<Tenant>,
    needles: Vec<Finder<'static>>,
    /// Names below a suffix whose first label is no tenant's.
    kept: HashSet<Box<str>>,
    /// Domains that are somebody's own: their labels, and all those left of them.
    domains: Vec<HostName>,
}

/// A suffix below which labels name tenants; who says so is for the reader of the file.
#[derive(Clone, Debug, Deserialize)]
struct Tenant {
    suffix: Box<str>,
    #[serde(default)]
    keep: Vec<Box<str>>,
    #[serde(default)]
    endings: Vec<Box<str>>,
}

#[derive(Deserialize)]
struct List {
    tenant: Vec<Tenant>,
}

const LIST: &str = include_str!("tenants.toml");

/// What a label of a host name is made of.
const SYMBOLS: &[u8; 38] = b"abcdefghijklmnopqrstuvwxyz0123456789-_";

/// Characters of a label at most (RFC 1035 §2.3.4).
const LONGEST_LABEL: usize = 63;

/// Whose names get pseudonyms in host names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaskedNames {
    /// Those of tenants, by the shipped list.
    pub tenants: bool,
    /// Of domains that are somebody's own: registrable ones, and all below them.
    pub domains: Vec<HostName>,
}

impl MaskedNames {
    /// Nobody's.
    pub fn none() -> Self {
        Self::default()
    }

    /// Those of tenants alone.
    pub fn of_tenants() -> Self {
        Self { tenants: true, domains: Vec::new() }
    }

    /// Whether there are any.
    pub fn is_none(&self) -> bool {
        !self.tenants && self.domains.is_empty()
    }
}

/// A domain that somebody may call their own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADomain {
    /// It is no host name.
    #[error("`{}` is not a host name", crate::export::escape(.0))]
    NoName(String),
    /// It is a public suffix, below which others have names, too.
    #[error("`{0}` is nobody's own; name the domain below it, as contoso.{0}")]
    Suffix(HostName),
    /// It is a part of one.
    #[error("`{0}` is a part of {1}; name that: names beside it say whose it is, too")]
    Part(HostName, String),
}

/// Reads a domain of one's own: a public suffix and one label more.
pub fn own_domain(text: &str) -> Result<HostName, NotADomain> {
    let name = HostName::from_user(text).map_err(|_| NotADomain::NoName(text.to_owned()))?;
    match name.registrable().map(str::to_owned) {
        None => Err(NotADomain::Suffix(name)),
        Some(registrable) if registrable == name.as_str() => Ok(name),
        Some(registrable) => Err(NotADomain::Part(name, registrable)),
    }
}

impl Tenants {
    /// Those of the shipped list.
    pub fn new(key: &PseudonymKey) -> Self {
        Self::masking(key, &MaskedNames::of_tenants())
    }

    /// By a key of nobody's: which labels are a tenant's does not depend on it.
    pub(in crate::evidence) fn unkeyed() -> Self {
        Self::new(&PseudonymKey([0; 32]))
    }

    /// Those that are to be masked.
    pub fn masking(key: &PseudonymKey, masked: &MaskedNames) -> Self {
        let list = || toml::from_str::<List>(LIST).map(|list| list.tenant).unwrap_or_default();
        let mut tenants = Self::of(key, if masked.tenants { list() } else { Vec::new() });
        for domain in &masked.domains {
            tenants.add(domain);
        }
        tenants
    }

    /// Adds a domain of one's own.
    fn add(&mut self, domain: &HostName) {
        // Also where it stands alone, as in a certificate.
        let [text, wire] = needles(domain.as_str());
        let text = text.needle().get(1..).map(|name| Finder::new(name).into_owned());
        self.needles.extend(text.into_iter().chain([wire]));
        self.domains.push(domain.clone());
    }

    /// With a list; names that shipped signatures spell out stay.
    fn of(key: &PseudonymKey, list: Vec<Tenant>) -> Self {
        Self::beside(key, list, &Database::shipped())
    }

    fn beside(key: &PseudonymKey, list: Vec<Tenant>, shipped: &Database) -> Self {
        let derived =
            Sha256::new().chain_update(b"vigie pseudonym of a tenant").chain_update(key.0);
        let derived: [u8; 32] = derived.finalize().into();
        let (mut cipher, mut rest) = ([0; 16], [0; 16]);
        cipher.copy_from_slice(&derived[..16]);
        rest.copy_from_slice(&derived[16..]);
        let mut single = *SYMBOLS;
        let drawn = |symbol: &u8| {
            <[u8; 32]>::from(Sha256::new().chain_update(rest).chain_update([*symbol]).finalize())
        };
        single.sort_by_key(drawn);
        let mut kept = HashSet::new();
        for Tenant { suffix, keep, .. } in &list {
            kept.extend(keep.iter().map(|label| format!("{label}.{suffix}").into_boxed_str()));
        }
        for host in shipped.signatures().iter().flat_map(|signature| &signature.hosts) {
            let fixed = host.rsplit_once("*.").map_or(host.as_str(), |(_, fixed)| fixed);
            for tenant in &list {
                let mut name = fixed;
                while name.len() > tenant.suffix.len() && is_below(name, &tenant.suffix) {
                    kept.insert(name.into());
                    name = name.split_once('.').map_or("", |(_, above)| above);
                }
            }
        }
        let radix = u8::try_from(SYMBOLS.len()).unwrap_or(u8::MAX);
        let needles = list.iter().flat_map(|tenant| needles(&tenant.suffix)).collect();
        let (ff1, domains) = (Ff1::new(&cipher, radix, b"tenant"), Vec::new());
        Self { ff1, single, list, needles, kept, domains }
    }

    /// The name with pseudonyms for its tenants' labels.
    pub fn hide(&self, name: &HostName) -> HostName {
        self.turned(name, Way::Hide)
    }

    /// Whose name it is that has these pseudonyms.
    pub fn reveal(&self, name: &HostName) -> HostName {
        self.turned(name, Way::Reveal)
    }

    /// The name with pseudonyms for all labels left of its public suffix, as if its domain were
    /// one's own.
    pub fn hide_own(&self, name: &HostName) -> HostName {
        self.turned_as_own(name, Way::Hide)
    }

    /// Whose name it is that has these.
    pub fn reveal_own(&self, name: &HostName) -> HostName {
        self.turned_as_own(name, Way::Reveal)
    }

    fn turned_as_own(&self, name: &HostName, way: Way) -> HostName {
        let Some(domain) = name.registrable() else { return name.clone() };
        let first = domain.split('.').next().unwrap_or_default();
        let own = name.as_str().len() - domain.len() + first.len();
        let mut octets = name.as_str().as_bytes().to_vec();
        let mut behind = domain.get(first.len() + 1..).unwrap_or_default().to_owned();
        for label in octets.get_mut(..own).unwrap_or_default().rsplit_mut(|o| *o == b'.') {
            let was = String::from_utf8_lossy(label).into_owned();
            self.own_label(label, &behind, way);
            let shown = match way {
                Way::Hide => was,
                Way::Reveal => String::from_utf8_lossy(label).into_owned(),
            };
            behind = format!("{shown}.{behind}");
        }
        HostName::from_wire(&octets).unwrap_or_else(|_| name.clone())
    }

    fn turned(&self, name: &HostName, way: Way) -> HostName {
        let mut octets = name.as_str().as_bytes().to_vec();
        self.turn(&mut octets, way);
        // Labels are turned into labels, of the same lengths.
        HostName::from_wire(&octets).unwrap_or_else(|_| name.clone())
    }

    /// Whether any label of it is a tenant's.
    pub fn is_in(&self, name: &HostName) -> bool {
        self.hide(name) != *name
    }

    /// A label of a tenant that a signature's pattern spells out.
    pub(super) fn spelled_in(&self, pattern: &str) -> Option<String> {
        let fixed = pattern.rsplit_once("*.").map_or(pattern, |(_, fixed)| fixed);
        let name = HostName::from_wire(fixed.as_bytes()).ok()?;
        self.is_in(&name).then(|| pattern.to_owned())
    }

    /// Replaces tenants' labels in text: in each run of the characters that host names have.
    pub(super) fn text(&self, octets: &mut [u8]) {
        self.turn(octets, Way::Hide);
    }

    fn turn(&self, octets: &mut [u8], way: Way) {
        for run in octets.split_mut(|octet| !is_host(*octet)) {
            if run.contains(&b'.') {
                self.run(run, way);
            }
        }
    }

    /// Right to left, so that what stands behind a label is known as it was.
    fn run(&self, run: &mut [u8], way: Way) {
        let as_hidden = run.to_ascii_lowercase();
        let mut behind = String::new();
        let mut end = run.len();
        for start in (0..run.len())
            .rev()
            .filter(|at| as_hidden.get(*at) == Some(&b'.'))
            .map(|dot| dot + 1)
            .chain([0])
        {
            let Some(label) = run.get_mut(start..end) else { break };
            let was = self.label(label, &behind, way);
            let shown = match way {
                Way::Hide => was,
                Way::Reveal => String::from_utf8_lossy(label).to_ascii_lowercase(),
            };
            if !shown.is_empty() {
                behind = if behind.is_empty() { shown } else { format!("{shown}.{behind}") };
            }
            end = start.saturating_sub(1);
        }
    }

    /// Replaces a label, given what stands behind it without the final dot; gives it as it was, in
    /// lower case. What is a tenant's and no label becomes zeros.
    pub(super) fn label(&self, label: &mut [u8], behind: &str, way: Way) -> String {
        let was = String::from_utf8_lossy(label).to_ascii_lowercase();
        if !label.is_empty() && self.is_own(&was, behind, way) {
            self.own_label(label, behind, way);
            return was;
        }
        let Some(tenant) =
            self.list.iter().filter(|t| is_below(behind, &t.suffix)).max_by_key(|t| t.suffix.len())
        else {
            return was;
        };
        if label.is_empty() || self.is_kept(&was, behind) {
            return was;
        }
        let stem = stem_len(was.as_bytes(), &tenant.endings);
        match was.as_bytes().get(..stem).and_then(|stem| {
            self.word(stem, &tenant.endings, |word| self.is_kept(word, behind), way)
        }) {
            Some(word) => {
                label.iter_mut().zip(was.bytes()).for_each(|(octet, lower)| *octet = lower);
                label.iter_mut().zip(word).for_each(|(octet, new)| *octet = new);
            }
            None => label.fill(0),
        }
        was
    }

    /// Whether it is a label of a domain of one's own; the one of which it is the pseudonym, where
    /// it is to be revealed.
    fn is_own(&self, label: &str, behind: &str, way: Way) -> bool {
        let owned = |label: &str| self.domains.iter().any(|domain| owns(domain, label, behind));
        match way {
            Way::Hide => owned(label),
            Way::Reveal if self.domains.is_empty() => false,
            Way::Reveal => {
                let mut revealed = label.as_bytes().to_vec();
                self.own_label(&mut revealed, behind, way);
                owned(&String::from_utf8_lossy(&revealed))
            }
        }
    }

    /// Replaces a label of a domain of one's own. What is no label becomes zeros.
    fn own_label(&self, label: &mut [u8], behind: &str, way: Way) {
        // By a pseudonym that were a public suffix, the domain would not be found again.
        let is_suffix = |word: &str| {
            HostName::from_wire(format!("{word}.{behind}").as_bytes())
                .is_ok_and(|name| name.registrable().is_none())
        };
        match self.word(&label.to_ascii_lowercase(), &[], is_suffix, way) {
            Some(word) => label.iter_mut().zip(word).for_each(|(octet, new)| *octet = new),
            None => label.fill(0),
        }
    }

    fn is_kept(&self, label: &str, behind: &str) -> bool {
        self.kept.contains(format!("{label}.{behind}").as_str())
    }

    /// What stands for a word: it is turned until it is a label again that says nothing else
    /// (cycle walking). None where the word is no such label itself.
    fn word(
        &self,
        word: &[u8],
        endings: &[Box<str>],
        is_taken: impl Fn(&str) -> bool,
        way: Way,
    ) -> Option<Vec<u8>> {
        let is_label = |word: &[u8]| {
            let text = str::from_utf8(word).unwrap_or_default();
            word.first() != Some(&b'-')
                && word.last() != Some(&b'-')
                && stem_len(word, endings) == word.len()
                && !is_taken(text)
        };
        if word.is_empty() || word.len() > LONGEST_LABEL || !is_label(word) {
            return None;
        }
        let place = |symbol: &u8| SYMBOLS.iter().position(|known| known == symbol);
        let mut places: Vec<u8> =
            word.iter().map(|symbol| u8::try_from(place(symbol)?).ok()).collect::<Option<_>>()?;
        loop {
            places = match places[..] {
                [one] => vec![self.turned_alone(one, way)],
                _ => self.ff1.turn(&places, way),
            };
            let symbols = places.iter().map(|at| SYMBOLS.get(usize::from(*at)).copied());
            let word: Vec<u8> = symbols.collect::<Option<_>>()?;
            if is_label(&word) {
                return Some(word);
            }
        }
    }

    /// A label of one character: FF1 wants two.
    fn turned_alone(&self, place: u8, way: Way) -> u8 {
        let (from, to) = match way {
            Way::Hide => (SYMBOLS, &self.single),
            Way::Reveal => (&self.single, SYMBOLS),
        };
        // The symbol that stands where this one does in the other order.
        let symbol = SYMBOLS.get(usize::from(place));
        let at = symbol.and_then(|symbol| from.iter().position(|known| known == symbol));
        let new = at.and_then(|at| to.get(at));
        let found = new.and_then(|new| SYMBOLS.iter().position(|known| known == new));
        found.and_then(|found| u8::try_from(found).ok()).unwrap_or(place)
    }

    /// Whether a suffix of the list stands in these octets behind a label, as text or as DNS has
    /// it.
    pub(super) fn may_be_in(&self, octets: &[u8]) -> bool {
        let lower = octets.to_ascii_lowercase();
        self.needles.iter().any(|needle| needle.find(&lower).is_some())
    }
}

/// How a suffix looks behind a label.
fn needles(suffix: &str) -> [Finder<'static>; 2] {
    let wire = suffix.split('.').flat_map(|label| {
        [&[u8::try_from(label.len()).unwrap_or_default()], label.as_bytes()].concat()
    });
    [format!(".{suffix}").into_bytes(), wire.collect()]
        .map(|needle| Finder::new(&needle).into_owned())
}

impl std::fmt::Debug for Tenants {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tenants").finish_non_exhaustive()
    }
}

fn is_host(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.')
}

/// Whether the suffix is what stands behind, or a part of it in whole labels: a search domain may
/// follow.
fn is_below(behind: &str, suffix: &str) -> bool {
    behind.match_indices(suffix).any(|(at, _)| {
        let (before, after) = (behind.get(..at), behind.get(at + suffix.len()..));
        before.is_some_and(|b| b.is_empty() || b.ends_with('.'))
            && after.is_some_and(|a| a.is_empty() || a.starts_with('.'))
    })
}

/// Whether a label, with what stands behind it, is a domain's own or left of it.
fn owns(domain: &HostName, label: &str, behind: &str) -> bool {
    let domain = domain.as_str();
    let first = || {
        let rest = domain.strip_prefix(label)?.strip_prefix('.')?;
        let after = behind.strip_prefix(rest)?;
        Some(after.is_empty() || after.starts_with('.'))
    };
    is_below(behind, domain) || first() == Some(true)
}

/// Octets of a label before what a provider hangs on it.
fn stem_len(label: &[u8], endings: &[Box<str>]) -> usize {
    let mut stem = label;
    while let Some(shorter) = endings.iter().find_map(|ending| {
        let shorter = stem.strip_suffix(ending.as_bytes())?;
        (!shorter.is_empty() && shorter.last() != Some(&b'-')).then_some(shorter)
    }) {
        stem = shorter;
    }
    stem.len()
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    /// With the shipped list, and whatever a test adds to it.
    pub(in super::super) fn tenants(more: &[&str]) -> Tenants {
        static SHIPPED: LazyLock<Database> = LazyLock::new(Database::shipped);
        let mut key = [9; 32];
        key[3] = 1;
        let mut list = toml::from_str::<List>(LIST).unwrap().tenant;
        let added = more.iter().map(|suffix| Tenant {
            suffix: (*suffix).into(),
            keep: Vec::new(),
            endings: Vec::new(),
        });
        list.extend(added);
        Tenants::beside(&PseudonymKey(key), list, &SHIPPED)
    }

    fn name(text: &str) -> HostName {
        HostName::from_wire(text.as_bytes()).unwrap()
    }

    #[test]
    fn every_suffix_is_a_host_name_once_and_cites_a_source() {
        let list: toml::Table = toml::from_str(LIST).unwrap();
        let entries = list["tenant"].as_array().unwrap();
        assert_eq!(entries.len(), Tenants::new(&PseudonymKey([7; 32])).list.len());
        let mut seen = HashSet::new();
        for entry in entries {
            let suffix = entry["suffix"].as_str().unwrap();
            assert_eq!(name(suffix).as_str(), suffix);
            assert!(seen.insert(suffix), "{suffix} twice");
            for field in ["title", "publisher", "ref", "as_of", "says"] {
                assert!(
                    entry["source"][field].as_str().is_some_and(|t| !t.is_empty()),
                    "{suffix} {field}"
                );
            }
            let source = entry["source"]["ref"].as_str().unwrap();
            if source.starts_with("signatures/") {
                let id = entry["source"]["title"].as_str().unwrap().rsplit(' ').next().unwrap();
                assert!(
                    std::fs::read_to_string(source).unwrap().contains(&format!("id = \"{id}\"")),
                    "{source} {id}"
                );
            }
        }
    }

    #[test]
    fn labels_left_of_a_suffix_have_pseudonyms_and_all_else_stays() {
        let tenants = tenants(&[]);
        let hidden = |text: &str| tenants.hide(&name(text)).to_string();
        let one = hidden("contoso.sharepoint.com");
        let stem = one.strip_suffix(".sharepoint.com").unwrap();
        assert!(stem.len() == "contoso".len() && stem != "contoso");
        assert_eq!(hidden("contoso-my.sharepoint.com"), format!("{stem}-my.sharepoint.com"));
        assert_eq!(hidden("contoso.onmicrosoft.com"), format!("{stem}.onmicrosoft.com"));
        assert_eq!(hidden("contoso.crm4.dynamics.com"), format!("{stem}.crm4.dynamics.com"));
        assert_eq!(hidden("contoso.sharepoint.com.corp.example"), format!("{one}.corp.example"));
        let user = hidden("anna.contoso.enterprise.slack.com");
        assert!(user.ends_with(&format!(".{stem}.enterprise.slack.com")) && !user.contains("anna"));
        for kept in [
            "sharepoint.com",
            "contoso.example",
            "app.slack.com",
            "app.peakon.com",
            "evil-sharepoint.com",
            "contoso.sharepoint.community",
            "static2.sharepointonline.com",
            "gr.global.aa-rt.sharepoint.com",
        ] {
            assert_eq!(hidden(kept), kept);
            assert!(!tenants.is_in(&name(kept)));
        }
        assert!(tenants.spelled_in("contoso.sharepoint.com").is_some());
        assert!(tenants.spelled_in("*.eu.contoso.sharepoint.com").is_some());
        for pattern in ["*.sharepoint.com", "app.peakon.com", "*.gr.global.aa-rt.sharepoint.com"] {
            assert_eq!(tenants.spelled_in(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn text_keeps_its_length_and_whatever_is_no_label_is_gone() {
        let tenants = tenants(&[]);
        let turned = |text: &str| {
            let mut octets = text.as_bytes().to_vec();
            tenants.text(&mut octets);
            assert_eq!(octets.len(), text.len());
            String::from_utf8(octets).unwrap()
        };
        let stem = turned("contoso.sharepoint.com").replace(".sharepoint.com", "");
        assert_eq!(
            turned("Host: CONTOSO.SharePoint.com:443\r\n"),
            format!("Host: {stem}.SharePoint.com:443\r\n")
        );
        assert_eq!(turned("anna@contoso.sharepoint.com."), format!("anna@{stem}.sharepoint.com."));
        assert_eq!(turned("-contoso.sharepoint.com"), "\0\0\0\0\0\0\0\0.sharepoint.com");
        let long = "a".repeat(70);
        assert_eq!(turned(&format!("{long}.sharepoint.com")), "\0".repeat(70) + ".sharepoint.com");
        assert_eq!(
            turned("..sharepoint.com contoso sharepoint.com"),
            "..sharepoint.com contoso sharepoint.com"
        );
        assert!(tenants.may_be_in(b"xx\x07contoso\x0asharepoint\x03com\0"));
        assert!(
            tenants.may_be_in(b"contoso.SharePoint.com") && !tenants.may_be_in(b"sharepoint.com")
        );
    }

    fn with_own(domain: &str) -> Tenants {
        let mut tenants = tenants(&[]);
        tenants.add(&own_domain(domain).unwrap());
        tenants
    }

    #[test]
    fn all_labels_of_a_domain_of_ones_own_have_pseudonyms_and_the_key_undoes_them() {
        for (domain, suffix) in
            [("contoso.example", "example"), ("contoso.co.uk", "co.uk"), ("contoso.lan", "lan")]
        {
            let own = with_own(domain);
            let hidden = |text: &str| own.hide(&name(text)).to_string();
            let apex = hidden(domain);
            let stem = apex.strip_suffix(&format!(".{suffix}")).unwrap();
            assert!(stem.len() == "contoso".len() && stem != "contoso", "{apex}");
            // The same label as below a provider's suffix.
            assert_eq!(hidden("contoso.sharepoint.com"), format!("{stem}.sharepoint.com"));
            let host = hidden(&format!("survey.hr.{domain}"));
            assert!(host.ends_with(&format!(".{apex}")), "{host}");
            assert!(!host.contains("survey") && !host.contains("hr."), "{host}");
            for kept in [suffix, "microsoft.com", "mycontoso.example", "contoso.org"] {
                assert_eq!(hidden(kept), kept);
            }
            for text in [domain.to_owned(), format!("survey.hr.{domain}"), format!("a.b_.{domain}")]
            {
                let hidden = own.hide(&name(&text));
                assert_eq!(tenants(&[]).turned_as_own(&hidden, Way::Reveal).as_str(), text);
                assert_eq!(tenants(&[]).turned_as_own(&name(&text), Way::Hide), hidden);
            }
            let mut octets = format!("Host: WWW.{}:443", domain.to_uppercase()).into_bytes();
            own.text(&mut octets);
            let text = String::from_utf8(octets).unwrap();
            assert!(text.ends_with(":443") && !text.to_lowercase().contains("contoso"), "{text}");
            assert!(
                own.may_be_in(domain.as_bytes())
                    && own.may_be_in(b"\x07contoso\x07example\0") == (suffix == "example")
            );
            assert!(own.spelled_in(&format!("*.{domain}")).is_some());
        }
        // What follows it may be a search domain.
        let own = with_own("contoso.example");
        let text = "www.contoso.example.corp.lan";
        let hidden = own.hide(&name(text));
        assert!(hidden.as_str().ends_with(".example.corp.lan"), "{hidden}");
        assert!(!hidden.as_str().contains("contoso") && !hidden.as_str().contains("www"));
        assert_eq!(own.reveal(&hidden).as_str(), text);
    }

    #[test]
    fn what_is_nobodys_own_domain_is_refused() {
        let refused = |text: &str| own_domain(text).unwrap_err().to_string();
        assert_eq!(
            refused("co.uk"),
            "`co.uk` is nobody's own; name the domain below it, as contoso.co.uk"
        );
        let part = refused("www.contoso.com");
        assert!(part.starts_with("`www.contoso.com` is a part of contoso.com;"), "{part}");
        assert_eq!(refused("a b"), "`a b` is not a host name");
        assert_eq!(own_domain("Contoso.COM").unwrap().as_str(), "contoso.com");
    }

    proptest! {
        #[test]
        fn a_name_of_ones_own_domain_can_be_undone_whatever_it_is(
            labels in "([a-z0-9_]([a-z0-9_-]{0,5}[a-z0-9_])?\\.){0,3}",
            first in "[a-z0-9]{1,3}",
            suffix in prop::sample::select(vec!["uk", "co.uk", "com", "lan", "jp"]),
        ) {
            let domain = format!("{first}.{suffix}");
            prop_assume!(own_domain(&domain).is_ok());
            let own = with_own(&domain);
            let original = name(&format!("{labels}{domain}"));
            let hidden = own.hide(&original);
            prop_assert_eq!(hidden.as_str().len(), original.as_str().len());
            prop_assert_eq!(&own.turned_as_own(&hidden, Way::Reveal), &original);
            prop_assert_eq!(own.reveal(&hidden), original);
        }

        #[test]
        fn a_pseudonym_is_a_name_of_the_same_length_and_the_key_undoes_it(
            labels in "([a-z0-9_]([a-z0-9_-]{0,12}[a-z0-9_])?\\.){1,3}",
            suffix in prop::sample::select(vec!["sharepoint.com", "okta.com", "slack.com", "dynamics.com", "example.org"]),
        ) {
            let tenants = tenants(&[]);
            let original = name(&format!("{labels}{suffix}"));
            let hidden = tenants.hide(&original);
            prop_assert_eq!(hidden.as_str().len(), original.as_str().len());
            prop_assert_eq!(tenants.reveal(&hidden), original);
        }

        #[test]
        fn no_two_tenants_become_one(a in "[a-z]{1,2}(-my)?", b in "[a-z]{1,2}(-my)?") {
            let tenants = tenants(&[]);
            let hidden = |label: &str| tenants.hide(&name(&format!("{label}.sharepoint.com")));
            prop_assert_eq!(a == b, hidden(&a) == hidden(&b));
        }
    }
}
