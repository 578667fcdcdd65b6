//! CSV for spreadsheets: one row per item, and no cell that a spreadsheet would run.

use std::borrow::Cow;
use std::io;

use serde_json::Value;

use super::output::Out;

/// Writes a header and the rows, each as it comes.
pub fn write<I, R, C>(out: &mut Out, header: &[&str], rows: I) -> io::Result<()>
where
    I: Iterator<Item = R>,
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut sheet = csv::Writer::from_writer(out);
    sheet.write_record(header)?;
    for row in rows {
        if sheet.get_ref().nobody_reads() {
            return Ok(());
        }
        for cell in row {
            sheet.write_field(&*guarded(cell.as_ref()))?;
        }
        sheet.write_record(None::<&[u8]>)?;
    }
    sheet.flush()
}

/// The fields of an object in the order of `header`; what is none is empty, what is nested is JSON.
pub fn fields(header: &[&str], object: &Value) -> Vec<String> {
    header.iter().map(|field| text(object.get(field).unwrap_or(&Value::Null))).collect()
}

/// A value as a cell.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// A cell that begins like a formula gets a quote before it.
fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn formulas_are_quoted_and_ordinary_text_is_not() {
        for (cell, written) in [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), ("a=b", "a=b"), ("", "")] {
            assert_eq!(guarded(cell), written);
        }
    }
}
