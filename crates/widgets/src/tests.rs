//! Widgets as servers send them, and as nobody should.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn reading(widget: &Value) -> Reading {
    read(widget, Limits::default())
}

/// One example of each component, as a server writes it. The window's gallery and its tests are made of what is read.
#[test]
fn the_gallery_is_read_without_a_remark_but_for_what_is_unknown() {
    let examples: Vec<Value> = serde_json::from_str(include_str!("../gallery.json")).unwrap();
    for example in &examples {
        let Reading { root, hints } = reading(&example["widget"]);
        assert!(root.is_some());
        let unknown = hints.iter().all(|hint| matches!(hint, Hint::Component { .. }));
        assert!(unknown, "{}: {hints:?}", example["name"]);
    }
}

#[test]
fn a_card_is_read_with_all_that_it_holds() {
    let widget = json!({
        "type": "Card", "id": "order", "size": "sm", "status": {"text": "Order 81", "icon": "suitcase"},
        "confirm": {"label": "Pay", "action": {"type": "pay"}},
        "children": [
            {"type": "Row", "justify": "between", "gap": 2.0, "children": [
                {"type": "Title", "value": "Espresso machine", "size": "md"},
                {"type": "Badge", "label": "shipped", "color": "success"}]},
            {"type": "Text", "id": "eta", "value": "Arriving ", "streaming": true},
            {"type": "Button", "label": "Track", "style": "primary",
             "onClickAction": {"type": "order.track", "payload": {"id": 81}, "streaming": false}}]
    });
    let Reading { root, hints } = reading(&widget);
    assert_eq!(hints, []);
    let root = root.unwrap();
    assert_eq!(root.id.as_deref(), Some("order"));
    let Component::Card(card) = root.component else { panic!("no card") };
    assert_eq!((card.size, card.status.unwrap().text.as_str()), (Some(Size::Sm), "Order 81"));
    assert_eq!(card.buttons.confirm.unwrap().action.kind, "pay");
    let Component::Row { look, children } = &card.children[0].component else { panic!("no row") };
    assert_eq!((look.justify, look.gap.as_deref()), (Some(Justify::Between), Some("8px")));
    assert!(matches!(&children[1].component, Component::Badge(badge) if badge.color == Some(Tone::Success)));
    let Component::Button(button) = &card.children[2].component else { panic!("no button") };
    assert!(!button.on_click.as_ref().unwrap().streaming);
}

#[test]
fn children_are_absent_or_null_or_one_or_many() {
    for (children, count) in
        [(json!(null), 0), (json!({"type": "Spacer"}), 1), (json!([{"type": "Spacer"}, {"type": "Divider"}]), 2)]
    {
        let Some(Node { component: Component::Box { children, .. }, .. }) =
            reading(&json!({"type": "Box", "children": children})).root
        else {
            panic!("no box")
        };
        assert_eq!(children.len(), count);
    }
}

#[test]
fn an_unknown_component_shows_its_children_and_is_named() {
    let Reading { root, hints } =
        reading(&json!({"type": "Hologram", "beam": 9, "children": [{"type": "Text", "value": "inside"}]}));
    assert!(matches!(root.unwrap().component, Component::Unknown { children, .. } if children.len() == 1));
    assert_eq!(hints, [Hint::Component { name: "Hologram".to_owned() }]);
}

#[test]
fn what_cannot_be_used_is_left_out_and_named() {
    let Reading { root, hints } = reading(
        &json!({"type": "Box", "width": "url(javascript:alert(1))", "align": "sideways", "background": "red;x:y"}),
    );
    let Some(Node { component: Component::Box { look, .. }, .. }) = root else { panic!("no box") };
    assert_eq!(look, BoxLook::default());
    let named: Vec<_> = hints.iter().map(|hint| format!("{hint:?}")).collect();
    assert_eq!(named.len(), 3, "{named:?}");
}

#[test]
fn a_list_without_end_and_nesting_without_end_have_one() {
    let row = json!({"type": "ListViewItem", "children": [{"type": "Text", "value": "row"}]});
    let long = json!({"type": "ListView", "children": vec![row; 100_000]});
    let Reading { root, hints } = reading(&long);
    let Some(Node { component: Component::ListView(list), .. }) = root else { panic!("no list") };
    assert_eq!((list.children.len(), hints), (2_500, vec![Hint::TooMuch]));
    let mut deep = json!({"type": "Text", "value": "the bottom"});
    for _ in 0..10_000 {
        // Moved, not copied: a copy would go as deep as the tree does.
        let fields = [("type".to_owned(), Value::from("Box")), ("children".to_owned(), deep)];
        deep = Value::Object(fields.into_iter().collect());
    }
    let Reading { hints, .. } = reading(&deep);
    assert_eq!(hints, [Hint::TooDeep]);
    // A tree as deep as this is not dropped by recursion either.
    let mut rest = deep;
    while let Some(child) = rest.as_object_mut().and_then(|fields| fields.remove("children")) {
        rest = child;
    }
}

