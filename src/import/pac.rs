//! What `pac` prints for people: the lines before its JSON, and the table of backups with the dates of the admin's language.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::look::Remarks;
use crate::domain::backup::Backup;
use crate::domain::known::Known;
use crate::files::text::harmless;
use crate::vocabulary;

vocabulary! {
    /// In which order day, month and year stand.
    DateOrder, "date order" {
        DayMonthYear = "dmy" "14/12/2026",
        MonthDayYear = "mdy" "12/14/2026",
        YearMonthDay = "ymd" "2026-12-14",
    }
}

/// Who is signed in, if a line of prose says it.
pub fn connected_as(line: &str) -> Option<String> {
    let (_, upn) = line.split_once("Connected as ")?;
    let upn = upn.trim().trim_end_matches('.');
    (upn.contains('@') && !upn.contains(' ')).then(|| harmless(upn).into_owned())
}

/// Why a table of backups cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Its dates could be read in two ways.
    Ambiguous(String),
    /// This is no date at all.
    NoDate(usize, String),
}

/// The columns of the table, in characters from the left.
struct Columns {
    id: usize,
    label: usize,
    expiry: usize,
    point: usize,
}

fn columns(header: &str) -> Option<Columns> {
    let at = |title: &str| header.find(title).and_then(|at| header.get(..at)).map(|before| before.chars().count());
    let columns = Columns { id: at("Id ")?, label: at("Label")?, expiry: at("Expiry")?, point: at("Point Date")? };
    (columns.id < columns.label && columns.label < columns.expiry && columns.expiry < columns.point).then_some(columns)
}

/// Whether this is the table of `pac admin list-backups`.
pub fn is_backups(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("Index") && columns(line).is_some())
}

/// Whether this is the table of `pac admin list` without `--json`.
pub fn is_list(text: &str) -> bool {
    // `pac env list` writes ID and URL, `pac admin list` Id and Url.
    let titles = |line: &str| line.to_ascii_lowercase();
    text.lines().map(titles).any(|line| line.contains("environment id") || line.contains("environment url"))
}

/// The backups of the table, and whether all of its rows could be read. pac writes its dates without a zone; they are those of
/// the API, in UTC. A row whose date cannot be read is reported; that none can is the error.
pub fn backups(text: &str, order: Option<DateOrder>, remarks: &mut Remarks) -> Result<(Vec<Backup>, bool), Unreadable> {
    let mut lines = text.lines().enumerate().skip_while(|(_, line)| !(line.trim_start().starts_with("Index") && columns(line).is_some()));
    let Some(columns) = lines.next().and_then(|(_, header)| columns(header)) else { return Ok((Vec::new(), true)) };
    let part = |line: &str, from: usize, to: Option<usize>| {
        let letters = line.chars().skip(from);
        let part: String = if let Some(to) = to { letters.take(to.saturating_sub(from)).collect() } else { letters.collect() };
        harmless(part.trim()).into_owned()
    };
    let rows: Vec<(usize, String, String, [String; 2])> = lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            let name = part(line, columns.label, Some(columns.expiry));
            let dates = [part(line, columns.point, None), part(line, columns.expiry, Some(columns.point))];
            // Wide letters move the columns on some consoles; wide gaps stay.
            let gaps: Vec<String> = line.split("  ").map(|part| harmless(part.trim()).into_owned()).filter(|part| !part.is_empty()).collect();
            let dates = match gaps.as_slice() {
                [.., expiry, point] if written(&dates[0]).is_none() && written(point).is_some() => [point.clone(), expiry.clone()],
                _ => dates,
            };
            (at + 1, part(line, columns.id, Some(columns.label)), name, dates)
        })
        .collect();
    let order = match order {
        Some(order) => order,
        // All dates of a table are of one language, so one that can be read in one way only says how to read them all.
        None => match rows.iter().flat_map(|(_, _, _, dates)| dates).find_map(|date| only_order(date)) {
            Some(order) => order,
            None => match rows.first() {
                Some((_, _, _, [date, _])) => return Err(Unreadable::Ambiguous(date.clone())),
                None => return Ok((Vec::new(), true)),
            },
        },
    };
    let mut found: Vec<Backup> = Vec::new();
    let mut unread: Vec<(usize, String)> = Vec::new();
    for (line, id, name, [date, _]) in rows {
        let Some(taken_at) = instant(&date, order) else {
            unread.push((line, date));
            continue;
        };
        let same = |backup: &&Backup| *backup.id == *id;
        let id = if found.iter().any(|backup| same(&backup)) {
            let another = format!("{id} of {}", crate::domain::time::rfc3339(taken_at));
            remarks.add(format!("line {line}"), format!("the id {id} stands here a second time; the backup is kept as \"{another}\""));
            another
        } else {
            id
        };
        found.push(Backup {
            id: id.into(),
            name: if name.is_empty() { Known::Unknown } else { Known::Is(name.into()) },
            taken_at,
            created_by: Known::Unknown,
            notes: Known::Unknown,
            overwritten: false,
            may_be_gone: false,
            region: None,
        });
    }
    if let (true, Some((line, date))) = (found.is_empty(), unread.first()) {
        return Err(Unreadable::NoDate(*line, date.clone()));
    }
    for (line, date) in &unread {
        remarks.add(format!("line {line}"), format!("\"{date}\" is no date in this order, so this backup cannot be kept: `backups` stays unknown"));
    }
    Ok((found, unread.is_empty()))
}

