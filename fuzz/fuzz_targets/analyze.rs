//! The whole pipeline takes any octets; every frame is accounted once.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    vigie_fuzz::every_frame_is_accounted_once(input);
});
