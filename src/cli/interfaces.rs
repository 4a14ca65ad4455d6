//! `vigie interfaces`: what can be captured here, and what right is missing.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::export::escape;
use crate::source::live::{
    Backend, InterfaceChoice, LiveOpenError, LiveOptions, NetworkInterface, interfaces, open,
};

/// Writes every interface with its state, its addresses, and whether it can be captured from. The
/// answer is that of an attempt: a socket is opened, asked for nothing and closed.
pub(super) fn write(out: &mut dyn Write) -> io::Result<()> {
    let found = interfaces();
    let mut missing = None;
    for interface in &found {
        let attempt = attempt(&interface.name);
        if let Err(LiveOpenError::NoRight(_)) = attempt {
            missing = Some(&interface.name);
        }
        out.write_all(entry(interface, attempt.as_ref().err()).as_bytes())?;
    }
    match missing {
        Some(name) => out.write_all(how_to_get_the_right(&program(), name).as_bytes()),
        None if found.is_empty() => writeln!(out, "no interface was found"),
        None => writeln!(out, "any: all of them, those that come later too"),
    }
}

/// Tries to capture from an interface.
fn attempt(name: &str) -> Result<(), LiveOpenError> {
    let interfaces = vec![InterfaceChoice::Name(name.to_owned())];
    // Without a ring: there may be a thousand interfaces.
    let options = LiveOptions { interfaces, backend: Backend::Pnet, ..LiveOptions::default() };
    open(&options).map(drop)
}

/// An interface's lines.
fn entry(interface: &NetworkInterface, refusal: Option<&LiveOpenError>) -> String {
    let NetworkInterface { name, up, running, loopback, point_to_point, .. } = interface;
    let mut words = vec![if *up { "up" } else { "down" }];
    if *up && !*running {
        words.push("not connected");
    }
    if *loopback {
        words.push("loopback");
    }
    if *point_to_point {
        words.push("point to point");
    }
    let name = escape(name);
    let mut lines = vec![format!("{name}: {}", words.join(", "))];
    lines.extend(interface.mac.map(|mac| {
        let octets: Vec<String> = mac.iter().map(|octet| format!("{octet:02x}")).collect();
        octets.join(":")
    }));
    lines.extend(interface.addresses.iter().map(ToString::to_string));
    lines.push(match refusal {
        Some(LiveOpenError::NoRight(_)) => "cannot be captured: no right".to_owned(),
        Some(other) => format!("cannot be captured: {}", escape(&in_full(other))),
        None if *up => "can be captured".to_owned(),
        None => {
            let get_up = format!("sudo ip link set dev {name} up");
            format!("can be captured, but gives no frames while it is down: {get_up}")
        }
    });
    lines.join("\n    ") + "\n"
}

/// A message with its causes.
fn in_full(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", in_full(cause)),
        None => error.to_string(),
    }
}

/// The commands that give this program the right, for pasting.
fn how_to_get_the_right(program: &Path, interface: &str) -> String {
    let program = quoted(&program.display().to_string());
    let interface = quoted(interface);
    format!(
        "\
the right to capture is missing (CAP_NET_RAW). Give it to this program:

    sudo setcap cap_net_raw+ep {program}

until it is replaced by another build; or for one run:

    sudo {program} live -i {interface}
"
    )
}

/// This program's file, links resolved: `setcap` refuses links.
fn program() -> PathBuf {
    let found = std::env::current_exe();
    found.and_then(std::fs::canonicalize).unwrap_or_else(|_| PathBuf::from("vigie"))
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interface() -> NetworkInterface {
        NetworkInterface {
            index: 2,
            name: "eth0".into(),
            mac: Some([0, 0, 0x5e, 0, 0x53, 1]),
            addresses: vec!["192.0.2.7/24".parse().unwrap(), "2001:db8::7/64".parse().unwrap()],
            up: true,
            running: true,
            loopback: false,
            point_to_point: false,
        }
    }

    #[test]
    fn an_interface_is_shown_with_its_state_and_what_can_be_done() {
        let said = entry(&interface(), None);
        let expected = "eth0: up\n    00:00:5e:00:53:01\n    192.0.2.7/24\n    2001:db8::7/64\n    \
                        can be captured\n";
        assert_eq!(said, expected);
        let down = NetworkInterface { up: false, mac: None, addresses: vec![], ..interface() };
        let said = entry(&down, None);
        let expected = "eth0: down\n    can be captured, but gives no frames while it is down: \
                        sudo ip link set dev eth0 up\n";
        assert_eq!(said, expected);
        let idle = NetworkInterface { running: false, point_to_point: true, ..interface() };
        assert!(entry(&idle, None).starts_with("eth0: up, not connected, point to point\n"));
    }

    #[test]
    fn a_refusal_is_said_with_its_cause() {
        let no_right = LiveOpenError::NoRight("eth0".into());
        assert!(entry(&interface(), Some(&no_right)).ends_with("cannot be captured: no right\n"));
        let source = io::Error::other("no buffer");
        let other = LiveOpenError::System { interface: "eth0".into(), call: "bind", source };
        let said = entry(&interface(), Some(&other));
        assert!(said.ends_with("cannot be captured: eth0: bind failed: no buffer\n"), "{said}");
    }

    #[test]
    fn the_commands_can_be_pasted_whatever_the_path() {
        let said = how_to_get_the_right(Path::new("/opt/it's mine/vigie"), "eth0");
        assert!(said.contains(r"sudo setcap cap_net_raw+ep '/opt/it'\''s mine/vigie'"), "{said}");
        assert!(said.contains(r"sudo '/opt/it'\''s mine/vigie' live -i eth0"), "{said}");
    }
}
