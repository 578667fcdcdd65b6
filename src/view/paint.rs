//! Writes text of a role into cells: cut to its place by width, never through a wide letter.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use tui_input::Input;

use crate::app::layout::Area;
use crate::domain::text::harmless;
use crate::view::theme::{Role, Theme};

/// A buffer with the theme that it is painted in.
pub struct Paint<'a> {
    buffer: &'a mut Buffer,
    /// The theme.
    pub theme: &'a Theme,
    cursor: Option<Position>,
}

impl<'a> Paint<'a> {
    /// Paints into a buffer.
    pub const fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Self {
        Self { buffer, theme, cursor: None }
    }

    /// Where the terminal's cursor goes; none hides it.
    pub const fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// Puts the terminal's cursor into a line that is typed.
    pub const fn put_cursor(&mut self, x: u16, y: u16) {
        self.cursor = Some(Position { x, y });
    }

    /// Writes a text from `x` on, cut at `end`; returns the column behind it.
    pub fn text(&mut self, x: u16, y: u16, end: u16, text: &str, role: Role) -> u16 {
        let room = usize::from(end.saturating_sub(x));
        if room == 0 {
            return x;
        }
        // What a way in forgot to make harmless still does nothing to the terminal.
        let text = harmless(text);
        let text = cut(&text, room, self.theme.symbols.cut);
        // What was drawn there before must not shine through.
        let style = Style::reset().patch(self.theme.style(role));
        let (after, _) = self.buffer.set_stringn(x, y, self.plain(&text), room, style);
        after
    }

    /// Puts one symbol of the theme into a cell; much cheaper than [`Paint::text`].
    pub fn symbol(&mut self, x: u16, y: u16, symbol: &'static str, role: Role) {
        let style = Style::reset().patch(self.theme.style(role));
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
    }

    /// Writes a text that ends before `end`; returns the column at which it begins.
    pub fn text_right(&mut self, start: u16, y: u16, end: u16, text: &str, role: Role) -> u16 {
        let width = columns(text).min(end.saturating_sub(start));
        let x = end.saturating_sub(width);
        self.text(x, y, end, text, role);
        x
    }

