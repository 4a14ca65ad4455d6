//! The kernel's machine, as far as the compiler's programs go, for tests.

use super::Instruction;

/// A frame as the kernel keeps it.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) octets: Vec<u8>,
    pub(super) hardware: u32,
    pub(super) protocol: u16,
    /// Where the network header is.
    pub(super) network: usize,
    /// The control information of a tag that is kept apart.
    pub(super) tag: Option<u16>,
}

impl Kept {
    /// An Ethernet frame with its tags, if any, in the frame.
    pub(super) fn ethernet(octets: &[u8]) -> Self {
        let protocol = octets.get(12..14).map_or(0, |k| u16::from_be_bytes([k[0], k[1]]));
        Self { octets: octets.to_vec(), hardware: 1, protocol, network: 14, tag: None }
    }

    /// The same with the outermost tag apart, as the kernel does it with frames that come in.
    pub(super) fn untagged(octets: &[u8]) -> Self {
        let whole = Self::ethernet(octets);
        if !matches!(whole.protocol, 0x8100 | 0x88a8) || octets.len() < 18 {
            return whole;
        }
        let rest = [&octets[..12], &octets[16..]].concat();
        let tag = Some(u16::from_be_bytes([octets[14], octets[15]]));
        Self { tag, ..Self::ethernet(&rest) }
    }

    /// The same without Ethernet header, on a tunnel.
    pub(super) fn tunnel(octets: &[u8]) -> Self {
        let Self { protocol, .. } = Self::ethernet(octets);
        let octets = octets.get(14..).unwrap_or_default().to_vec();
        Self { octets, hardware: 65534, protocol, network: 0, tag: None }
    }

    fn load(&self, at: u32, size: usize) -> Option<u32> {
        match at {
            0xffff_f000 => return Some(self.protocol.into()),
            0xffff_f01c => return Some(self.hardware),
            0xffff_f02c => return Some(self.tag.unwrap_or(0).into()),
            0xffff_f030 => return Some(self.tag.is_some().into()),
            _ => {}
        }
        let at = if at >= 0xfff0_0000 {
            self.network + (at - 0xfff0_0000) as usize
        } else {
            at as usize
        };
        let octets = self.octets.get(at..at.checked_add(size)?)?;
        Some(octets.iter().fold(0, |value, octet| value << 8 | u32::from(*octet)))
    }
}

/// What the program gives for a frame: octets to keep.
pub(super) fn run(program: &[Instruction], frame: &Kept) -> u32 {
    let (mut a, mut x, mut kept) = (0_u32, 0_u32, [None::<u32>; 16]);
    let mut at = 0;
    loop {
        let Instruction { code, yes, no, k } = program[at];
        at += 1;
        let size = match code & 0x18 {
            0x00 => 4,
            0x08 => 2,
            _ => 1,
        };
        let holds = match code {
            0x00 => {
                a = k;
                None
            }
            0x01 => {
                x = k;
                None
            }
            0x60 => {
                a = kept[k as usize].expect("kept before it is asked for");
                None
            }
            0x61 => {
                x = kept[k as usize].expect("kept before it is asked for");
                None
            }
            0x02 => {
                kept[k as usize] = Some(a);
                None
            }
            0x03 => {
                kept[k as usize] = Some(x);
                None
            }
            0x20 | 0x28 | 0x30 | 0x40 | 0x48 | 0x50 => {
                let place = if code & 0x40 == 0 { k } else { x.wrapping_add(k) };
                let Some(loaded) = frame.load(place, size) else { return 0 };
                a = loaded;
                None
            }
            0x07 => {
                x = a;
                None
            }
            0x54 => {
                a &= k;
                None
            }
            0x64 => {
                a <<= k;
                None
            }
            0x24 => {
                a = a.wrapping_mul(k);
                None
            }
            0x74 => {
                a >>= k;
                None
            }
            0x0c => {
                a = a.wrapping_add(x);
                None
            }
            0x05 => {
                at += k as usize;
                None
            }
            0x06 => return k,
            0x16 => return a,
            0x15 => Some(a == k),
            0x25 => Some(a > k),
            0x35 => Some(a >= k),
            0x45 => Some(a & k != 0),
            other => panic!("no such instruction: {other:#x}"),
        };
        match holds {
            Some(true) => at += usize::from(yes),
            Some(false) => at += usize::from(no),
            None => {}
        }
    }
}
