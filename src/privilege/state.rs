//! What is in force, for screens, reports and `record.json`.

use std::fmt;

use serde::Serialize;

use super::Status;

/// What is in force after [`Plan::enforce`](super::Plan::enforce). `Display` gives lines for
/// people; no path is in it, so that it can stand in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct State {
    /// What the kernel says; `None` where `/proc` is not there.
    pub status: Option<Status>,
    /// The user id before, where it was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_before: Option<u32>,
    /// The rules of Landlock; `None` where it is not in force.
    pub landlock: Option<Rules>,
    /// What should be in force and is not.
    pub lacks: Vec<Lack>,
}

/// What Landlock enforces (landlock(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rules {
    /// Version of the interface in use, from 1.
    pub abi: u32,
    /// Files and folders that may be opened for reading.
    pub read: usize,
    /// Folders that may be written to.
    pub write: usize,
    /// Whether opening TCP connections and ports is refused: from version 4 on.
    pub network: bool,
    /// Whether abstract Unix sockets and signals to other processes are refused: from version 6.
    pub scopes: bool,
}

/// A layer that is not in force, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// The layer.
    pub layer: Layer,
    /// Why, in words that follow the layer's.
    pub why: String,
}

/// The layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The user of `sudo` instead of root.
    User,
    /// No capabilities.
    Capabilities,
    /// No new rights by running programs.
    NoNewPrivs,
    /// Files and network.
    Landlock,
    /// System calls.
    Seccomp,
    /// `/proc/self/status`, which tells.
    Status,
}

impl State {
    /// What holds where `status` was read afterwards and these layers failed before.
    #[cfg(any(target_os = "linux", test))]
    pub(super) fn new(
        status: Option<Status>,
        user_before: Option<u32>,
        landlock: Option<Rules>,
        mut lacks: Vec<Lack>,
    ) -> Self {
        let known = |lacks: &[Lack], layer| lacks.iter().any(|lack| lack.layer == layer);
        let found = |layer, why: &str| Lack { layer, why: why.to_owned() };
        match &status {
            None => lacks.push(found(Layer::Status, "cannot be read; nothing was checked")),
            // What was done is not believed, what the kernel says is.
            Some(status) => {
                for (layer, holds) in [
                    (Layer::Capabilities, status.capabilities.are_none()),
                    (Layer::NoNewPrivs, status.no_new_privs),
                    (Layer::Seccomp, status.seccomp == 2),
                ] {
                    if !holds && !known(&lacks, layer) {
                        lacks.push(found(layer, "not so by /proc/self/status"));
                    }
                }
            }
        }
        Self { status, user_before, landlock, lacks }
    }

    /// Where vigie cannot give up anything.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of_other_systems() -> Self {
        let lack = |layer| Lack { layer, why: "vigie does this on Linux only".to_owned() };
        let layers = [Layer::Capabilities, Layer::NoNewPrivs, Layer::Landlock, Layer::Seccomp];
        Self {
            status: None,
            user_before: None,
            landlock: None,
            lacks: layers.into_iter().map(lack).collect(),
        }
    }

    /// Whether nothing is lacking.
    pub fn is_whole(&self) -> bool {
        self.lacks.is_empty()
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = &self.status {
            let Status { uid, gid, capabilities: sets, .. } = status;
            write!(f, "User           {uid}, group {gid}")?;
            match self.user_before {
                Some(before) => writeln!(f, " (started as {before})")?,
                None => writeln!(f)?,
            }
            let none = if sets.are_none() { "none" } else { "SOME ARE LEFT" };
            writeln!(f, "Capabilities   {none}")?;
            for (name, set) in [
                ("CapInh", sets.inheritable),
                ("CapPrm", sets.permitted),
                ("CapEff", sets.effective),
                ("CapBnd", sets.bounding),
                ("CapAmb", sets.ambient),
            ] {
                writeln!(f, "  {name}       {set:016x}")?;
            }
            writeln!(f, "New rights     {}", one_of(status.no_new_privs, "never", "POSSIBLE"))?;
            writeln!(f, "  NoNewPrivs   {}", u8::from(status.no_new_privs))?;
            let mode = ["off", "strict", "filter"].get(usize::from(status.seccomp));
            writeln!(f, "System calls   {}", mode.unwrap_or(&"of an unknown mode"))?;
            writeln!(f, "  Seccomp      {}", status.seccomp)?;
            writeln!(f, "  filters      {}", status.seccomp_filters)?;
        }
        match self.landlock {
            None => writeln!(f, "Landlock       off")?,
            Some(Rules { abi, read, write, network, scopes }) => {
                writeln!(f, "Landlock       version {abi} of its interface")?;
                writeln!(f, "  reading      {read} files or folders")?;
                writeln!(f, "  writing      {write} folders")?;
                let by = |yes| one_of(yes, "refused", "left to the filter of system calls");
                writeln!(f, "  TCP          {}", by(network))?;
                writeln!(f, "  processes    {}", by(scopes))?;
            }
        }
        self.lacks.iter().try_for_each(|lack| writeln!(f, "LACKING        {lack}"))
    }
}

fn one_of<'a>(which: bool, yes: &'a str, no: &'a str) -> &'a str {
    if which { yes } else { no }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.layer, self.why)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "the user of sudo instead of root",
            Self::Capabilities => "no capabilities",
            Self::NoNewPrivs => "no new rights by running programs",
            Self::Landlock => "Landlock for files and network",
            Self::Seccomp => "seccomp for system calls",
            Self::Status => "/proc/self/status",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::status::tests::LOCKED;
    use super::*;

    const RULES: Rules = Rules { abi: 7, read: 2, write: 0, network: true, scopes: true };

    fn state(status: &str) -> State {
        State::new(Status::parse(status), Some(0), Some(RULES), Vec::new())
    }

    #[test]
    fn a_locked_process_lacks_nothing() {
        assert!(state(LOCKED).is_whole());
        insta::assert_snapshot!(state(LOCKED));
    }

    #[test]
    fn what_the_kernel_does_not_confirm_is_lacking() {
        let lacks = |from: &str, to: &str| {
            let lacks = state(&LOCKED.replace(from, to)).lacks;
            lacks.into_iter().map(|lack| lack.layer).collect::<Vec<_>>()
        };
        assert_eq!(lacks("NoNewPrivs:\t1", "NoNewPrivs:\t0"), [Layer::NoNewPrivs]);
        assert_eq!(lacks("Seccomp:\t2", "Seccomp:\t0"), [Layer::Seccomp]);
        assert_eq!(lacks("CapEff:\t0", "CapEff:\t1"), [Layer::Capabilities]);
        assert_eq!(lacks("Uid", "Nothing"), [Layer::Status]);
    }

    #[test]
    fn a_system_without_landlock_and_seccomp_says_so_once_each() {
        let lack = |layer, why: &str| Lack { layer, why: why.to_owned() };
        let failed = vec![
            lack(Layer::Landlock, "the kernel lacks it"),
            lack(Layer::Seccomp, "the kernel lacks it"),
        ];
        let status = Status::parse(&LOCKED.replace("Seccomp:\t2", "Seccomp:\t0"));
        let state = State::new(status, None, None, failed);
        assert_eq!(state.lacks.len(), 2);
        insta::assert_snapshot!(state);
    }

    #[test]
    fn the_record_names_layers_and_figures() {
        let json = serde_json::to_value(state(LOCKED)).unwrap();
        assert_eq!(json["status"]["capabilities"]["effective"], "0000000000000000");
        assert_eq!(json["landlock"]["abi"], 7);
        assert_eq!(json["lacks"], serde_json::json!([]));
    }
}