#[test]
fn controls_have_their_defaults() {
    let form = json!({"type": "Form", "onSubmitAction": {"type": "save"}, "children": [
        {"type": "Input", "name": "todo.title", "required": true, "inputType": "email"},
        {"type": "Textarea", "name": "todo.note", "rows": 1000},
        {"type": "Select", "name": "who", "options": [{"value": "a"}, {"label": "B", "value": "b", "disabled": true}]},
        {"type": "RadioGroup", "name": "how", "options": [{"label": "Fast", "value": "fast"}]},
        {"type": "Checkbox", "name": "ok", "defaultChecked": true},
        {"type": "DatePicker", "name": "when", "min": "2026-01-01T00:00:00Z"},
        {"type": "Text", "value": "write over me", "editable": {"name": "free"}},
        {"type": "Text", "value": "not me", "editable": false}
    ]});
    let Some(Node { component: Component::Form { children, .. }, .. }) = reading(&form).root else { panic!("no form") };
    let Component::Input(title) = &children[0].component else { panic!("no field") };
    assert_eq!((title.input, title.rows, title.required), (InputType::Email, None, true));
    assert!(matches!(&children[1].component, Component::Textarea(note) if note.rows == Some(40)));
    let Component::Select(who) = &children[2].component else { panic!("no list") };
    assert_eq!((who.options[0].label.as_str(), who.searchable), ("a", false));
    assert!(matches!(&children[3].component, Component::RadioGroup(how) if how.label == "how"));
    assert!(matches!(&children[4].component, Component::Checkbox(ok) if ok.checked));
    assert!(matches!(&children[6].component, Component::Text(text) if text.editable.is_some()));
    assert!(matches!(&children[7].component, Component::Text(text) if text.editable.is_none()));
}

#[test]
fn a_chart_is_bounded_and_an_axis_is_a_name_or_more() {
    let rows = vec![json!({"day": "Mon", "sold": 3, "odd": [1]}); 5_000];
    let chart = json!({"type": "Chart", "data": rows, "xAxis": {"dataKey": "day", "labels": {"Mon": "Monday"}},
        "series": [{"type": "bar", "dataKey": "sold", "label": null, "color": {"light": "#123", "dark": "#abc"}}]});
    let Some(Node { component: Component::Chart(chart), .. }) = reading(&chart).root else { panic!("no chart") };
    assert_eq!((chart.data.len(), chart.series[0].label.as_str()), (2_000, "sold"));
    assert_eq!((chart.x_axis.data_key.as_str(), chart.x_axis.labels["Mon"].as_str()), ("day", "Monday"));
    assert_eq!(chart.data[0].get("sold"), Some(&Datum::Number(3.0)));
    assert!(!chart.data[0].contains_key("odd"));
}

fn only(widget: &Value) -> Component {
    let Some(Node { component, .. }) = reading(widget).root else { panic!("nothing was read") };
    component
}

#[test]
fn a_field_says_its_gutter_and_whether_it_may_be_filled_in() {
    let field = json!({"type": "Input", "name": "who", "gutterSize": "2xs", "allowAutofillExtensions": true});
    assert!(
        matches!(only(&field), Component::Input(field) if field.gutter == Some(controls::Gutter::Xxs) && field.autofill)
    );
    let plain = json!({"type": "Textarea", "name": "who", "gutterSize": "huge"});
    assert!(matches!(only(&plain), Component::Textarea(field) if field.gutter.is_none() && !field.autofill));
}

#[test]
fn a_calendar_stands_somewhere_along_its_side() {
    let day = json!({"type": "DatePicker", "name": "day", "side": "right", "align": "end"});
    let Component::DatePicker(day) = only(&day) else { panic!("no day") };
    assert_eq!((day.side, day.align), (Some(controls::Side::Right), Some(controls::SideAlign::End)));
}

#[test]
fn a_text_is_filled_in_with_plain_words_and_no_secret() {
    for (said, read) in [
        (json!({"autoComplete": "given-name"}), Some("given-name")),
        (json!({"autoComplete": true}), Some("on")),
        (json!({"autoComplete": false, "allowAutofillExtensions": true}), None),
        (json!({"allowAutofillExtensions": true}), Some("on")),
        (json!({"autoComplete": "current-password"}), None),
        (json!({"autoComplete": "cc-number"}), None),
        (json!({"autoComplete": "\"><b>"}), None),
        (json!({}), None),
    ] {
        let mut editable = said.clone();
        editable["name"] = "free".into();
        let text = json!({"type": "Text", "value": "x", "editable": editable});
        let Component::Text(text) = only(&text) else { panic!("no text") };
        assert_eq!(text.editable.unwrap().autofill.as_deref(), read, "{said}");
    }
}

/// JSON of any kind, with the names of components and props sprinkled in.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("Card"),
        Just("Row"),
        Just("Text"),
        Just("Select"),
        Just("Chart"),
        Just("Button"),
        Just("Table.Cell"),
        Just("sm"),
        Just("12px"),
        Just("red-100"),
        Just("javascript:alert(1)"),
        Just("url(x)"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("type"),
        Just("children"),
        Just("value"),
        Just("name"),
        Just("width"),
        Just("padding"),
        Just("border"),
        Just("background"),
        Just("options"),
        Just("data"),
        Just("series"),
        Just("onClickAction"),
        Just("status"),
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    /// Whatever comes, something is drawn or nothing is, and no text of the server's stands where a style is.
    #[test]
    fn nothing_reaches_a_style_as_it_came(widget in any_json()) {
        let read = reading(&widget);
        let text = serde_json::to_value(&read.root).unwrap();
        prop_assert!(styles(&text).iter().all(|style| !style.contains([';', ':', '(', '\\', '/'])), "{text}");
    }
}

/// All lengths and colours in a tree.
fn styles(value: &Value) -> Vec<String> {
    const STYLES: &[&str] =
        &["width", "height", "gap", "top", "right", "bottom", "left", "size", "light", "dark", "flex"];
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| match value {
                Value::String(text) if STYLES.contains(&key.as_str()) => vec![text.clone()],
                other => styles(other),
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(styles).collect(),
        _ => Vec::new(),
    }
}
