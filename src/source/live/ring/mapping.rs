//! The ring's memory, which the kernel fills while we read.
#![expect(unsafe_code, reason = "memory shared with the kernel has no safe form")]

use std::io;
use std::os::fd::BorrowedFd;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

/// Blocks of shared memory, each of which belongs to the kernel or to us.
///
/// Invariant: `start` points to `blocks * block_len` mapped octets until drop; a block's octets
/// are looked at only while its status says that it is ours, and its status is changed only
/// through [`Mapping::release`], which borrows the whole mapping.
#[derive(Debug)]
pub(super) struct Mapping {
    start: NonNull<u8>,
    block_len: usize,
    blocks: usize,
}

// SAFETY: the mapping is owned by this value alone and is not tied to a thread.
unsafe impl Send for Mapping {}

impl Mapping {
    /// Maps the ring of a socket, `blocks` of `block_len` octets.
    pub(super) fn new(socket: BorrowedFd<'_>, block_len: usize, blocks: usize) -> io::Result<Self> {
        Self::map(block_len, blocks, |len, access| {
            // SAFETY: no address is asked for, so nothing that is mapped is replaced.
            unsafe { mmap(std::ptr::null_mut(), len, access, MapFlags::SHARED, socket, 0) }
        })
    }

    fn map(
        block_len: usize,
        blocks: usize,
        map: impl FnOnce(usize, ProtFlags) -> rustix::io::Result<*mut std::ffi::c_void>,
    ) -> io::Result<Self> {
        let len = block_len.checked_mul(blocks).filter(|_| block_len >= SMALLEST);
        let len = len.ok_or(io::ErrorKind::InvalidInput)?;
        let start = map(len, ProtFlags::READ | ProtFlags::WRITE)?;
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { start, block_len, blocks })
    }

    /// How many blocks there are.
    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }

    /// Who owns a block: `block_status` of `struct tpacket_hdr_v1`.
    fn status(&self, index: usize) -> &AtomicU32 {
        assert!(index < self.blocks, "no block {index}");
        // SAFETY: `index < blocks` and `SMALLEST <= block_len`, so the word lies in the mapping;
        // blocks are page-aligned, so it is aligned; it is only ever changed atomically.
        unsafe {
            AtomicU32::from_ptr(self.start.as_ptr().add(index * self.block_len + STATUS).cast())
        }
    }

    /// Whether the kernel has handed the block to us.
    #[inline]
    pub(super) fn is_ours(&self, index: usize) -> bool {
        // Acquire: what the kernel wrote into the block before its status is seen after it.
        self.status(index).load(Ordering::Acquire) & OURS != 0
    }

    /// A block's octets, while it is ours.
    #[inline]
    pub(super) fn block(&self, index: usize) -> Option<&[u8]> {
        self.is_ours(index).then(|| {
            // SAFETY: `is_ours` has checked `index < blocks`. The kernel writes nothing into a
            // block that is ours, and it stays so until `release`, which needs `&mut self`.
            unsafe {
                let start = self.start.as_ptr().add(index * self.block_len);
                std::slice::from_raw_parts(start, self.block_len)
            }
        })
    }

    /// A block's octets, to restore headers in, while it is ours.
    #[inline]
    pub(super) fn block_mut(&mut self, index: usize) -> Option<&mut [u8]> {
        self.is_ours(index).then(|| {
            // SAFETY: as in `block`; nobody else holds octets of it, since `self` is borrowed
            // exclusively.
            unsafe {
                let start = self.start.as_ptr().add(index * self.block_len);
                std::slice::from_raw_parts_mut(start, self.block_len)
            }
        })
    }

    /// Hands a block back to the kernel.
    pub(super) fn release(&mut self, index: usize) {
        // Release: our reads and writes of the block are over before the kernel sees it free.
        self.status(index).store(0, Ordering::Release);
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the mapping was made with this length, and nothing borrows from it any more.
        // It can only fail for arguments that were never mapped.
        let _ = unsafe { munmap(self.start.as_ptr().cast(), self.block_len * self.blocks) };
    }
}

