//! The table, and the same for machines.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::row::Row;

/// The headings of the columns.
const HEAD: [&str; 6] = ["", "figure", "beside", "ratio", "target", ""];

/// The rows as text, one paragraph a topic, columns aligned.
pub fn text(rows: &[Row]) -> String {
    let cells: Vec<_> = rows.iter().map(|row| (row.topic, row.cells())).collect();
    let width = |column: usize| {
        let widths = cells.iter().map(|(_, cells)| cells[column].chars().count());
        widths.chain([HEAD[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |cells: &[String; 6]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut text = String::new();
    let mut topic = "";
    for (of, cells) in &cells {
        if *of != topic {
            topic = of;
            let mut head = HEAD.map(str::to_owned);
            topic.clone_into(&mut head[0]);
            // Writing into a string cannot fail.
            let _ = write!(text, "\n{}\n", line(&head));
        }
        let _ = writeln!(text, "{}", line(cells));
    }
    text
}

/// The rows for machines.
pub fn json(rows: &[Row]) -> Value {
    let rows = rows.iter().map(|row| {
        json!({
            "topic": row.topic, "what": row.what, "figure": row.figure, "unit": row.unit, "beside": row.beside,
            "ratio": row.ratio(), "holds": row.holds(),
        })
    });
    json!({ "rows": rows.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Target, Unit};

    fn rows() -> Vec<Row> {
        vec![
            Row::new("Core", "delay", 1.0, Unit::Milliseconds).limit(Target::AtMost(2.0)),
            Row::new("Core", "a longer name", 10.5, Unit::Milliseconds),
            Row::new("Window", "size", 3.0, Unit::Mebibytes).beside("other", 4.0),
        ]
    }

    #[test]
    fn columns_stand_under_their_headings() {
        let text = text(&rows());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "",
                "Core           figure   beside        ratio   target",
                "delay          1 ms     limit 2 ms    0.50 ×  ≤ 1     holds",
                "a longer name  10.5 ms",
                "",
                "Window         figure   beside        ratio   target",
                "size           3 MiB    other: 4 MiB  0.75 ×",
            ]
        );
    }

    #[test]
    fn machines_get_every_figure() {
        let json = json(&rows());
        assert_eq!(json["rows"][0]["holds"], true);
        assert_eq!(json["rows"][2]["beside"]["peer"]["figure"], 4.0);
        assert_eq!(json["rows"][1]["ratio"], Value::Null);
    }
}
