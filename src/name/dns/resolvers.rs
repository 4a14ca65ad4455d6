//! Names of public resolvers that speak DNS over HTTPS, TLS or QUIC (RFC 8484, RFC 7858,
//! RFC 9250): what a client asks of them, nobody on the way can read.

/// Resolvers by the name that clients send in their hello, sorted, each with who says so; names
/// below them belong to them, too (a customer's `abcdef.dns.nextdns.io`). Services that have
/// ended stay: old captures show them.
const RESOLVERS: [(&str, &str); 49] = [
    ("1dot1dot1dot1.cloudflare-dns.com", CHROMIUM),
    ("8888.google", CHROMIUM),
    ("adguard-dns.com", ADGUARD),
    ("adult-filter-dns.cleanbrowsing.org", CHROMIUM),
    ("anycast.uncensoreddns.org", DNSCRYPT),
    ("canadianshield.cira.ca", ADGUARD),
    ("cloudflare-dns.com", CHROMIUM),
    ("dns.adguard.com", ADGUARD_2022),
    ("dns.alidns.com", ADGUARD),
    ("dns.controld.com", CONTROLD),
    ("dns.digitale-gesellschaft.ch", ADGUARD),
    ("dns.google", CHROMIUM),
    ("dns.google.com", CHROMIUM),
    ("dns.levonet.sk", CHROMIUM),
    ("dns.mullvad.net", ADGUARD),
    ("dns.nextdns.io", CHROMIUM),
    ("dns.opendns.com", ADGUARD),
    ("dns.quad9.net", CHROMIUM),
    ("dns.sb", CHROMIUM),
    ("dns.switch.ch", ADGUARD),
    ("dns0.eu", ADGUARD_2025),
    ("dns10.quad9.net", CHROMIUM),
    ("dns11.quad9.net", CHROMIUM),
    ("dns64.dns.google", CHROMIUM),
    ("dns9.quad9.net", CHROMIUM),
    ("dnsnl.alekberg.net", DNSCRYPT_2024),
    ("doh-01.spectrum.com", CHROMIUM),
    ("doh-02.spectrum.com", CHROMIUM),
    ("doh.cleanbrowsing.org", CHROMIUM),
    ("doh.cox.net", CHROMIUM),
    ("doh.familyshield.opendns.com", CHROMIUM),
    ("doh.opendns.com", CHROMIUM),
    ("doh.pub", ADGUARD),
    ("doh.quickline.ch", CHROMIUM),
    ("doh.umbrella.com", CISCO),
    ("doh.xfinity.com", CHROMIUM),
    ("dot.cox.net", CHROMIUM),
    ("dot.pub", ADGUARD),
    ("dot.quickline.ch", CHROMIUM),
    ("dot.xfinity.com", CHROMIUM),
    ("family-filter-dns.cleanbrowsing.org", CHROMIUM),
    ("familyshield.opendns.com", ADGUARD),
    ("freedns.controld.com", ADGUARD),
    ("joindns4.eu", ADGUARD),
    ("odvr.nic.cz", CHROMIUM),
    ("one.one.one.one", CHROMIUM),
    ("public.dns.iij.jp", CHROMIUM),
    ("security-filter-dns.cleanbrowsing.org", CHROMIUM),
    ("unicast.uncensoreddns.org", DNSCRYPT),
];

/// Providers that Chromium ships, read in November 2026.
const CHROMIUM: &str =
    "https://source.chromium.org/chromium/chromium/src/+/main:net/dns/public/doh_provider_entry.cc";
/// Providers that the maker of a resolver lists, its own among them, as of July 2026.
const ADGUARD: &str = "https://adguard-dns.io/kb/general/dns-providers/";
/// The same list until July 2022, when its maker's own servers took other names.
const ADGUARD_2022: &str = "https://github.com/AdguardTeam/KnowledgeBaseDNS/commit/4eab4dbf";
/// The same list until October 2025, when the service ended.
const ADGUARD_2025: &str = "https://github.com/AdguardTeam/KnowledgeBaseDNS/commit/16a5d0dc";
/// Public resolvers of the DNSCrypt project, as of July 2026.
const DNSCRYPT: &str =
    "https://github.com/DNSCrypt/dnscrypt-resolvers/blob/master/v3/public-resolvers.md";
/// The same list in July 2024: the stamp of `ams-doh-nl` holds the name; it left the list since.
const DNSCRYPT_2024: &str = "https://github.com/DNSCrypt/dnscrypt-resolvers/blob/842987e0b2c1b3d18d84add001e675f303fa0b67/v3/public-resolvers.md";
/// The operator's page.
const CONTROLD: &str = "https://docs.controld.com/docs/control-d-ip-ranges";
/// The operator's page.
const CISCO: &str = "https://www.cisco.com/c/en/us/support/docs/security/umbrella/224705-configure-dns-over-https-doh-with.html";

/// The port of DNS over TLS and QUIC (RFC 7858 §3.1, RFC 9250 §4.1.1).
pub(in crate::name) const ENCRYPTED: u16 = 853;

/// Whether a name sent in a hello is that of a public resolver.
pub(in crate::name) fn is_resolver(name: &str) -> bool {
    let mut rest = Some(name);
    while let Some(suffix) = rest {
        if RESOLVERS.binary_search_by_key(&suffix, |(name, _)| name).is_ok() {
            return true;
        }
        rest = suffix.split_once('.').map(|(_, parent)| parent);
    }
    false
}

/// Whether a protocol offered in a hello is DNS (IANA's ALPN registry: `dot` of RFC 7858, `doq`
/// of RFC 9250, and the latter's drafts).
pub(in crate::name) fn is_dns_protocol(alpn: &str) -> bool {
    matches!(alpn, "dot" | "doq") || alpn.starts_with("doq-i")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::HostName;

    #[test]
    fn resolvers_are_sorted_and_names_below_them_are_theirs() {
        assert!(RESOLVERS.is_sorted_by(|(a, _), (b, _)| a < b));
        for (name, source) in RESOLVERS {
            assert!(source.starts_with("https://") && !source.contains(' '), "{name}: {source}");
            assert!(HostName::from_wire(name.as_bytes()).is_ok(), "{name}");
        }
        for name in ["dns.google", "ab12cd.dns.nextdns.io", "mozilla.cloudflare-dns.com"] {
            assert!(is_resolver(name), "{name}");
        }
        for name in ["www.google", "google", "nextdns.io", "xdns.google", "dns.google.example", ""]
        {
            assert!(!is_resolver(name), "{name}");
        }
        assert!(is_dns_protocol("doq") && is_dns_protocol("doq-i11") && !is_dns_protocol("h2"));
    }
}
