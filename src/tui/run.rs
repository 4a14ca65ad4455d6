//! The loop: keys in, frames out, and the desk on a thread of its own.

use std::collections::VecDeque;
use std::io;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossterm::event::{self, Event, KeyEventKind};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use super::app::{App, Wish};
use super::desk::Desk;
use super::feed::{CaptureState, Feed, Status};
use super::order::Order;
use super::plain::summary;
use super::settings::Settings;
use super::sheet::Sheet;
use super::terminal::{self, OnPanic};
use super::written::{FileKind, Work, said};
use crate::ledger::Snapshot;
use crate::signature::Database;

/// How the screen ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The line that stays on the normal screen.
    pub summary: String,
    /// What came of files that were still being written.
    pub said: Vec<String>,
    /// Whether a signal asked for it, and not the user by a key.
    pub by_signal: bool,
    /// What was shown at the end, and in words what of it alone.
    order: Order,
    only: Vec<String>,
}

impl Ended {
    /// The summary over a later snapshot, with the filter and the mask that were on.
    pub fn summary_of(
        &self,
        snapshot: &Snapshot,
        database: &Database,
        settings: &Settings,
    ) -> String {
        let order = Order { moment: None, ..self.order.clone() };
        let sheet = Desk::new(database).work(snapshot, &order);
        summary(&sheet, settings.language, &settings.zone, &self.only)
    }
}

/// Between two looks at the feed: frames come at most so often.
const STEP: Duration = Duration::from_millis(100);

/// How long a key waits for what it ordered before the next one is taken.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long the screen waits for it, before it shows at least what was typed.
const FRAME: Duration = Duration::from_millis(16);

/// What the screen and the desk hand each other.
#[derive(Debug, Default)]
struct Exchange<'a> {
    state: Mutex<Trays<'a>>,
    posted: Condvar,
}

#[derive(Debug, Default)]
struct Trays<'a> {
    order: Option<(Arc<Snapshot>, Order)>,
    /// What was worked out, and of what.
    sheet: Option<(Arc<Snapshot>, Arc<Sheet>)>,
    /// Files that are to be written.
    files: VecDeque<Work<'a>>,
    /// What came of them.
    said: Vec<String>,
    done: bool,
    /// Whether one of the threads came to grief.
    broken: bool,
}

