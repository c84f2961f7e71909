//! What a reader sees while a text is being written.

mod common;

use common::{Viewer, cut, outline};
use markdown::{Node, Tree, render};

const ANSWER: &str = "\
## A *short* answer

Here is **bold text**, `some code` and [a link](https://a.example/page?x=1 \"title\"). It costs $5, a_b is a name \
and 2 * 3 is 6. The formula $e^{i\\pi} + 1 = 0$ stands in the line, ~~this~~ does not[^1].

1. First **item with `code`**
2. Second item:
   ```bash
   echo \"**not bold**\"
   ```
3. *Third*

- [x] done
- [ ] to do

> A quote with **strong
> words** over two lines.

```rust
fn main() {
    println!(\"| a | **b** |\");
}
```

The table:
| Name | Value |
|:-----|------:|
| `a`  | **1** |
| b    | see ![the chart](chart.png) |

$$
\\int_0^1 x\\,dx
$$

---

Write to <https://b.example/> &amp; be ***happy***!

[^1]: The note.
";

/// All text that is drawn, code apart.
fn prose(tree: &Tree) -> String {
    tree.nodes()
        .filter_map(|(_, _, node)| match node {
            Node::Text { text } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn no_frame_shows_raw_markup() {
    for size in [1, 3, 7] {
        let mut viewer = Viewer::new();
        let mut seen = 0;
        for delta in cut(ANSWER, &[size]) {
            viewer.push(delta);
            let prose = prose(&viewer.tree);
            for raw in ["**", "](", "``", "|", "--", "~~", "[^", "[", "$$", "\\", "#", "&a", "<", "*short", "*Th", "`"]
            {
                assert!(!prose.contains(raw), "{raw} after {delta:?} in {prose}");
            }
            let shown = viewer.tree.plain_text().trim_end().len();
            assert!(shown + 1 >= seen, "{} after {delta:?}", viewer.tree.plain_text());
            seen = shown;
        }
        assert_eq!(viewer.finish(), [], "nothing was left to settle");
        assert_eq!(viewer.tree.snapshot(), render(ANSWER));
    }
}

#[test]
fn little_is_drawn_twice() {
    let mut viewer = Viewer::new();
    for delta in cut(ANSWER, &[1]) {
        viewer.push(delta);
    }
    viewer.finish();
    // What is cut are half links, the head of a list that becomes a task, an image's neighbour.
    assert!(viewer.cut_nodes <= 30, "{} nodes were cut", viewer.cut_nodes);
    assert!(viewer.patches < ANSWER.len(), "{} patches", viewer.patches);
}

fn typed(text: &str) -> String {
    let mut viewer = Viewer::new();
    for delta in cut(text, &[1]) {
        viewer.push(delta);
    }
    outline(&viewer.tree)
}

#[track_caller]
fn shows(text: &str, lines: &[&str]) {
    let expected: String = lines.iter().flat_map(|line| [*line, "\n"]).collect();
    assert_eq!(typed(text), expected, "{text:?}");
}

#[test]
fn open_markup_is_already_drawn() {
    shows("a **b", &["paragraph", "  \"a \"", "  strong", "    \"b\""]);
    shows("a **b*", &["paragraph", "  \"a \"", "  strong", "    \"b\""]);
    shows("a `b", &["paragraph", "  \"a \"", "  code \"b\""]);
    shows("~~a *b", &["paragraph", "  strikethrough", "    \"a \"", "    emphasis", "      \"b\""]);
    shows("# **a", &["heading 1", "  strong", "    \"a\""]);
    shows("- a\n- **b", &["list", "  item", "    \"a\"", "  item", "    strong", "      \"b\""]);
}

#[test]
fn half_a_link_is_its_text() {
    for text in ["see [the te", "see [the te]", "see [the te](", "see [the te](http://a.ex", "see [the te](x \"ti"] {
        shows(text, &["paragraph", "  \"see \"", "  \"the te\""]);
    }
    shows("see [the te](x)", &["paragraph", "  \"see \"", "  link x", "    \"the te\""]);
    shows("not [a link] at all", &["paragraph", "  \"not [a link] at all\""]);
}

/// The links of a text that was typed, each as its text and where it leads.
fn links(text: &str) -> Vec<(String, String)> {
    let mut viewer = Viewer::new();
    cut(text, &[1]).into_iter().for_each(|delta| viewer.push(delta));
    let links = viewer.tree.nodes().filter_map(|(id, _, node)| match node {
        Node::Link { href, .. } => Some((id, href.clone())),
        _ => None,
    });
    let text = |id| match viewer.tree.children(id).next() {
        Some((_, Node::Text { text })) => text.clone(),
        other => panic!("a link without text: {other:?}"),
    };
    links.map(|(id, href)| (text(id), href)).collect()
}

#[test]
fn bare_addresses_are_links_while_they_are_written() {
    let link = |text: &str, href: &str| vec![(text.to_owned(), href.to_owned())];
    let plain = |address: &str| link(address, address);
    assert_eq!(links("see https://a.example/x_y?z=1"), plain("https://a.example/x_y?z=1"));
    assert_eq!(links("see https://a.example/x, then"), plain("https://a.example/x"));
    assert_eq!(links("(https://a.example/x_(y))."), plain("https://a.example/x_(y)"));
    assert_eq!(links("**HTTP://a.example** and on"), plain("HTTP://a.example"));
    assert_eq!(links("| a |\n|---|\n| http://a.example |\n"), plain("http://a.example"));
    assert_eq!(links("www.a.example is one"), link("www.a.example", "http://www.a.example"));
    assert_eq!(links("to me@a.example."), link("me@a.example", "mailto:me@a.example"));
    assert_eq!(links("- one\n- https://a.example/x\n- two\n\nend"), plain("https://a.example/x"));
    assert_eq!(links("[https://a.example](https://b.example)"), link("https://a.example", "https://b.example"));
    for text in
        ["a.example", "file.rs", "ftp://a.example", "javascript:alert(1)", "`https://a.example`", "me@", "http://"]
    {
        assert_eq!(links(&format!("{text} and on")), [], "{text}");
    }
}

#[test]
fn what_cannot_be_read_yet_is_held_back() {
    for held in [
        "a\n#",
        "a\n-",
        "a\n1.",
        "a\n```",
        "a\n```ru",
        "a\n| b |",
        "a\n| b |\n|-",
        "a $x",
        "a $$x",
        "a ![b](c",
        "a\n\n- [",
    ] {
        shows(held, &["paragraph", "  \"a\""]);
    }
    shows("a\n| b |\n|--|\n", &["paragraph", "  \"a\"", "table [None]", "  head", "    tablecell", "      \"b\""]);
}

#[test]
fn lines_of_code_are_painted_when_they_end() {
    shows(
        "```rust\nlet a = 1;\nlet b",
        &["code block rust", "  line \"let a = 1;\" painted", "  line \"let b\" plain"],
    );
    shows("```rust\nlet a = 1;\n``", &["code block rust", "  line \"let a = 1;\" painted"]);
    shows(
        "- a\n\n  ```rust\n  let a;\n  let b",
        &[
            "list",
            "  item",
            "    paragraph",
            "      \"a\"",
            "    code block rust",
            "      line \"let a;\" painted",
            "      line \"let b\" plain",
        ],
    );
}

#[test]
fn a_row_that_is_written_has_no_empty_cells_yet() {
    shows(
        "| a | b |\n|---|---|\n| c",
        &[
            "table [None, None]",
            "  head",
            "    tablecell",
            "      \"a\"",
            "    tablecell",
            "      \"b\"",
            "  row",
            "    tablecell",
            "      \"c\"",
        ],
    );
}

#[test]
fn late_definitions_settle_at_the_end() {
    let mut viewer = Viewer::new();
    for delta in cut("See [the page][1] and [^x].\n\nMore.\n\n[1]: http://a.example\n", &[3]) {
        viewer.push(delta);
    }
    assert_eq!(
        outline(&viewer.tree),
        "paragraph\n  \"See [the page][1] and \"\n  mark x\n  \".\"\nparagraph\n  \"More.\"\n"
    );
    viewer.finish();
    assert_eq!(
        outline(&viewer.tree),
        "paragraph\n  \"See \"\n  link http://a.example\n    \"the page\"\n  \" and [^x].\"\nparagraph\n  \"More.\"\n"
    );
}

#[test]
fn html_is_text() {
    shows(
        "<div onclick=\"x()\">\n<b>c</b>\n</div>\n\na <i>d</i>\n",
        &["paragraph", "  \"<div onclick=\\\"x()\\\">\\n<b>c</b>\\n</div>\"", "paragraph", "  \"a <i>d</i>\""],
    );
}
