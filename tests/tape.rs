//! `demo.tape` is what README.md shows: its keys go through the real loop, and every text that it waits for has to be there.

#![allow(clippy::expect_used, clippy::panic, reason = "a tape that cannot be read has failed")]

mod support;

use regex_lite::Regex;
use support::Console;

/// The size that its pixels come to, in columns and rows.
const SIZE: (u16, u16) = (120, 34);

/// A line of the tape, as far as it matters here.
#[derive(Debug, PartialEq)]
enum Line {
    /// Keys, in the notation of the harness.
    Keys(String),
    /// A text that has to come up.
    Wait(String),
    /// How long the reader gets, in milliseconds.
    Sleep(u32),
    /// Looks and files, none of which the console sees.
    Aside,
}

fn keys_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "Enter" => "<enter>",
        "Tab" => "<tab>",
        "Up" => "<up>",
        "Down" => "<down>",
        "Left" => "<left>",
        "Right" => "<right>",
        "End" => "<end>",
        "Space" => "<space>",
        "Escape" => "<esc>",
        "Backspace" => "<bs>",
        _ => return None,
    })
}

fn milliseconds(text: &str) -> Option<u32> {
    match text.strip_suffix("ms") {
        Some(number) => number.parse().ok(),
        None => text.strip_suffix('s')?.parse::<u32>().ok().map(|seconds| seconds * 1000),
    }
}

/// Reads one line; none when it is no command that is used here.
fn read(line: &str) -> Option<Line> {
    let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (name, speed) = command.split_once('@').unwrap_or((command, "1ms"));
    milliseconds(speed)?;
    if let Some(key) = keys_of(name) {
        let times = if rest.is_empty() { 1 } else { rest.parse().ok()? };
        return Some(Line::Keys(key.repeat(times)));
    }
    if let Some(letter) = name.strip_prefix("Ctrl+") {
        return (rest.is_empty() && letter.chars().count() == 1).then(|| Line::Keys(format!("<c-{}>", letter.to_lowercase())));
    }
    match name {
        "Type" => Some(Line::Keys(rest.strip_prefix('"')?.strip_suffix('"')?.replace('<', "<lt>"))),
        "Wait+Screen" => Some(Line::Wait(rest.strip_prefix('/')?.strip_suffix('/')?.to_owned())),
        "Sleep" => milliseconds(rest).map(Line::Sleep),
        "Screenshot" | "Set" | "Output" => (!rest.is_empty()).then_some(Line::Aside),
        "Hide" | "Show" => rest.is_empty().then_some(Line::Aside),
        _ => None,
    }
}

/// The lines with their numbers, without remarks.
fn tape() -> Vec<(usize, Line)> {
    let text = include_str!("../demo.tape");
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(number, line)| (number, read(line).unwrap_or_else(|| panic!("demo.tape:{number}: what is `{line}`?")))).collect()
}

#[test]
fn every_text_that_the_recording_waits_for_comes_up() {
    let tape = tape();
    let started = tape.iter().position(|(_, line)| *line == Line::Keys("envdeck".to_owned())).expect("the tape starts the console");
    assert_eq!(tape[started + 1].1, Line::Keys("<enter>".to_owned()), "what starts the console is typed and entered");
    let mut script = String::new();
    let mut shown = Console::demo().size(SIZE.0, SIZE.1).play("").text();
    let mut stale = false;
    for (number, line) in &tape[started + 2..] {
        match line {
            Line::Keys(keys) => {
                script.push_str(keys);
                stale = true;
            }
            Line::Wait(wanted) => {
                if std::mem::take(&mut stale) {
                    shown = Console::demo().size(SIZE.0, SIZE.1).play(&script).text();
                }
                let wanted = Regex::new(wanted).unwrap_or_else(|error| panic!("demo.tape:{number}: {error}"));
                assert!(wanted.is_match(&shown), "demo.tape:{number} waits for /{wanted}/ in vain; after {script} there is\n{shown}");
            }
            Line::Sleep(_) | Line::Aside => {}
        }
    }
    assert!(!stale, "the tape ends with keys of which nobody sees what came");
}

#[test]
fn the_recording_takes_less_than_a_minute_to_read() {
    let read: u32 = tape().iter().map(|(_, line)| if let Line::Sleep(time) = line { *time } else { 0 }).sum();
    assert!(read < 55_000, "{read} ms of reading leave no time for typing");
}

#[test]
fn what_is_no_command_is_not_passed_over() {
    for wrong in ["Clik", "Type envdeck", "Wait+Screen text", "Sleep long", "Down@fast 2", "Down two", "Ctrl+", "Hide it"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
    assert_eq!(read("Up@40ms 2"), Some(Line::Keys("<up><up>".to_owned())));
    assert_eq!(read("Ctrl+U"), Some(Line::Keys("<c-u>".to_owned())));
    assert_eq!(read("Type \"a<b\""), Some(Line::Keys("a<lt>b".to_owned())));
    assert_eq!(read("Sleep 2s"), Some(Line::Sleep(2000)));
}
