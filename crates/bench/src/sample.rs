//! Readings of the same thing.

/// Readings, in order of size.
#[derive(Debug, Clone)]
pub struct Sample {
    sorted: Vec<f64>,
}

impl Sample {
    /// The readings, in any order.
    pub fn of(readings: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = readings.into_iter().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        Self { sorted }
    }

    /// The reading below which that share of all lies (0 to 1); not a number if there is none.
    pub fn quantile(&self, share: f64) -> f64 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small length")]
        let at = (share * self.sorted.len() as f64).ceil() as usize;
        self.sorted.get(at.max(1) - 1).copied().unwrap_or(f64::NAN)
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_readings() {
        let sample = Sample::of([5.0, 1.0, 4.0, 2.0, 3.0]);
        assert_eq!([0.0, 0.5, 0.8, 0.95, 1.0].map(|share| sample.quantile(share)), [1.0, 3.0, 4.0, 5.0, 5.0]);
        assert!(Sample::of([]).median().is_nan());
    }
}
