//! A hint to the processor: this value is needed soon.
#![expect(unsafe_code, reason = "the prefetch instruction has no safe form in std")]

/// Asks for the cache line in which `target` starts. A hint only: without effect on other
/// processors than `x86_64`.
#[inline]
pub fn prefetch<T>(target: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing and cannot fault; the address is that of a reference.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(target).cast()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = target;
}
