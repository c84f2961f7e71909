//! What bytes are, whatever their server says that they are.

use std::sync::Arc;

use imagesize::{ImageSize, ImageType};

use super::{Picture, PictureKind};

/// The longest side, in pixels: more is not drawn by web views.
const SIDE: usize = 16_384;

/// How many pixels. Each takes four bytes of memory once it is drawn, however small the file is.
const PIXELS: usize = 50_000_000;

/// Why bytes are no picture that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// There are none.
    Empty,
    /// They are an SVG drawing.
    Svg,
    /// They are a web page.
    Page,
    /// They are something else.
    Other,
    /// They begin as a picture and do not say how large it is.
    Damaged,
    /// They are more than are taken.
    TooLarge,
    /// The picture is larger than can be drawn.
    TooManyPixels {
        /// Its width in pixels.
        width: usize,
        /// Its height in pixels.
        height: usize,
    },
}

/// Looks at the beginning of a file.
///
/// # Errors
///
/// Why it is not shown.
pub fn picture(bytes: Vec<u8>) -> Result<Picture, Unfit> {
    let kind = match imagesize::image_type(&bytes) {
        Ok(ImageType::Png) => PictureKind::Png,
        Ok(ImageType::Jpeg) => PictureKind::Jpeg,
        Ok(ImageType::Gif) => PictureKind::Gif,
        Ok(ImageType::Webp) => PictureKind::Webp,
        _ => return Err(otherwise(&bytes)),
    };
    let ImageSize { width, height } = imagesize::blob_size(&bytes).map_err(|_| Unfit::Damaged)?;
    if width == 0 || height == 0 {
        return Err(Unfit::Damaged);
    }
    let too_many = Unfit::TooManyPixels { width, height };
    if width > SIDE || height > SIDE || width.saturating_mul(height) > PIXELS {
        return Err(too_many);
    }
    let side = |pixels: usize| u32::try_from(pixels).map_err(|_| too_many);
    Ok(Picture { kind, width: side(width)?, height: side(height)?, bytes: Arc::new(bytes) })
}

/// What else it is.
fn otherwise(bytes: &[u8]) -> Unfit {
    if bytes.is_empty() {
        return Unfit::Empty;
    }
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let text = beginning.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with("<!doctype html") || text.starts_with("<html") {
        Unfit::Page
    } else if text.starts_with('<') && text.contains("<svg") {
        Unfit::Svg
    } else {
        Unfit::Other
    }
}

#[cfg(test)]
pub mod samples {
    //! The smallest files of their kinds.

    /// A PNG that says that it is so large.
    pub fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    /// A GIF.
    pub fn gif() -> Vec<u8> {
        b"GIF89a\x03\0\x02\0\x80\0\0".to_vec()
    }

    /// A JPEG.
    pub fn jpeg() -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 16];
        bytes.extend(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        bytes.extend([0xff, 0xc0, 0, 17, 8, 0, 2, 0, 3, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xd9]);
        bytes
    }

    /// A lossless WebP.
    pub fn webp() -> Vec<u8> {
        let mut bytes = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f".to_vec();
        bytes.extend(((3_u32 - 1) | ((2 - 1) << 14)).to_le_bytes());
        bytes.extend([0; 8]);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pictures_are_known_by_their_bytes() {
        for (bytes, kind) in [
            (samples::png(3, 2), PictureKind::Png),
            (samples::gif(), PictureKind::Gif),
            (samples::jpeg(), PictureKind::Jpeg),
            (samples::webp(), PictureKind::Webp),
        ] {
            let seen = picture(bytes).unwrap();
            assert_eq!((seen.kind, seen.width, seen.height), (kind, 3, 2));
        }
    }

    #[test]
    fn what_is_none_is_told_apart() {
        for (bytes, unfit) in [
            (&b""[..], Unfit::Empty),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Unfit::Svg),
            (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><SVG/>", Unfit::Svg),
            (b" <!DOCTYPE html><svg/>", Unfit::Page),
            (b"{\"error\": \"<svg\"}", Unfit::Other),
            (b"BM\0\0", Unfit::Other),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", Unfit::Damaged),
        ] {
            assert_eq!(picture(bytes.to_vec()).unwrap_err(), unfit, "{bytes:?}");
        }
    }

    #[test]
    fn a_small_file_that_unfolds_into_a_huge_picture_is_refused() {
        for (width, height) in [(0, 5), (5, 0)] {
            assert_eq!(picture(samples::png(width, height)).unwrap_err(), Unfit::Damaged);
        }
        for (width, height) in [(16_385, 1), (1, 16_385), (10_000, 10_000), (u32::MAX, u32::MAX)] {
            let unfit = picture(samples::png(width, height)).unwrap_err();
            assert!(matches!(unfit, Unfit::TooManyPixels { .. }), "{width} {height}");
        }
        assert!(picture(samples::png(10_000, 5_000)).is_ok());
    }

    proptest! {
        #[test]
        fn nothing_that_begins_like_a_picture_is_too_much(
            sample in 0..4_usize,
            cut in any::<prop::sample::Index>(),
            rest in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let whole = [samples::png(3, 2), samples::gif(), samples::jpeg(), samples::webp()][sample].clone();
            let mut bytes = whole[..cut.index(whole.len() + 1)].to_vec();
            bytes.extend(rest);
            // Any answer is good; none may be a panic or a wait without end.
            let _ = picture(bytes);
        }
    }
}
