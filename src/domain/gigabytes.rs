//! Storage in gigabytes as an exact decimal, because 1.00 GB free is enough and 0.99 GB is not (ENV-015).

use std::fmt;
use std::ops::{Add, Sub};

const MICRO: i64 = 1_000_000;

/// Gigabytes, exact to a millionth. May be negative: a tenant can use more than it is entitled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Gigabytes(i64);

impl Gigabytes {
    /// That many whole gigabytes.
    pub const fn whole(gigabytes: i64) -> Self {
        Self(gigabytes * MICRO)
    }

    /// Reads a plain decimal such as `420.25`; digits beyond the sixth decimal are cut. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || whole.len() > 9 {
            return None;
        }
        let micro = fraction.bytes().chain(std::iter::repeat(b'0')).take(6).fold(0_i64, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        let value = whole.parse::<i64>().ok()? * MICRO + micro;
        Some(Self(if negative { -value } else { value }))
    }

    /// The nearest floating-point number, for JSON and for drawing to scale; never for comparing.
    #[expect(clippy::cast_precision_loss, reason = "only drawn and printed, never compared")]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / MICRO as f64
    }
}

impl Add for Gigabytes {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Gigabytes {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for Gigabytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, micro) = (self.0.abs() / MICRO, self.0.abs() % MICRO);
        if micro == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = format!("{micro:06}");
        let fraction = fraction.trim_end_matches('0');
        write!(f, "{sign}{whole}.{fraction:0<2}")
    }
}

#[cfg(test)]
mod tests {
    use super::Gigabytes;

    fn gb(text: &str) -> Gigabytes {
        Gigabytes::parse(text).unwrap_or_else(|| panic!("{text} is a number of gigabytes"))
    }

    #[test]
    fn the_difference_of_two_decimals_is_exact() {
        assert_eq!(gb("100.1") - gb("99.1"), Gigabytes::whole(1));
        assert!(gb("100.10") - gb("99.11") < Gigabytes::whole(1));
    }

    #[test]
    fn prints_as_it_was_written() {
        for text in ["0", "500", "420.25", "-3.50", "0.99", "1.000001"] {
            assert_eq!(gb(text).to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_no_plain_decimal() {
        for text in ["", ".", "1.", ".5", "1e3", "1e400", "0x10", "1_000", "NaN", "inf", "1,5", "--1", "12345678901"] {
            assert_eq!(Gigabytes::parse(text), None, "{text}");
        }
    }
}
