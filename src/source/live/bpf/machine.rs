//! The words of the kernel's machine: its instructions' codes, and what it knows of a frame.

use super::Instruction;

/// Codes (`linux/bpf_common.h`, `linux/filter.h`): loads of the frame at a place, at X and a place,
/// of a number, of what was saved, into A or X; saving; arithmetic on A; jumps; the end, which
/// gives a number or A.
pub(super) const LOAD_WORD: u16 = 0x20;
pub(super) const LOAD_HALF: u16 = 0x28;
pub(super) const LOAD_WORD_AT: u16 = 0x40;
pub(super) const LOAD_HALF_AT: u16 = 0x48;
pub(super) const LOAD_OCTET_AT: u16 = 0x50;
pub(super) const LOAD_NUMBER: u16 = 0x00;
pub(super) const LOAD_X: u16 = 0x01;
pub(super) const LOAD_SAVED: u16 = 0x60;
pub(super) const X_SAVED: u16 = 0x61;
pub(super) const SAVE: u16 = 0x02;
pub(super) const SAVE_X: u16 = 0x03;
pub(super) const A_TO_X: u16 = 0x07;
pub(super) const AND: u16 = 0x54;
pub(super) const SHIFT_LEFT: u16 = 0x64;
pub(super) const SHIFT_RIGHT: u16 = 0x74;
pub(super) const MULTIPLY: u16 = 0x24;
pub(super) const ADD_X: u16 = 0x0c;
pub(super) const JUMP: u16 = 0x05;
pub(super) const IF_EQUAL: u16 = 0x15;
pub(super) const IF_GREATER: u16 = 0x25;
pub(super) const IF_AT_LEAST: u16 = 0x35;
pub(super) const IF_ANY_BIT: u16 = 0x45;
pub(super) const GIVE: u16 = 0x06;
pub(super) const GIVE_A: u16 = 0x16;

/// Places of what the kernel knows of a frame (`linux/filter.h`, `SKF_AD_OFF` and `SKF_NET_OFF`).
pub(super) const PROTOCOL: u32 = 0xffff_f000;
pub(super) const INTERFACE: u32 = 0xffff_f000 + 8;
pub(super) const HARDWARE: u32 = 0xffff_f000 + 28;
pub(super) const TAG_CONTROL: u32 = 0xffff_f000 + 44;
pub(super) const TAG_APART: u32 = 0xffff_f000 + 48;
pub(super) const NETWORK_HEADER: u32 = 0xfff0_0000;

/// An instruction that jumps nowhere.
pub(super) const fn straight(code: u16, k: u32) -> Instruction {
    Instruction { code, yes: 0, no: 0, k }
}
