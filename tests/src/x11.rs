//! Another program at the display, beside the window under test: it has something on the clipboard, and drags files over the
//! window. What it says to the window is what any program says (ICCCM, and XDND 5), so the window's own half is the real one.

use std::{
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use x11rb::{
    CURRENT_TIME,
    connection::Connection,
    protocol::{
        Event,
        xproto::{
            Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, MapState, PropMode,
            SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
        },
    },
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

x11rb::atom_manager! {
    /// The words of these protocols.
    Atoms: AtomsCookie {
        ATOM,
        CLIPBOARD,
        TARGETS,
        ENDED: b"KITTIWAKE_TEST_ENDED",
        PNG: b"image/png",
        URI_LIST: b"text/uri-list",
        XdndAware,
        XdndSelection,
        XdndEnter,
        XdndPosition,
        XdndStatus,
        XdndDrop,
        XdndFinished,
        XdndLeave,
        XdndActionCopy,
    }
}

/// How long the window may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The version of XDND that is spoken.
const VERSION: u32 = 5;

/// A program with a window that nobody sees.
struct Program {
    connection: RustConnection,
    root: Window,
    window: Window,
    atoms: Atoms,
}

impl Program {
    fn new() -> Self {
        let (connection, screen) = x11rb::connect(None).expect("a display");
        let root = connection.setup().roots[screen].root;
        let window = connection.generate_id().unwrap();
        let atoms = Atoms::new(&connection).unwrap().reply().unwrap();
        let look = CreateWindowAux::new();
        connection.create_window(0, window, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &look).unwrap();
        Self { connection, root, window, atoms }
    }

    /// Has what other programs ask for under that name from now on.
    fn own(&self, selection: Atom) {
        self.connection.set_selection_owner(self.window, selection, CURRENT_TIME).unwrap();
        let owner = self.connection.get_selection_owner(selection).unwrap().reply().unwrap().owner;
        assert_eq!(owner, self.window, "the selection is another program's");
    }

    /// Gives another program what it asks for, which is there in one kind.
    fn give(&self, asked: &SelectionRequestEvent, kind: Atom, bytes: &[u8]) {
        let Atoms { TARGETS, ATOM, .. } = self.atoms;
        let property = if asked.target == TARGETS {
            let kinds = [TARGETS, kind];
            self.connection
                .change_property32(PropMode::REPLACE, asked.requestor, asked.property, ATOM, &kinds)
                .unwrap();
            asked.property
        } else if asked.target == kind {
            self.connection.change_property8(PropMode::REPLACE, asked.requestor, asked.property, kind, bytes).unwrap();
            asked.property
        } else {
            AtomEnum::NONE.into()
        };
        let told = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: asked.time,
            requestor: asked.requestor,
            selection: asked.selection,
            target: asked.target,
            property,
        };
        self.connection.send_event(false, asked.requestor, EventMask::NO_EVENT, told).unwrap();
        self.connection.flush().unwrap();
    }

    fn send(&self, to: Window, kind: Atom, data: [u32; 5]) {
        let message = ClientMessageEvent::new(32, to, kind, data);
        self.connection.send_event(false, to, EventMask::NO_EVENT, message).unwrap();
        self.connection.flush().unwrap();
    }

    /// The window on screen that takes drops, and there is one.
    fn target(&self) -> Window {
        let shown = |window: Window| {
            let look = self.connection.get_window_attributes(window).unwrap().reply();
            look.is_ok_and(|look| look.map_state == MapState::VIEWABLE)
        };
        let takes = |window: Window| {
            let aware = self.atoms.XdndAware;
            let told = self.connection.get_property(false, window, aware, AtomEnum::ANY, 0, 1).unwrap().reply();
            told.is_ok_and(|told| told.value_len > 0)
        };
        let all = self.connection.query_tree(self.root).unwrap().reply().unwrap().children;
        all.into_iter().rev().find(|window| shown(*window) && takes(*window)).expect("a window that takes drops")
    }
}

/// A picture on the clipboard, for as long as this lives.
pub struct Clipboard {
    program: Arc<Program>,
    serving: Option<JoinHandle<()>>,
}

impl Clipboard {
    /// Copies a picture, as a program that draws does.
    ///
    /// # Panics
    /// Without a display.
    pub fn with_png(bytes: &[u8]) -> Self {
        Self::with(bytes.to_owned(), |atoms| atoms.PNG)
    }

    /// Copies files, as a file manager does.
    ///
    /// # Panics
    /// Without a display.
    pub fn with_files(paths: &[PathBuf]) -> Self {
        Self::with(addresses(paths), |atoms| atoms.URI_LIST)
    }

    fn with(bytes: Vec<u8>, kind: fn(&Atoms) -> Atom) -> Self {
        let program = Arc::new(Program::new());
        program.own(program.atoms.CLIPBOARD);
        let (served, kind) = (program.clone(), kind(&program.atoms));
        let serving = thread::spawn(move || {
            while let Ok(event) = served.connection.wait_for_event() {
                match event {
                    Event::SelectionRequest(asked) => served.give(&asked, kind, &bytes),
                    Event::ClientMessage(message) if message.type_ == served.atoms.ENDED => return,
                    _ => {}
                }
            }
        });
        Self { program, serving: Some(serving) }
    }
}

impl Drop for Clipboard {
    fn drop(&mut self) {
        self.program.send(self.program.window, self.program.atoms.ENDED, [0; 5]);
        let _ = self.serving.take().map(JoinHandle::join);
    }
}

/// A program from which files are dragged over the window.
pub struct Drag {
    program: Program,
    addresses: Vec<u8>,
    target: Window,
    inside: bool,
}

impl Drag {
    /// A program that drags nothing yet.
    ///
    /// # Panics
    /// Without a display, or a window on it that takes drops.
    pub fn new() -> Self {
        let program = Program::new();
        program.own(program.atoms.XdndSelection);
        let target = program.target();
        Self { program, addresses: Vec::new(), target, inside: false }
    }

    /// Begins to drag some files.
    pub fn take(&mut self, paths: &[PathBuf]) {
        self.addresses = addresses(paths);
    }

    /// Moves the pointer to a place on the display, and back and forth there, until the window would take them.
    ///
    /// # Panics
    /// When it never would.
    pub fn hold_at(&mut self, x: u32, y: u32) {
        let Atoms { XdndEnter, XdndPosition, XdndStatus, XdndActionCopy, URI_LIST, .. } = self.program.atoms;
        if !self.inside {
            self.program.send(self.target, XdndEnter, [self.program.window, VERSION << 24, URI_LIST, 0, 0]);
            self.inside = true;
        }
        let start = Instant::now();
        for step in 0.. {
            let place = ((x + step % 2) << 16) | y;
            self.program.send(self.target, XdndPosition, [self.program.window, 0, place, CURRENT_TIME, XdndActionCopy]);
            if self.told(XdndStatus)[1] & 1 == 1 {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the window takes nothing that is dropped here");
        }
    }

    /// Lets them go, and waits until the window has taken them.
    ///
    /// # Panics
    /// When it does not.
    pub fn let_go(&mut self) {
        let Atoms { XdndDrop, XdndFinished, .. } = self.program.atoms;
        self.program.send(self.target, XdndDrop, [self.program.window, 0, CURRENT_TIME, 0, 0]);
        self.told(XdndFinished);
        self.inside = false;
    }

    /// Takes them away again.
    pub fn leave(&mut self) {
        self.program.send(self.target, self.program.atoms.XdndLeave, [self.program.window, 0, 0, 0, 0]);
        self.inside = false;
    }

    /// Answers what the window asks, until it says that.
    fn told(&self, kind: Atom) -> [u32; 5] {
        let start = Instant::now();
        loop {
            match self.program.connection.poll_for_event().unwrap() {
                Some(Event::SelectionRequest(asked)) => {
                    self.program.give(&asked, self.program.atoms.URI_LIST, &self.addresses);
                }
                Some(Event::ClientMessage(message)) if message.type_ == kind => return message.data.as_data32(),
                Some(_) => {}
                None => thread::sleep(Duration::from_millis(2)),
            }
            assert!(start.elapsed() < PATIENCE, "the window does not answer what is dragged");
        }
    }
}

impl Default for Drag {
    fn default() -> Self {
        Self::new()
    }
}

/// Files as programs name them to one another.
fn addresses(paths: &[PathBuf]) -> Vec<u8> {
    let address = |path: &PathBuf| {
        let path = path.display().to_string();
        let letter = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        format!("file://{}\r\n", path.bytes().map(letter).collect::<String>())
    };
    paths.iter().map(address).collect::<String>().into_bytes()
}
