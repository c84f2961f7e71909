//! The way to a picture: who is asked, with what, and where that leads.

use std::{sync::Arc, time::Duration};

use model::{Connection, Failure};
use tokio::time::timeout;
use transport::{Limits, Space, Step, TransportError};
use url::Url;

use super::{
    Picture, PictureError,
    gallery::Gallery,
    look,
    policy::{Standing, Verdict},
    words::{self, Asked},
};
use crate::{engine::Engine, live::Live, outbound::Outbound, session::Asker};

/// The largest file of a picture, in bytes.
pub const LARGEST: usize = 20 << 20;

/// What may be answered.
pub const ACCEPT: &str = "image/webp, image/png, image/jpeg, image/gif";

/// How long may be taken to the first byte, between two pieces, and for all of one step.
const PATIENCE: Duration = Duration::from_secs(20);
const WHOLE: Duration = Duration::from_secs(60);

/// How often may be sent on.
const HOPS: usize = 5;

/// Where a picture is looked for.
struct Search<'a> {
    engine: &'a Engine,
    live: &'a Arc<Live>,
    once: &'a [String],
    /// Whose conversation it is, if that connection is still there.
    connection: Option<Connection>,
    own: Option<Url>,
    out: Outbound,
    limits: Limits,
}

impl Engine {
    /// Fetches a picture, if it may be asked for.
    pub(super) async fn fetch(
        &self,
        live: &Arc<Live>,
        gallery: &Gallery,
        url: Url,
        once: &[String],
    ) -> Result<Picture, PictureError> {
        let connection = self.speaker(live);
        let own = connection.as_ref().and_then(|connection| adapters::address(&connection.url).ok());
        let out = match &connection {
            Some(connection) => self.shared.sessions.out(connection).await?,
            None => self.http().clone(),
        };
        let search = Search { engine: self, live, once, connection, own, out, limits: limited(self.limits()) };
        search.may_be_asked(&url).await?;
        let _place = gallery.place().await;
        let answer = timeout(WHOLE, search.follow(url)).await;
        answer.unwrap_or_else(|_| Err(words::slow().into()))
    }

    /// Who speaks in a conversation now: a route has none but its connections.
    fn speaker(&self, live: &Arc<Live>) -> Option<Connection> {
        let (id, answering) = live.with(|inner| {
            let answering = inner.routed.legs.answering.as_ref().map(|last| last.to.connection.clone());
            (inner.thread.connection.clone(), answering)
        });
        let first = || self.route(&id).and_then(|route| route.connections.first().cloned());
        let speaker = answering.or_else(first).unwrap_or(id);
        self.connection(&speaker).ok()
    }
}

impl Search<'_> {
    /// Asks, and goes on where the answer points, each time only if that may be asked.
    async fn follow(&self, url: Url) -> Result<Picture, PictureError> {
        let mut at = url;
        // Whether only the connection's own server has had a say in where this leads.
        let mut trusted = true;
        for _ in 0..=HOPS {
            let is_own = self.may_be_asked(&at).await?;
            let asked = Asked::of(&at, is_own);
            let step = if is_own && trusted { self.own_step(&at).await? } else { self.foreign_step(&at).await };
            match step.map_err(|error| words::on_the_way(&asked, &error))? {
                Step::File(bytes) => {
                    return look::picture(bytes.into()).map_err(|unfit| words::unfit(unfit).into());
                }
                Step::TooNear => return Err(words::too_near(&asked).into()),
                Step::Onward(next) => {
                    trusted &= is_own;
                    at = next;
                }
            }
        }
        Err(words::in_circles(&Asked::of(&at, false)).into())
    }

    /// Whether the server is the connection's own.
    async fn may_be_asked(&self, url: &Url) -> Result<bool, PictureError> {
        let allowed = self.live.with(|inner| inner.pictures.allowed().clone());
        let standing = Standing { own: self.own.as_ref(), allowed: &allowed, once: self.once };
        match standing.verdict(url) {
            Verdict::Own => Ok(true),
            Verdict::Allowed => Ok(false),
            Verdict::NotWeb => Err(words::not_web().into()),
            Verdict::Unencrypted => Err(words::unencrypted(&Asked::of(url, false)).into()),
            Verdict::Ask { host } => {
                // What is refused whatever the person says is not asked about.
                let told = Space::told(url).unwrap_or(Space::Public);
                if told > Space::Public && told > self.space().await {
                    return Err(words::too_near(&Asked::of(url, false)).into());
                }
                Err(PictureError::NotAllowed { host })
            }
        }
    }

    /// Asks the connection's own server, with what its requests carry.
    async fn own_step(&self, url: &Url) -> Result<Result<Step, TransportError>, Failure> {
        let Some(connection) = &self.connection else { return Ok(Ok(Step::TooNear)) };
        let backend = self.engine.backend(&connection.id, Asker::Program).await?;
        Ok(backend.own_file(url, ACCEPT, &self.limits).await)
    }

    /// Asks somebody else, with nothing.
    async fn foreign_step(&self, url: &Url) -> Result<Step, TransportError> {
        self.out.foreign_step(url, ACCEPT, self.space().await, &self.limits).await
    }

    /// How near the connection's server is. One that cannot be found is taken to be far.
    async fn space(&self) -> Space {
        match &self.own {
            Some(own) => self.out.space(own).await.unwrap_or(Space::Public),
            None => Space::Public,
        }
    }
}

fn limited(limits: &Limits) -> Limits {
    Limits {
        first_byte: limits.first_byte.min(PATIENCE),
        idle: limits.idle.min(PATIENCE),
        total: Some(limits.total.unwrap_or(WHOLE).min(WHOLE)),
        body_bytes: limits.body_bytes.min(LARGEST),
        event_bytes: limits.event_bytes,
    }
}