/// What stands before or after an hour in the languages of Windows that count to twelve: before noon, then after it.
const HALVES: [(&[&str], bool); 2] = [
    (&["am", "오전", "上午", "午前", "ص", "sa", "πμ", "de", "fm", "pg", "vorm", "ก่อนเที่ยง", "ق.ظ", "पूर्वाह्न", "e", "пр"], false),
    (&["pm", "오후", "下午", "午後", "م", "ch", "μμ", "du", "em", "ptg", "nachm", "หลังเที่ยง", "ب.ظ", "अपराह्न", "p", "сл"], true),
];
/// By so many years the Buddhist calendar is ahead, in which Thai dates are written.
const BUDDHIST: i32 = 543;
/// A year from here on is none of the common calendar.
const BUDDHIST_FROM: i32 = 2400;

/// A date and time as a language writes it: its numbers in order, and the half of the day.
struct Written {
    numbers: Vec<u32>,
    is_afternoon: Option<bool>,
}

/// The digits of a script by their value, such as those of Arabic, Persian, Hindi and Thai.
fn digit(letter: char) -> Option<u32> {
    const ZEROS: [char; 4] = ['٠', '۰', '०', '๐'];
    let zero = ZEROS.into_iter().map(u32::from).find(|zero| (*zero..*zero + 10).contains(&u32::from(letter)));
    letter.to_digit(10).or_else(|| zero.map(|zero| u32::from(letter) - zero))
}

/// Reads the numbers of a date, whatever stands between them: `29.11.2026 10.00.00`, `2026. 11. 29. 10:00:00`, `2026-11-29 오전 10:00:00`.
fn written(date: &str) -> Option<Written> {
    let mut numbers: Vec<u32> = Vec::new();
    let mut word = String::new();
    let mut is_afternoon = None;
    let mut in_number = false;
    let mut is_strange = false;
    let mut end_of = |word: &mut String| {
        let plain: String = word.chars().filter(|letter| letter.is_alphanumeric() || !letter.is_ascii()).collect::<String>().to_lowercase();
        word.clear();
        if plain.is_empty() {
            return;
        }
        let half = HALVES.iter().find(|(words, _)| words.iter().any(|half| half.replace('.', "") == plain));
        match half {
            Some((_, half)) => is_afternoon = Some(*half),
            // The letters that some languages put behind a year or an hour.
            None if ["m", "г", "kl", "klo", "น", "年", "月", "日"].contains(&plain.as_str()) => {}
            None => is_strange = true,
        }
    };
    for letter in date.chars() {
        if let Some(digit) = digit(letter) {
            end_of(&mut word);
            match numbers.last_mut().filter(|_| in_number) {
                Some(number) => *number = number.checked_mul(10)?.checked_add(digit)?,
                None => numbers.push(digit),
            }
            in_number = true;
            continue;
        }
        in_number = false;
        // Marks of the direction of writing are no letters, and dots stand inside of a.m.
        if letter.is_alphabetic() || (!letter.is_ascii() && !letter.is_whitespace() && !matches!(letter, '\u{200e}' | '\u{200f}' | '\u{61c}')) {
            word.push(letter);
        } else if letter.is_whitespace() {
            end_of(&mut word);
        }
    }
    end_of(&mut word);
    (!is_strange && (5..=6).contains(&numbers.len())).then_some(Written { numbers, is_afternoon })
}

