//! Names of public resolvers that speak DNS over HTTPS, TLS or QUIC (RFC 8484, RFC 7858,
//! RFC 9250): what a client asks of them, nobody on the way can read.

/// Resolvers by the name that clients send in their hello, sorted; names below them belong to
/// them, too (a customer's `abcdef.dns.nextdns.io`).
///
/// Sources, as of 2026: the providers that Chromium ships
/// (<https://source.chromium.org/chromium/chromium/src/+/main:net/dns/public/doh_provider_entry.cc>),
/// Mozilla's resolvers (<https://wiki.mozilla.org/Security/DOH-resolver-policy>), and the
/// providers' own pages: <https://developers.google.com/speed/public-dns/docs/secure-transports>,
/// <https://developers.cloudflare.com/1.1.1.1/encryption/>,
/// <https://quad9.net/service/service-addresses-and-features/>,
/// <https://adguard-dns.io/en/public-dns.html>,
/// <https://mullvad.net/en/help/dns-over-https-and-dns-over-tls>,
/// <https://docs.controld.com/docs/free-dns>, <https://www.cira.ca/en/canadian-shield/>,
/// <https://www.dns0.eu/>, <https://www.joindns4.eu/for-public>.
const RESOLVERS: [&str; 44] = [
    "1dot1dot1dot1.cloudflare-dns.com",
    "8888.google",
    "adguard-dns.com",
    "adult-filter-dns.cleanbrowsing.org",
    "canadianshield.cira.ca",
    "cloudflare-dns.com",
    "dns.adguard.com",
    "dns.alidns.com",
    "dns.controld.com",
    "dns.digitale-gesellschaft.ch",
    "dns.google",
    "dns.google.com",
    "dns.levonet.sk",
    "dns.mullvad.net",
    "dns.nextdns.io",
    "dns.opendns.com",
    "dns.quad9.net",
    "dns.sb",
    "dns.switch.ch",
    "dns0.eu",
    "dns10.quad9.net",
    "dns11.quad9.net",
    "dns64.dns.google",
    "dns9.quad9.net",
    "dnsnl.alekberg.net",
    "doh-01.spectrum.com",
    "doh-02.spectrum.com",
    "doh.cleanbrowsing.org",
    "doh.cox.net",
    "doh.familyshield.opendns.com",
    "doh.opendns.com",
    "doh.pub",
    "doh.quickline.ch",
    "doh.umbrella.com",
    "doh.xfinity.com",
    "dot.pub",
    "family-filter-dns.cleanbrowsing.org",
    "freedns.controld.com",
    "joindns4.eu",
    "odvr.nic.cz",
    "one.one.one.one",
    "public.dns.iij.jp",
    "security-filter-dns.cleanbrowsing.org",
    "unicast.uncensoreddns.org",
];

/// The port of DNS over TLS and QUIC (RFC 7858 §3.1, RFC 9250 §4.1.1).
pub(in crate::name) const ENCRYPTED: u16 = 853;

/// Whether a name sent in a hello is that of a public resolver.
pub(in crate::name) fn is_resolver(name: &str) -> bool {
    let mut rest = Some(name);
    while let Some(suffix) = rest {
        if RESOLVERS.binary_search(&suffix).is_ok() {
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

    #[test]
    fn resolvers_are_sorted_and_names_below_them_are_theirs() {
        assert!(RESOLVERS.is_sorted());
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
