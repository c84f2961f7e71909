//! Pictures of the window beside those that were looked at and kept, compared so that a fault is seen and a renderer's taste
//! is not.
//!
//! Two pictures are compared by the mean colours of small squares. How a letter's edge is smoothed hardly changes a mean;
//! a line that is missing, a colour, a border or a place does.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use image::{ImageResult, Rgb, RgbImage};

/// The side of a square, in pixels.
const SIDE: u32 = 8;

/// How far the mean of a colour may be from the kept one, of 255.
const NEAR: u32 = 20;

/// How much higher or wider a picture may be, in pixels.
const STRETCH: u32 = 3;

/// Of how many squares one may differ.
const ONE_OF: usize = 250;

/// Set, it keeps what is seen now in place of what was kept.
const UPDATE: &str = "KITTIWAKE_UPDATE_REFERENCE";

/// A folder of pictures that were looked at.
#[derive(Debug)]
pub struct Reference {
    folder: PathBuf,
    differing: Vec<String>,
}

impl Reference {
    /// The pictures of a folder of `tests/reference`.
    pub fn of(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference").join(name);
        Self { folder, differing: Vec::new() }
    }

    /// Compares a picture with the kept one of that name. What differs is told by [`Reference::end`].
    pub fn compare(&mut self, name: &str, seen: &Path) -> ImageResult<()> {
        let kept = self.folder.join(format!("{name}.png"));
        let seen_picture = image::open(seen)?.into_rgb8();
        if env::var_os(UPDATE).is_some() {
            fs::create_dir_all(&self.folder)?;
            return seen_picture.save(&kept);
        }
        if !kept.exists() {
            self.differing.push(format!("{} was never kept", kept.display()));
        } else if let Some(how) = difference(&image::open(&kept)?.into_rgb8(), &seen_picture) {
            self.differing.push(format!("{} is not as {}: {how}", seen.display(), kept.display()));
        }
        Ok(())
    }

    /// Says which pictures differ from those that were kept.
    ///
    /// # Panics
    /// When there are any.
    pub fn end(self) {
        assert!(
            self.differing.is_empty(),
            "{}\nLook at both. If the new ones are right, keep them: set {UPDATE}=1 and run this again.",
            self.differing.join("\n")
        );
    }
}

/// How a picture differs from a kept one, if it does.
fn difference(kept: &RgbImage, seen: &RgbImage) -> Option<String> {
    let apart = |one: u32, other: u32| one.abs_diff(other) > STRETCH;
    if apart(kept.width(), seen.width()) || apart(kept.height(), seen.height()) {
        let size = |picture: &RgbImage| format!("{} × {}", picture.width(), picture.height());
        return Some(format!("it measures {} instead of {}", size(seen), size(kept)));
    }
    let across = kept.width().min(seen.width()) / SIDE;
    let down = kept.height().min(seen.height()) / SIDE;
    let squares = || (0..down).flat_map(move |y| (0..across).map(move |x| (x * SIDE, y * SIDE)));
    let differs = |&place: &(u32, u32)| {
        let (was, is) = (mean(kept, place), mean(seen, place));
        (0..3).any(|channel| was[channel].abs_diff(is[channel]) > NEAR)
    };
    let differing: Vec<_> = squares().filter(differs).collect();
    let allowed = squares().count() / ONE_OF;
    let first = differing.first().filter(|_| differing.len() > allowed)?;
    Some(format!("{} of {} squares differ, the first at {} × {}", differing.len(), squares().count(), first.0, first.1))
}

/// The mean colour of a square.
fn mean(picture: &RgbImage, (left, top): (u32, u32)) -> [u32; 3] {
    let mut sum = [0; 3];
    for y in top..top + SIDE {
        for x in left..left + SIDE {
            let Rgb(pixel) = picture.get_pixel(x, y);
            (0..3).for_each(|channel| sum[channel] += u32::from(pixel[channel]));
        }
    }
    sum.map(|channel| channel / (SIDE * SIDE))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dark lines of a pixel's width on white, as letters are, beginning at a place.
    fn lines(from: u32) -> RgbImage {
        RgbImage::from_fn(320, 160, |x, y| {
            let inked = (16..48).contains(&y) && x >= from && x < 200 && (x - from).is_multiple_of(4);
            Rgb([if inked { 40 } else { 250 }; 3])
        })
    }

    #[test]
    fn a_renderer_s_taste_is_no_difference() {
        let soft = RgbImage::from_fn(320, 160, |x, y| {
            let near = lines(16).get_pixel(x, y)[0] / 2 + lines(17).get_pixel(x, y)[0] / 2;
            Rgb([near; 3])
        });
        assert_eq!(difference(&lines(16), &soft), None);
        assert_eq!(difference(&lines(16), &lines(17)), None);
    }

    #[test]
    fn what_is_missing_elsewhere_or_of_another_colour_is_one() {
        let blank = RgbImage::from_pixel(320, 160, Rgb([250; 3]));
        assert!(difference(&lines(16), &blank).is_some_and(|how| how.contains("at 16 × 16")));
        assert!(difference(&lines(16), &lines(80)).is_some());
        let green = RgbImage::from_fn(320, 160, |x, y| {
            if x < 40 && y < 20 { Rgb([200, 250, 200]) } else { *lines(16).get_pixel(x, y) }
        });
        assert!(difference(&lines(16), &green).is_some());
        let higher = RgbImage::from_pixel(320, 170, Rgb([250; 3]));
        assert_eq!(difference(&blank, &higher).as_deref(), Some("it measures 320 × 170 instead of 320 × 160"));
    }
}
