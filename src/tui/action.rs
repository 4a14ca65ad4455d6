//! What a key can do.

/// What a key can do, whatever key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Help for the present view.
    Help,
    /// Back; from the top view, quit.
    Back,
    /// Quit at once.
    Quit,
    /// Close, then clear the filter.
    Escape,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// The next view.
    NextView,
    /// The view before.
    PreviousView,
    /// The view of this number, from 1.
    View(u8),
    /// What is behind the row.
    Enter,
    /// Write a filter.
    Filter,
    /// To the next match of the search.
    NextMatch,
    /// To the match before.
    PreviousMatch,
    /// Sort by the next column.
    Sort,
    /// Sort the other way round.
    Reverse,
    /// Pause the screen.
    Pause,
    /// Group by the next dimension.
    Group,
    /// Fold, or move the time cursor back.
    Left,
    /// Unfold, or move the time cursor on.
    Right,
    /// Set a marker.
    Mark,
    /// Go to the next marker.
    NextMarker,
    /// Step the time cursor back.
    Earlier,
    /// Step the time cursor on.
    Later,
    /// See more time.
    Widen,
    /// See less time.
    Narrow,
    /// The mask on or off.
    Mask,
    /// Copy the row.
    Copy,
    /// Write this view as CSV.
    Export,
    /// Write a picture and the text of this screen.
    Picture,
    /// Write a bundle of evidence.
    Bundle,
    /// Write this flow's frames.
    WriteFrames,
    /// The next theme.
    Theme,
    /// The settings.
    Settings,
    /// A command line.
    Command,
    /// Everything as it was at the start; asks for the key a second time.
    Reset,
    /// Into the background.
    Suspend,
}

impl Action {
    /// Every action with its name in the configuration and its keys, in the order of the help.
    pub(super) const ALL: [(Self, &'static str, &'static [&'static str]); 47] = [
        (Self::Help, "help", &["?", "f1"]),
        (Self::Back, "back", &["q"]),
        (Self::Quit, "quit", &["ctrl-c"]),
        (Self::Escape, "escape", &["esc"]),
        (Self::Up, "up", &["up", "k"]),
        (Self::Down, "down", &["down", "j"]),
        (Self::First, "first", &["home", "g"]),
        (Self::Last, "last", &["end", "G"]),
        (Self::PageUp, "page-up", &["pageup", "ctrl-b"]),
        (Self::PageDown, "page-down", &["pagedown", "ctrl-f"]),
        (Self::NextView, "next-view", &["tab"]),
        (Self::PreviousView, "previous-view", &["shift-tab"]),
        (Self::View(1), "view-1", &["1"]),
        (Self::View(2), "view-2", &["2"]),
        (Self::View(3), "view-3", &["3"]),
        (Self::View(4), "view-4", &["4"]),
        (Self::View(5), "view-5", &["5"]),
        (Self::View(6), "view-6", &["6"]),
        (Self::View(7), "view-7", &["7"]),
        (Self::View(8), "view-8", &["8"]),
        (Self::Enter, "enter", &["enter"]),
        (Self::Filter, "filter", &["/"]),
        (Self::NextMatch, "next-match", &["n"]),
        (Self::PreviousMatch, "previous-match", &["N"]),
        (Self::Sort, "sort", &["s"]),
        (Self::Reverse, "reverse", &["S"]),
        (Self::Pause, "pause", &["space"]),
        (Self::Group, "group", &["a"]),
        (Self::Left, "left", &["left"]),
        (Self::Right, "right", &["right"]),
        (Self::Mark, "mark", &["m"]),
        (Self::NextMarker, "next-marker", &["'"]),
        (Self::Earlier, "earlier", &["["]),
        (Self::Later, "later", &["]"]),
        (Self::Widen, "widen", &["{"]),
        (Self::Narrow, "narrow", &["}"]),
        (Self::Mask, "mask", &["p"]),
        (Self::Copy, "copy", &["c"]),
        (Self::Export, "export", &["e"]),
        (Self::Picture, "picture", &["P"]),
        (Self::Bundle, "bundle", &["E"]),
        (Self::WriteFrames, "write-frames", &["w"]),
        (Self::Theme, "theme", &["t"]),
        (Self::Settings, "settings", &[","]),
        (Self::Command, "command", &[":"]),
        (Self::Reset, "reset", &["x"]),
        (Self::Suspend, "suspend", &["ctrl-z"]),
    ];

    /// Its name in the configuration file.
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(action, ..)| *action == self).map_or("", |(_, name, _)| name)
    }

    /// The key of the message that says what it does.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Help => "do-help",
            Self::Back => "do-back",
            Self::Quit => "do-quit",
            Self::Escape => "do-escape",
            Self::Up => "do-up",
            Self::Down => "do-down",
            Self::First => "do-first",
            Self::Last => "do-last",
            Self::PageUp => "do-page-up",
            Self::PageDown => "do-page-down",
            Self::NextView => "do-next-view",
            Self::PreviousView => "do-previous-view",
            Self::View(1) => "view-overview",
            Self::View(2) => "view-flows",
            Self::View(3) => "view-hosts",
            Self::View(4) => "view-products",
            Self::View(5) => "view-clients",
            Self::View(6) => "view-devices",
            Self::View(7) => "view-timeline",
            Self::View(_) => "view-signatures",
            Self::Enter => "do-enter",
            Self::Filter => "do-filter",
            Self::NextMatch => "do-next-match",
            Self::PreviousMatch => "do-previous-match",
            Self::Sort => "do-sort",
            Self::Reverse => "do-reverse",
            Self::Pause => "do-pause",
            Self::Group => "do-group",
            Self::Left => "do-left",
            Self::Right => "do-right",
            Self::Mark => "do-mark",
            Self::NextMarker => "do-next-marker",
            Self::Earlier => "do-earlier",
            Self::Later => "do-later",
            Self::Widen => "do-widen",
            Self::Narrow => "do-narrow",
            Self::Mask => "do-mask",
            Self::Copy => "do-copy",
            Self::Export => "do-export",
            Self::Picture => "do-picture",
            Self::Bundle => "do-bundle",
            Self::WriteFrames => "do-write-frames",
            Self::Theme => "do-theme",
            Self::Settings => "do-settings",
            Self::Command => "do-command",
            Self::Reset => "do-reset",
            Self::Suspend => "do-suspend",
        }
    }
}