    /// Writes pieces one after the other; returns the column behind them.
    pub fn pieces<'t>(&mut self, x: u16, y: u16, end: u16, pieces: impl IntoIterator<Item = (&'t str, Role)>) -> u16 {
        pieces.into_iter().fold(x, |x, (text, role)| self.text(x, y, end, text, role))
    }

    /// Writes a text over several rows; returns the row behind it.
    pub fn paragraph(&mut self, x: u16, y: u16, width: u16, height: u16, text: &str, role: Role) -> u16 {
        let mut row = y;
        for line in textwrap::wrap(text, usize::from(width).max(1)) {
            if row >= y + height {
                break;
            }
            self.text(x, row, x + width, &line, role);
            row += 1;
        }
        row
    }

    /// Writes a name in which some letters are marked; returns the column behind it.
    pub fn matched(&mut self, x: u16, y: u16, end: u16, name: &str, marked: &[usize], role: Role) -> u16 {
        let after = self.text(x, y, end, name, role);
        if !marked.is_empty() {
            let style = self.theme.style(Role::Match);
            let (mut column, mut letters) = (x, 0);
            for cluster in name.graphemes(true) {
                let count = cluster.chars().count();
                let width = columns(cluster);
                if column + width > after {
                    break;
                }
                if marked.iter().any(|place| (letters..letters + count).contains(place)) {
                    self.buffer.set_style(Rect { x: column, y, width, height: 1 }, style);
                }
                letters += count;
                column += width;
            }
        }
        after
    }

    /// Gives a row of an area a role, whatever stands in it.
    pub fn row(&mut self, area: Area, y: u16, role: Role) {
        self.buffer.set_style(Rect { x: area.x, y, width: area.width, height: 1 }, Style::reset().patch(self.theme.style(role)));
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Area) {
        for y in area.y..area.y + area.height {
            for x in area.x..area.x + area.width {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
    }

    /// Draws a box with a filter at the right of its upper border; while it is typed the cursor stands in it.
    pub fn frame_with_filter(&mut self, area: Area, focus: bool, title: &str, filter: &Input, typing: bool, wrong: bool) -> Area {
        let room = usize::from(room_right(area, title));
        let shown = format!("/{}", filter.value());
        let shown = tail(&shown, room, self.theme.symbols.cut);
        let inside = self.frame(area, focus, title, (&shown, if wrong { Role::Bad } else { Role::Key }));
        if typing {
            let behind = columns(filter.value()).saturating_sub(u16::try_from(filter.visual_cursor()).unwrap_or(0));
            let end = area.x + area.width.saturating_sub(3);
            self.put_cursor(end.saturating_sub(behind).max(area.x + 1), area.y);
        }
        inside
    }

    /// Draws a box with a title at the left and something at the right of its upper border; returns what is inside.
    pub fn frame(&mut self, area: Area, focus: bool, title: &str, right: (&str, Role)) -> Area {
        if area.width < 2 || area.height < 2 {
            return Area::default();
        }
        let [upper_left, upper_right, lower_right, lower_left, across, down] = self.theme.symbols.border;
        let role = if focus { Role::Focus } else { Role::Border };
        let (right_x, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
        for x in area.x + 1..right_x {
            self.symbol(x, area.y, across, role);
            self.symbol(x, bottom, across, role);
        }
        for y in area.y + 1..bottom {
            self.symbol(area.x, y, down, role);
            self.symbol(right_x, y, down, role);
        }
        for (x, y, corner) in [(area.x, area.y, upper_left), (right_x, area.y, upper_right), (right_x, bottom, lower_right), (area.x, bottom, lower_left)] {
            self.symbol(x, y, corner, role);
        }
        let right_width = columns(right.0).min(room_right(area, title));
        let title_end = right_x.saturating_sub(if right_width > 0 { right_width + 4 } else { 1 });
        if !title.is_empty() {
            self.text(area.x + 1, area.y, title_end, &format!(" {title} "), Role::Title);
        }
        if right_width > 0 {
            let start = right_x.saturating_sub(right_width + 3);
            self.text(start, area.y, right_x, " ", Role::Text);
            let after = self.text(start + 1, area.y, right_x - 2, right.0, right.1);
            self.text(after, area.y, right_x, " ", Role::Text);
        }
        area.inside()
    }

    /// The text in letters that the terminal is known to have.
    fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.theme.ascii || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(
            text.graphemes(true)
                .map(|cluster| match cluster {
                    _ if cluster.is_ascii() => cluster.to_owned(),
                    "·" | "–" => "-".to_owned(),
                    "→" => ">".to_owned(),
                    "↑" => "^".to_owned(),
                    "↓" => "v".to_owned(),
                    "←" => "<".to_owned(),
                    "…" => "~".to_owned(),
                    _ => "?".repeat(usize::from(columns(cluster)).max(1)),
                })
                .collect(),
        )
    }
}

/// The columns for what stands at the right of a border: half of it, or all that the title leaves.
fn room_right(area: Area, title: &str) -> u16 {
    let room = area.width.saturating_sub(4);
    (room / 2).max(room.saturating_sub(columns(title) + 6))
}

/// The columns that a text takes.
pub fn columns(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// The text, cut to `width` columns with `mark` at its end when it is longer.
pub fn cut<'t>(text: &'t str, width: usize, mark: &str) -> Cow<'t, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let room = width.saturating_sub(mark.width());
    let (mut taken, mut used) = (String::new(), 0);
    for cluster in text.graphemes(true) {
        if used + cluster.width() > room {
            break;
        }
        used += cluster.width();
        taken.push_str(cluster);
    }
    taken.push_str(mark);
    Cow::Owned(taken)
}

/// The end of a text that is being typed, cut to `width` columns at its beginning.
pub fn tail<'t>(text: &'t str, width: usize, mark: &str) -> Cow<'t, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let room = width.saturating_sub(mark.width());
    let mut used = 0;
    let kept: Vec<&str> = text
        .graphemes(true)
        .rev()
        .take_while(|cluster| {
            used += cluster.width();
            used <= room
        })
        .collect();
    Cow::Owned(std::iter::once(mark).chain(kept.into_iter().rev()).collect())
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_cut_never_goes_through_a_letter() {
        assert_eq!(cut("Contoso Sales", 20, "…"), "Contoso Sales");
        assert_eq!(cut("Contoso Sales", 8, "…"), "Contoso…");
        assert_eq!(cut("日本語の環境", 6, "…"), "日本…");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2, "…"), "e\u{301}…");
        assert_eq!(cut("abc", 0, "…"), "…");
    }
}
