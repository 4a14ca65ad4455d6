//! A pseudo-terminal with vigie in it.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

/// How vigie is started.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    /// Columns and lines.
    pub(crate) size: (u16, u16),
    /// The configuration file.
    pub(crate) config: Option<&'static str>,
    /// Further arguments.
    pub(crate) arguments: &'static [&'static str],
    /// Whether the capture comes through a named pipe.
    pub(crate) through_pipe: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { size: (80, 24), config: None, arguments: &[], through_pipe: false }
    }
}

/// vigie in a terminal.
pub(crate) struct Terminal {
    child: Child,
    master: File,
    parser: Arc<Mutex<vt100::Parser>>,
    /// Octets that came out of vigie.
    octets: Arc<AtomicU64>,
    folder: tempfile::TempDir,
}

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

fn winsize((columns, lines): (u16, u16)) -> Winsize {
    Winsize { ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}

fn cells(number: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(number).expect("a terminal has cells")
}

/// A named pipe out of which the capture comes.
fn fed(folder: &Path, capture: PathBuf) -> PathBuf {
    let pipe = folder.join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    let into = pipe.clone();
    // Opening it waits for vigie, which may have ended: then nobody waits for this thread.
    thread::spawn(move || fs::write(into, fs::read(capture).expect("the capture")));
    pipe
}

impl Terminal {
    /// Starts `vigie view` on the office capture.
    pub(crate) fn open(options: &Options) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("pcaps/office-hour.pcapng");
        let capture = if options.through_pipe { fed(folder.path(), capture) } else { capture };
        Self::view(&capture, options, folder)
    }

    /// Starts `vigie view` on a capture.
    pub(crate) fn view(capture: &Path, options: &Options, folder: tempfile::TempDir) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        if let Some(config) = options.config {
            fs::write(folder.path().join("config.toml"), config).expect("written");
            command.arg("--config").arg(folder.path().join("config.toml"));
        } else {
            command.arg("--no-config");
        }
        command.args(["view", "--lang", "en", "--jobs", "1"]).args(options.arguments);
        command.arg(capture);
        Self::start(command, folder, options.size)
    }

    /// Starts `vigie live` on `source`, in a folder that may hold something.
    pub(crate) fn live(
        source: &[&str],
        options: &Options,
        folder: Option<tempfile::TempDir>,
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(["--no-config", "live", "--lang", "en"]).args(source).args(options.arguments);
        let folder = folder.unwrap_or_else(|| tempfile::tempdir().expect("a temporary folder"));
        Self::start(command, folder, options.size)
    }

    /// Starts another program.
    pub(crate) fn run(program: &Path, arguments: &[&str], size: (u16, u16)) -> Self {
        let mut command = Command::new(program);
        command.args(arguments);
        Self::start(command, tempfile::tempdir().expect("a temporary folder"), size)
    }

    fn start(mut command: Command, folder: tempfile::TempDir, size: (u16, u16)) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("granted");
        unlockpt(&master).expect("unlocked");
        let name = ptsname(&master, Vec::new()).expect("its name");
        let name = name.into_string().expect("its name is text");
        // Not as the terminal of this session, should this process lead one: vigie, in a group
        // of its own, would be stopped as a job in the background.
        let noctty = OFlags::NOCTTY.bits().cast_signed();
        let slave = OpenOptions::new().read(true).write(true).custom_flags(noctty).open(name);
        let slave = slave.expect("its other end");
        tcsetwinsize(&slave, winsize(size)).expect("a size");
        command
            .current_dir(folder.path())
            // A job of this session, as a shell starts it: only such a one may stop.
            .process_group(0)
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::from(slave.try_clone().expect("a second handle")))
            .stdout(Stdio::from(slave.try_clone().expect("a second handle")))
            .stderr(Stdio::from(slave));
        let child = command.spawn().expect("vigie starts");
        drop(command);
        let master = File::from(master);
        let (columns, lines) = size;
        let parser = Arc::new(Mutex::new(vt100::Parser::new(cells(lines), cells(columns), 0)));
        let (mut reader, shown) = (master.try_clone().expect("a handle"), Arc::clone(&parser));
        let counted = Arc::new(AtomicU64::new(0));
        let octets = Arc::clone(&counted);
        thread::spawn(move || {
            let mut octets = [0; 4096];
            // The end of the child is an error here: all has been read then.
            while let Ok(read @ 1..) = reader.read(&mut octets) {
                shown.lock().expect("whole").process(&octets[..read]);
                counted.fetch_add(read as u64, Relaxed);
            }
        });
        Self { child, master, parser, octets, folder }
    }

    /// Where vigie runs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where vigie runs, whatever is mounted there for it alone (`proc_pid_cwd(5)`).
    pub(crate) fn present_folder(&self) -> PathBuf {
        format!("/proc/{}/cwd/.", self.child.id()).into()
    }

    /// What the kernel says of vigie (`proc_pid_status(5)`).
    pub(crate) fn status(&self) -> String {
        fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs")
    }

    /// What the screen shows.
    pub(crate) fn screen(&self) -> String {
        self.parser.lock().expect("whole").screen().contents()
    }

    /// Every cell with its colours, but for the foot: it says what keys did.
    pub(crate) fn cells(&self) -> Vec<String> {
        let parser = self.parser.lock().expect("whole");
        let (_, columns) = parser.screen().size();
        let mut rows: Vec<_> = parser.screen().rows_formatted(0, columns.get()).collect();
        rows.pop();
        rows
    }

    /// The line of the chosen row.
    pub(crate) fn chosen(&self) -> String {
        let screen = self.screen();
        screen.lines().find(|line| line.starts_with('▸')).unwrap_or_default().to_owned()
    }

    /// Octets that came out of vigie so far.
    pub(crate) fn octets(&self) -> u64 {
        self.octets.load(Relaxed)
    }

    /// Waits until nothing more comes out: for longer than anything that looks at the clock
    /// leaves between two looks. Where something is drawn again and again this never holds.
    pub(crate) fn wait_until_quiet(&mut self) {
        self.wait_until_quiet_for(Duration::from_millis(1500));
    }

    /// The same for so long.
    pub(crate) fn wait_until_quiet_for(&mut self, quiet: Duration) {
        let until = Instant::now() + PATIENCE;
        let mut before = None;
        while before.replace(self.octets()) != Some(self.octets()) {
            let late = Instant::now() >= until;
            assert!(!late, "it draws without end; there is:\n{}", self.screen());
            thread::sleep(quiet);
        }
    }

    /// Types.
    pub(crate) fn press(&mut self, keys: &str) {
        self.master.write_all(keys.as_bytes()).expect("typed");
    }

    /// Waits until the screen shows `text`.
    pub(crate) fn wait_for(&mut self, text: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.screen().contains(text) {
            let ended = !self.is_running();
            if ended {
                // The reader may still be behind.
                thread::sleep(Duration::from_millis(200));
            }
            let none = (ended || Instant::now() >= until) && !self.screen().contains(text);
            let why = if ended { "vigie ended" } else { "it did not come" };
            assert!(!none, "`{text}`: {why}; there is:\n{}", self.screen());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Opens a FIFO that vigie reads, to write into: as soon as it does.
    pub(crate) fn open_fifo(&mut self, fifo: &Path) -> File {
        let nonblock = OFlags::NONBLOCK.bits().cast_signed();
        let until = Instant::now() + PATIENCE;
        loop {
            // Without a reader this is ENXIO (fifo(7)); an open that waited would wait for good
            // for a vigie that has ended.
            if let Ok(end) = OpenOptions::new().write(true).custom_flags(nonblock).open(fifo) {
                let flags = fcntl_getfl(&end).expect("its flags");
                fcntl_setfl(&end, flags - OFlags::NONBLOCK).expect("writes wait");
                return end;
            }
            let waits = self.is_running() && Instant::now() < until;
            assert!(waits, "vigie does not read the FIFO; there is:\n{}", self.screen());
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until the capture is read, and its rows are there.
    pub(crate) fn wait_until_ready(&mut self) {
        self.wait_for("read to the end");
        self.wait_for("· no tag");
    }

    /// Waits until something holds.
    pub(crate) fn wait_until(&mut self, holds: impl Fn(&Self) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < until, "it never came; there is:\n{}", self.screen());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Makes the terminal another size.
    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        tcsetwinsize(&self.master, winsize(size)).expect("a size");
        self.parser.lock().expect("whole").screen_mut().set_size(cells(size.1), cells(size.0));
        self.signal("WINCH");
    }

    /// Sends a signal.
    pub(crate) fn signal(&mut self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -s {name}");
    }

    /// Whether vigie runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_none())
    }

    /// Whether vigie is stopped (proc(5): state T).
    pub(crate) fn is_stopped(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        stat.is_ok_and(|stat| stat.rsplit(')').next().unwrap_or("").trim_start().starts_with('T'))
    }

    /// What the terminal does with what is typed.
    pub(crate) fn modes(&self) -> LocalModes {
        tcgetattr(&self.master).expect("its modes").local_modes
    }

    /// Whether the terminal is as it was: the normal screen, the cursor, lines and echo.
    pub(crate) fn is_restored(&self) -> bool {
        let parser = self.parser.lock().expect("whole");
        let screen = parser.screen();
        let modes = self.modes();
        let (lines, echo) = (modes.contains(LocalModes::ICANON), modes.contains(LocalModes::ECHO));
        !screen.alternate_screen() && !screen.hide_cursor() && lines && echo
    }

    /// Waits for the end: the status, and what is left on the screen.
    pub(crate) fn end(&mut self) -> (Option<i32>, String) {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Ok(Some(status)) = self.child.try_wait() {
                // The reader may still be behind.
                thread::sleep(Duration::from_millis(200));
                return (status.code(), self.screen());
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("vigie did not end; there is:\n{}", self.screen());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
