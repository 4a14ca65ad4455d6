//! Hosts below the domain of a platform: strangers have theirs beside them.

use super::super::Exclusivity;
use super::super::pattern::Pattern;
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
        if signature.notes.is_some() {
            continue;
        }
        for (n, text) in signature.hosts.iter().enumerate() {
            let pattern = Pattern::split(text);
            let Some(platform) = platform(pattern.base()) else { continue };
            let message = if pattern.base() == platform && !matches!(pattern, Pattern::Exact(_)) {
                format!("{text:?} covers all that {platform} gives out, without a note")
            } else if signature.exclusivity == Exclusivity::Dedicated {
                format!("{text:?} is marked dedicated, without a note: {platform} is a platform")
            } else {
                continue;
            };
            let remedy = "say in `notes` why the host is this system's alone, or mark it shared";
            findings.push(subject.finding(Some(n), Rule::Platform, message, remedy.to_owned()));
        }
    }
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
