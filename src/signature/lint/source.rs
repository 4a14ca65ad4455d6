//! Sources of shipped signatures that name no place where a reader could look.

use super::Rule;
use super::subject::{Finding, Subject};

/// Finds signatures none of whose sources can be looked up.
pub(super) fn find(subjects: &[Subject<'_>], findings: &mut Vec<Finding>) {
    for subject in subjects {
        let sources = &subject.located.signature.sources;
        if sources.iter().any(|source| can_be_looked_up(&source.r#ref)) {
            continue;
        }
        findings.push(subject.finding(
            None,
            Rule::Source,
            "no source says where to look it up".to_owned(),
            "give an address in `ref`, or owner/repository and path".to_owned(),
        ));
    }
}

/// Whether a reference holds a path (an address, owner/repository, a file; nothing left out of it),
/// the number of a paper, or begins, as one of its parts between semicolons, with a site.
fn can_be_looked_up(reference: &str) -> bool {
    let mut words = reference.split_whitespace().map(bare);
    words.any(|word| is_path(word) || is_paper(word))
        || reference.split(';').filter_map(|part| part.split_whitespace().next()).any(is_site)
}

/// Without the marks around it that belong to the sentence.
fn bare(word: &str) -> &str {
    word.trim_matches(|c| matches!(c, '(' | ')' | ',' | ';' | ':' | '.'))
}

fn is_path(word: &str) -> bool {
    let parts = word.split_once('/').filter(|_| !word.contains('…'));
    parts.is_some_and(|(before, after)| !before.is_empty() && !after.is_empty())
}

fn is_paper(word: &str) -> bool {
    word.split_once(':').is_some_and(|(scheme, number)| {
        ["doi", "arxiv"].contains(&&*scheme.to_ascii_lowercase()) && !number.is_empty()
    })
}

fn is_site(word: &str) -> bool {
    psl::domain_str(bare(word)).is_some()
        && psl::suffix(bare(word).as_bytes()).is_some_and(|suffix| suffix.is_known())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_a_path_a_paper_or_a_leading_site_can_be_looked_up() {
        for reference in [
            "https://acme.example/docs",
            "acme/client, src/api.py, commit 0837573",
            "list as mirrored in (acme/lists), 3p/list.txt",
            "doi:10.1109/MSP.2020.1",
            "arXiv:2104.14952",
            "support.apple.com, HT210060",
            "observed in 2024; docs.acme.com, Endpoints",
        ] {
            assert!(can_be_looked_up(reference), "{reference}");
        }
        for reference in [
            "r",
            "",
            "own observation, 2024",
            "public clients that call jlp-ifas below wirelesscar.net; undated",
            "public lists that link www.acme.com as its site",
            "Vendor Learn, tutorial for the product; undated",
            "a list / another",
            "tests that sign in at app.….acme.com/session",
            "doi: unknown",
        ] {
            assert!(!can_be_looked_up(reference), "{reference}");
        }
    }
}
