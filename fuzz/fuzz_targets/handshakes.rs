//! Hellos and certificates of TLS, in one segment and in many.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    vigie_fuzz::handshakes_give_the_same_whatever_their_segments(input);
});
