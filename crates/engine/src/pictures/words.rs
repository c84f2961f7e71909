//! Why a picture is not shown, in words.

use model::{Failure, FailureCode};
use transport::TransportError;
use url::Url;

use super::{fetch::LARGEST, look::Unfit};
use crate::failure;

/// Who was asked.
pub struct Asked {
    host: String,
    is_own: bool,
}

impl Asked {
    /// Who has an address.
    pub fn of(url: &Url, is_own: bool) -> Self {
        Self { host: url.host_str().unwrap_or_default().to_owned(), is_own }
    }
}

/// What bytes are that are no picture.
pub fn unfit(unfit: Unfit) -> Failure {
    let mb = LARGEST >> 20;
    let (code, words) = match unfit {
        Unfit::Empty => (FailureCode::ServerRefused, "The picture is empty.".to_owned()),
        Unfit::Svg => (
            FailureCode::NoPicture,
            "This is an SVG drawing. Such a drawing can hold programs, so Kittiwake shows none: only PNG, JPEG, GIF and \
             WebP pictures."
                .to_owned(),
        ),
        Unfit::Page => (
            FailureCode::ServerRefused,
            "A web page came in place of the picture. It may want you to sign in there first.".to_owned(),
        ),
        Unfit::Other => (
            FailureCode::NoPicture,
            "This is no picture that Kittiwake can show: PNG, JPEG, GIF or WebP.".to_owned(),
        ),
        Unfit::Damaged => (FailureCode::ServerRefused, "The picture is damaged or not whole.".to_owned()),
        Unfit::TooLarge => (FailureCode::TooLarge, format!("The picture is larger than {mb} MB, so it is not shown.")),
        Unfit::TooManyPixels { width, height } => (
            FailureCode::TooLarge,
            format!("The picture is {width} by {height} pixels, which is more than can be drawn."),
        ),
    };
    Failure::new(code, words)
}

/// The same for a picture in its own address, which is what it is however often it is read.
pub fn unfit_here(reason: Unfit) -> Failure {
    let Failure { code, message, .. } = unfit(reason);
    Failure::new(if code == FailureCode::TooLarge { code } else { FailureCode::NoPicture }, message)
}

/// What happened on the way to a picture.
pub fn on_the_way(asked: &Asked, error: &TransportError) -> Failure {
    let Asked { host, is_own } = asked;
    let failure = failure::on_the_way(host, error);
    let message = match (failure.code, failure.status) {
        (FailureCode::TooLarge, _) => return Failure { message: unfit(Unfit::TooLarge).message, ..failure },
        (_, Some(401 | 403)) if *is_own => format!("{host} does not let you see this picture."),
        (_, Some(401 | 403)) => {
            format!("{host} shows this picture only to people who signed in there, and Kittiwake does not.")
        }
        (_, Some(404 | 410)) => format!("The picture is not on {host} any more."),
        (_, Some(status)) => format!("{host} did not send the picture (status {status}). Try again later."),
        (FailureCode::FirstByteTimeout | FailureCode::IdleTimeout, _) => {
            return Failure { message: slow().message, ..failure };
        }
        (FailureCode::Interrupted, _) => "The picture broke off on its way. Try again.".to_owned(),
        (FailureCode::Unreachable, _) => {
            format!("{host} cannot be reached. Check that this computer is online, and try again.")
        }
        (FailureCode::Untrusted, _) => {
            format!("The certificate of {host} is not trusted, so the picture was not fetched.")
        }
        (FailureCode::Unencrypted, _) => return unencrypted(asked),
        _ => format!("The picture could not be fetched from {host}. Try again later."),
    };
    // There is no setting of a connection that would mend it.
    Failure { message, finding: None, page: None, mapping: None, ..failure }
}

/// It would have come without encryption.
pub fn unencrypted(asked: &Asked) -> Failure {
    let words = format!("The picture would come from {} without encryption, so it was not fetched.", asked.host);
    Failure::new(FailureCode::Unencrypted, words)
}

/// It is in a network that is nobody's business.
pub fn too_near(asked: &Asked) -> Failure {
    let words = format!(
        "The picture is said to be on {}, which is on this computer or in its own network. The server is not, so nothing \
         was asked there.",
        asked.host
    );
    Failure::new(FailureCode::BadAddress, words)
}

/// It is sent on and on.
pub fn in_circles(asked: &Asked) -> Failure {
    let words = format!("The picture is sent on from one place to the next without end, now to {}.", asked.host);
    Failure::new(FailureCode::Redirected, words)
}

/// It takes too long.
pub fn slow() -> Failure {
    Failure::new(FailureCode::IdleTimeout, "The picture took too long to come. Try again.")
}

/// Its address is none of the web.
pub fn not_web() -> Failure {
    Failure::new(FailureCode::BadAddress, "Kittiwake fetches pictures only from web addresses, and this is none.")
}

/// Its address cannot be read.
pub fn no_address() -> Failure {
    Failure::new(FailureCode::BadAddress, "The picture has no address that can be read.")
}

/// Nobody waits for it any more.
pub fn given_up() -> Failure {
    Failure::new(FailureCode::Interrupted, "The picture was not fetched, since its conversation was closed.")
}

/// What looked at it stopped.
pub fn broken() -> Failure {
    Failure::new(FailureCode::Internal, "The picture could not be read. Try again.")
}
