//! Cases that each run in a process of their own, in a furnished folder.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use vigie::privilege::{Plan, State, Status, Unenforceable};

use crate::attempt::{call, refused};

/// A sentence and what it says.
pub(crate) const CASES: [(&str, fn()); 13] = [
    ("no_capability_is_left_and_none_can_be_gained", no_capability),
    ("no_socket_program_process_or_dangerous_call_is_left", no_dangerous_call),
    ("only_what_the_plan_names_can_be_opened", only_the_plans_files),
    ("without_a_folder_to_write_to_no_file_is_opened_for_writing", nothing_to_write),
    ("threads_that_start_later_are_locked_too", later_threads),
    ("a_process_with_threads_is_not_locked_by_half", no_half_lock),
    ("a_socket_that_receives_cannot_send_nor_be_duplicated", receive_only),
    ("a_packet_socket_is_left_what_an_interface_that_comes_back_takes", packet_socket),
    ("only_a_socket_that_shares_frames_gets_another_filter", refilter),
    ("where_files_may_only_be_removed_none_is_made_read_or_moved", remove),
    ("where_folders_may_only_be_removed_no_file_is", remove_folders),
    ("a_listening_socket_goes_on_to_answer", serves),
    ("a_screen_wakes_itself_and_reaches_nobody_else", screen),
];

/// `in/` with a file and links, `out/`, and `secret` in neither.
pub(crate) fn furnish(folder: &Path) {
    for name in ["in", "in/deep", "out"] {
        fs::create_dir(folder.join(name)).expect("a folder is made");
    }
    for name in ["in/capture", "in/deep/capture", "secret"] {
        fs::write(folder.join(name), name).expect("written");
    }
    std::os::unix::fs::symlink("../secret", folder.join("in/link")).expect("a link is made");
}

fn plan() -> Plan {
    Plan { read: vec!["in".into()], write: vec!["out".into()], ..Plan::default() }
}

fn lock(plan: &Plan) -> State {
    let state = plan.enforce().expect("the plan can be enforced");
    let other: Vec<_> =
        state.lacks.iter().filter(|l| l.layer != vigie::privilege::Layer::Landlock).collect();
    assert!(other.is_empty(), "{other:?}");
    state
}

/// The kernel's word on this thread, read by a descriptor from before.
fn status_of(mut file: &File) -> Status {
    let mut text = String::new();
    std::io::Seek::rewind(&mut file).expect("the file can be read again");
    file.read_to_string(&mut text).expect("it is text");
    Status::parse(&text).expect("all fields are there")
}

