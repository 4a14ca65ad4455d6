//! The calls that the rest of a run needs.
//!
//! Those of threads, memory, time and open files as the C libraries GNU and musl make them, with
//! the older forms that they fall back to.

use libc::{c_int, c_long};
use seccompiler::{
    BackendError, SeccompCmpArgLen as Width, SeccompCmpOp as Is, SeccompCondition as Condition,
    SeccompRule,
};

use super::Calls;
use super::run::{Run, runs};
use crate::privilege::Plan;

/// What is allowed for this plan.
pub(super) fn rules(plan: &Plan) -> Result<Calls, BackendError> {
    let mut calls = Calls::new();
    let mut allow = |numbers: &[c_long]| {
        calls.extend(numbers.iter().map(|number| (*number, Vec::new())));
    };
    allow(&ALWAYS);
    allow(OLDER);
    if !plan.write.is_empty() {
        allow(&FOLDERS);
        allow(OLDER_FOLDERS);
    }
    if !plan.remove.is_empty() {
        allow(&[libc::SYS_unlinkat]);
        #[cfg(target_arch = "x86_64")]
        allow(&[libc::SYS_unlink]);
    }
    if !plan.remove_folders.is_empty() {
        allow(&[libc::SYS_unlinkat]);
        #[cfg(target_arch = "x86_64")]
        allow(&[libc::SYS_rmdir]);
    }
    if plan.serves {
        let calls = [libc::SYS_accept4, libc::SYS_recvfrom, libc::SYS_sendto, libc::SYS_shutdown];
        allow(&calls);
    }
    if plan.screen {
        // The pair of sockets by which a signal handler wakes whoever waits for keys.
        allow(&[libc::SYS_recvfrom, libc::SYS_sendto]);
    }
    // Terminals and pipes have commands that type for the user (TIOCSTI) or signal others.
    for (call, argument, commands) in
        [(libc::SYS_ioctl, 1, IOCTL), (libc::SYS_fcntl, 1, FCNTL), (libc::SYS_prctl, 0, PRCTL)]
    {
        for command in commands {
            when(&mut calls, call, vec![is(argument, *command)?])?;
        }
    }
    if plan.screen {
        for command in OF_SCREENS {
            when(&mut calls, libc::SYS_ioctl, vec![is(1, command)?])?;
        }
    }
    if plan.serves {
        for option in [libc::SO_RCVTIMEO, libc::SO_SNDTIMEO] {
            let conditions = vec![is(1, number(libc::SOL_SOCKET))?, is(2, number(option))?];
            when(&mut calls, libc::SYS_setsockopt, conditions)?;
        }
    }
    for sockets in runs(&plan.receive_only) {
        packet_sockets(&mut calls, &sockets)?;
    }
    for sockets in runs(&plan.refilter) {
        let mut conditions = sockets.conditions()?;
        let [level, option] = [libc::SOL_SOCKET, libc::SO_ATTACH_FILTER].map(number);
        conditions.extend([is(1, level)?, is(2, option)?]);
        when(&mut calls, libc::SYS_setsockopt, conditions)?;
    }
    Ok(calls)
}

/// What is left of packet sockets: frames, losses, errors, and an interface that goes and comes
/// back under another number.
fn packet_sockets(calls: &mut Calls, sockets: &Run) -> Result<(), BackendError> {
    when_not_free(calls, libc::SYS_recvfrom, sockets.conditions()?)?;
    for call in [libc::SYS_bind, libc::SYS_getsockname] {
        when(calls, call, sockets.conditions()?)?;
    }
    for (call, level, option) in [
        (libc::SYS_getsockopt, libc::SOL_SOCKET, libc::SO_ERROR),
        (libc::SYS_getsockopt, libc::SOL_PACKET, libc::PACKET_STATISTICS),
        (libc::SYS_setsockopt, libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP),
    ] {
        let mut conditions = sockets.conditions()?;
        conditions.extend([is(1, number(level))?, is(2, number(option))?]);
        when(calls, call, conditions)?;
    }
    for command in OF_INTERFACES {
        let mut conditions = sockets.conditions()?;
        conditions.push(is(1, command)?);
        when(calls, libc::SYS_ioctl, conditions)?;
    }
    Ok(())
}

