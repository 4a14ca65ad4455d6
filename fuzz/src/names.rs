//! What holds for the search for names.

use vigie::flow::Side;
use vigie::name::{Budget, Findings, Fingerprint, HostName, NameSearch, Piece, PieceKind};

/// The room that the searches of this law share: small, so that it is reached.
const ROOM: usize = 64 * 1024;

/// Every name found is a host name in the one form there is, a program's name is a short text, buffers stay within the budget, and a
/// closed search gives all of them back.
///
/// The input is a row of pieces: what (bit 0 side, bit 1 datagram, bit 2 SYN, bit 3 cut), sequence number's
/// distance to what comes next (one octet, signed), length (two octets), octets. The first octet chooses the ports.
pub fn names_are_host_names_within_bounds(input: &[u8]) {
    let Some((&first, mut rest)) = input.split_first() else { return };
    let ports = [(40_000, 443), (40_000, 80), (40_000, 53), (40_000, 4433)][usize::from(first % 4)];
    let mut search = NameSearch::default();
    let mut budget = Budget { used: 0, limit: ROOM, hits: 0 };
    let mut findings = Findings::default();
    let mut next = [1_u32, u32::MAX - 1000];
    while let Some((head, after)) = rest.split_at_checked(4) {
        let length = usize::from(u16::from_be_bytes([head[2], head[3]])).min(after.len());
        let (payload, left) = after.split_at(length);
        rest = left;
        let piece = piece(head, payload, ports, &mut next);
        search.offer(&piece, &mut findings, &mut budget);
        check(&findings, &budget);
        findings.clear();
    }
    let _ = search.without();
    search.close(&mut budget);
    assert_eq!(budget.used, 0, "a closed search keeps nothing");
}

fn piece<'a>(
    head: &[u8],
    payload: &'a [u8],
    (client, server): (u16, u16),
    next: &mut [u32; 2],
) -> Piece<'a> {
    let what = head[0];
    let up = what & 1 == 0;
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let kind = if what & 2 == 0 {
        let expected = &mut next[usize::from(what & 1)];
        let seq = expected.wrapping_add_signed(i32::from(head[1].cast_signed()));
        *expected = seq.wrapping_add(length);
        PieceKind::Segment { seq, syn: what & 4 != 0 }
    } else {
        PieceKind::Datagram
    };
    Piece {
        side: if up { Side::Low } else { Side::High },
        kind,
        ports: if up { (client, server) } else { (server, client) },
        payload,
        wire_len: length + if what & 8 == 0 { 0 } else { 100 },
    }
}

fn check(findings: &Findings, budget: &Budget) {
    assert!(budget.used <= budget.limit, "{} octets kept, {} allowed", budget.used, budget.limit);
    if let Some((_, software)) = &findings.software {
        assert!((1..128).contains(&software.chars().count()), "{software:?}: no program's name");
    }
    if let Some(offer) = findings.fingerprint.as_ref().and_then(Fingerprint::quic) {
        let program = offer.user_agent.as_deref().unwrap_or("-");
        assert!((1..=255).contains(&program.len()), "{program:?}: no program's name");
        assert!(offer.parameters.is_sorted() && offer.parameters.len() <= 64, "{offer:?}");
    }
    let answers = findings.answers.iter().flat_map(|a| a.chain.iter().chain([&a.asked]));
    for name in findings.names.iter().map(|(name, _)| name).chain(answers) {
        let again = HostName::from_wire(name.as_str().as_bytes());
        assert_eq!(again.as_ref(), Ok(name), "{name:?} is not a host name in the one form");
    }
}