fn assert_locked(status: &Status, was_root: bool) {
    assert!(status.capabilities.are_none(), "{status:?}");
    assert!(status.no_new_privs, "{status:?}");
    assert_eq!(status.seccomp, 2, "{status:?}");
    if was_root {
        assert_eq!(status.capabilities.bounding, 0, "{status:?}");
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn no_capability() {
    let file = File::open("/proc/self/status").expect("it is there");
    let before = status_of(&file);
    if is_root() {
        assert_ne!(before.capabilities.effective, 0, "root of no rights proves nothing");
    }
    let state = lock(&plan());
    let now = status_of(&file);
    assert_locked(&now, is_root());
    assert_eq!(state.status, Some(now));
}

fn no_dangerous_call() {
    lock(&plan());
    for (sentence, number, arguments) in refused() {
        let error = call(number, arguments);
        assert_eq!(error, Some(libc::EPERM), "{sentence}");
    }
    // What is not listed at all does not exist: C libraries then use clone.
    assert_eq!(call(libc::SYS_clone3, [0; 5]), Some(libc::ENOSYS));
    assert_eq!(call(libc::SYS_inotify_init1, [0; 5]), Some(libc::ENOSYS));
    let program = std::process::Command::new("/bin/true").spawn();
    assert_eq!(program.expect_err("a program runs").raw_os_error(), Some(libc::EPERM));
    // Injecting keystrokes into the user's terminal.
    let typing = call(libc::SYS_ioctl, [0, 0x5412, c"x".as_ptr() as _, 0, 0]);
    assert_eq!(typing, Some(libc::ENOSYS));
}

fn only_the_plans_files() {
    let state = lock(&plan());
    let read = |path: &str| fs::read_to_string(path);
    assert_eq!(read("in/capture").expect("it is in the plan"), "in/capture");
    assert_eq!(read("in/deep/capture").expect("it is in the plan"), "in/deep/capture");
    fs::write("out/new", "1").expect("the folder is in the plan");
    fs::rename("out/new", "out/old").expect("both are in the plan");
    assert_eq!(read("out/old").expect("it is in the plan"), "1");
    fs::create_dir("out/one").expect("the folder is in the plan");
    fs::rename("out/old", "out/one/old").expect("both folders are in the plan");
    fs::rename("out/one/old", "out/old").expect("both folders are in the plan");
    fs::remove_file("out/old").expect("it is in the plan");
    if state.landlock.is_none() {
        eprintln!("NOT CHECKED: files outside the plan, for this kernel has no Landlock");
        return;
    }
    let denied = |result: std::io::Result<()>, what: &str| {
        let error = result.expect_err(what);
        assert_eq!(error.raw_os_error(), Some(libc::EACCES), "{what}");
    };
    for path in
        ["secret", "in/../secret", "in/link", "/etc/passwd", "/proc/self/status", "/dev/null"]
    {
        denied(File::open(path).map(drop), path);
    }
    denied(fs::read_dir("/").map(drop), "listing the root");
    denied(fs::read_dir(".").map(drop), "listing the folder of the plan's folders");
    for path in ["in/capture", "secret", "in/new", "new", "/tmp/vigie-new", "/dev/null"] {
        denied(
            OpenOptions::new().write(true).create(true).truncate(false).open(path).map(drop),
            path,
        );
    }
    denied(fs::remove_file("in/capture"), "removing an input");
    denied(fs::create_dir("in/new"), "making a folder among the inputs");
    let moved = fs::rename("in/capture", "out/capture").expect_err("moving an input");
    assert!(matches!(moved.raw_os_error(), Some(libc::EACCES | libc::EXDEV)), "{moved}");
}

fn nothing_to_write() {
    lock(&Plan { read: vec!["in".into(), "out".into()], ..Plan::default() });
    File::open("in/capture").expect("it is in the plan");
    // By seccomp: so it is without Landlock, too.
    for path in ["in/capture", "secret", "out/new", "/dev/null"] {
        let options = [
            OpenOptions::new().write(true).clone(),
            OpenOptions::new().read(true).write(true).clone(),
            OpenOptions::new().append(true).clone(),
            OpenOptions::new().write(true).create(true).clone(),
        ];
        for options in options {
            let error = options.open(path).expect_err(path);
            assert_eq!(error.raw_os_error(), Some(libc::EPERM), "{path}");
        }
    }
    assert_eq!(fs::remove_file("in/capture").expect_err("removed").kind(), ErrorKind::Unsupported);
}

fn later_threads() {
    lock(&plan());
    let errors: Vec<_> = thread::scope(|scope| {
        let attempt = || {
            let socket = call(libc::SYS_socket, [2, 2, 0, 0, 0]);
            (socket, File::open("secret").map(drop).map_err(|e| e.raw_os_error()))
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(attempt)).collect();
        threads.into_iter().map(|thread| thread.join().expect("it ends")).collect()
    });
    for (socket, file) in errors {
        assert_eq!(socket, Some(libc::EPERM));
        assert_eq!(file, Err(Some(libc::EACCES)));
    }
}

fn no_half_lock() {
    let (stop, wait) = std::sync::mpsc::channel::<()>();
    let thread = thread::spawn(move || wait.recv());
    assert_eq!(plan().enforce(), Err(Unenforceable::Threads(2)));
    drop(stop);
    let _ = thread.join();
    File::open("secret").expect("nothing was given up");
}

fn receive_only() {
    let (ours, theirs) = UnixStream::pair().expect("a pair is made");
    // As files: what a UnixStream sends goes by sendto.
    let [mut ours, mut theirs] = [ours, theirs].map(|end| File::from(OwnedFd::from(end)));
    lock(&Plan { receive_only: vec![ours.as_raw_fd()], ..Plan::default() });
    theirs.write_all(b"frame").expect("the other end may send");
    let mut received = [0; 5];
    ours.read_exact(&mut received).expect("receiving is left");
    assert_eq!(&received, b"frame");
    let sent = ours.write(b"frame").expect_err("sent");
    assert_eq!(sent.raw_os_error(), Some(libc::EPERM));
    assert_eq!(ours.try_clone().expect_err("duplicated").raw_os_error(), Some(libc::EPERM));
    let ours = i64::from(ours.as_raw_fd());
    let text = c"frame".as_ptr() as i64;
    for number in [libc::SYS_sendto, libc::SYS_sendmsg, libc::SYS_writev, libc::SYS_dup] {
        assert_eq!(call(number, [ours, text, 5, 0, 0]), Some(libc::EPERM), "{number}");
    }
    for number in [libc::SYS_sendfile, libc::SYS_splice, libc::SYS_io_submit] {
        assert_eq!(call(number, [ours, text, 5, 0, 0]), Some(libc::ENOSYS), "{number}");
    }
}

fn packet_socket() {
    let (ours, other) = UnixStream::pair().expect("a pair is made");
    ours.set_nonblocking(true).expect("a socket can be");
    other.set_nonblocking(true).expect("a socket can be");
    lock(&Plan { receive_only: vec![ours.as_raw_fd()], ..Plan::default() });
    let [ours, other] = [&ours, &other].map(|socket| i64::from(socket.as_raw_fd()));
    let number = i64::from;
    let (packet, socket) = (number(libc::SOL_PACKET), number(libc::SOL_SOCKET));
    let join = number(libc::PACKET_ADD_MEMBERSHIP);
    // Null pointers: what is left to it comes as far as the kernel's own check of them.
    for (sentence, call_, first, second) in [
        ("binding", libc::SYS_bind, 0, 0),
        ("its address", libc::SYS_getsockname, 0, 0),
        ("losses", libc::SYS_getsockopt, packet, number(libc::PACKET_STATISTICS)),
        ("its error", libc::SYS_getsockopt, socket, number(libc::SO_ERROR)),
        ("joining", libc::SYS_setsockopt, packet, join),
        ("an interface's number", libc::SYS_ioctl, 0x8933, 0),
        ("an interface's name", libc::SYS_ioctl, 0x8910, 0),
        ("an interface's flags", libc::SYS_ioctl, 0x8913, 0),
        ("receiving", libc::SYS_recvfrom, 0, 0),
    ] {
        let refused = [Some(libc::EPERM), Some(libc::ENOSYS)];
        let left = call(call_, [ours, first, second, 0, 0]);
        assert!(!refused.contains(&left), "{sentence}: {left:?}");
        let others = call(call_, [other, first, second, 0, 0]);
        assert!(refused.contains(&others), "{sentence} of another socket: {others:?}");
    }
    for (sentence, call_, level, option) in [
        ("another ring", libc::SYS_setsockopt, packet, number(libc::PACKET_RX_RING)),
        ("a ring to send from", libc::SYS_setsockopt, packet, number(libc::PACKET_TX_RING)),
        ("sharing frames", libc::SYS_setsockopt, packet, number(libc::PACKET_FANOUT)),
        ("another filter", libc::SYS_setsockopt, socket, number(libc::SO_ATTACH_FILTER)),
        ("no filter", libc::SYS_setsockopt, socket, number(libc::SO_DETACH_FILTER)),
        ("waiting", libc::SYS_setsockopt, socket, number(libc::SO_RCVTIMEO)),
        ("membership at another level", libc::SYS_setsockopt, socket, join),
        ("descriptors of others", libc::SYS_recvmsg, 0, 0),
    ] {
        let error = call(call_, [ours, level, option, 0, 0]);
        assert_eq!(error, Some(libc::EPERM), "{sentence}");
    }
    for (sentence, call_, first, second) in [
        ("another question", libc::SYS_getsockopt, socket, number(libc::SO_TYPE)),
        ("an interface's address", libc::SYS_ioctl, 0x8915, 0),
        ("an interface set up", libc::SYS_ioctl, 0x8914, 0),
        ("accepting", libc::SYS_accept4, 0, 0),
    ] {
        let error = call(call_, [ours, first, second, 0, 0]);
        assert_eq!(error, Some(libc::ENOSYS), "{sentence}");
    }
}

fn refilter() {
    let (ours, other) = UnixStream::pair().expect("a pair is made");
    let both: Vec<_> = [&ours, &other].map(AsRawFd::as_raw_fd).into();
    lock(&Plan { receive_only: both, refilter: vec![ours.as_raw_fd()], ..Plan::default() });
    let [ours, other] = [&ours, &other].map(|socket| i64::from(socket.as_raw_fd()));
    let [socket, packet] = [libc::SOL_SOCKET, libc::SOL_PACKET].map(i64::from);
    let [filter, program, none] =
        [libc::SO_ATTACH_FILTER, libc::SO_ATTACH_BPF, libc::SO_DETACH_FILTER].map(i64::from);
    let set = |of, level, option| call(libc::SYS_setsockopt, [of, level, option, 0, 0]);
    // A null pointer comes as far as the kernel's own check of it.
    let refused = [Some(libc::EPERM), Some(libc::ENOSYS)];
    let left = set(ours, socket, filter);
    assert!(!refused.contains(&left), "{left:?}");
    for (sentence, of, level, option) in [
        ("a filter for another socket", other, socket, filter),
        ("the option's number at another level", ours, packet, filter),
        ("an eBPF program", ours, socket, program),
        ("no filter", ours, socket, none),
    ] {
        let error = set(of, level, option);
        assert!(refused.contains(&error), "{sentence}: {error:?}");
    }
}

fn remove() {
    fs::write("out/socket", "").expect("written");
    let state = lock(&Plan { remove: vec!["out".into()], ..Plan::default() });
    assert_eq!(
        fs::rename("out/socket", "out/b").expect_err("moved").kind(),
        ErrorKind::Unsupported
    );
    assert_eq!(fs::create_dir("out/b").expect_err("made").kind(), ErrorKind::Unsupported);
    let options = [OpenOptions::new().write(true).clone(), OpenOptions::new().append(true).clone()];
    for options in options {
        let error = options.open("out/socket").expect_err("opened for writing");
        assert_eq!(error.raw_os_error(), Some(libc::EPERM));
    }
    if state.landlock.is_some() {
        let error = File::open("out/socket").expect_err("read");
        assert_eq!(error.raw_os_error(), Some(libc::EACCES));
        let error = fs::remove_file("secret").expect_err("removed elsewhere");
        assert_eq!(error.raw_os_error(), Some(libc::EACCES));
    }
    fs::remove_file("out/socket").expect("that is left");
}

fn remove_folders() {
    fs::create_dir_all("out/deep/empty").expect("made");
    fs::create_dir("out/full").expect("made");
    fs::create_dir("in/empty").expect("made");
    fs::write("out/full/file", "").expect("written");
    let state = lock(&Plan { remove_folders: vec!["out".into()], ..Plan::default() });
    assert!(fs::create_dir("out/b").is_err());
    if state.landlock.is_some() {
        for path in ["secret", "out/full/file"] {
            // By Landlock, or where files are removed by another call than folders, by seccomp.
            let error = fs::remove_file(path).expect_err("a file is removed");
            assert!(
                matches!(error.raw_os_error(), Some(libc::EACCES | libc::ENOSYS)),
                "{path}: {error}"
            );
            let unlink = [libc::AT_FDCWD.into(), c"out/full/file".as_ptr() as i64, 0, 0, 0];
            assert_eq!(call(libc::SYS_unlinkat, unlink), Some(libc::EACCES));
        }
        assert!(fs::remove_dir("in/empty").is_err(), "a folder elsewhere is removed");
    }
    let error = fs::remove_dir("out/full").expect_err("a file's folder is removed");
    assert_eq!(error.kind(), ErrorKind::DirectoryNotEmpty);
    fs::remove_dir("out/deep/empty").expect("that is left");
    fs::remove_dir("out/deep").expect("that is left");
}

fn serves() {
    let listener = UnixListener::bind("out/socket").expect("it is bound");
    let mut client = UnixStream::connect("out/socket").expect("it listens");
    lock(&Plan { serves: true, ..plan() });
    client.write_all(b"mark").expect("an open socket may be written to");
    let (mut server, _) = listener.accept().expect("accepting is left");
    server.set_read_timeout(Some(Duration::from_secs(9))).expect("waiting has an end");
    server.set_write_timeout(Some(Duration::from_secs(9))).expect("waiting has an end");
    let membership = [libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP].map(i64::from);
    let passing = [libc::SOL_SOCKET, libc::SO_PASSCRED].map(i64::from);
    for [level, option] in [membership, passing] {
        let error = call(libc::SYS_setsockopt, [server.as_raw_fd().into(), level, option, 0, 0]);
        assert_eq!(error, Some(libc::EPERM), "{level} {option}");
    }
    let mut word = [0; 4];
    server.read_exact(&mut word).expect("it was sent");
    server.write_all(b"done").expect("answering is left");
    client.read_exact(&mut word).expect("it was answered");
    assert_eq!(&word, b"done");
    let another = UnixStream::connect("out/socket").expect_err("a new socket");
    assert_eq!(another.raw_os_error(), Some(libc::EPERM));
}

fn screen() {
    let (mut woken, waking) = UnixStream::pair().expect("a pair is made");
    lock(&Plan { screen: true, ..plan() });
    // As a signal handler does.
    let [descriptor, octets] = [waking.as_raw_fd().into(), c"x".as_ptr() as i64];
    let sent = call(libc::SYS_sendto, [descriptor, octets, 1, libc::MSG_DONTWAIT.into(), 0]);
    assert_eq!(sent, None, "waking is left");
    woken.read_exact(&mut [0]).expect("it was woken");
    let to_an_address = [descriptor, octets, 1, 0, octets];
    assert_eq!(call(libc::SYS_sendto, to_an_address), Some(libc::EPERM));
    for (sentence, number, arguments) in refused() {
        // The one without an address has no socket to go out by.
        let expected = if number == libc::SYS_sendto { libc::ENOTSOCK } else { libc::EPERM };
        assert_eq!(call(number, arguments), Some(expected), "{sentence}");
    }
    assert!(File::open("secret").is_err(), "only the plan's files");
    assert!(File::create("in/new").is_err() && File::create("out/new").is_ok());
    // Typing for the user (TIOCSTI).
    let typing = call(libc::SYS_ioctl, [0, 0x5412, octets, 0, 0]);
    assert_eq!(typing, Some(libc::ENOSYS));
}
