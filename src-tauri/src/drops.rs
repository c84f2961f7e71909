//! Files that are dragged over the window. Only names of drops go to the page: it adds what the person let go, and can name
//! no file by itself.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::view::Dragged;
use tauri::DragDropEvent;
use tokio::sync::mpsc;

/// How many drops are remembered until the page takes them: one, or two when somebody is very fast.
const REMEMBERED: usize = 4;

/// What is dragged, and what was let go.
#[derive(Debug, Default)]
pub struct Drops {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u32,
    dropped: Vec<(u32, Vec<PathBuf>)>,
    page: Option<mpsc::UnboundedSender<Dragged>>,
}

/// What the page is told.
#[derive(Debug)]
pub struct Dragging {
    told: mpsc::UnboundedReceiver<Dragged>,
}

impl Dragging {
    /// What happens next.
    pub async fn next(&mut self) -> Option<Dragged> {
        self.told.recv().await
    }
}

impl Drops {
    /// Tells a page. There is one; an older one hears no more.
    pub fn subscribe(&self) -> Dragging {
        let (page, told) = mpsc::unbounded_channel();
        self.lock().page = Some(page);
        Dragging { told }
    }

    /// Something happened with files over the window.
    pub fn happened(&self, event: &DragDropEvent) {
        let mut inner = self.lock();
        let told = match event {
            DragDropEvent::Enter { paths, .. } if !paths.is_empty() => Dragged::Over { count: paths.len() },
            DragDropEvent::Leave => Dragged::Left,
            DragDropEvent::Drop { paths, .. } if !paths.is_empty() => {
                inner.last += 1;
                let drop = inner.last;
                if inner.dropped.len() >= REMEMBERED {
                    inner.dropped.remove(0);
                }
                inner.dropped.push((drop, paths.clone()));
                Dragged::Dropped { drop }
            }
            // Text that is dragged is the page's own.
            _ => return,
        };
        if let Some(page) = &inner.page {
            let _ = page.send(told);
        }
    }

    /// What was let go under a name; once.
    pub fn take(&self, drop: u32) -> Option<Vec<PathBuf>> {
        let mut inner = self.lock();
        let at = inner.dropped.iter().position(|(known, _)| *known == drop)?;
        Some(inner.dropped.remove(at).1)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tauri::PhysicalPosition;

    use super::*;

    #[test]
    fn what_was_let_go_is_given_out_once_and_the_page_learns_no_path() {
        let drops = Drops::default();
        let mut page = drops.subscribe();
        let (paths, position) = (vec![PathBuf::from("/a")], PhysicalPosition::new(1.0, 1.0));
        drops.happened(&DragDropEvent::Enter { paths: Vec::new(), position });
        drops.happened(&DragDropEvent::Enter { paths: paths.clone(), position });
        drops.happened(&DragDropEvent::Drop { paths: paths.clone(), position });
        assert_eq!(page.told.try_recv(), Ok(Dragged::Over { count: 1 }));
        assert_eq!(page.told.try_recv(), Ok(Dragged::Dropped { drop: 1 }));
        assert!(page.told.try_recv().is_err());
        assert_eq!(drops.take(1), Some(paths.clone()));
        assert_eq!((drops.take(1), drops.take(7)), (None, None));
        for _ in 0..=REMEMBERED {
            drops.happened(&DragDropEvent::Drop { paths: paths.clone(), position });
        }
        assert_eq!((drops.take(2), drops.take(3)), (None, Some(paths)));
    }
}
