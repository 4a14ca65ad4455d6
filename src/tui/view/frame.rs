//! What is around every view: head and foot.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use crate::ledger::Mask;
use crate::tui::feed::CaptureState;
use crate::tui::order::View;
use crate::tui::table::put;
use crate::tui::text::{cells, fit};
use crate::tui::theme::Role;

/// Lines of the head.
pub(in crate::tui) const HEAD: u16 = 3;

/// Cells that are left to the name of the input at least.
const NAME: usize = 8;

/// What the head says beside the sheet.
#[derive(Clone, Copy, Debug)]
pub(in crate::tui) struct Around<'a> {
    pub(in crate::tui) paused: bool,
    pub(in crate::tui) filter: Option<&'a str>,
    pub(in crate::tui) hint: Option<&'a str>,
    /// Of an open page the first line that is seen, from 0, and how many there are.
    pub(in crate::tui) page: Option<(usize, usize)>,
}

/// Draws capture, state and time; facts; the views.
pub(in crate::tui) fn head(scene: &Scene<'_>, around: Around<'_>, buffer: &mut Buffer, area: Rect) {
    let bar = scene.style(Role::Bar);
    let at = scene.order.moment.or_else(|| scene.sheet.span.map(|(_, last)| last));
    let time = at.map(|time| format!(" {} ", scene.moment(time))).unwrap_or_default();
    let paused =
        if around.paused { format!(" ⏸ {} │", scene.say("paused")) } else { String::new() };
    let state = state(scene);
    let others = cells(&paused) + cells(&state) + cells(" vigie │  │ ");
    let width = usize::from(area.width);
    // A long name gives way to what is happening, and so does the time.
    let has_time = others + NAME + cells(&time) <= width;
    let room = width - if has_time { cells(&time) } else { 0 };
    let source = fit(&scene.status.source, room.saturating_sub(others).max(NAME), false);
    let left = format!("{paused} vigie │ {} │ {state}", source.trim_end());
    buffer.set_string(area.x, area.y, fit(&left, width, false), bar);
    if has_time {
        let x = u16::try_from(room).unwrap_or(area.width);
        put(buffer, area, (area.x + x, area.y), area.width - x, &time, false, bar);
    }
    facts(scene, around, buffer, Rect { y: area.y + 1, height: 1, ..area });
    views(scene, buffer, Rect { y: area.y + 2, height: 1, ..area });
}

fn state(scene: &Scene<'_>) -> String {
    match (&scene.status.state, scene.status.progress) {
        (CaptureState::Reading, Some(done)) => {
            scene.say_with("state-reading-part", &[("done", u64::from(done).into())])
        }
        (CaptureState::Reading, None) => scene.say("state-reading"),
        (CaptureState::Ended, _) => scene.say("state-ended"),
        (CaptureState::Live, _) => scene.say("state-live"),
        (CaptureState::Failed(why), _) => why.clone(),
    }
}

/// The facts, as many as have room, the most important first.
fn facts(scene: &Scene<'_>, around: Around<'_>, buffer: &mut Buffer, area: Rect) {
    let sheet = scene.sheet;
    let octets = sheet.shown.counts.octets();
    let language = scene.language;
    let mut parts: Vec<(String, Role)> = Vec::new();
    if let Some(moment) = scene.order.moment {
        let text = scene.say_with("fact-moment", &[("time", scene.time(moment).into())]);
        parts.push((text, Role::Alarm));
    }
    if let Some(done) = scene.status.bundle {
        let text = scene.say_with("fact-bundle", &[("done", u64::from(done).into())]);
        parts.push((text, Role::Strong));
    }
    if let Some(drops) = scene.status.drops {
        let role = if drops > 0 { Role::Alarm } else { Role::Plain };
        parts.push((scene.say_with("fact-drops", &[("drops", drops.into())]), role));
    }
    if scene.order.mask != Mask::None {
        parts.push((scene.say(mask_message(scene.order.mask)), Role::Strong));
    }
    if let Some(filter) = around.filter {
        let text = scene.say_with("fact-filter", &[("filter", filter.into())]);
        parts.push((text, Role::Strong));
    }
    for drill in &scene.order.drills {
        parts.push((format!("› {}", scene.value(&drill.value)), Role::Strong));
    }
    let mut say = |key, name, value: String| {
        parts.push((scene.say_with(key, &[(name, value.into())]), Role::Plain));
    };
    let whole = sheet.snapshot.balance.in_flows.octets;
    if octets == whole {
        say("fact-octets", "octets", language.octets(octets));
    } else {
        let part = format!("{} / {}", language.octets(octets), language.octets(whole));
        say("fact-octets-shown", "octets", part);
    }
    say("fact-named", "share", language.share(sheet.named, octets));
    say("fact-tagged", "share", language.share(sheet.tagged, octets));
    parts.push((scene.say_with("flows", &[("flows", sheet.shown.flows.into())]), Role::Plain));
    let markers = scene.status.markers.len() as u64;
    parts.push((scene.say_with("fact-markers", &[("markers", markers.into())]), Role::Plain));
    if let Some(sandbox) = &scene.status.sandbox {
        let text = scene.say_with("fact-sandbox", &[("state", sandbox.as_str().into())]);
        parts.push((text, Role::Plain));
    }
    let mut x = area.x + 1;
    for (text, role) in parts {
        let width = u16::try_from(cells(&text)).unwrap_or(u16::MAX);
        let room = area.right().saturating_sub(x);
        if width > room && x > area.x + 1 {
            continue;
        }
        if x > area.x + 1 {
            put(buffer, area, (x - 3, area.y), 3, " · ", false, scene.style(Role::Faint));
        }
        put(buffer, area, (x, area.y), width.min(room), &text, false, scene.style(role));
        x += width.min(room) + 3;
    }
}

