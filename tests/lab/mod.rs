//! Network namespaces in which a test has an interface of its own. Needs root and iproute2, to
//! replay captures also tcpreplay.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Two namespaces, joined by a veth pair: frames are sent from `a` and captured in `b`.
pub(crate) struct Lab {
    name: String,
}

impl Lab {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let lab = Self { name: format!("vl{}-{number}", std::process::id()) };
        for side in ["a", "b"] {
            ip(&["netns", "add", &lab.side(side)]);
            let quiet =
                ["net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"];
            lab.run(side, &[&["sysctl", "-qw"][..], &quiet].concat());
        }
        lab.link();
        lab
    }

    pub(crate) fn side(&self, side: &str) -> String {
        format!("{}-{side}", self.name)
    }

    /// Makes the veth pair: `out` in `a`, `in` in `b`.
    pub(crate) fn link(&self) {
        let (a, b) = (self.side("a"), self.side("b"));
        ip(&[
            "-n", &a, "link", "add", "out", "mtu", "9000", "type", "veth", "peer", "name", "in",
            "netns", &b,
        ]);
        ip(&["-n", &b, "link", "set", "in", "mtu", "9000", "up"]);
        ip(&["-n", &a, "link", "set", "out", "up"]);
    }

    pub(crate) fn run(&self, side: &str, command: &[&str]) {
        ip(&[&["netns", "exec", &self.side(side)], command].concat());
    }

    /// Replays a capture, so many times as fast as it was.
    #[allow(dead_code, reason = "one of the test programs alone watches time pass")]
    pub(crate) fn replay_faster(&self, capture: &Path, times: u32) {
        let faster = format!("--multiplier={times}");
        self.run("a", &["tcpreplay", "-q", &faster, "-i", "out", capture.to_str().unwrap()]);
    }

    pub(crate) fn replay(&self, capture: &Path) {
        self.run("a", &["tcpreplay", "-q", "--topspeed", "-i", "out", capture.to_str().unwrap()]);
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        for side in ["a", "b"] {
            let _ = Command::new("ip").args(["netns", "del", &self.side(side)]).status();
        }
    }
}

/// Runs ip(8).
pub(crate) fn ip(arguments: &[&str]) {
    let done = Command::new("ip").args(arguments).output().expect("iproute2 is needed");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "ip {}: {said}", arguments.join(" "));
}
