//! Host patterns: `name`, `*.suffix`, `name.*.suffix`.

use crate::name::HostName;

/// What a pattern covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern<'a> {
    /// This name only.
    Exact(&'a str),
    /// Names below the suffix, at any depth; not the suffix itself.
    Below(&'a str),
    /// `first`, exactly one label, `last`.
    Inside {
        /// The labels before the wildcard.
        first: &'a str,
        /// The labels after it.
        last: &'a str,
    },
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Upper case letters.
    #[error("{0:?} has upper-case letters; write it in lower case")]
    UpperCase(String),
    /// A `*` that is not a whole label, or a second one.
    #[error("{0:?}: `*` may stand once, for a whole label: *.suffix or name.*.suffix")]
    Wildcard(String),
    /// What is left without the wildcard is not a host name.
    #[error("{0:?} is not a host name; write a name without scheme, port, path or final dot")]
    NotAHostName(String),
    /// Everybody may register names below it.
    #[error("{0:?} covers a public suffix; name the company's own domain")]
    PublicSuffix(String),
}

impl<'a> Pattern<'a> {
    /// Reads a pattern that may stand in a signature.
    pub(super) fn parse(text: &'a str) -> Result<Self, PatternError> {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(PatternError::UpperCase(text.to_owned()));
        }
        let pattern = Self::split(text);
        for name in pattern.names().into_iter().flatten() {
            if name.contains('*') {
                return Err(PatternError::Wildcard(text.to_owned()));
            }
        }
        if !pattern.is_made_of_host_names() {
            return Err(PatternError::NotAHostName(text.to_owned()));
        }
        if pattern.is_public() {
            return Err(PatternError::PublicSuffix(text.to_owned()));
        }
        Ok(pattern)
    }

    /// Takes a pattern apart without checking it.
    pub(super) fn split(text: &'a str) -> Self {
        if let Some(suffix) = text.strip_prefix("*.") {
            Self::Below(suffix)
        } else if let Some((first, last)) = text.split_once(".*.") {
            Self::Inside { first, last }
        } else {
            Self::Exact(text)
        }
    }

    /// Whether the pattern covers `name`: the plain rule, which the tables must agree with.
    pub(super) fn covers(self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => name == exact,
            Self::Below(suffix) => left_of(name, suffix).is_some_and(|rest| !rest.is_empty()),
            Self::Inside { first, last } => left_of(name, last)
                .and_then(|rest| rest.rsplit_once('.'))
                .is_some_and(|(before, one)| before == first && !one.is_empty()),
        }
    }

    /// See [`Match::specificity`](super::Match::specificity).
    pub(super) fn specificity(self) -> u32 {
        match self {
            Self::Exact(name) => Self::exact_specificity(labels(name)),
            Self::Below(suffix) => Self::below_specificity(labels(suffix)),
            Self::Inside { first, last } => INSIDE + labels(first) + 1 + labels(last),
        }
    }

    /// That of an exact name of so many labels.
    pub(super) fn exact_specificity(labels: u32) -> u32 {
        EXACT + labels
    }

    /// That of `*.` and so many labels.
    pub(super) fn below_specificity(labels: u32) -> u32 {
        BELOW + labels
    }

    /// The part on the right of the wildcard, or the whole.
    pub(super) fn base(self) -> &'a str {
        match self {
            Self::Exact(name) | Self::Below(name) | Self::Inside { last: name, .. } => name,
        }
    }

    fn names(self) -> [Option<&'a str>; 2] {
        match self {
            Self::Exact(name) | Self::Below(name) => [Some(name), None],
            Self::Inside { first, last } => [Some(first), Some(last)],
        }
    }

    /// Whether names with a label in the wildcard's place are host names.
    fn is_made_of_host_names(self) -> bool {
        match self {
            Self::Exact(name) => is_host_name(name),
            Self::Below(suffix) => is_host_name(suffix) && suffix.len() + 2 <= LONGEST_NAME,
            Self::Inside { first, last } => is_host_name(&format!("{first}.x.{last}")),
        }
    }

    /// Whether strangers can own names that the pattern covers (public suffix list, with its
    /// private part: hosting and cloud platforms).
    fn is_public(self) -> bool {
        match self {
            // A name of one label is an intranet's own.
            Self::Exact(name) => name.contains('.') && is_public_suffix(name),
            Self::Below(suffix) | Self::Inside { last: suffix, .. } => is_public_suffix(suffix),
        }
    }
}

