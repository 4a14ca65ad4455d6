//! What is wrong with signature files, and where.

use std::fmt;
use std::io;

use super::PatternError;

/// A fault in a signature file.
#[derive(Debug)]
pub struct LoadError {
    /// The file or folder, as it was named.
    pub file: String,
    /// Line and column (in characters), both from 1; `None` where the whole file is meant.
    pub place: Option<(usize, usize)>,
    /// The field, where one is meant.
    pub field: Option<String>,
    /// What is wrong.
    pub fault: Box<Fault>,
}

/// What is wrong with a signature file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// A folder without any.
    #[error("holds no signature files; they end in .toml")]
    NoFiles,
    /// The file is too large.
    #[error("has more than {limit} octets")]
    TooLarge {
        /// How many octets a file may have.
        limit: u64,
    },
    /// There are too many of something.
    #[error("more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// Octets that are not UTF-8.
    #[error("is not UTF-8 text")]
    NotUtf8,
    /// Not TOML.
    #[error("is not TOML: {0}")]
    NotToml(String),
    /// A field that the schema does not have.
    #[error("is not a field of a signature{}", suggestion(*.meant))]
    UnknownField {
        /// The field that may have been meant.
        meant: Option<&'static str>,
    },
    /// A field that must be there.
    #[error("is missing")]
    Missing,
    /// A value of another type.
    #[error("must be {wanted}, not {got}")]
    WrongType {
        /// What belongs here.
        wanted: &'static str,
        /// What stands here.
        got: &'static str,
    },
    /// A text without content.
    #[error("is empty")]
    Empty,
    /// A text that is too long.
    #[error("has {octets} octets; {limit} are allowed")]
    TooLong {
        /// How many it has.
        octets: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A line break, an escape sequence or the like.
    #[error("holds a control character; write one line of plain text")]
    ControlCharacter,
    /// A word that the field does not know.
    #[error("{got:?} is none of {}", allowed.join(", "))]
    UnknownWord {
        /// What stands here.
        got: String,
        /// What may stand here.
        allowed: Vec<&'static str>,
    },
    /// An id that is not kebab-case.
    #[error("{0:?} is not kebab-case; write small letters and digits with single hyphens between")]
    NotKebabCase(String),
    /// An id that the layer already has.
    #[error("{id:?} is already the id of a signature in {file}, line {line}")]
    DuplicateId {
        /// The id.
        id: String,
        /// Where it stands first.
        file: String,
        /// The line there.
        line: usize,
    },
    /// A host pattern that cannot be used.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// Not an address range.
    #[error("{0:?} is not an address range; write it like 192.0.2.0/24 or 2001:db8::/32")]
    NotANetwork(String),
    /// An address range with bits beyond its prefix.
    #[error("{got:?} has bits beyond its prefix; write {meant}")]
    HostBits {
        /// What stands here.
        got: String,
        /// The range it lies in.
        meant: String,
    },
    /// Not a protocol and port.
    #[error("{0:?} is not a port; write it like udp/3478 or tcp/443")]
    NotAPort(String),
    /// Address ranges alone would claim everything there.
    #[error("networks need ports: an address range alone claims too much")]
    NetworksWithoutPorts,
    /// Ports alone say nothing.
    #[error("ports need networks: a port alone claims too much")]
    PortsWithoutNetworks,
    /// Neither hosts nor networks.
    #[error("has neither hosts nor networks, so nothing could match it")]
    NothingToMatch,
    /// Claims need a source.
    #[error("a signature needs at least one source")]
    NoSource,
    /// Not a date of the form that belongs here.
    #[error("{got:?} is not a date of the form {wanted}")]
    NotADate {
        /// What stands here.
        got: String,
        /// The forms that belong here.
        wanted: &'static str,
    },
    /// An end before the beginning.
    #[error("{until} lies before active_from, {from}")]
    EndBeforeBeginning {
        /// `active_from`.
        from: String,
        /// `active_until`.
        until: String,
    },
}

fn suggestion(meant: Option<&'static str>) -> String {
    meant.map_or_else(String::new, |field| format!("; did you mean `{field}`?"))
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some((line, column)) = self.place {
            write!(f, ": line {line}, column {column}")?;
        }
        if let Some(field) = &self.field {
            let separator = if self.place.is_some() { "," } else { ":" };
            write!(f, "{separator} field `{}`", field.escape_debug())?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.fault.source()
    }
}
