//! The command for pictures. They go to the window as bytes: as JSON a picture would be many times as large.

use engine::pictures::{Permission, Picture, PictureError, PictureKind};
use model::ThreadId;
use tauri::{State, ipc::Response};

use crate::{commands::Answer, start::Host};

/// What the first byte says where the person has to be asked: the host's name follows.
const NOT_ALLOWED: u8 = 0;

#[tauri::command]
pub async fn picture(
    host: State<'_, Host>,
    thread: ThreadId,
    url: String,
    once: Vec<String>,
    always: Option<String>,
) -> Answer<Response> {
    match host.engine.picture(&thread, &url, &Permission { once, always }).await {
        Ok(picture) => Ok(Response::new(packed(&picture))),
        Err(PictureError::NotAllowed { host }) => Ok(Response::new([&[NOT_ALLOWED][..], host.as_bytes()].concat())),
        Err(PictureError::Failed(failure)) => Err(failure),
    }
}

/// Its kind, its width and its height, then its bytes. `ui/src/pictures/answer.ts` reads it.
pub fn packed(picture: &Picture) -> Vec<u8> {
    let kind = match picture.kind {
        PictureKind::Png => 1,
        PictureKind::Jpeg => 2,
        PictureKind::Gif => 3,
        PictureKind::Webp => 4,
    };
    [&[kind][..], &picture.width.to_be_bytes(), &picture.height.to_be_bytes(), &picture.bytes].concat()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_picture_goes_with_its_kind_and_size_before_it() {
        let picture = Picture { kind: PictureKind::Webp, width: 256, height: 2, bytes: Arc::new(vec![9, 9]) };
        assert_eq!(packed(&picture), [4, 0, 0, 1, 0, 0, 0, 0, 2, 9, 9]);
    }
}
