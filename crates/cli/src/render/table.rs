//! Tables, as columns of plain text.

use anstyle::Style;
use markdown::{Alignment, Node, NodeId, Tree};
use textwrap::core::display_width;

use super::{Look, end, faint, inline, wrap};

/// What stands between two columns.
const GAP: &str = "  ";

/// The narrowest that a column is made for the sake of the others.
const NARROWEST: usize = 6;

/// The lines of a table.
pub fn lines(tree: &Tree, table: NodeId, alignments: &[Alignment], look: Look) -> Vec<String> {
    let rows: Vec<(bool, Vec<String>)> = tree
        .children(table)
        .map(|(row, node)| {
            let head = matches!(node, Node::TableRow { head: true });
            (head, tree.children(row).map(|(cell, _)| words(tree, cell, head, look)).collect())
        })
        .collect();
    let widths = widths(&rows, look.width);
    let mut lines = Vec::new();
    for (head, cells) in &rows {
        lines.extend(row(cells, &widths, alignments));
        if *head {
            let rules: Vec<_> = widths.iter().map(|&width| "─".repeat(width)).collect();
            lines.push(look.paint(faint(), &rules.join(GAP)));
        }
    }
    lines
}

fn words(tree: &Tree, cell: NodeId, head: bool, look: Look) -> String {
    let base = if head { Style::new().bold() } else { Style::new() };
    inline::lines(tree, cell + 1, end(tree, cell), base, look).join(" ").trim().to_owned()
}

/// How wide each column is: as wide as its widest cell, or less if the line has no room for that.
fn widths(rows: &[(bool, Vec<String>)], room: usize) -> Vec<usize> {
    let columns = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(column));
        cells.map(|cell| display_width(cell)).max().unwrap_or(0).clamp(1, room.max(1))
    };
    let mut widths: Vec<usize> = (0..columns).map(widest).collect();
    let mut excess = (widths.iter().sum::<usize>() + GAP.len() * columns.saturating_sub(1)).saturating_sub(room);
    while excess > 0
        && let Some(width) = widths.iter_mut().max().filter(|width| **width > NARROWEST)
    {
        *width -= 1;
        excess -= 1;
    }
    widths
}

/// A row: as many lines as its highest cell.
fn row(cells: &[String], widths: &[usize], alignments: &[Alignment]) -> Vec<String> {
    let columns: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, &width)| wrap(cell, width, true)).collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let pieces = widths.iter().enumerate().map(|(column, &width)| {
            let piece = columns.get(column).and_then(|lines| lines.get(at)).map_or("", String::as_str);
            padded(piece, width, alignments.get(column).copied().unwrap_or(Alignment::None))
        });
        pieces.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

fn padded(piece: &str, width: usize, alignment: Alignment) -> String {
    let space = width.saturating_sub(display_width(piece));
    let before = match alignment {
        Alignment::None | Alignment::Left => 0,
        Alignment::Center => space / 2,
        Alignment::Right => space,
    };
    [" ".repeat(before).as_str(), piece, " ".repeat(space - before).as_str()].concat()
}
