//! The user of `sudo` instead of root.

use std::io;

use rustix::process::{Gid, Uid, geteuid, getuid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

/// A user and the primary group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct User {
    uid: u32,
    gid: u32,
}

/// Why the environment's user is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SUDO_UID and SUDO_GID are not the numbers of a user and a group; still root")]
pub(super) struct NotAUser;

/// The largest id; the one above it means "unchanged" (setresuid(2)).
const LAST_ID: u32 = u32::MAX - 1;

impl User {
    /// The user who called `sudo`: `None` where this is not root, nobody called it, or root did.
    pub(super) fn of_sudo() -> Result<Option<Self>, NotAUser> {
        if !(geteuid().is_root() && getuid().is_root()) {
            return Ok(None);
        }
        let variable = |name| std::env::var_os(name).map(|v| v.to_string_lossy().into_owned());
        Self::parse(variable("SUDO_UID").as_deref(), variable("SUDO_GID").as_deref())
    }

    /// Both numbers or none. User 0 is root, who was there before.
    fn parse(uid: Option<&str>, gid: Option<&str>) -> Result<Option<Self>, NotAUser> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|id| digits && *id <= LAST_ID).ok_or(NotAUser)
        };
        match (uid, gid) {
            (None, None) => Ok(None),
            (Some(uid), Some(gid)) => {
                let user = Self { uid: number(uid)?, gid: number(gid)? };
                Ok((user.uid != 0).then_some(user))
            }
            _ => Err(NotAUser),
        }
    }

    /// Does `work` with this user's rights to files, in the calling thread, and is root again.
    pub(super) fn lend<T>(self, work: impl FnOnce() -> T) -> io::Result<T> {
        let root = (Uid::ROOT, Gid::ROOT);
        let (uid, gid) = (Uid::from_raw(self.uid), Gid::from_raw(self.gid));
        set_thread_res_gid(root.1, gid, root.1)?;
        let lent = set_thread_res_uid(root.0, uid, root.0).map(|()| work());
        // The real and saved ids stayed root's, so that these are never refused to who got so far.
        set_thread_res_uid(root.0, root.0, root.0)?;
        set_thread_res_gid(root.1, root.1, root.1)?;
        Ok(lent?)
    }

    /// Becomes this user for good, in the calling thread: real, effective and saved. No
    /// supplementary group is kept, root's least of all. Groups go first: without root's rights
    /// they could not be changed.
    pub(super) fn assume(self) -> io::Result<()> {
        let (uid, gid) = (Uid::from_raw(self.uid), Gid::from_raw(self.gid));
        set_thread_groups(&[gid])?;
        set_thread_res_gid(gid, gid, gid)?;
        set_thread_res_uid(uid, uid, uid)?;
        Ok(())
    }
}

/// Does `work` with the rights to files that the run will have after
/// [`Plan::enforce`](super::Plan::enforce): started through `sudo`, with those of the user who
/// called it. So that what it makes is that user's, and only where that user may.
pub fn as_later_user<T>(work: impl FnOnce() -> T) -> io::Result<T> {
    match User::of_sudo() {
        Ok(Some(user)) => user.lend(work),
        // Where the user is unknown, root stays root, and enforcing says so.
        Ok(None) | Err(NotAUser) => Ok(work()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_make_a_user_and_root_is_none() {
        let user = |uid, gid| User::parse(Some(uid), Some(gid));
        assert_eq!(user("1000", "100"), Ok(Some(User { uid: 1000, gid: 100 })));
        assert_eq!(user("0", "0"), Ok(None));
        assert_eq!(User::parse(None, None), Ok(None));
    }

    #[test]
    fn what_is_no_number_of_a_user_is_refused() {
        for uid in ["", "-1", "+5", "4294967295", "4294967296", "root", "1000 "] {
            assert_eq!(User::parse(Some(uid), Some("100")), Err(NotAUser), "{uid}");
            assert_eq!(User::parse(Some("1000"), Some(uid)), Err(NotAUser), "{uid}");
        }
        assert_eq!(User::parse(Some("1000"), None), Err(NotAUser));
        assert_eq!(User::parse(None, Some("100")), Err(NotAUser));
    }
}
