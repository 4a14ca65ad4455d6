//! `/proc/self/status`: what the kernel says of this process (`proc_pid_status(5)`).

use serde::{Serialize, Serializer};

/// The fields of `/proc/self/status` that speak of rights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// Threads of the process.
    #[serde(skip)]
    pub threads: u32,
    /// The five sets of capabilities.
    pub capabilities: Capabilities,
    /// Whether running a program can give new rights: `NoNewPrivs`.
    pub no_new_privs: bool,
    /// Mode of seccomp: 0 off, 1 strict, 2 filter.
    pub seccomp: u8,
    /// Filters of seccomp, those included that were there before; 0 before Linux 5.9.
    pub seccomp_filters: u32,
}

/// Sets of capabilities, a bit for each (capabilities(7)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// Kept over the start of a program.
    #[serde(serialize_with = "hexadecimal")]
    pub inheritable: u64,
    /// May be made effective.
    #[serde(serialize_with = "hexadecimal")]
    pub permitted: u64,
    /// In force.
    #[serde(serialize_with = "hexadecimal")]
    pub effective: u64,
    /// The most that the start of a program can give.
    #[serde(serialize_with = "hexadecimal")]
    pub bounding: u64,
    /// Kept over the start of an ordinary program.
    #[serde(serialize_with = "hexadecimal")]
    pub ambient: u64,
}

impl Status {
    /// Reads the text of the file; `None` where one of the fields that every kernel since
    /// Linux 4.10 has is not there.
    pub fn parse(text: &str) -> Option<Self> {
        let field = |name: &str| {
            text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
        };
        let set = |name: &str| u64::from_str_radix(field(name)?, 16).ok();
        let effective = |name: &str| field(name)?.split_whitespace().nth(1)?.parse().ok();
        Some(Self {
            uid: effective("Uid")?,
            gid: effective("Gid")?,
            groups: field("Groups")?.split_whitespace().filter_map(|g| g.parse().ok()).collect(),
            threads: field("Threads")?.parse().ok()?,
            capabilities: Capabilities {
                inheritable: set("CapInh")?,
                permitted: set("CapPrm")?,
                effective: set("CapEff")?,
                bounding: set("CapBnd")?,
                ambient: set("CapAmb")?,
            },
            no_new_privs: field("NoNewPrivs")? == "1",
            // Without seccomp in the kernel, the field is not there.
            seccomp: field("Seccomp").and_then(|mode| mode.parse().ok()).unwrap_or_default(),
            seccomp_filters: field("Seccomp_filters").and_then(|n| n.parse().ok()).unwrap_or(0),
        })
    }
}

impl Capabilities {
    /// Whether no capability is left that can be used or kept; the bounding set gives none.
    pub fn are_none(&self) -> bool {
        self.inheritable | self.permitted | self.effective | self.ambient == 0
    }
}

/// As in the file: 16 digits.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn hexadecimal<S: Serializer>(set: &u64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&format!("{set:016x}"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The file of a process that is locked.
    pub(crate) const LOCKED: &str = "\
Name:\tvigie
Tgid:\t4711
Uid:\t1000\t1001\t1000\t1000
Gid:\t100\t101\t100\t100
Groups:\t4 27
Threads:\t1
CapInh:\t0000000000000000
CapPrm:\t0000000000000000
CapEff:\t0000000000000000
CapBnd:\t000001ffffffffff
CapAmb:\t0000000000000000
NoNewPrivs:\t1
Seccomp:\t2
Seccomp_filters:\t2
";

    #[test]
    fn the_effective_ids_and_every_set_are_read() {
        let status = Status::parse(LOCKED).unwrap();
        assert_eq!((status.uid, status.gid), (1001, 101));
        assert_eq!(status.groups, [4, 27]);
        assert_eq!(status.capabilities.bounding, 0x1ff_ffff_ffff);
        assert!(status.capabilities.are_none() && status.no_new_privs);
        assert_eq!((status.seccomp, status.seccomp_filters, status.threads), (2, 2, 1));
    }

    #[test]
    fn each_set_but_the_bounding_one_is_a_right() {
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            let text = LOCKED.replace(&format!("{set}:\t0"), &format!("{set}:\t1"));
            assert!(!Status::parse(&text).unwrap().capabilities.are_none(), "{set}");
        }
    }

    #[test]
    fn a_kernel_without_seccomp_has_mode_0_and_other_missing_fields_are_no_status() {
        let text = LOCKED.replace("Seccomp", "Something");
        assert_eq!(Status::parse(&text).unwrap().seccomp, 0);
        assert_eq!(Status::parse(&LOCKED.replace("NoNewPrivs", "Other")), None);
        assert_eq!(Status::parse(""), None);
    }

    #[test]
    fn sets_are_written_as_the_kernel_writes_them() {
        let json = serde_json::to_value(Status::parse(LOCKED).unwrap()).unwrap();
        assert_eq!(json["capabilities"]["bounding"], "000001ffffffffff");
    }
}
