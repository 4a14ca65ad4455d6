//! What a socket's program is made of besides the filter.

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
    let cut = |i: &Instruction| if i.code == RETURN && i.k != 0 { give(kept) } else { *i };
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
        Instruction { code: LOAD_WORD, yes: 0, no: 0, k: INTERFACE },
        Instruction { code: IF_EQUAL, yes: 1, no: 0, k: index },
        give(0),
    ];
    whole.extend(program.unwrap_or(&EVERYTHING));
    whole
}

const fn give(octets: u32) -> Instruction {
    Instruction { code: RETURN, yes: 0, no: 0, k: octets }
}

/// `BPF_RET | BPF_K`, `BPF_LD | BPF_W | BPF_ABS`, `BPF_JMP | BPF_JEQ | BPF_K`.
const RETURN: u16 = 0x06;
const LOAD_WORD: u16 = 0x20;
const IF_EQUAL: u16 = 0x15;
/// `SKF_AD_OFF + SKF_AD_IFINDEX`.
const INTERFACE: u32 = 0xffff_f008;
