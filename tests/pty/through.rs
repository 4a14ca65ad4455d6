//! The screen behind other programs: in GNU screen, and over ssh.
//!
//! Both take what vigie writes and draw it anew, or carry it; so the terminal here shows what
//! somebody sees who sits in front of them.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::lab::{Lab, ip};
use super::live::capture;
use super::pty::Terminal;

const SHELL: [&str; 4] = ["bash", "--norc", "--noprofile", "-i"];

/// GNU screen as it comes, without anybody's settings.
struct GnuScreen {
    sockets: PathBuf,
}

impl GnuScreen {
    /// Its sockets are to be in `folder`.
    fn new(folder: &Path) -> Self {
        let sockets = folder.join("sockets");
        fs::DirBuilder::new().mode(0o700).create(&sockets).expect("a folder of the user's alone");
        Self { sockets }
    }

    /// What runs it with these arguments.
    fn command(&self, arguments: &[&str]) -> Vec<String> {
        let sockets = format!("SCREENDIR={}", self.sockets.display());
        let before = ["LC_ALL=C.UTF-8", &sockets, "screen"];
        before.iter().chain(arguments).map(|&word| word.to_owned()).collect()
    }

    /// An interactive shell in it.
    fn shell(&self) -> Terminal {
        let command = self.command(&[&["-U", "-c", "/dev/null"][..], &SHELL].concat());
        let command: Vec<_> = command.iter().map(String::as_str).collect();
        Terminal::run(Path::new("env"), &command, (100, 30))
    }
}

impl Drop for GnuScreen {
    fn drop(&mut self) {
        // After a test that failed it goes on without a terminal; after the others it has ended.
        let quit = self.command(&["-X", "quit"]);
        let _ = Command::new("env").args(quit).stdout(Stdio::null()).status();
    }
}

/// sshd on a port of a namespace of its own.
struct Server {
    lab: Lab,
    sshd: Child,
    folder: PathBuf,
}

const PORT: &str = "2222";

impl Server {
    fn start(folder: &Path) -> Self {
        let lab = Lab::new();
        ip(&["-n", &lab.side("b"), "link", "set", "lo", "up"]);
        let path = |name: &str| folder.join(name).display().to_string();
        for key in ["host", "user"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f", &path(key)])
                .status();
            assert!(made.is_ok_and(|status| status.success()), "ssh-keygen");
        }
        let settings = [
            ("Port", PORT),
            ("ListenAddress", "127.0.0.1"),
            ("HostKey", &path("host")),
            ("AuthorizedKeysFile", &path("user.pub")),
            ("PidFile", "none"),
            ("PermitRootLogin", "yes"),
            ("PasswordAuthentication", "no"),
            ("StrictModes", "no"),
            ("UsePAM", "no"),
        ];
        let settings = settings.map(|(name, value)| [name, value].join(" ")).join("\n") + "\n";
        fs::write(folder.join("sshd_config"), settings).expect("written");
        fs::create_dir_all("/run/sshd").expect("sshd needs it");
        // It wants its whole path, to run itself anew.
        let sshd = ["/usr/sbin/sshd", "-D", "-e", "-f", &path("sshd_config")];
        let sshd = Command::new("ip")
            .args([&["netns", "exec", &lab.side("b")][..], &sshd].concat())
            .stdin(Stdio::null())
            .stderr(fs::File::create(folder.join("sshd.log")).expect("a file"))
            .spawn()
            .expect("sshd starts");
        Self { lab, sshd, folder: folder.to_owned() }
    }

    /// What ssh is to run in the namespace.
    fn ssh(&self, command: &[&str], size: (u16, u16)) -> Terminal {
        let namespace = self.lab.side("b");
        let key = self.folder.join("user").display().to_string();
        let options = [
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
            "-o",
            "ConnectionAttempts=20",
            "-F",
            "none",
            "-p",
            PORT,
            "-i",
            &key,
        ];
        let ssh = ["netns", "exec", &namespace, "ssh", "-tt"];
        let ssh = [&ssh[..], &options, &["root@127.0.0.1", "exec"], command].concat();
        Terminal::run(Path::new("ip"), &ssh, size)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.sshd.kill();
        let _ = self.sshd.wait();
    }
}

/// What is typed to start vigie: captures that are read, and one that is still being written.
fn commands() -> [String; 2] {
    let vigie = format!("{} --no-config", env!("CARGO_BIN_EXE_vigie"));
    let office = capture("office-hour.pcapng").display().to_string();
    [
        format!("{vigie} view --lang en --jobs 1 {office}"),
        format!(
            "mkfifo frames; (cat {office}; sleep 600) >frames & {vigie} live --lang en -r frames"
        ),
    ]
}

/// Types a line to the shell, whose answer is waited for.
fn ask(terminal: &mut Terminal, line: &str, answer: &str) {
    terminal.press(&format!("{line}\r"));
    terminal.wait_for(answer);
}

