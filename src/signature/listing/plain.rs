//! Lists that name hosts and nothing else.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{ListForm, Listed, Pattern, Signature, networks, patterns, whole_name};

pub(super) fn write(
    form: ListForm,
    signatures: &[&Signature],
    date: &str,
    out: &mut dyn Write,
) -> io::Result<Listed> {
    let patterns = patterns(signatures);
    let mark = if form == ListForm::Adblock { '!' } else { '#' };
    writeln!(out, "{mark} hosts of {} vigie signatures", signatures.len())?;
    writeln!(out, "{mark} Last modified: {date}")?;
    let mut listed = Listed { networks_left_out: networks(signatures), ..Listed::default() };
    for text in &patterns {
        match line(form, text, &patterns) {
            Said::Line(line) => {
                listed.patterns += 1;
                writeln!(out, "{line}")?;
            }
            Said::WithAnother => listed.patterns += 1,
            Said::Not => listed.patterns_left_out += 1,
        }
    }
    Ok(listed)
}

/// How a form says a pattern.
enum Said {
    Line(String),
    /// In the line of another pattern.
    WithAnother,
    Not,
}

fn line(form: ListForm, text: &str, all: &BTreeSet<&str>) -> Said {
    let pattern = Pattern::split(text);
    // Many forms have one line for a name with all below it.
    let wide = match pattern {
        Pattern::Exact(name) => all.contains(format!("*.{name}").as_str()),
        Pattern::Below(suffix) => all.contains(suffix),
        Pattern::Inside { .. } => false,
    };
    Said::Line(match (form, pattern) {
        (ListForm::Hosts, Pattern::Exact(name)) => format!("0.0.0.0 {name}"),
        (ListForm::Hosts, _) | (ListForm::Dnsmasq, Pattern::Inside { .. }) => return Said::Not,
        (ListForm::Adblock | ListForm::Dnsmasq, Pattern::Below(_)) if wide => {
            return Said::WithAnother;
        }
        (ListForm::Adblock, Pattern::Exact(name)) if wide => format!("||{name}^"),
        (ListForm::Adblock, Pattern::Exact(name)) => format!("|{name}^"),
        (ListForm::Adblock, Pattern::Below(suffix)) => format!("||*.{suffix}^"),
        (ListForm::Adblock, Pattern::Inside { .. }) => format!("/{}/", whole_name(pattern)),
        (ListForm::Dnsmasq, Pattern::Exact(name)) if wide => format!("address=/{name}/0.0.0.0"),
        (ListForm::Dnsmasq, Pattern::Exact(name)) => format!("host-record={name},0.0.0.0"),
        (ListForm::Dnsmasq, Pattern::Below(suffix)) => format!("address=/*.{suffix}/0.0.0.0"),
        (ListForm::PiHole, Pattern::Below(_) | Pattern::Inside { .. }) => whole_name(pattern),
        _ => text.to_owned(),
    })
}
