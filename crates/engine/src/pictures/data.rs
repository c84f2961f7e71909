//! Pictures that are in their address.

use data_url::DataUrl;

use super::{
    Picture,
    fetch::LARGEST,
    look::{self, Unfit},
};

/// The types that may stand in such an address.
const TYPES: [&str; 4] = ["png", "jpeg", "gif", "webp"];

/// The longest such address: in base64 three bytes take four letters, and some put line breaks between them.
const LONGEST: usize = LARGEST / 3 * 4 + LARGEST / 10;

/// Whether an address holds what it names.
pub fn is_data(address: &str) -> bool {
    let address = address.trim_start();
    address.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// The picture in an address. Takes as long as its size demands.
///
/// # Errors
///
/// Why it is not shown.
pub fn picture(address: &str) -> Result<Picture, Unfit> {
    let address = address.trim();
    if address.len() > LONGEST {
        return Err(Unfit::TooLarge);
    }
    let url = DataUrl::process(address).map_err(|_| Unfit::Other)?;
    let mime = url.mime_type();
    if mime.matches("image", "svg+xml") {
        return Err(Unfit::Svg);
    }
    if !TYPES.iter().any(|kind| mime.matches("image", kind)) {
        return Err(Unfit::Other);
    }
    let (bytes, _) = url.decode_to_vec().map_err(|_| Unfit::Damaged)?;
    if bytes.len() > LARGEST {
        return Err(Unfit::TooLarge);
    }
    look::picture(bytes)
}

#[cfg(test)]
mod tests {
    use super::{super::PictureKind, *};

    /// One pixel.
    const PNG: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    #[test]
    fn a_picture_comes_out_of_its_address() {
        for address in [
            format!("data:image/png;base64,{PNG}"),
            format!(" DATA:image/PNG;charset=x;base64,{PNG}"),
            format!("data:image/jpeg;base64,{PNG}"),
        ] {
            assert!(is_data(&address));
            let seen = picture(&address).unwrap();
            assert_eq!((seen.kind, seen.width, seen.height), (PictureKind::Png, 1, 1), "{address}");
        }
        assert_eq!(picture("data:image/gif,GIF89a%01%00%01%00%80%00%00").unwrap().kind, PictureKind::Gif);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for (address, unfit) in [
            ("data:image/svg+xml,<svg onload='alert(1)'/>", Unfit::Svg),
            ("data:image/svg+xml;base64,PHN2Zy8+", Unfit::Svg),
            ("data:image/png,<svg/>", Unfit::Svg),
            ("data:text/html,<script>alert(1)</script>", Unfit::Other),
            ("data:image/png;base64,!!!", Unfit::Damaged),
            ("data:image/png", Unfit::Other),
            ("data:,", Unfit::Other),
            ("data:image/png;base64,", Unfit::Empty),
            ("data:application/octet-stream;base64,iVBORw0KGgo=", Unfit::Other),
        ] {
            assert_eq!(picture(address).unwrap_err(), unfit, "{address}");
        }
        for address in ["https://a.example/data:image/png", "dat", "", "däta:"] {
            assert!(!is_data(address), "{address}");
        }
    }

    #[test]
    fn one_that_is_too_long_is_not_even_decoded() {
        let address = format!("data:image/png;base64,{}", "A".repeat(LONGEST));
        assert_eq!(picture(&address).unwrap_err(), Unfit::TooLarge);
        let address = format!("data:image/png;base64,{PNG}{}", "A".repeat(LARGEST));
        assert!(picture(&address).is_err());
    }
}
