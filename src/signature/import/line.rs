//! One line of a list.

use std::net::IpAddr;

use super::LeftOut;

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing, a comment, a heading, or an entry of every hosts file (`127.0.0.1 localhost`).
    Blank,
    /// Names that are listed, as patterns; each inner list is one entry.
    Listed(Vec<Vec<String>>),
    /// Names that the list excepts.
    Excepted(Vec<String>),
    /// An entry that says nothing about hosts alone.
    LeftOut(LeftOut),
}

/// Reads a line of a hosts file, a list of names, filter rules or a dnsmasq configuration: what
/// one writes means nothing else in another.
pub(super) fn read(line: &str) -> Line {
    let line = line.trim();
    if line.is_empty() || is_comment(line) {
        return Line::Blank;
    }
    if let Some(exception) = line.strip_prefix("@@") {
        return match filter_rule(exception) {
            Ok(patterns) => Line::Excepted(patterns),
            Err(why) => Line::LeftOut(why),
        };
    }
    if line.contains("##") || line.contains("#@#") || line.contains("#?#") || line.contains("#$#") {
        return Line::LeftOut(LeftOut::NotAHostRule);
    }
    if line.starts_with('/') || line.starts_with('^') || line.starts_with("(^|") {
        return regular_expression(line);
    }
    if line.starts_with('|') {
        return entry(filter_rule(line));
    }
    if let Some((directive, value)) = line.split_once('=') {
        return dnsmasq(directive.trim(), value.trim());
    }
    names(line)
}

/// Comments of all kinds; `[Adblock Plus 2.0]` heads a filter list.
fn is_comment(line: &str) -> bool {
    let cosmetic = line.starts_with("##") && line.get(2..3).is_some_and(|c| ".#[a-z".contains(c));
    line.starts_with('!')
        || line.starts_with(';')
        || (line.starts_with('#') && !cosmetic)
        || (line.starts_with('[') && line.ends_with(']'))
}

fn entry(patterns: Result<Vec<String>, LeftOut>) -> Line {
    patterns.map_or_else(Line::LeftOut, |patterns| Line::Listed(vec![patterns]))
}

/// `||host^` is the host and all below it, `|host^` the host, `||*.host^` all below it. Of the
/// options only those are understood that leave the host blocked as a whole.
fn filter_rule(rule: &str) -> Result<Vec<String>, LeftOut> {
    let (rule, options) = rule.rsplit_once('$').unwrap_or((rule, ""));
    let whole = ["", "all", "important", "third-party", "3p"];
    if options.split(',').any(|option| !whole.contains(&option.trim())) {
        return Err(LeftOut::Conditional);
    }
    let (rule, wide) = match (rule.strip_prefix("||"), rule.strip_prefix('|')) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        (None, None) => (rule, false),
    };
    let host = rule.strip_suffix("^|").or_else(|| rule.strip_suffix('^')).unwrap_or(rule);
    if host.contains(['/', '^', '|', '?', '=', ':']) {
        return Err(LeftOut::NotAHostRule);
    }
    let host = host.to_ascii_lowercase();
    Ok(match host.strip_prefix("*.") {
        Some(suffix) => vec![format!("*.{suffix}")],
        None if wide => with_all_below(&host),
        None => vec![host],
    })
}

fn with_all_below(host: &str) -> Vec<String> {
    vec![host.to_owned(), format!("*.{host}")]
}

/// `/^name\.[^.]+\.suffix$/` and the same without slashes: what the export writes for
/// `name.*.suffix`. `(^|\.)suffix$` and `\.suffix$` as Pi-hole's users write them.
fn regular_expression(line: &str) -> Line {
    let expression = line.strip_prefix('/').and_then(|l| l.strip_suffix('/')).unwrap_or(line);
    let pattern = || {
        if let Some(rest) = expression.strip_prefix("(^|\\.)") {
            return Some(with_all_below(&literal(rest.strip_suffix('$')?)?));
        }
        let rest = expression.strip_prefix('^')?.strip_suffix('$')?;
        if let Some(suffix) = rest.strip_prefix(".+\\.") {
            return Some(vec![format!("*.{}", literal(suffix)?)]);
        }
        let (first, last) = rest.split_once("\\.[^.]+\\.")?;
        Some(vec![format!("{}.*.{}", literal(first)?, literal(last)?)])
    };
    pattern().map_or(Line::LeftOut(LeftOut::RegularExpression), |p| Line::Listed(vec![p]))
}

/// The text that an expression without anything special but `\.` stands for.
fn literal(expression: &str) -> Option<String> {
    let text = expression.replace("\\.", ".");
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    // A dot without a backslash is any octet.
    let dots = expression.matches("\\.").count() == expression.matches('.').count();
    (dots && text.bytes().all(plain)).then(|| text.to_ascii_lowercase())
}

/// `address=/a/b/0.0.0.0`, `server=/a/` and `local=/a/` mean the domain with all below it,
/// `/*.a/` all below it; `host-record=a,…` is one name.
fn dnsmasq(directive: &str, value: &str) -> Line {
    match directive {
        "address" | "server" | "local" => {
            let mut parts = value.split('/');
            let (Some(""), Some(_)) = (parts.next(), parts.clone().next()) else {
                return Line::LeftOut(LeftOut::NotAHostRule);
            };
            let mut domains: Vec<&str> = parts.collect();
            // The last part is where the names shall lead.
            domains.pop();
            let domains = domains.into_iter().filter(|domain| !domain.is_empty());
            Line::Listed(
                domains
                    .map(|domain| {
                        let domain = domain.trim_start_matches('.').to_ascii_lowercase();
                        if domain.starts_with('*') { vec![domain] } else { with_all_below(&domain) }
                    })
                    .collect(),
            )
        }
        "host-record" => {
            let names = value.split(',').take_while(|part| part.parse::<IpAddr>().is_err());
            Line::Listed(names.map(|name| vec![name.trim().to_ascii_lowercase()]).collect())
        }
        _ => Line::LeftOut(LeftOut::Unknown),
    }
}

/// `0.0.0.0 name name`, or a name alone, with `*.` or `name.*.suffix` where the list has them.
fn names(line: &str) -> Line {
    let line = line.split('#').next().unwrap_or_default();
    let mut words = line.split_whitespace().peekable();
    let is_hosts_file = words.peek().is_some_and(|word| word.parse::<IpAddr>().is_ok());
    if is_hosts_file {
        words.next();
        if words.peek().is_none() {
            return Line::LeftOut(LeftOut::Address);
        }
    }
    let names: Vec<_> = words
        .map(|name| name.trim_end_matches('.').to_ascii_lowercase())
        .filter(|name| !(is_hosts_file && is_the_machines_own(name)))
        .map(|name| vec![name])
        .collect();
    match names.len() {
        0 => Line::Blank,
        2.. if !is_hosts_file => Line::LeftOut(LeftOut::Unknown),
        _ => Line::Listed(names),
    }
}

/// Names that every hosts file holds.
fn is_the_machines_own(name: &str) -> bool {
    const OWN: [&str; 10] = [
        "0.0.0.0",
        "broadcasthost",
        "ip6-allhosts",
        "ip6-allnodes",
        "ip6-allrouters",
        "ip6-localhost",
        "ip6-localnet",
        "ip6-loopback",
        "ip6-mcastprefix",
        "local",
    ];
    name.starts_with("localhost") || OWN.contains(&name)
}
