//! What a server of TLS 1.2 or older says up to the end of its own certificate (RFC 5246 §7.4.2):
//! where that end is.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

/// Follows the records of a server's first octets, which may split messages anywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    /// Octets of the current record's header that were read, and the header so far.
    header: (u8, [u8; RECORD]),
    /// Octets of the current record still to come, and of all of it.
    left: u32,
    record: u32,
    /// Octets of a message that are passed over.
    skip: u32,
    /// Octets that tell a message's kind and lengths.
    lengths: (u8, [u8; LENGTHS]),
    at: At,
}

/// Which message is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// The ServerHello, or a warning before it.
    Hello,
    /// The Certificate.
    Certificate,
}

/// What octets of a flight tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Not yet where the certificate ends.
    Further,
    /// It ends so many octets after the first that were handed over last, if its records are as
    /// long as the one in which it begins.
    EndsAfter(u32),
    /// No certificate will come.
    None,
}

/// Octets of a record's header.
const RECORD: usize = 5;
/// Octets of a message's header.
const MESSAGE: u8 = 4;
/// The same, and the lengths of the list and of the first certificate in it.
const LENGTHS: usize = 10;
/// Octets of a ServerHello, and of a server's own certificate, that are kept: what vigie's search
/// reads at most.
const LONGEST_SERVER_HELLO: u32 = 4096;
const LONGEST_LEAF: u32 = 32 * 1024;

impl Flight {
    /// Whether a direction begins as a server's does.
    pub(super) fn may_start(octets: &[u8]) -> bool {
        matches!(octets, [22, 3, 0..=3, _, _, 2, ..] | [21, 3, 0..=3, 0, 2, ..])
    }

    pub(super) fn start() -> Self {
        Self {
            header: (0, [0; RECORD]),
            left: 0,
            record: 0,
            skip: 0,
            lengths: (0, [0; LENGTHS]),
            at: At::Hello,
        }
    }

    /// Takes the next octets of the direction; not to be called after anything but `Further`.
    pub(super) fn read(&mut self, octets: &[u8]) -> Told {
        for (place, octet) in (1_u32..).zip(octets) {
            let told = if self.left == 0 { self.record(*octet) } else { self.content(*octet) };
            match told {
                Told::Further => {}
                Told::EndsAfter(further) => return Told::EndsAfter(place.saturating_add(further)),
                Told::None => return Told::None,
            }
        }
        Told::Further
    }

    /// An octet of a record's header.
    fn record(&mut self, octet: u8) -> Told {
        let (len, header) = &mut self.header;
        if let Some(place) = header.get_mut(usize::from(*len)) {
            *place = octet;
            *len += 1;
        }
        if usize::from(*len) < RECORD {
            return Told::Further;
        }
        let [kind, major, _, high, low] = *header;
        let record = u32::from(u16::from_be_bytes([high, low]));
        // A warning, mostly that a name is not known, may come before the ServerHello.
        let is_warning = kind == 21 && record == 2 && self.at == At::Hello && self.lengths.0 == 0;
        if major != 3 || record == 0 || !(kind == 22 || is_warning) {
            return Told::None;
        }
        if is_warning {
            self.skip += record;
        }
        (self.left, self.record) = (record, record);
        self.header = (0, [0; RECORD]);
        Told::Further
    }

    /// An octet of a record's content.
    fn content(&mut self, octet: u8) -> Told {
        self.left -= 1;
        if self.skip > 0 {
            self.skip -= 1;
            return Told::Further;
        }
        let (len, lengths) = &mut self.lengths;
        if let Some(place) = lengths.get_mut(usize::from(*len)) {
            *place = octet;
            *len += 1;
        }
        let kind = lengths.first().copied();
        let number = |at: usize| {
            let octets = lengths.get(at..at + 3).unwrap_or_default();
            octets.iter().fold(0, |sum, octet| sum << 8 | u32::from(*octet))
        };
        let message = number(1);
        match (self.at, *len) {
            (At::Hello, MESSAGE) => {
                if kind != Some(2) || message > LONGEST_SERVER_HELLO {
                    return Told::None;
                }
                (self.skip, self.at) = (message, At::Certificate);
                self.lengths = (0, [0; LENGTHS]);
            }
            (At::Certificate, MESSAGE) if kind != Some(11) => return Told::None,
            (At::Certificate, len) if usize::from(len) == LENGTHS => {
                let leaf = number(7);
                if leaf == 0 || leaf > message.saturating_sub(6) || leaf > LONGEST_LEAF {
                    return Told::None;
                }
                let beyond = leaf.saturating_sub(self.left);
                let headers = beyond.div_ceil(self.record.max(1)).saturating_mul(5);
                return Told::EndsAfter(leaf.saturating_add(headers));
            }
            _ => {}
        }
        Told::Further
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A flight with a certificate of so many octets, in records of at most `fragment`, and
    /// where the certificate ends in it.
    pub(in super::super) fn flight(leaf: u32, fragment: usize) -> (Vec<u8>, usize) {
        let u24 = |number: u32| number.to_be_bytes()[1..].to_vec();
        let certificates = [u24(leaf), vec![7; leaf as usize], u24(9), vec![8; 9]].concat();
        let list = u32::try_from(certificates.len()).unwrap();
        let message = |kind: u8, body: &[u8]| {
            [&[kind][..], &u24(u32::try_from(body.len()).unwrap()), body].concat()
        };
        let messages = [
            message(2, &[3; 70]),
            message(11, &[u24(list), certificates].concat()),
            message(14, &[]),
        ]
        .concat();
        let end = 74 + 10 + leaf as usize;
        let mut stream = vec![21, 3, 3, 0, 2, 1, 112];
        let mut at = None;
        for (number, part) in messages.chunks(fragment).enumerate() {
            stream.extend([22, 3, 3]);
            stream.extend(u16::try_from(part.len()).unwrap().to_be_bytes());
            if (number * fragment..number * fragment + part.len()).contains(&(end - 1)) {
                at = Some(stream.len() + end - number * fragment);
            }
            stream.extend(part);
        }
        (stream, at.unwrap())
    }

    #[test]
    fn the_end_of_the_certificate_is_told_once_its_lengths_are_there() {
        for fragment in [40, 100, 2000] {
            let (stream, end) = flight(600, fragment);
            assert!(Flight::may_start(&stream));
            for cut in 1..end {
                let mut flight = Flight::start();
                let told = match flight.read(&stream[..cut]) {
                    Told::Further => match flight.read(&stream[cut..]) {
                        Told::EndsAfter(further) => cut + further as usize,
                        told => panic!("{told:?}"),
                    },
                    Told::EndsAfter(end) => end as usize,
                    Told::None => panic!("{fragment} {cut}"),
                };
                assert!((end..end + 6).contains(&told), "{fragment} {cut}: {told}, not {end}");
            }
        }
    }

    #[test]
    fn a_flight_without_a_certificate_tells_so() {
        let read = |octets: &[u8]| Flight::start().read(octets);
        let mut hello = vec![22, 3, 3, 0, 6, 2, 0, 0, 2, 3, 3];
        assert_eq!(read(&hello), Told::Further);
        hello.extend([20, 3, 3, 0, 1, 1]);
        assert_eq!(read(&hello), Told::None, "TLS 1.3, or a session that goes on");
        assert_eq!(read(&[22, 3, 3, 0, 6, 1, 0, 0, 2]), Told::None);
        let (mut stream, _) = flight(600, 2000);
        stream[7 + 5 + 74 + 7] = 1;
        assert_eq!(read(&stream), Told::None, "longer than what is kept");
    }
}
