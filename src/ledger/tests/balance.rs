use crate::decode::DecodeError;
use crate::ledger::{Balance, Quantity};

/// A balance that holds, with something in every part.
fn balance() -> Balance {
    let quantity = |frames: u64| Quantity { frames, octets: frames * 100 };
    let mut balance = Balance {
        in_flows: quantity(5),
        not_ip: quantity(4),
        outside: quantity(3),
        duplicates: quantity(2),
        ..Balance::default()
    };
    balance.undecodable(DecodeError::UnknownLinkType(147), 70);
    balance.read = balance.accounted();
    balance
}

#[test]
fn it_holds_where_every_frame_and_octet_stands_in_one_part() {
    let balance = balance();
    assert_eq!(balance.read, Quantity { frames: 15, octets: 1470 });
    assert!(balance.holds());
    assert!(Balance::default().holds());
}

#[test]
fn it_does_not_hold_where_one_frame_or_one_octet_is_off_anywhere() {
    type Part = fn(&mut Balance) -> &mut Quantity;
    let parts: [Part; 6] = [
        |b| &mut b.read,
        |b| &mut b.in_flows,
        |b| &mut b.not_ip,
        |b| &mut b.undecodable,
        |b| &mut b.outside,
        |b| &mut b.duplicates,
    ];
    for (number, part) in parts.into_iter().enumerate() {
        for off in [Quantity { frames: 1, octets: 0 }, Quantity { frames: 0, octets: 1 }] {
            let mut more = balance();
            part(&mut more).add(off);
            assert!(!more.holds(), "part {number}, {off:?} more");
            let mut less = balance();
            let quantity = part(&mut less);
            quantity.frames -= off.frames;
            quantity.octets -= off.octets;
            assert!(!less.holds(), "part {number}, {off:?} less");
        }
    }
}

#[test]
fn reasons_sum_to_what_could_not_be_decoded() {
    let mut balance = Balance::default();
    for wire_len in [60, 70] {
        balance.undecodable(DecodeError::UnknownLinkType(147), wire_len);
    }
    balance.undecodable(DecodeError::UnknownLinkType(148), 80);
    assert_eq!(balance.undecodable, Quantity { frames: 3, octets: 210 });
    let known = balance.undecodable_by.get("link type 147 is not known");
    assert_eq!(known, Some(&Quantity { frames: 2, octets: 130 }));
    assert_eq!(balance.undecodable_by.len(), 2);
}
