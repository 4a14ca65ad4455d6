//! Octets that are collected until they are a whole message.

/// Appends to what is held. Room grows twofold, so that work is linear in the octets, but not beyond
/// `most`, the length that is expected or allowed: a vector by itself may take twice what it needs,
/// and the bounds are of room in use.
pub(in crate::name) fn append(held: &mut Vec<u8>, octets: &[u8], most: usize) {
    let needed = held.len() + octets.len();
    if needed > held.capacity() {
        let room = needed.max(most.min(2 * held.capacity().max(LEAST)));
        held.reserve_exact(room - held.len());
    }
    held.extend_from_slice(octets);
}

/// Octets of the first room.
const LEAST: usize = 32;

#[cfg(test)]
mod tests {
    use super::append;

    #[test]
    fn room_grows_twofold_up_to_the_expected_length() {
        let (mut held, mut rooms) = (Vec::new(), Vec::new());
        for _ in 0..1000 {
            append(&mut held, b"x", 1000);
            rooms.push(held.capacity());
        }
        rooms.dedup();
        assert_eq!(rooms, [64, 128, 256, 512, 1000]);
        assert_eq!(held, [b'x'; 1000]);
        append(&mut held, b"yz", 1000);
        assert_eq!((held.len(), held.capacity()), (1002, 1002));
    }
}
