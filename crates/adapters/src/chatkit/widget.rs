//! Wire widgets and pictures → those of the model (sections 6.3 and 11). What a widget draws is not read here.

use model::{Extra, GeneratedImage, ImageSource, Widget};
use serde_json::Value;

use super::lenient::{object, take, text};

/// Reads an item that is a widget.
///
/// # Errors
///
/// The fields as they came, if there is no widget in them.
pub(super) fn widget_item(mut fields: Extra) -> Result<(Widget, Extra), Extra> {
    match take(&mut fields, "widget", object) {
        Some(root) => {
            let copy_text = take(&mut fields, "copy_text", text);
            Ok((Widget { root: Value::Object(root), copy_text }, fields))
        }
        None => Err(fields),
    }
}

/// Reads an item that is a picture. There need not be one yet; what is none is kept beside it.
pub(super) fn image_item(mut fields: Extra) -> (GeneratedImage, Extra) {
    let image = take(&mut fields, "image", image);
    (GeneratedImage { image, progress: None }, fields)
}

/// Where a picture is. Without an address there is none.
pub(super) fn image(value: Value) -> Result<ImageSource, Value> {
    let mut fields = object(value)?;
    match take(&mut fields, "url", text) {
        Some(url) => Ok(ImageSource { id: take(&mut fields, "id", text).unwrap_or_default(), url, extra: fields }),
        None => Err(Value::Object(fields)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Extra {
        object(value).unwrap()
    }

    #[test]
    fn a_widget_is_taken_as_it_is() {
        let root = json!({"type": "Card", "children": [null, {"type": "Hologram", "beam": [1.5]}], "padding": 2.0});
        let (read, extra) = widget_item(fields(json!({"widget": root, "copy_text": "words", "pinned": true}))).unwrap();
        assert_eq!(read, Widget { root, copy_text: Some("words".into()) });
        assert_eq!(extra, fields(json!({"pinned": true})));
        let (read, extra) = widget_item(fields(json!({"widget": {}, "copy_text": 7}))).unwrap();
        assert_eq!((read.copy_text, extra), (None, fields(json!({"copy_text": 7}))));
    }

    #[test]
    fn without_a_root_there_is_no_widget() {
        for wire in [json!({"copy_text": "a"}), json!({"widget": [1]}), json!({"widget": "Card"})] {
            assert_eq!(widget_item(fields(wire.clone())), Err(fields(wire)));
        }
    }

    #[test]
    fn a_picture_that_is_there_and_one_that_is_not_yet() {
        let wire = json!({"image": {"id": "i1", "url": "https://a.example/b.png", "width": 9}, "style": "oil"});
        let (read, extra) = image_item(fields(wire));
        let image =
            ImageSource { id: "i1".into(), url: "https://a.example/b.png".into(), extra: fields(json!({"width": 9})) };
        assert_eq!(read, GeneratedImage { image: Some(image), progress: None });
        assert_eq!(extra, fields(json!({"style": "oil"})));
        for none in [json!({}), json!({"image": null})] {
            assert_eq!(image_item(fields(none)), (GeneratedImage::default(), Extra::new()));
        }
    }

    #[test]
    fn a_picture_without_an_address_is_kept_unread() {
        for wire in [json!({"image": {"id": "i1", "url": 7}}), json!({"image": {}}), json!({"image": "data:"})] {
            assert_eq!(image_item(fields(wire.clone())), (GeneratedImage::default(), fields(wire)));
        }
        let nameless = image(json!({"id": 7, "url": "u"})).unwrap();
        assert_eq!(nameless, ImageSource { id: String::new(), url: "u".into(), extra: fields(json!({"id": 7})) });
    }
}
