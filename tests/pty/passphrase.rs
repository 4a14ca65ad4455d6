//! The passphrase of a key that seals a bundle, asked for on the terminal.

use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::termios::LocalModes;
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{Cipher, Kdf, LineEnding, PrivateKey};

use super::pty::Terminal;

const PASSPHRASE: &str = "correct horse";

/// A protected key in a folder.
fn key(folder: &Path) -> PathBuf {
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&[7; 32]));
    let key = PrivateKey::new(pair, "anne@example.org").expect("a key");
    let kdf = Kdf::Bcrypt { salt: vec![1; 16], rounds: 2 };
    let key = key.encrypt_with(Cipher::Aes256Ctr, kdf, 5, PASSPHRASE).expect("protected");
    let path = folder.join("key");
    std::fs::write(&path, key.to_openssh(LineEnding::LF).expect("text").as_bytes())
        .expect("written");
    path
}

/// `vigie report --sign` as the leader of a session whose terminal this is (setsid(1)): without
/// one, nobody is asked.
fn asked(folder: &Path) -> Terminal {
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps/car-hotspot.pcap");
    let (key, out) = (key(folder), folder.join("bundle"));
    let arguments = [
        "--ctty",
        "--wait",
        env!("CARGO_BIN_EXE_vigie"),
        "--no-config",
        "-q",
        "report",
        "--lang",
        "en",
    ];
    let paths = [&capture, Path::new("-o"), &out, Path::new("--sign"), &key];
    let paths = paths.map(|path| path.to_str().expect("text"));
    let mut terminal =
        Terminal::run(Path::new("setsid"), &[&arguments[..], &paths].concat(), (200, 24));
    terminal.wait_for("Passphrase of ");
    terminal.wait_until(|terminal| !terminal.modes().contains(LocalModes::ECHO));
    terminal
}

#[test]
fn what_is_typed_opens_the_key_and_is_never_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut terminal = asked(folder.path());
    terminal.press("correct\u{15}corect\u{7f}\u{7f}\u{7f}rect horse\r");
    let (status, left) = terminal.end();
    assert_eq!(status, Some(0), "{left}");
    assert!(!left.contains("horse") && !left.contains("cor"), "{left}");
    assert!(left.contains("to check it: vigie verify"), "{left}");
    assert!(terminal.is_restored());
    let mut verify = Command::new(env!("CARGO_BIN_EXE_vigie"));
    let verify =
        verify.args(["--no-config", "verify", "--lang", "en"]).arg(folder.path().join("bundle"));
    let done = verify.output().expect("vigie runs");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("Sealed by anne@example.org"), "{said}");
}

#[test]
fn a_wrong_one_and_none_make_no_bundle_and_leave_the_terminal_as_it_was() {
    for (keys, said) in [
        ("wrong\r", "does not open it"),
        ("corr\u{3}", "no passphrase was given"),
        ("\u{4}", "no passphrase was given"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut terminal = asked(folder.path());
        terminal.press(keys);
        let (status, left) = terminal.end();
        assert_eq!(status, Some(1), "{keys:?}: {left}");
        assert!(
            left.contains(said) && !left.contains("wrong\n") && !left.contains("corr"),
            "{left}"
        );
        assert!(terminal.is_restored(), "{keys:?}");
        assert!(!folder.path().join("bundle").exists());
    }
}
