//! What a socket's program is made of besides the filter.

use super::machine::{GIVE, IF_EQUAL, INTERFACE, LOAD_WORD, straight};
use super::{BpfProgram, Instruction};

/// Lets nothing pass: until all sockets of a capture are ready.
pub(in crate::source::live) const NOTHING: [Instruction; 1] = [give(0)];
/// Lets everything pass, whole.
pub(in crate::source::live) const EVERYTHING: [Instruction; 1] = [give(u32::MAX)];

/// The program that keeps `snaplen` octets of what passes `filter`; `None` where everything is
/// kept whole.
pub(in crate::source::live) fn kept(
    filter: Option<&BpfProgram>,
    snaplen: Option<u32>,
) -> Option<Vec<Instruction>> {
    let snaplen = snaplen.filter(|octets| *octets > 0);
    let kept = snaplen.unwrap_or(u32::MAX);
    let cut = |i: &Instruction| if i.code == GIVE && i.k != 0 { give(kept) } else { *i };
    match filter {
        Some(filter) => Some(filter.instructions().iter().map(cut).collect()),
        None => snaplen.map(|octets| vec![give(octets)]),
    }
}

/// The program, for frames of one interface alone, by the kernel's index.
pub(in crate::source::live) fn on_interface(
    program: Option<&[Instruction]>,
    index: u32,
) -> Vec<Instruction> {
    let mut whole = vec![
        straight(LOAD_WORD, INTERFACE),
        Instruction { code: IF_EQUAL, yes: 1, no: 0, k: index },
        give(0),
    ];
    whole.extend(program.unwrap_or(&EVERYTHING));
    whole
}

const fn give(octets: u32) -> Instruction {
    straight(GIVE, octets)
}
