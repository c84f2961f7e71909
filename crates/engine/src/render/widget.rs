//! What a server has drawn, as it is shown.

use model::{GeneratedImage, ItemStage, Widget};
use widgets::{Limits, Reading};

use crate::view::{GeneratedImageView, WidgetView};

pub(super) fn widget(widget: &Widget) -> WidgetView {
    #[cfg(test)]
    READINGS.set(READINGS.get() + 1);
    let Reading { root, hints } = widgets::read(&widget.root, Limits::default());
    WidgetView { root, hints, copy_text: widget.plain_text() }
}

/// A picture; how far it is, only while it is being made.
pub(super) fn image(image: &GeneratedImage, stage: ItemStage) -> GeneratedImageView {
    let progress = image.progress.filter(|_| stage == ItemStage::Streaming);
    GeneratedImageView {
        url: image.image.as_ref().map(|image| image.url.clone()),
        progress: progress.map(|progress| progress.clamp(0.0, 1.0)),
    }
}

#[cfg(test)]
thread_local! {
    static READINGS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How often this thread has read a widget.
#[cfg(test)]
pub(crate) fn readings() -> usize {
    READINGS.get()
}