/// Where the name of each view stands, so that the mouse finds it.
pub(in crate::tui) fn tabs(scene: &Scene<'_>, width: u16) -> Vec<(u16, u16, View, String)> {
    let long: Vec<String> = View::ALL.iter().map(|view| scene.say(view.title())).collect();
    // Names are as long as all of them have room for.
    let needed = |most: usize| -> usize {
        long.iter().map(|name| cells(name).min(most) + 4).sum::<usize>() + 6
    };
    let most = (3..=24).rev().find(|most| needed(*most) <= usize::from(width));
    let present = scene.order.view;
    let mut x = 1;
    View::ALL
        .into_iter()
        .zip(long)
        .zip(1..)
        .map(|((view, name), number)| {
            let is_present = view == present;
            let text = match most {
                _ if is_present => format!(" {number} {name} "),
                Some(most) if cells(&name) > most => {
                    format!(" {number} {} ", fit(&name, most, false).trim_end())
                }
                Some(_) => format!(" {number} {name} "),
                None => format!(" {number} "),
            };
            let cells = u16::try_from(cells(&text)).unwrap_or(0);
            let from = x;
            x += cells;
            (from, x, view, text)
        })
        .collect()
}

fn views(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
    for (from, to, view, text) in tabs(scene, area.width) {
        let role = if view == scene.order.view { Role::Chosen } else { Role::Faint };
        put(buffer, area, (area.x + from, area.y), to - from, &text, false, scene.style(role));
    }
    if let View::Rollup(dimension) = scene.order.view
        && !View::ALL.contains(&scene.order.view)
    {
        let title = scene.say(super::rollup::column_of(dimension));
        let text = format!(" {title} ");
        let width = u16::try_from(cells(&text)).unwrap_or(0);
        let x = area.right().saturating_sub(width + 1);
        put(buffer, area, (x, area.y), width, &text, false, scene.style(Role::Chosen));
    }
}

/// What is hidden, in words.
pub(in crate::tui) fn mask_message(mask: Mask) -> &'static str {
    match mask {
        Mask::None => "mask-none",
        Mask::Clients => "mask-clients",
        Mask::Hosts => "mask-hosts",
        Mask::All => "mask-all",
    }
}

/// Keys and what they do, and how many cells that takes.
pub(in crate::tui) fn keys_text(keys: &[(String, String)]) -> (String, usize) {
    let mut text = String::new();
    for (key, name) in keys {
        text.extend([" ", key, " ", name, " "]);
    }
    let width = cells(&text);
    (text, width)
}

/// Which lines of a page are seen, where it is longer than the screen.
fn part_of_page(top: usize, lines: usize, room: usize) -> String {
    let last = (top + room).min(lines);
    match (top > 0, last < lines) {
        (false, false) => String::new(),
        (true, true) => format!("↑ {}–{last} / {lines} ↓ ", top + 1),
        (true, false) => format!("↑ {}–{last} / {lines} ", top + 1),
        (false, true) => format!("{}–{last} / {lines} ↓ ", top + 1),
    }
}

/// The foot: a hint where there is one, else five keys and how rows are sorted.
pub(in crate::tui) fn foot(
    scene: &Scene<'_>,
    around: Around<'_>,
    keys: &[(String, String)],
    buffer: &mut Buffer,
    area: Rect,
) {
    let y = area.bottom() - 1;
    let width = usize::from(area.width);
    if let Some(hint) = around.hint {
        buffer.set_string(
            area.x,
            y,
            fit(&format!(" {hint}"), width, false),
            scene.style(Role::Bar),
        );
        return;
    }
    let (mut text, _) = keys_text(keys);
    let right = if let Some((top, lines)) = around.page {
        part_of_page(top, lines, usize::from(area.height - HEAD - 1))
    } else {
        let sort = scene.say(scene.order.sort.message());
        format!("{}{sort} ", if scene.order.reversed { "▲ " } else { "▼ " })
    };
    if cells(&text) + cells(&right) < width {
        text.push_str(&" ".repeat(width - cells(&text) - cells(&right)));
        text.push_str(&right);
    }
    buffer.set_string(area.x, y, fit(&text, width, false), scene.style(Role::Bar));
}
