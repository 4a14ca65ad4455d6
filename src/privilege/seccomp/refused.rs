//! The calls that are refused whatever else is allowed.

use std::collections::btree_map::Entry;

use libc::{c_int, c_long};
use seccompiler::{
    BackendError, SeccompCmpArgLen as Width, SeccompCmpOp as Is, SeccompCondition as Condition,
    SeccompRule,
};

use super::Calls;
use super::run::{Run, runs};
use crate::privilege::Plan;

/// What is refused for this plan.
pub(super) fn rules(plan: &Plan) -> Result<Calls, BackendError> {
    let mut refused = Refused(Calls::new());
    for call in NEVER {
        refused.0.insert(call, Vec::new());
    }
    for call in older() {
        refused.0.insert(*call, Vec::new());
    }
    refused.executable_memory()?;
    refused.processes()?;
    if plan.write.is_empty() {
        refused.opening_for_writing()?;
    }
    refused.options_of_sockets(plan)?;
    if plan.receive_only.is_empty() {
        refused.0.insert(libc::SYS_bind, Vec::new());
    }
    if plan.serves || plan.screen {
        // Answers go to who is connected, never to an address.
        refused.when(libc::SYS_sendto, vec![Condition::new(4, Width::Qword, Is::Ne, 0)?])?;
    } else {
        refused.0.insert(libc::SYS_sendto, Vec::new());
    }
    for sockets in runs(&plan.receive_only) {
        refused.sending(&sockets)?;
    }
    Ok(refused.0)
}

/// Rules under construction.
struct Refused(Calls);

impl Refused {
    /// Refuses `call` where all `conditions` hold. What is refused anyway stays so: there, a rule
    /// would be an exception.
    fn when(&mut self, call: c_long, conditions: Vec<Condition>) -> Result<(), BackendError> {
        let rule = SeccompRule::new(conditions)?;
        match self.0.entry(call) {
            Entry::Vacant(vacant) => _ = vacant.insert(vec![rule]),
            Entry::Occupied(rules) if rules.get().is_empty() => {}
            Entry::Occupied(mut rules) => rules.get_mut().push(rule),
        }
        Ok(())
    }

    /// No memory becomes a program.
    fn executable_memory(&mut self) -> Result<(), BackendError> {
        for call in [libc::SYS_mmap, libc::SYS_mprotect] {
            self.when(call, vec![has(2, libc::PROT_EXEC)?])?;
        }
        Ok(())
    }

    /// Threads, but no processes and no namespaces; signals and limits of this process only.
    fn processes(&mut self) -> Result<(), BackendError> {
        // The flags are the first argument on all processors that seccompiler knows.
        self.when(libc::SYS_clone, vec![lacks(0, libc::CLONE_THREAD)?])?;
        for namespace in NAMESPACES {
            self.when(libc::SYS_clone, vec![has(0, namespace)?])?;
        }
        let own = u64::from(std::process::id());
        for call in [libc::SYS_kill, libc::SYS_tgkill] {
            self.when(call, vec![Condition::new(0, Width::Dword, Is::Ne, own)?])?;
        }
        // A new limit, and other processes' limits.
        self.when(libc::SYS_prlimit64, vec![Condition::new(2, Width::Qword, Is::Ne, 0)?])?;
        let other =
            [0, own].map(|process| Condition::new(0, Width::Dword, Is::Ne, process)).into_iter();
        self.when(libc::SYS_prlimit64, other.collect::<Result<_, _>>()?)
    }

    /// No file is opened for anything but reading: also where Landlock is missing.
    fn opening_for_writing(&mut self) -> Result<(), BackendError> {
        for bit in [libc::O_WRONLY, libc::O_RDWR, libc::O_CREAT, libc::O_TRUNC, libc::O_APPEND] {
            self.when(libc::SYS_openat, vec![has(2, bit)?])?;
            #[cfg(target_arch = "x86_64")]
            self.when(libc::SYS_open, vec![has(1, bit)?])?;
        }
        Ok(())
    }