fn lock<'e, 'a>(exchange: &'e Exchange<'a>) -> MutexGuard<'e, Trays<'a>> {
    exchange.state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows the screen until the user leaves. `clock` gives the time since the start.
pub fn run(
    feed: &dyn Feed,
    database: &Database,
    settings: Settings,
    clock: &dyn Fn() -> Duration,
) -> io::Result<Ended> {
    let desk = Mutex::new(Desk::new(database));
    let exchange = Exchange::default();
    let ended = std::thread::scope(|scope| {
        let guard = || OnPanic(|| lock(&exchange).broken = true);
        let (exchange, desk) = (&exchange, &desk);
        let threads = [
            named("desk").spawn_scoped(scope, move || {
                let _guard = guard();
                work_out(exchange, desk);
            }),
            named("files").spawn_scoped(scope, move || {
                let _guard = guard();
                write_files(exchange, desk);
            }),
        ];
        let end = End(exchange);
        let ended = Screen::open(feed, App::new(settings, database), clock, exchange)?.live();
        drop(end);
        for thread in threads {
            // A panic of theirs is the program's.
            thread?.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
        ended
    });
    // What was still being written when the user left.
    let said = mem::take(&mut lock(&exchange).said);
    ended.map(|mut ended| {
        ended.said = said.iter().map(|text| crate::export::escape(text).to_string()).collect();
        ended
    })
}

/// A thread with a name, which a panic states.
fn named(name: &str) -> std::thread::Builder {
    std::thread::Builder::new().name(name.to_owned())
}

/// Ends the desk, also when the screen panics.
struct End<'e, 'a>(&'e Exchange<'a>);

impl Drop for End<'_, '_> {
    fn drop(&mut self) {
        lock(self.0).done = true;
        self.0.posted.notify_all();
    }
}

/// The desk's thread: the newest order alone is worked on.
fn work_out(exchange: &Exchange<'_>, desk: &Mutex<Desk<'_>>) {
    loop {
        let mut trays = lock(exchange);
        while trays.order.is_none() && !trays.done {
            trays = exchange.posted.wait(trays).unwrap_or_else(PoisonError::into_inner);
        }
        let Some((snapshot, order)) = trays.order.take().filter(|_| !trays.done) else { return };
        drop(trays);
        let sheet = at_desk(desk, &snapshot, &order);
        lock(exchange).sheet = Some((snapshot, sheet));
        exchange.posted.notify_all();
    }
}

/// The thread that writes pictures and tables: those that were asked for before the end, too.
fn write_files(exchange: &Exchange<'_>, desk: &Mutex<Desk<'_>>) {
    loop {
        let mut trays = lock(exchange);
        while trays.files.is_empty() && !trays.done {
            trays = exchange.posted.wait(trays).unwrap_or_else(PoisonError::into_inner);
        }
        let Some(work) = trays.files.pop_front() else { return };
        drop(trays);
        let language = work.app.settings.language;
        let said = said(language, work.write(|snapshot, order| at_desk(desk, snapshot, order)));
        lock(exchange).said.push(said);
    }
}

/// One desk for screen and pictures: the mask's numbers are the same.
fn at_desk(desk: &Mutex<Desk<'_>>, snapshot: &Snapshot, order: &Order) -> Arc<Sheet> {
    let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::new(desk.work(snapshot, order))
}

/// The screen while it is there.
struct Screen<'a> {
    app: App<'a>,
    feed: &'a dyn Feed,
    clock: &'a dyn Fn() -> Duration,
    exchange: &'a Exchange<'a>,
    terminal: Terminal<CrosstermBackend<io::Stdout>>,
    taken: terminal::Taken,
    /// Set by SIGTERM, SIGHUP and SIGINT.
    asked: Arc<AtomicBool>,
    /// Set by SIGTSTP.
    stopped: Arc<AtomicBool>,
    posted: Option<(Arc<Snapshot>, Order)>,
    /// What the sheet on the screen was worked out of.
    shown: Option<Arc<Snapshot>>,
    /// When the first frame was seen.
    waiting: bool,
}

impl<'a> Screen<'a> {
    fn open(
        feed: &'a dyn Feed,
        app: App<'a>,
        clock: &'a dyn Fn() -> Duration,
        exchange: &'a Exchange<'a>,
    ) -> io::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGTERM, SIGHUP, SIGINT] {
            flag::register(signal, Arc::clone(&asked))?;
        }
        let stopped = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        flag::register(signal_hook::consts::SIGTSTP, Arc::clone(&stopped))?;
        let taken = terminal::Taken::take(app.settings.mouse)?;
        let terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
        Ok(Self {
            app,
            feed,
            clock,
            exchange,
            terminal,
            taken,
            asked,
            stopped,
            posted: None,
            shown: None,
            waiting: false,
        })
    }

    /// How the capture is doing, as of the sums that are shown: while these lack its end, it has not
    /// ended.
    fn status(&self, before: CaptureState) -> Status {
        let mut status = self.feed.status();
        let newest = self.feed.latest();
        let is_newest = self.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &newest));
        if status.state == CaptureState::Ended && !is_newest && !self.app.paused {
            status.state = before;
        }
        status
    }

    fn live(mut self) -> io::Result<Ended> {
        let mut status = self.status(CaptureState::Reading);
        self.draw(&status)?;
        loop {
            let mut changed = false;
            if event::poll(STEP)? {
                // All that has come is taken before anything is drawn.
                loop {
                    match self.event(&event::read()?, &status)? {
                        Some(Wish::Quit) => return Ok(self.end(false)),
                        Some(wish) => {
                            self.grant(wish, &status)?;
                            // A marker is known to the next key.
                            status = self.status(status.state);
                        }
                        None => {}
                    }
                    // The next key is meant for what this one leads to.
                    if self.posted.as_ref().is_some_and(|(_, order)| *order != self.app.order) {
                        self.exchange_sheets();
                        if !self.wait_for_sheet(FRAME) {
                            // What was typed is seen at once, whenever its rows come.
                            self.draw(&status)?;
                            self.wait_for_sheet(PATIENCE);
                        }
                    }
                    if !event::poll(Duration::ZERO)? {
                        break;
                    }
                }
                changed = true;
            }
            let is_broken = lock(self.exchange).broken || self.feed.is_broken();
            if self.asked.load(Relaxed) || is_broken {
                return Ok(self.end(true));
            }
            if self.stopped.swap(false, Relaxed) {
                self.suspend()?;
                changed = true;
            }
            let hint = self.app.hint();
            self.app.tick((self.clock)());
            let said = mem::take(&mut lock(self.exchange).said);
            for text in said {
                self.app.note(text);
            }
            if let Some(written) = self.feed.frames_written() {
                self.app.note(written.text(self.app.settings.language));
            }
            if let Some(written) = self.feed.bundle_written() {
                self.app.announce(written.text(self.app.settings.language));
            }
            changed |= self.exchange_sheets();
            let newest = self.status(status.state.clone());
            changed |= newest != status || self.app.hint() != hint;
            status = newest;
            self.complain(&status);
            if changed {
                self.draw(&status)?;
            }
        }
    }

    /// Posts what is to be worked out, and takes what has been.
    fn exchange_sheets(&mut self) -> bool {
        let snapshot = match (&self.posted, self.app.paused) {
            (Some((held, _)), true) => Arc::clone(held),
            _ => self.feed.latest(),
        };
        let same = self
            .posted
            .as_ref()
            .is_some_and(|(held, order)| Arc::ptr_eq(held, &snapshot) && *order == self.app.order);
        let mut trays = lock(self.exchange);
        if !same {
            let post = (snapshot, self.app.order.clone());
            trays.order = Some(post.clone());
            self.posted = Some(post);
            trays.sheet = None;
            self.exchange.posted.notify_all();
        }
        let sheet = trays.sheet.take();
        drop(trays);
        self.take(sheet)
    }

    /// Waits a moment for the sheet that was ordered; large ones come later. Whether it came.
    fn wait_for_sheet(&mut self, patience: Duration) -> bool {
        let trays = lock(self.exchange);
        let missing = |trays: &mut Trays<'_>| trays.sheet.is_none();
        let waited = self.exchange.posted.wait_timeout_while(trays, patience, missing);
        let (mut trays, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let sheet = trays.sheet.take();
        drop(trays);
        self.take(sheet)
    }

    /// Shows a sheet, if there is one; whether there was.
    fn take(&mut self, sheet: Option<(Arc<Snapshot>, Arc<Sheet>)>) -> bool {
        let Some((snapshot, sheet)) = sheet else { return false };
        self.app.take(sheet);
        self.shown = Some(snapshot);
        true
    }

    /// After five seconds without a frame says why none may come.
    fn complain(&mut self, status: &Status) {
        let nothing = self.app.sheet.span.is_none();
        let due = (self.clock)() >= Duration::from_secs(5);
        if nothing && due && !self.waiting && status.state != CaptureState::Ended {
            self.waiting = true;
            let source = status.source.as_str();
            let text = self.app.settings.language.say_with("no-data", &[("source", source.into())]);
            self.app.note(text);
        }
    }

    fn event(&mut self, event: &Event, status: &Status) -> io::Result<Option<Wish>> {
        Ok(match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.app.key(*key, status),
            Event::Mouse(mouse) => self.app.mouse(*mouse, status),
            Event::Resize(..) => {
                self.terminal.autoresize()?;
                None
            }
            _ => None,
        })
    }

    fn draw(&mut self, status: &Status) -> io::Result<()> {
        let Some(_drawing) = terminal::drawing() else { return Ok(()) };
        let app = &mut self.app;
        self.terminal.draw(|frame| app.draw(status, frame.buffer_mut()))?;
        Ok(())
    }

    fn grant(&mut self, wish: Wish, status: &Status) -> io::Result<()> {
        let language = self.app.settings.language;
        let said = match wish {
            Wish::Quit => return Ok(()),
            Wish::Suspend => return self.suspend(),
            Wish::Copy(text) => {
                terminal::copy(&text)?;
                language.say("copied")
            }
            Wish::Mark(marker) => match self.feed.mark(marker) {
                Ok(()) => language.say("marked"),
                Err(why) => why,
            },
            Wish::MarkEarly(label) => match self.feed.mark_early(label) {
                Some(Ok(())) => language.say("marked"),
                Some(Err(why)) => why,
                None => language.say("mark-too-early"),
            },
            Wish::Export => {
                self.order_file(FileKind::Table, status);
                return Ok(());
            }
            Wish::Frames(flow) => match self.feed.write_frames(flow) {
                Ok(()) => language.say("frames-begun"),
                Err(refused) => language.say(refused.message()),
            },
            Wish::Bundle(wish) => {
                let begun = wish.begun();
                match self.feed.write_bundle(wish) {
                    Ok(()) => begun,
                    Err(refused) => refused.text(language),
                }
            }
            Wish::Picture => {
                self.order_file(FileKind::Picture, status);
                return Ok(());
            }
        };
        self.app.note(said);
        Ok(())
    }

    /// Has a file written beside the screen, of this moment.
    fn order_file(&mut self, kind: FileKind, status: &Status) {
        let snapshot = match &self.posted {
            Some((snapshot, _)) => Arc::clone(snapshot),
            None => self.feed.latest(),
        };
        let (app, status) = (self.app.clone(), status.clone());
        lock(self.exchange).files.push_back(Work { kind, app, status, snapshot });
        self.exchange.posted.notify_all();
    }

    fn suspend(&mut self) -> io::Result<()> {
        if !terminal::may_stop() {
            self.app.note(self.app.settings.language.say("cannot-stop"));
            return Ok(());
        }
        terminal::give_back();
        #[cfg(unix)]
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.taken.again()?;
        // A new one knows nothing of what was drawn, so that all of it is drawn again.
        self.terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
        let status = self.status(CaptureState::Reading);
        self.draw(&status)
    }

    fn end(self, by_signal: bool) -> Ended {
        let app = &self.app;
        let only = app.shown_only();
        let mut now = only.clone();
        now.extend(app.moment_shown());
        let text = summary(&app.sheet, app.settings.language, &app.settings.zone, &now);
        drop(self.taken);
        Ended { summary: text, said: Vec::new(), by_signal, order: self.app.order, only }
    }
}
