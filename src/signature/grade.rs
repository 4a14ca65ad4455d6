//! How strong a claim is.

/// What a tag rests on, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// The client itself sent the name in the flow.
    Name,
    /// The server sent it in its certificate.
    Certificate,
    /// The client resolved the name to the server's address before.
    Dns,
    /// Address range and port only.
    Network,
}

impl Basis {
    /// The word for it in outputs and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Certificate => "certificate",
            Self::Dns => "dns",
            Self::Network => "network",
        }
    }
}

/// Grade of evidence, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// Documented and dedicated, named by the client.
    A,
    /// One step weaker.
    B,
    /// Two steps weaker.
    C,
    /// An indication only.
    D,
}

/// What a grade depends on.
#[derive(Clone, Copy, Debug)]
pub struct GradeFacts<'a> {
    /// Basis.
    pub basis: Basis,
    /// x
    pub exclusivity: super::Exclusivity,
    /// x
    pub confidence: super::Confidence,
    /// x
    pub ambiguous: bool,
    /// x
    pub mixed: bool,
    /// x
    pub one_sided: bool,
    /// x
    pub status: super::Status,
    /// x
    pub active_until: Option<&'a str>,
    /// x
    pub at: crate::source::CaptureTime,
}
/// x
pub fn grade(_facts: &GradeFacts<'_>) -> (Grade, String) {
    (Grade::D, String::new())
}
