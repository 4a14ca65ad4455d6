//! A source reads any pcapng, counts what it gives, and ends. The input follows a section header
//! and an interface of the byte order that its first octet chooses.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// A section header without length, and an Ethernet interface without limit: big-endian.
const BIG: &[u8] = b"\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d\0\x01\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x1c\
    \0\0\0\x01\0\0\0\x14\0\x01\0\0\0\0\0\0\0\0\0\x14";

/// The same in little-endian.
const LITTLE: &[u8] = b"\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0\
    \x01\0\0\0\x14\0\0\0\x01\0\0\0\0\0\0\0\x14\0\0\0";

fuzz_target!(|input: &[u8]| {
    let Some((&first, rest)) = input.split_first() else { return };
    let section = if first & 1 == 0 { BIG } else { LITTLE };
    vigie_fuzz::the_source_counts_what_it_gives(&[section, rest].concat());
    // Captures from disk come with their own.
    vigie_fuzz::the_source_counts_what_it_gives(input);
});