/// Allows a call where all `conditions` hold, besides where it is allowed already.
fn when(calls: &mut Calls, call: c_long, conditions: Vec<Condition>) -> Result<(), BackendError> {
    calls.entry(call).or_default().push(SeccompRule::new(conditions)?);
    Ok(())
}

/// The same for a call that may be allowed whatever its arguments: a rule would narrow it.
fn when_not_free(
    calls: &mut Calls,
    call: c_long,
    conditions: Vec<Condition>,
) -> Result<(), BackendError> {
    let is_free = calls.get(&call).is_some_and(Vec::is_empty);
    if is_free { Ok(()) } else { when(calls, call, conditions) }
}

fn is(argument: u8, value: u64) -> Result<Condition, BackendError> {
    Condition::new(argument, Width::Dword, Is::Eq, value)
}

fn number(value: c_int) -> u64 {
    u64::from(value.cast_unsigned())
}

/// In every run.
const ALWAYS: [c_long; 88] = [
    // open files
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_preadv2,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_pwritev,
    libc::SYS_pwritev2,
    libc::SYS_lseek,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_sync_file_range,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_fadvise64,
    libc::SYS_flock,
    libc::SYS_fstat,
    libc::SYS_fstatfs,
    libc::SYS_getdents64,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_close,
    libc::SYS_close_range,
    libc::SYS_pipe2,
    // files by name: Landlock decides which
    libc::SYS_openat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getcwd,
    // waiting
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
    libc::SYS_eventfd2,
    libc::SYS_futex,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_restart_syscall,
    // memory
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_mincore,
    libc::SYS_brk,
    libc::SYS_membarrier,
    // threads
    libc::SYS_clone,
    libc::SYS_set_robust_list,
    libc::SYS_get_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getcpu,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // signals
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigpending,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_kill,
    libc::SYS_tgkill,
    // who and where this is
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_capget,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_getrusage,
    libc::SYS_prlimit64,
    libc::SYS_getrandom,
    // for the second filter; that one refuses it
    libc::SYS_seccomp,
];

/// Older forms of these calls, which only this kind of processor has.
#[cfg(target_arch = "x86_64")]
const OLDER: &[c_long] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_dup2,
    libc::SYS_pipe,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_epoll_wait,
    libc::SYS_time,
    libc::SYS_getrlimit,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[c_long] = &[];

/// Where folders are written to.
const FOLDERS: [c_long; 4] =
    [libc::SYS_mkdirat, libc::SYS_unlinkat, libc::SYS_renameat2, libc::SYS_linkat];
/// Their older forms.
#[cfg(target_arch = "x86_64")]
const OLDER_FOLDERS: &[c_long] = &[
    libc::SYS_mkdir,
    libc::SYS_unlink,
    libc::SYS_rmdir,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_link,
];
#[cfg(target_arch = "aarch64")]
const OLDER_FOLDERS: &[c_long] = &[libc::SYS_renameat];
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const OLDER_FOLDERS: &[c_long] = &[];

/// Commands of `ioctl`: a terminal's settings and size, octets that wait, close-on-exec,
/// blocking.
const IOCTL: &[u64] = &[0x5401, 0x5402, 0x5403, 0x5404, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451];
/// Of a terminal that is drawn on: its settings in their newer form (`TCGETS2`, `TCSETS2`,
/// `TCSETSW2`, `TCSETSF2`).
const OF_SCREENS: [u64; 4] = [0x802c_542a, 0x402c_542b, 0x402c_542c, 0x402c_542d];
/// Of packet sockets: an interface's name by number (`SIOCGIFNAME`), number by name
/// (`SIOCGIFINDEX`), and whether it is up (`SIOCGIFFLAGS`). They change nothing.
const OF_INTERFACES: [u64; 3] = [0x8910, 0x8933, 0x8913];
/// Commands of `fcntl`: duplicates (`F_DUPFD`, `F_DUPFD_CLOEXEC`), flags, locks, a pipe's size.
const FCNTL: &[u64] = &[0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032];
/// Commands of `prctl`: a thread's name (`PR_SET_NAME`), questions about rights, and for the
/// second filter `PR_SET_NO_NEW_PRIVS`.
const PRCTL: &[u64] = &[15, 16, 21, 23, 38, 39];