/// The order in which a date has to be read, where only one is possible.
fn only_order(date: &str) -> Option<DateOrder> {
    let written = written(date)?;
    let [first, second, ..] = written.numbers.as_slice() else { return None };
    match (first, second) {
        (1000.., _) => Some(DateOrder::YearMonthDay),
        (13.., _) => Some(DateOrder::DayMonthYear),
        (_, 13..) => Some(DateOrder::MonthDayYear),
        _ => None,
    }
}

fn instant(date: &str, order: DateOrder) -> Option<DateTime<Utc>> {
    let Written { numbers, is_afternoon } = written(date)?;
    let [first, second, third, hour, minute, rest @ ..] = numbers.as_slice() else { return None };
    let (year, month, day) = match order {
        DateOrder::DayMonthYear => (third, second, first),
        DateOrder::MonthDayYear => (third, first, second),
        DateOrder::YearMonthDay => (first, second, third),
    };
    let year = i32::try_from(*year).ok().filter(|year| *year >= 1000)?;
    let year = if year >= BUDDHIST_FROM { year - BUDDHIST } else { year };
    let hour = match is_afternoon {
        None => *hour,
        // Twelve is the beginning of each half.
        Some(afternoon) => (1..=12).contains(hour).then_some(*hour % 12 + if afternoon { 12 } else { 0 })?,
    };
    let day = NaiveDate::from_ymd_opt(year, *month, *day)?;
    let time = NaiveTime::from_hms_opt(hour, *minute, rest.first().copied().unwrap_or(0))?;
    Some(NaiveDateTime::new(day, time).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::rfc3339;

    fn read(rows: &[&str], order: Option<DateOrder>) -> Result<Vec<String>, Unreadable> {
        let head = "Connected as admin@contoso.com\n\nIndex Id                                   Label         Expiry                  Point Date\n";
        let text = format!("{head}{}\n", rows.join("\n"));
        assert!(is_backups(&text));
        let (backups, _) = backups(&text, order, &mut Remarks::default())?;
        let name = |name: &Known<Box<str>>| if let Known::Is(name) = name { name.to_string() } else { "?".to_owned() };
        Ok(backups.iter().map(|backup| format!("{} | {} | {}", backup.id, name(&backup.name), rfc3339(backup.taken_at))).collect())
    }

    const B1: &str = "1     00000000-0000-0000-0000-0000000000b1 Before 9.2 up 14/12/2026 12:50:38     07/12/2026 12:50:38";
    const B2: &str = "2     00000000-0000-0000-0000-0000000000b2               21/12/2026 0:05:00      14/12/2026 0:05:00";

    #[test]
    fn one_date_that_can_be_read_in_one_way_only_decides_for_all() {
        let expected =
            ["00000000-0000-0000-0000-0000000000b1 | Before 9.2 up | 2026-12-07T12:50:38Z", "00000000-0000-0000-0000-0000000000b2 | ? | 2026-12-14T00:05:00Z"];
        assert_eq!(read(&[B1, B2], None).unwrap(), expected);
        assert_eq!(read(&[B1], None).unwrap(), expected[..1], "the day of expiry says it");
        let both = B1.replace("14/12/2026", "08/12/2026");
        assert_eq!(read(&[&both], None), Err(Unreadable::Ambiguous("07/12/2026 12:50:38".to_owned())));
        assert_eq!(read(&[&both], Some(DateOrder::MonthDayYear)).unwrap(), ["00000000-0000-0000-0000-0000000000b1 | Before 9.2 up | 2026-07-12T12:50:38Z"]);
        assert_eq!(read(&[B2], Some(DateOrder::MonthDayYear)), Err(Unreadable::NoDate(4, "14/12/2026 0:05:00".to_owned())));
        assert_eq!(read(&[], None).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_row_without_a_date_leaves_the_others_and_is_reported() {
        let text = format!(
            "Index Id                                   Label         Expiry                  Point Date\n{B1}\n{}\n",
            B2.replace("14/12/2026", "soon")
        );
        let mut remarks = Remarks::default();
        let (backups, is_whole) = backups(&text, None, &mut remarks).unwrap();
        let said: Vec<_> = remarks.list.iter().map(ToString::to_string).collect();
        assert_eq!((backups.len(), is_whole), (1, false));
        assert_eq!(said, ["line 3: \"soon 0:05:00\" is no date in this order, so this backup cannot be kept: `backups` stays unknown"]);
    }

    #[test]
    fn dates_of_all_languages_are_read() {
        for (date, order, expected) in [
            ("14.12.2026 12:50:38", DateOrder::DayMonthYear, "2026-12-14T12:50:38Z"),
            ("12/14/2026 1:05:09 PM", DateOrder::MonthDayYear, "2026-12-14T13:05:09Z"),
            ("12/14/2026 12:05:09\u{202f}AM", DateOrder::MonthDayYear, "2026-12-14T00:05:09Z"),
            ("2026-12-14 12:50:38", DateOrder::YearMonthDay, "2026-12-14T12:50:38Z"),
            ("29.11.2026 10.00.00", DateOrder::DayMonthYear, "2026-11-29T10:00:00Z"),
            ("29-11-2026 10.00.00", DateOrder::DayMonthYear, "2026-11-29T10:00:00Z"),
            ("2026. 11. 29. 10:00:00", DateOrder::YearMonthDay, "2026-11-29T10:00:00Z"),
            ("2026-11-29 오전 10:00:00", DateOrder::YearMonthDay, "2026-11-29T10:00:00Z"),
            ("2026. 11. 29. 오후 12:00:00", DateOrder::YearMonthDay, "2026-11-29T12:00:00Z"),
            ("2026/11/29 下午 03:00:00", DateOrder::YearMonthDay, "2026-11-29T15:00:00Z"),
            ("29/11/2569 10:00:00", DateOrder::DayMonthYear, "2026-11-29T10:00:00Z"),
            ("29/11/2026 10:00:00 π.μ.", DateOrder::DayMonthYear, "2026-11-29T10:00:00Z"),
            ("29/11/2026 10:00:00 p. m.", DateOrder::DayMonthYear, "2026-11-29T22:00:00Z"),
            ("29/11/2026 3:00:00 a.m.", DateOrder::DayMonthYear, "2026-11-29T03:00:00Z"),
            ("٢٩/١١/٢٠٢٦ ١٠:٠٠:٠٠ ص", DateOrder::DayMonthYear, "2026-11-29T10:00:00Z"),
            ("29.11.2026 г. 10:00:00", DateOrder::DayMonthYear, "2026-11-29T10:00:00Z"),
            ("29/11/2026 10:00:00 CH", DateOrder::DayMonthYear, "2026-11-29T22:00:00Z"),
        ] {
            assert_eq!((only_order(date), instant(date, order).map(rfc3339).as_deref()), (Some(order), Some(expected)), "{date}");
        }
        assert_eq!((only_order("07/12/2026 1:00"), only_order("soon"), instant("31/02/2026 1:00", DateOrder::DayMonthYear)), (None, None, None));
    }

    #[test]
    fn who_is_signed_in_is_read_from_the_prose() {
        assert_eq!(connected_as("Connected as admin@contoso.com"), Some("admin@contoso.com".to_owned()));
        assert_eq!(connected_as("Connected as a service principal"), None);
        assert_eq!(connected_as("Listing all environments"), None);
    }
}
