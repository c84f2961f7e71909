//! What the runners of tests say about how many passed.

use std::{fmt, ops::AddAssign};

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub ignored: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 { write!(to, ", {} left out", self.ignored) } else { Ok(()) }
    }
}

/// Cargo's runners: `test result: ok. 12 passed; 0 failed; 1 ignored; …`, once for each binary.
pub fn of_cargo(lines: &[String]) -> Counts {
    let results = lines.iter().filter_map(|line| line.trim().strip_prefix("test result: "));
    sum(results.flat_map(|line| line.split(['.', ';'])))
}

/// Vitest's summary: `Tests  1 failed | 12 passed | 2 skipped (15)`.
pub fn of_vitest(lines: &[String]) -> Counts {
    let results = lines.iter().filter_map(|line| line.trim().strip_prefix("Tests  "));
    sum(results.flat_map(|line| line.split(['|', '('])))
}

/// Adds up parts such as `12 passed`.
fn sum<'a>(parts: impl Iterator<Item = &'a str>) -> Counts {
    let mut counts = Counts::default();
    for (number, what) in parts.filter_map(|part| part.trim().split_once(' ')) {
        let Ok(number) = number.parse::<usize>() else { continue };
        match what.trim() {
            "passed" => counts.passed += number,
            "failed" => counts.failed += number,
            "ignored" | "skipped" | "todo" => counts.ignored += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn cargos_results_are_added_up() {
        let text = "running 3 tests\ntest a ... ok\n\
                    test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.01s\n\
                    test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s\n";
        assert_eq!(of_cargo(&lines(text)), Counts { passed: 14, failed: 3, ignored: 1 });
    }

    #[test]
    fn vitests_summary_is_read() {
        let text = " Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 40 passed | 1 skipped (43)\n   Duration  1.20s\n";
        assert_eq!(of_vitest(&lines(text)), Counts { passed: 40, failed: 2, ignored: 1 });
        assert_eq!(of_vitest(&lines("      Tests  7 passed (7)")), Counts { passed: 7, failed: 0, ignored: 0 });
        assert_eq!(of_vitest(&lines("no test files found")), Counts::default());
    }

    #[test]
    fn counts_are_told() {
        assert_eq!(Counts { passed: 412, failed: 0, ignored: 0 }.to_string(), "412 passed, 0 failed");
        assert_eq!(Counts { passed: 1, failed: 2, ignored: 3 }.to_string(), "1 passed, 2 failed, 3 left out");
    }
}