/// All that somebody does with the screen in a shell: `there` is where the shell is to be.
fn works(terminal: &mut Terminal, command: &str, there: &Path) {
    // What the shell is told is not what it answers: so the echo is not taken for it.
    ask(terminal, "PS1='ready''> '", "ready> ");
    ask(
        terminal,
        &format!("cd {}; stty -a >before; echo of ''before", there.display()),
        "of before",
    );
    ask(terminal, &format!("{command}; echo status ''$?"), "· no tag");
    terminal.wait_until_quiet();
    let screen = terminal.screen();
    assert!(screen.starts_with(" vigie │ "), "{screen}");
    assert!(!screen.contains("of before"), "what stood there before shines through:\n{screen}");
    // Orange of the categories that accuse, among others: colours come through.
    let coloured =
        terminal.cells().iter().any(|line| line.contains("\u{1b}[33m") || line.contains("[38;5;"));
    assert!(coloured, "no colours:\n{screen}");
    terminal.press("2");
    terminal.wait_for("contoso-my");
    terminal.press("\u{1b}[B");
    terminal.wait_until(|terminal| terminal.chosen().contains("office.events"));
    // The mouse (xterm, "Extended coordinates"): the fourth row of the table.
    terminal.press("\u{1b}[<0;20;8M\u{1b}[<0;20;8m");
    terminal.wait_until(|terminal| line(terminal, 7).starts_with('▸'));
    terminal.resize((60, 20));
    terminal.wait_until(|terminal| {
        let fits = terminal.screen().lines().all(|line| line.chars().count() <= 60);
        fits && line(terminal, 19).starts_with(" ? help")
    });
    terminal.press("\u{1a}");
    terminal.wait_for("Stopped");
    assert!(!terminal.screen().contains(" ? help"), "the screen is left:\n{}", terminal.screen());
    ask(terminal, "stty -a >stopped; echo of ''stopped", "of stopped");
    ask(terminal, "fg %+; echo status ''$?", " ? help");
    terminal.wait_until(|terminal| !terminal.screen().contains("of stopped"));
    terminal.press("q");
    terminal.wait_for("status 0");
    let left = terminal.screen();
    assert!(left.contains("flows, ") && !left.contains(" ? help"), "{left}");
    ask(terminal, "stty -a >after; echo of ''after", "of after");
    let modes = |name: &str| modes(&there.join(name));
    assert!(modes("before").contains("icanon"), "{}", modes("before"));
    assert_eq!(modes("before"), modes("stopped"));
    assert_eq!(modes("before"), modes("after"));
    ask(terminal, "kill %1 2>/dev/null; echo of ''jobs", "of jobs");
    terminal.press("exit\r");
}

/// A line of the terminal, from 0.
fn line(terminal: &Terminal, number: usize) -> String {
    terminal.screen().lines().nth(number).unwrap_or_default().to_owned()
}

/// What `stty -a` wrote of modes and keys; the size, before them, is another one by now.
fn modes(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("stty wrote it");
    let (_, from_columns) = text.split_once("columns").expect("stty says the size");
    from_columns.split_once(';').expect("the rest").1.to_owned()
}

#[test]
#[ignore = "needs GNU screen: tests/screens.sh"]
fn view_and_live_work_in_gnu_screen() {
    for command in commands() {
        let folder = tempfile::tempdir().unwrap();
        let screen = GnuScreen::new(folder.path());
        let mut terminal = screen.shell();
        works(&mut terminal, &command, folder.path());
        let (status, left) = terminal.end();
        assert_eq!(status, Some(0), "{left}");
        assert!(terminal.is_restored(), "{left}");
    }
}

#[test]
#[ignore = "needs root, namespaces and sshd: tests/screens.sh"]
fn view_and_live_work_over_ssh() {
    let keys = tempfile::tempdir().unwrap();
    let server = Server::start(keys.path());
    for command in commands() {
        let folder = tempfile::tempdir().unwrap();
        let mut terminal = server.ssh(&SHELL, (100, 30));
        works(&mut terminal, &command, folder.path());
        let (_, left) = terminal.end();
        assert!(terminal.is_restored(), "{left}");
    }
}

#[test]
#[ignore = "needs root, namespaces and sshd: tests/screens.sh"]
fn a_connection_that_ends_ends_vigie() {
    let keys = tempfile::tempdir().unwrap();
    let server = Server::start(keys.path());
    let program = env!("CARGO_BIN_EXE_vigie");
    let office = capture("office-hour.pcapng").display().to_string();
    let started = [
        "sh",
        "-c",
        &format!(
            "'echo $$ >{}/pid; exec {program} --no-config view --lang en {office}'",
            keys.path().display()
        ),
    ]
    .join(" ");
    let mut terminal = server.ssh(&[&started], (100, 30));
    terminal.wait_until_ready();
    let pid = fs::read_to_string(keys.path().join("pid")).expect("it runs");
    let running = Path::new("/proc").join(pid.trim());
    assert!(running.exists());
    // Nobody would bring it back.
    terminal.press("\u{1a}");
    terminal.wait_for("no shell would bring vigie back");
    terminal.signal("TERM");
    terminal.end();
    for _ in 0..600 {
        if !running.exists() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("vigie goes on without a terminal");
}

/// `vigie view`, started by another program where no shell keeps it.
pub(super) fn keys_work_and_it_does_not_stop(starter: &str, options: &[&str]) {
    let program = env!("CARGO_BIN_EXE_vigie");
    let office = capture("office-hour.pcapng");
    let office = office.to_str().expect("a path");
    let view = [program, "--no-config", "view", "--lang", "en", office];
    let arguments = [options, &view].concat();
    let mut terminal = Terminal::run(Path::new(starter), &arguments, (120, 40));
    terminal.wait_until_ready();
    terminal.press("\u{1a}");
    terminal.wait_for("no shell would bring vigie back");
    terminal.press("2");
    terminal.wait_for("contoso-my");
    terminal.press("q");
    assert_eq!(terminal.end().0, Some(0));
    assert!(terminal.is_restored());
}

/// As in a container: group and session are led from outside, and have no number within
/// (`pid_namespaces(7)`).
#[test]
#[ignore = "needs root and PID namespaces: tests/screens.sh"]
fn in_a_pid_namespace_keys_work_and_it_does_not_stop() {
    keys_work_and_it_does_not_stop("unshare", &["--pid", "--fork", "--mount-proc"]);
}