/// Where the status stands in a block, and `TP_STATUS_USER`.
const STATUS: usize = 8;
const OURS: u32 = 1;
/// A block holds its description at least.
const SMALLEST: usize = 64;

/// A ring without a kernel.
#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// The other side of a ring: what the kernel does.
    pub(in crate::source::live) struct Kernel {
        start: NonNull<u8>,
        block_len: usize,
        blocks: usize,
        next: usize,
    }

    // SAFETY: the tests keep the mapping until the kernel's thread has ended.
    unsafe impl Send for Kernel {}

    /// A ring and its other side.
    pub(in crate::source::live) fn ring(block_len: usize, blocks: usize) -> (Mapping, Kernel) {
        let mapping = Mapping::map(block_len, blocks, |len, access| {
            // SAFETY: no address is asked for, so nothing that is mapped is replaced.
            unsafe {
                rustix::mm::mmap_anonymous(std::ptr::null_mut(), len, access, MapFlags::SHARED)
            }
        });
        let mapping = mapping.unwrap();
        let kernel = Kernel { start: mapping.start, block_len, blocks, next: 0 };
        (mapping, kernel)
    }

    impl Kernel {
        /// Fills the next block and hands it over; `false` while that is still the reader's.
        pub(in crate::source::live) fn retire(&mut self, octets: &[u8]) -> bool {
            assert!(octets.len() <= self.block_len);
            // SAFETY: `next < blocks`; the block's octets are written only while it is ours, and
            // the four octets of the status only atomically.
            unsafe {
                let block = self.start.as_ptr().add(self.next * self.block_len);
                let status = AtomicU32::from_ptr(block.add(STATUS).cast());
                if status.load(Ordering::Acquire) & OURS != 0 {
                    return false;
                }
                let after = STATUS + 4;
                block.copy_from_nonoverlapping(octets.as_ptr(), STATUS);
                block
                    .add(after)
                    .copy_from_nonoverlapping(octets.as_ptr().add(after), octets.len() - after);
                status.store(OURS, Ordering::Release);
            }
            self.next = (self.next + 1) % self.blocks;
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::testing::{Sample, block};
    use super::testing::ring;
    use super::*;

    #[test]
    fn a_block_can_be_seen_only_while_it_is_ours() {
        let (mut mapping, mut kernel) = ring(4096, 2);
        assert!(mapping.block(0).is_none() && mapping.block_mut(1).is_none());
        assert!(kernel.retire(&block(4096, &[Sample::of(&[1; 60])])));
        assert!(mapping.block(0).is_some() && mapping.block(1).is_none());
        mapping.release(0);
        assert!(mapping.block(0).is_none());
    }

    #[test]
    fn a_full_ring_makes_the_kernel_wait_and_a_released_block_is_filled_again() {
        let (mut mapping, mut kernel) = ring(4096, 2);
        let full = block(4096, &[Sample::of(&[1; 60])]);
        assert!(kernel.retire(&full) && kernel.retire(&full) && !kernel.retire(&full));
        mapping.release(0);
        assert!(kernel.retire(&full) && !kernel.retire(&full));
    }

    #[test]
    #[should_panic(expected = "no block 2")]
    fn there_is_no_block_beyond_the_last() {
        ring(4096, 2).0.is_ours(2);
    }

    #[test]
    fn a_ring_too_large_for_the_machine_is_an_error() {
        let huge = Mapping::map(usize::MAX / 2, 4, |_, _| Err(rustix::io::Errno::NOMEM));
        assert_eq!(huge.unwrap_err().kind(), io::ErrorKind::InvalidInput);
        let refused = Mapping::map(4096, 4, |_, _| Err(rustix::io::Errno::NOMEM));
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::OutOfMemory);
    }
}