const BELOW: u32 = 1 << 16;
const INSIDE: u32 = 2 << 16;
const EXACT: u32 = 3 << 16;
/// RFC 1035 §2.3.4, as text without the final dot.
const LONGEST_NAME: usize = 253;

/// How many labels `name` has.
fn labels(name: &str) -> u32 {
    name.bytes().map(|b| u32::from(b == b'.')).sum::<u32>() + 1
}

/// What stands left of the dot before `suffix`.
fn left_of<'n>(name: &'n str, suffix: &str) -> Option<&'n str> {
    name.strip_suffix(suffix)?.strip_suffix('.')
}

fn is_host_name(name: &str) -> bool {
    HostName::from_wire(name.as_bytes()).is_ok_and(|host| host.as_str() == name)
}

fn is_public_suffix(name: &str) -> bool {
    psl::suffix_str(name) == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        Pattern::parse(text).expect_err(text).to_string()
    }

    #[test]
    fn the_three_forms_are_read() {
        assert_eq!(Pattern::parse("a.acme.com"), Ok(Pattern::Exact("a.acme.com")));
        assert_eq!(Pattern::parse("*.acme.com"), Ok(Pattern::Below("acme.com")));
        let inside = Pattern::Inside { first: "a.b", last: "acme.com" };
        assert_eq!(Pattern::parse("a.b.*.acme.com"), Ok(inside));
    }

    #[test]
    fn a_wildcard_stands_once_for_a_whole_label() {
        for text in ["*", "a*.acme.com", "*.*.acme.com", "*.a.*.acme.com", "a.*", "**.acme.com"] {
            assert!(fault(text).contains("may stand once"), "{text}");
        }
    }

    #[test]
    fn what_is_no_host_name_is_refused() {
        for text in [
            "",
            ".",
            "acme..com",
            "acme.com.",
            "https://acme.com",
            "acme.com:443",
            "192.0.2.1",
            "*.",
        ] {
            assert!(fault(text).contains("is not a host name"), "{text}");
        }
        assert!(fault("Acme.com").contains("lower case"));
        assert!(fault(&format!("*.{}com", "abcdefghi.".repeat(25))).contains("is not a host name"));
    }

    #[test]
    fn public_suffixes_are_refused() {
        for text in ["*.com", "*.co.uk", "co.uk", "a.*.co.uk", "*.azurewebsites.net", "*.github.io"]
        {
            assert!(fault(text).contains("covers a public suffix"), "{text}");
        }
        assert!(Pattern::parse("acme.azurewebsites.net").is_ok());
        assert!(Pattern::parse("*.acme.co.uk").is_ok());
        assert!(Pattern::parse("intranet").is_ok());
    }

    #[test]
    fn look_alikes_are_not_covered() {
        let below = Pattern::split("*.events.data.microsoft.com");
        assert!(below.covers("self.events.data.microsoft.com"));
        assert!(below.covers("a.b.events.data.microsoft.com"));
        for name in [
            "events.data.microsoft.com",
            "evil-events.data.microsoft.com",
            "evil-events.data.microsoft.com.example",
            "x.events.data.microsoft.com.example",
        ] {
            assert!(!below.covers(name), "{name}");
        }
    }

    #[test]
    fn an_inner_wildcard_is_exactly_one_label() {
        let inside = Pattern::split("watson.*.microsoft.com");
        assert!(inside.covers("watson.eu.microsoft.com"));
        for name in
            ["watson.microsoft.com", "watson.a.b.microsoft.com", "x.watson.eu.microsoft.com"]
        {
            assert!(!inside.covers(name), "{name}");
        }
    }

    #[test]
    fn exact_beats_inside_beats_more_labels_beats_fewer() {
        let order = ["*.b.c", "*.a.b.c", "x.*.c", "x.*.b.c", "c.d", "a.b.c.d"];
        let ranks: Vec<_> = order.iter().map(|t| Pattern::split(t).specificity()).collect();
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
    }
}
