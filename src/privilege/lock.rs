//! The layers, one after the other.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::thread::sleep;
use std::time::Duration;

use rustix::fs::{Access, AtFlags, CWD, accessat};
use rustix::io::Errno;
use rustix::process::{geteuid, getuid};

use super::user::User;
use super::{Lack, Layer, Plan, State, Status, Unenforceable, capability, landlock, seccomp};

/// Enforces what `plan` says, as far as the system can.
pub(super) fn enforce(plan: &Plan) -> Result<State, Unenforceable> {
    // Open before the lock: afterwards nothing of /proc can be.
    let mut file = File::open("/proc/self/status").ok();
    let mut status = || file.as_mut().and_then(|file| read(file).ok());
    let threads = threads(|| status().map_or(1, |status| status.threads));
    if threads != 1 {
        return Err(Unenforceable::Threads(threads));
    }
    let mut lacks = Vec::new();
    note(&mut lacks, Layer::Capabilities, capability::empty_bounding());
    let user_before = become_user(&mut lacks);
    check_folders(plan)?;
    note(&mut lacks, Layer::Capabilities, capability::drop_all());
    let no_new_privs = rustix::thread::set_no_new_privs(true);
    note(&mut lacks, Layer::NoNewPrivs, no_new_privs);
    let rules = note(&mut lacks, Layer::Landlock, landlock::enforce(plan));
    note(&mut lacks, Layer::Seccomp, seccomp::enforce(plan));
    Ok(State::new(status(), user_before, rules, lacks))
}

/// How many threads run. One that was waited for still counts for a moment, until the kernel has
/// done away with it.
fn threads(mut count: impl FnMut() -> u32) -> u32 {
    let mut threads = count();
    for _ in 0..LOOKS {
        if threads <= 1 {
            break;
        }
        sleep(PAUSE);
        threads = count();
    }
    threads
}

/// Becomes the user of `sudo`; gives the user before, where that was somebody else.
fn become_user(lacks: &mut Vec<Lack>) -> Option<u32> {
    let user = note(lacks, Layer::User, User::of_sudo()).flatten()?;
    let before = getuid().as_raw();
    note(lacks, Layer::User, user.assume())?;
    Some(before)
}

/// Looks whether the user can use the folders that are to be written to: now, not at the first
/// rotation.
fn check_folders(plan: &Plan) -> Result<(), Unenforceable> {
    for path in &plan.write {
        let needed = Access::WRITE_OK | Access::EXEC_OK;
        match accessat(CWD, path, needed, AtFlags::EACCESS) {
            // Whoever makes a file there says that there is no such folder.
            Ok(()) | Err(Errno::NOENT | Errno::NOTDIR) => {}
            Err(_) => {
                let uid = geteuid().as_raw();
                return Err(Unenforceable::NotWritable { path: path.clone(), uid });
            }
        }
    }
    Ok(())
}

/// Keeps why a layer is not in force.
fn note<T, E: Display>(lacks: &mut Vec<Lack>, layer: Layer, done: Result<T, E>) -> Option<T> {
    done.map_err(|why| lacks.push(Lack { layer, why: why.to_string() })).ok()
}

/// The file as it is now.
fn read(file: &mut File) -> io::Result<Status> {
    let mut text = String::with_capacity(2048);
    file.seek(SeekFrom::Start(0))?;
    file.read_to_string(&mut text)?;
    Status::parse(&text).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// How often, and after what pauses, is looked whether threads are gone: half a second in all.
const LOOKS: u32 = 250;
const PAUSE: Duration = Duration::from_millis(2);
