//! What registers of addresses and hardware add to the screen.

use super::*;

#[test]
fn caveats_of_registers_are_those_of_the_reports() {
    use crate::ledger::{MAKER_CAVEAT, PLACE_CAVEAT};
    assert_eq!(Language::English.say("caveat-place"), PLACE_CAVEAT);
    assert_eq!(Language::English.say("caveat-maker"), MAKER_CAVEAT);
}

/// The office, with what registers would say.
fn registered() -> Arc<Snapshot> {
    use crate::ledger::{Assigned, AssignmentFile, Assigns};
    let mut snapshot = (*read("office-hour.pcapng")).clone();
    let file = |assigns, kind: &str, date: &str| AssignmentFile {
        assigns,
        path: "oui.txt".to_owned(),
        kind: kind.to_owned(),
        date: date.to_owned(),
        damaged: false,
    };
    snapshot.assignments = vec![
        file(Assigns::Country, "Test-Country", "2026-10-01"),
        file(Assigns::Network, "Test-ASN", "2026-10-02"),
        file(Assigns::Hardware, "", "2026-10-03"),
    ];
    let watched = snapshot.watched.take().unwrap();
    snapshot.watched = Some(Arc::new(watched.map(|flow| {
        let mut record = (*flow.record).clone();
        record.assigned = Some(Box::new(Assigned {
            country: Some("IE".into()),
            asn: Some(64_500),
            owner: Some("Acme Net".into()),
            maker: Some("Acme Radios".into()),
        }));
        Some(WatchedFlow { record: Arc::new(record), ..flow.clone() })
    })));
    Arc::new(snapshot)
}

#[test]
fn registers_are_shown_with_their_dates_and_caveats_and_hidden_by_the_mask() {
    let mut screen = Screen::new(Settings::default(), (120, 40));
    screen.snapshot = registered();
    screen.drawn();
    for (word, value, cited, caveat) in [
        ("country", "IE", "by Test-Country of 2026-10-01", "not where data ends"),
        ("network-owner", "Acme Net", "by Test-ASN of 2026-10-02", "not where data ends"),
        ("oui", "Acme Radios", "by oui.txt of 2026-10-03", "the hardware that sent"),
    ] {
        screen.press(&format!(":by {word}\n"));
        let drawn = screen.drawn();
        for text in [value, cited, caveat] {
            assert!(drawn.contains(text), "{word}: {text} is missing:\n{drawn}");
        }
    }
    screen.press("2\n");
    let page = screen.drawn();
    for text in ["IE  (by Test-Country", "Acme Net (AS64500)  (by Test-ASN", "Acme Radios  (by"] {
        assert!(page.contains(text), "{text} is missing:\n{page}");
    }
    screen.press("\u{1b}:mask all\n");
    for keys in [":by country\n", ":by network-owner\n", ":by oui\n", "2\n"] {
        screen.press(keys);
        let drawn = screen.drawn();
        assert!(!drawn.contains("Acme") && !drawn.contains("IE "), "{keys}: {drawn}");
        assert!(keys == "2\n" || drawn.contains("masked"), "{keys}: {drawn}");
    }
}

#[test]
fn only_registers_that_were_given_are_among_the_dimensions_of_a() {
    let mut screen = Screen::new(Settings::default(), (120, 40));
    let seen = |screen: &mut Screen<'_>| {
        screen.press("3");
        (0..40).any(|_| {
            screen.press("a");
            screen.app.order.view == View::Rollup(Dimension::Country)
        })
    };
    assert!(!seen(&mut screen));
    screen.snapshot = registered();
    screen.drawn();
    assert!(seen(&mut screen));
}
