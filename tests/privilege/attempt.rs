//! System calls that a parser which was taken over would try.

use std::ffi::c_long;
use std::io;

/// The error number of a call with these arguments; `None` where it succeeded.
pub(crate) fn call(number: c_long, arguments: [c_long; 5]) -> Option<i32> {
    let [first, second, third, fourth, fifth] = arguments;
    // SAFETY: every pointer among the arguments is null or of a static text; a call that would
    // change this process's memory is given lengths of nothing.
    let result = unsafe { libc::syscall(number, first, second, third, fourth, fifth, 0) };
    (result == -1).then(|| io::Error::last_os_error().raw_os_error().expect("a number"))
}

/// What must be refused, whoever asks: a sentence, the call, its arguments.
pub(crate) fn refused() -> Vec<(String, c_long, [c_long; 5])> {
    let mut attempts = Vec::new();
    for (family, name) in [
        (libc::AF_INET, "IPv4"),
        (libc::AF_INET6, "IPv6"),
        (libc::AF_UNIX, "Unix"),
        (libc::AF_PACKET, "packet"),
        (libc::AF_NETLINK, "netlink"),
        (libc::AF_VSOCK, "vsock"),
        (libc::AF_ALG, "crypto"),
    ] {
        for kind in [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_RAW] {
            let sentence = format!("a {name} socket of kind {kind}");
            let arguments = [c_long::from(family), c_long::from(kind), 0, 0, 0];
            attempts.push((sentence, libc::SYS_socket, arguments));
        }
    }
    let true_ = c"/bin/true".as_ptr() as c_long;
    let pair = c_long::from(libc::AF_UNIX);
    let stream = c_long::from(libc::SOCK_STREAM);
    let here = c_long::from(std::process::id());
    for (sentence, number, arguments) in [
        ("a pair of sockets", libc::SYS_socketpair, [pair, stream, 0, 0, 0]),
        ("connecting", libc::SYS_connect, [0; 5]),
        ("sending to an address", libc::SYS_sendto, [1, 0, 0, 0, 0]),
        ("running a program", libc::SYS_execve, [true_, 0, 0, 0, 0]),
        ("running an open program", libc::SYS_execveat, [0; 5]),
        ("ptrace", libc::SYS_ptrace, [0; 5]),
        ("another process's memory", libc::SYS_process_vm_readv, [here, 0, 0, 0, 0]),
        ("writing there", libc::SYS_process_vm_writev, [here, 0, 0, 0, 0]),
        ("mounting", libc::SYS_mount, [0; 5]),
        ("unmounting", libc::SYS_umount2, [0; 5]),
        ("bpf", libc::SYS_bpf, [0; 5]),
        ("performance events", libc::SYS_perf_event_open, [0; 5]),
        ("loading a module", libc::SYS_init_module, [0; 5]),
        ("loading a module from a file", libc::SYS_finit_module, [0; 5]),
        ("another namespace", libc::SYS_setns, [0; 5]),
        ("a namespace of one's own", libc::SYS_unshare, [0; 5]),
        ("io_uring", libc::SYS_io_uring_setup, [1, 0, 0, 0, 0]),
        ("keys", libc::SYS_keyctl, [0; 5]),
        ("userfaultfd", libc::SYS_userfaultfd, [0; 5]),
        ("a file in memory", libc::SYS_memfd_create, [c"x".as_ptr() as c_long, 0, 0, 0, 0]),
        ("another user", libc::SYS_setuid, [0; 5]),
        ("capabilities", libc::SYS_capset, [0; 5]),
        ("another root", libc::SYS_chroot, [c"/".as_ptr() as c_long, 0, 0, 0, 0]),
        ("modes of files", libc::SYS_fchmodat, [-100, c".".as_ptr() as c_long, 0o700, 0, 0]),
        ("memory that is a program", libc::SYS_mmap, [0, 4096, 5, 0x22, -1]),
        ("a signal to another process", libc::SYS_kill, [1, 0, 0, 0, 0]),
        ("a process", libc::SYS_clone, [c_long::from(libc::SIGCHLD), 0, 0, 0, 0]),
        ("another limit", libc::SYS_prlimit64, [0, 7, true_, 0, 0]),
        ("another filter", libc::SYS_seccomp, [1, 0, 0, 0, 0]),
    ] {
        attempts.push((sentence.to_owned(), number, arguments));
    }
    attempts
}
