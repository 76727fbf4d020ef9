//! Numbers as Terraform has them: exact, of any size. Never rounds.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;
use std::fmt;
use std::str::FromStr;

/// The most digits before or after the point that a number may have. Terraform keeps 512 bits of
/// precision, far fewer digits; more would only serve to exhaust memory.
const MAX_DIGITS: i64 = 4096;

/// An exact decimal number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(BigDecimal);

impl Number {
    /// The number as an `i64`, if it is a whole number that fits.
    pub fn to_i64(&self) -> Option<i64> {
        let (digits, scale) = self.0.as_bigint_and_exponent();
        if scale != 0 && !self.0.is_integer() {
            return None;
        }
        match scale {
            0 => digits.try_into().ok(),
            _ => self.0.with_scale(0).as_bigint_and_exponent().0.try_into().ok(),
        }
    }

    /// The number as an `f64`, if that is the very same number.
    pub fn to_f64_exact(&self) -> Option<f64> {
        let float: f64 = self.0.to_string().parse().ok()?;
        (Self::from_f64(float)? == *self).then_some(float)
    }

    /// The exact value of a float; `None` for infinities and NaN.
    pub fn from_f64(float: f64) -> Option<Self> {
        BigDecimal::try_from(float).ok().map(|number| Self(number.normalized()))
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(BigDecimal::from(BigInt::from(number)).normalized())
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self(BigDecimal::from(BigInt::from(number)).normalized())
    }
}

impl FromStr for Number {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let too_long = || format!("a number may have at most {MAX_DIGITS} digits before or after the point");
        // Before anything is parsed: reading digits takes time that grows with the square of their count.
        if text.len() > 2 * MAX_DIGITS as usize {
            return Err(too_long());
        }
        let number = BigDecimal::from_str(text).map_err(|_| "not a decimal number".to_owned())?.normalized();
        let (_, scale) = number.as_bigint_and_exponent();
        if scale.unsigned_abs() > MAX_DIGITS as u64 { Err(too_long()) } else { Ok(Self(number)) }
    }
}

impl fmt::Display for Number {
    /// Plain decimal notation, never an exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_plain_string())
    }
}