    /// Of packet sockets, only membership is added, and where several share an interface's frames
    /// their filter replaced: for an interface that comes back (packet(7)). Of others, only how
    /// long is waited for whoever asks. Which socket may have what, the list of what is allowed
    /// says.
    fn options_of_sockets(&mut self, plan: &Plan) -> Result<(), BackendError> {
        let mut options = Vec::new();
        if !plan.receive_only.is_empty() {
            options.push((libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP));
        }
        if !plan.refilter.is_empty() {
            options.push((libc::SOL_SOCKET, libc::SO_ATTACH_FILTER));
        }
        if plan.serves {
            options.push((libc::SOL_SOCKET, libc::SO_RCVTIMEO));
            options.push((libc::SOL_SOCKET, libc::SO_SNDTIMEO));
        }
        let mut levels: Vec<c_int> = options.iter().map(|(level, _)| *level).collect();
        levels.dedup();
        if levels.is_empty() {
            self.0.insert(libc::SYS_setsockopt, Vec::new());
            return Ok(());
        }
        let other = levels.iter().map(|level| is_not(1, *level));
        self.when(libc::SYS_setsockopt, other.collect::<Result<_, _>>()?)?;
        for level in levels {
            let of_level = options.iter().filter(|(of, _)| *of == level);
            let others = of_level.map(|(_, option)| is_not(2, *option));
            let mut conditions = others.collect::<Result<Vec<_>, _>>()?;
            conditions.push(is(1, level)?);
            self.when(libc::SYS_setsockopt, conditions)?;
        }
        Ok(())
    }

    /// Nothing is written to these sockets, nor to other descriptors of them, which are not made.
    fn sending(&mut self, sockets: &Run) -> Result<(), BackendError> {
        for call in SENDING {
            self.when(call, sockets.conditions()?)?;
        }
        #[cfg(target_arch = "x86_64")]
        self.when(libc::SYS_dup2, sockets.conditions()?)?;
        for command in [libc::F_DUPFD, libc::F_DUPFD_CLOEXEC] {
            let mut conditions = sockets.conditions()?;
            conditions.push(is(1, command)?);
            self.when(libc::SYS_fcntl, conditions)?;
        }
        Ok(())
    }
}

/// Whether a flag is among those of an argument.
fn has(argument: u8, flag: c_int) -> Result<Condition, BackendError> {
    let flag = u64::from(flag.cast_unsigned());
    Condition::new(argument, Width::Dword, Is::MaskedEq(flag), flag)
}

/// Whether a flag is not among them.
fn lacks(argument: u8, flag: c_int) -> Result<Condition, BackendError> {
    Condition::new(argument, Width::Dword, Is::MaskedEq(u64::from(flag.cast_unsigned())), 0)
}

fn is(argument: u8, value: c_int) -> Result<Condition, BackendError> {
    Condition::new(argument, Width::Dword, Is::Eq, u64::from(value.cast_unsigned()))
}

fn is_not(argument: u8, value: c_int) -> Result<Condition, BackendError> {
    Condition::new(argument, Width::Dword, Is::Ne, u64::from(value.cast_unsigned()))
}

/// Namespaces (clone(2)).
const NAMESPACES: [c_int; 7] = [
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWUTS,
];

/// What writes to a descriptor, or makes another of it. The lists of allowed calls hold nothing
/// else that could: not `sendmsg`, `sendfile`, `splice` or `io_uring`.
const SENDING: [c_long; 8] = [
    libc::SYS_sendto,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_pwritev,
    libc::SYS_pwritev2,
    libc::SYS_dup,
    libc::SYS_dup3,
];

/// Refused with a clear error; without this list they would "not exist".
const NEVER: [c_long; 67] = [
    // new sockets, and sending
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_listen,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    // with frames or requests, descriptors could come
    libc::SYS_recvmsg,
    libc::SYS_recvmmsg,
    // programs and other processes
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_tkill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_kcmp,
    libc::SYS_memfd_create,
    libc::SYS_pkey_mprotect,
    libc::SYS_personality,
    // parts of the kernel with a history of holes
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    // the system
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_sethostname,
    // namespaces and mounts
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsmount,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_by_handle_at,
    // rights and modes
    libc::SYS_setuid,
    libc::SYS_setresuid,
    libc::SYS_setgid,
    libc::SYS_setresgid,
    libc::SYS_capset,
    libc::SYS_fchmodat,
    libc::SYS_fchownat,
    libc::SYS_truncate,
    libc::SYS_symlinkat,
    libc::SYS_mknodat,
    libc::SYS_seccomp,
];

/// Older forms of these.
fn older() -> &'static [c_long] {
    #[cfg(target_arch = "x86_64")]
    return &[
        libc::SYS_fork,
        libc::SYS_vfork,
        libc::SYS_chmod,
        libc::SYS_chown,
        libc::SYS_lchown,
        libc::SYS_symlink,
        libc::SYS_mknod,
        libc::SYS_iopl,
        libc::SYS_ioperm,
    ];
    #[cfg(not(target_arch = "x86_64"))]
    return &[];
}
