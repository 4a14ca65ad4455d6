use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::{Caption, Paper, png, svg, text};

fn buffer() -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 3));
    buffer.set_string(0, 0, "<é> ▁▃█ 日", Style::default());
    let style = Style::default().fg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::REVERSED);
    buffer.set_string(1, 1, "ab", style);
    buffer
}

#[test]
fn a_picture_holds_the_characters_and_nothing_that_acts() {
    let caption = Caption(vec!["a & b\u{1b}".to_owned()]);
    let svg = svg(&buffer(), Paper::Dark, &caption);
    assert!(svg.contains("&lt;é&gt;▁▃█日"));
    assert!(svg.contains("fill=\"#010203\""));
    assert!(svg.contains("a &amp; b\u{fffd}") && !svg.contains('\u{1b}'));
    assert_eq!(text(&buffer()), "<é> ▁▃█ 日\n ab\n\n");
}

#[test]
fn the_same_cells_give_the_same_octets_and_letters_leave_ink() {
    let caption = Caption::default();
    let (with, empty) = (buffer(), Buffer::empty(Rect::new(0, 0, 12, 3)));
    let picture = |buffer: &Buffer| png(&svg(buffer, Paper::Light, &caption), 1.0).unwrap();
    assert_eq!(picture(&with), picture(&with));
    assert_ne!(picture(&with), picture(&empty));
    assert!(picture(&with).starts_with(b"\x89PNG"));
}

#[test]
fn what_is_no_picture_is_refused() {
    assert!(png("nothing", 1.0).is_err());
    let huge = svg(&Buffer::empty(Rect::new(0, 0, 400, 120)), Paper::Dark, &Caption::default());
    assert!(png(&huge, 9.0).unwrap_err().to_string().contains("too large"));
}
