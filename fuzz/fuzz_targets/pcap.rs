//! A source reads any pcap, counts what it gives, and ends. The input's first octet chooses the
//! magic number, so that no run is spent on finding one.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// Both byte orders, micro- and nanoseconds, and the modified variant.
const MAGICS: [u32; 6] =
    [0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1, 0xa1b2_cd34, 0x34cd_b2a1];

fuzz_target!(|input: &[u8]| {
    let Some((&first, rest)) = input.split_first() else { return };
    let mut capture = MAGICS[usize::from(first) % MAGICS.len()].to_be_bytes().to_vec();
    capture.extend_from_slice(rest);
    vigie_fuzz::the_source_counts_what_it_gives(&capture);
    // Captures from disk come with their own.
    vigie_fuzz::the_source_counts_what_it_gives(input);
});
