//! What the views show is the ledger: sums, moments, masks, reasons.

use super::*;

#[test]
fn sums_are_the_same_by_every_dimension() {
    let mut desk = Desk::new(&DATABASE);
    for dimension in View::DIMENSIONS {
        let order = Order { view: View::Rollup(dimension), ..Order::default() };
        let sheet = desk.work(&OFFICE, &order);
        let sum: u64 = sheet.rows.iter().map(|row| row.sums.counts.octets()).sum();
        assert_eq!(sum, OFFICE.balance.in_flows.octets, "{dimension:?}");
    }
}

#[test]
fn the_lanes_of_the_timeline_hold_every_octet() {
    let mut desk = Desk::new(&DATABASE);
    for columns in [1, 7, 60, 300] {
        let order = Order { view: View::Timeline, columns, ..Order::default() };
        let sheet = desk.work(&OFFICE, &order);
        for row in &sheet.rows {
            assert_eq!(row.series.iter().sum::<u64>(), row.sums.counts.octets());
        }
    }
}

#[test]
fn the_time_cursor_shows_the_ledger_as_it_stood() {
    let mut screen = english();
    let whole = screen.app.sheet.shown.flows;
    screen.press("7[[[[[[[[[[[[[[[[[[[[");
    let then = screen.app.sheet.shown.flows;
    assert!(then < whole && then > 0);
    assert!(screen.drawn().contains("ledger at "));
    screen.press("]");
    assert!(screen.app.sheet.shown.flows >= then);
    screen.press("\u{1b}");
    assert_eq!(screen.app.sheet.shown.flows, whole);
}

#[test]
fn a_replay_runs_from_the_start_to_the_end() {
    let settings = Settings { speed: Some(10.0), ..Settings::default() };
    let mut screen = Screen::new(settings, (100, 30));
    let mut counts = Vec::new();
    for tenth in 1..200_u64 {
        screen.app.tick(std::time::Duration::from_millis(tenth * 100));
        screen.drawn();
        counts.push(screen.app.sheet.shown.counts.octets());
    }
    assert!(counts.is_sorted() && counts[0] < counts[199 - 1]);
    assert_eq!(counts.last(), Some(&OFFICE.balance.in_flows.octets));
    assert!(screen.app.order.moment.is_none() && screen.app.replay.is_none());
}

#[test]
fn a_mask_hides_clients_on_every_view_and_leaves_the_sums() {
    let settings = Settings { mask: Mask::Clients, ..Settings::default() };
    let mut screen = Screen::new(settings, (200, 60));
    for keys in ["1", "2", "3", "4", "5", "7", "2\n"] {
        screen.press(keys);
        let drawn = screen.drawn();
        let mut words = drawn.split(|c: char| !c.is_ascii_digit() && c != '.');
        let client = words.find(|word| ["10.23.0.11", "10.23.0.12", "10.23.0.13"].contains(word));
        assert_eq!(client, None, "{drawn}");
        screen.app.page = None;
    }
    let csv = String::from_utf8(screen.app.csv().unwrap()).unwrap();
    assert!(csv.contains("client 1") && !csv.contains("10.23.0.11"));
    assert!(!screen.app.row_text().unwrap().contains("10.23.0.11"));
    screen.press("p5");
    assert!(screen.drawn().contains("10.23.0.11"), "{}", screen.drawn());
    assert_eq!(screen.app.sheet.shown.counts.octets(), OFFICE.balance.in_flows.octets);
}

#[test]
fn the_reason_of_a_grade_is_that_of_the_grade() {
    let mut screen = english();
    screen.press("2");
    let flows = &OFFICE.watched.as_ref().unwrap().flows;
    let mut tags = 0;
    for flow in flows {
        for tag in &flow.record.tags {
            let said = screen.app.reason(&screen.status, &flow.record, tag);
            assert_eq!(said, &*tag.reason);
            tags += 1;
        }
    }
    assert!(tags > 20);
}

#[test]
fn the_reason_is_that_of_the_grade_for_every_basis_and_ambiguity() {
    use crate::flow::FlowFlags;
    use crate::signature::{Basis, GradeFacts, grade};
    let screen = english();
    let flows = &OFFICE.watched.as_ref().unwrap().flows;
    let flow = flows.iter().find(|flow| flow.record.primary().is_some()).unwrap();
    let signature = DATABASE.signature(flow.record.primary().unwrap().signature);
    let ambiguous = [FlowFlags::DNS_AMBIGUOUS, FlowFlags::CERTIFICATE_AMBIGUOUS];
    for basis in Basis::ALL {
        for flags in [FlowFlags::default(), ambiguous[0], ambiguous[1]] {
            let (grade, reason) = grade(GradeFacts {
                basis,
                exclusivity: signature.exclusivity,
                confidence: signature.confidence,
                ambiguous: (basis == Basis::Dns && flags == ambiguous[0])
                    || (basis == Basis::Certificate && flags == ambiguous[1]),
                mixed: false,
                one_sided: false,
                status: signature.status,
                active_until: signature.active_until.as_deref(),
                at: flow.record.first,
            });
            let mut record = (*flow.record).clone();
            record.flags = flags;
            let tag = &mut record.tags[0];
            (tag.basis, tag.grade, tag.reason) = (basis, grade, reason.into());
            let tag = record.tags[0].clone();
            assert_eq!(screen.app.reason(&screen.status, &record, &tag), &*tag.reason);
        }
    }
}

#[test]
fn markers_are_drawn_and_jumped_to() {
    let mut screen = english();
    let (first, last) = screen.app.sheet.span.unwrap();
    let time = CaptureTime(first.0 + (last.0 - first.0) / 2);
    screen.status.markers.push(Marker { time, label: "Teams on".to_owned() });
    screen.press("7'");
    assert_eq!(screen.app.order.moment, Some(time));
    assert!(screen.drawn().contains("▼1 Teams on"));
    let wish = screen.press("mTeams off\n");
    assert_eq!(wish, Some(Wish::Mark(Marker { time, label: "Teams off".to_owned() })));
}
