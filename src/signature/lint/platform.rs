//! Hosts below the domain of a platform: strangers have theirs beside them.

use super::super::pattern::Pattern;
use super::super::{Confidence, Exclusivity, Signature};
use super::Rule;
use super::subject::{Finding, Subject};

/// Suffixes under which cloud and content networks give out hosts, where the public suffix list
/// does not already say so in its private part.
const PLATFORMS: [&str; 26] = [
    "akadns.net",
    "akamai.net",
    "akamaiedge.net",
    "akamaihd.net",
    "akamaized.net",
    "amazonaws.com",
    "amazonaws.com.cn",
    "appspot.com",
    "azure-api.net",
    "azure-devices.net",
    "azureedge.net",
    "azurefd.net",
    "cloudapp.azure.com",
    "cloudfront.net",
    "cloudfunctions.net",
    "core.windows.net",
    "edgekey.net",
    "edgesuite.net",
    "fastly.net",
    "fastlylb.net",
    "googleusercontent.com",
    "llnwd.net",
    "servicebus.windows.net",
    "storage.googleapis.com",
    "trafficmanager.net",
    "web.core.windows.net",
];

pub(super) fn find(subjects: &[Subject<'_>], findings: &mut Vec<Finding>) {
    for subject in subjects.iter().filter(|subject| subject.own) {
        let signature = &subject.located.signature;
        for (n, text) in signature.hosts.iter().enumerate() {
            let pattern = Pattern::split(text);
            let Some(platform) = platform(pattern.base()) else { continue };
            if is_explained(signature, pattern, platform) {
                continue;
            }
            let message = if pattern.base() == platform && !matches!(pattern, Pattern::Exact(_)) {
                format!(
                    "{text:?} covers all that {platform} gives out, without a note that says so"
                )
            } else if signature.exclusivity == Exclusivity::Dedicated {
                format!("{text:?} is marked dedicated, without a note about {platform}, a platform")
            } else {
                continue;
            };
            let remedy = "say in `notes` why the host is this system's alone, or mark it shared";
            findings.push(subject.finding(Some(n), Rule::Platform, message, remedy.to_owned()));
        }
    }
}

/// Whether a note says why the host is the system's own: any note will do for an exact name that
/// the maker documents or that bears the vendor's name; otherwise it must speak of the platform.
fn is_explained(signature: &Signature, pattern: Pattern<'_>, platform: &str) -> bool {
    let Some(note) = signature.notes.as_deref() else { return false };
    let host = pattern.base();
    let vendor = signature.vendor.to_lowercase();
    let own = host.strip_suffix(platform).unwrap_or_default();
    let bears_vendor = vendor.len() >= SHORTEST_VENDOR && own.contains(&*vendor);
    let is_vouched = signature.confidence == Confidence::Documented || bears_vendor;
    matches!(pattern, Pattern::Exact(_)) && is_vouched || speaks_of(note, host, platform)
}

/// Octets of a vendor's name below which a host may bear it by chance.
const SHORTEST_VENDOR: usize = 4;

/// Whether a note is about the host's place on a platform: it names the platform or the host,
/// or says that something there is shared.
fn speaks_of(note: &str, host: &str, platform: &str) -> bool {
    let note = note.to_lowercase();
    let label = host.split('.').next().unwrap_or(host);
    let mut words = note.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    note.contains(platform)
        || note.contains("platform")
        || words.any(|word| word == "shared" || word == label)
}

/// The platform's suffix that a name is or lies below, the longest one.
fn platform(name: &str) -> Option<&str> {
    let named = PLATFORMS
        .iter()
        .filter_map(|platform| {
            let rest = name.strip_suffix(platform)?;
            (rest.is_empty() || rest.ends_with('.')).then(|| name.get(rest.len()..)).flatten()
        })
        .max_by_key(|suffix| suffix.len());
    let suffix = psl::suffix(name.as_bytes());
    let private = suffix.filter(|suffix| suffix.typ() == Some(psl::Type::Private));
    let private = private.and_then(|suffix| std::str::from_utf8(suffix.as_bytes()).ok());
    private.or(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_known_by_the_public_suffix_list_and_by_name() {
        for (name, suffix) in [
            ("acme.azurewebsites.net", Some("azurewebsites.net")),
            ("d1.cloudfront.net", Some("cloudfront.net")),
            ("x.kinesis.eu-west-1.amazonaws.com", Some("amazonaws.com")),
            ("amazonaws.com", Some("amazonaws.com")),
            ("notamazonaws.com", None),
            ("www.acme.com", None),
        ] {
            assert_eq!(platform(name), suffix, "{name}");
        }
    }

    #[test]
    fn no_platform_stands_twice() {
        assert!(PLATFORMS.is_sorted_by(|a, b| a < b));
    }
}
