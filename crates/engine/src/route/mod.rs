//! Routes: several connections behind one name. The first that can answers; what one of them cannot do goes to the next,
//! if that is certain to do no harm. The conversation stays here, and each server hears what it missed.

mod choice;
mod circuit;
mod circuits;
mod file;
mod legs;
mod shown;
mod transcript;

use model::{Answerer, ConnectionId, Failure, FailureCode, Operation, RemoteThreadId, Route, ThreadId};
use uuid::Uuid;

pub(crate) use choice::{After, after, after_silence, nobody, why};
pub(crate) use circuits::Circuits;
pub(crate) use legs::{Routed, answering, is_answering};
pub(crate) use shown::{route_view, settle_routes};
pub(crate) use transcript::{Missed, with_missed};

use crate::{
    engine::Engine,
    failure::unknown,
    session::Asker,
    turn::Manner,
    view::{ConnectionView, RouteDraft},
};

/// The longest wait for a server that wants a pause, in seconds.
const LONGEST_PATIENCE: u32 = 60;

/// Why somebody answers whom the person has asked for.
const WANTED: &str = "you asked for it";

impl Engine {
    /// A route, if that is what the name belongs to.
    pub(crate) fn route(&self, id: &ConnectionId) -> Option<Route> {
        self.settings().settings().routes.iter().find(|route| &route.id == id).cloned()
    }

    /// Adds a route, or changes one.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`] without a name or with too few connections; [`FailureCode::Unknown`] for a route or a
    /// connection that is not here; [`FailureCode::DiskFull`] if it could not be kept.
    pub async fn put_route(&self, draft: RouteDraft) -> Result<ConnectionView, Failure> {
        let route = self.checked_route(draft)?;
        let id = route.id.clone();
        self.settings().change(|settings| match settings.routes.iter_mut().find(|known| known.id == route.id) {
            Some(known) => *known = route,
            None => settings.routes.push(route),
        })?;
        self.show_connections();
        self.connections().into_iter().find(|view| view.id == id).ok_or_else(|| unknown("route"))
    }

    fn checked_route(&self, draft: RouteDraft) -> Result<Route, Failure> {
        let bad = |words: &str| Failure::new(FailureCode::BadInput, words);
        let name = draft.name.trim().to_owned();
        if name.is_empty() {
            return Err(bad("A route needs a name."));
        }
        let mut connections: Vec<ConnectionId> = Vec::new();
        for id in draft.connections {
            // A route in a route would have to say who answers twice.
            self.connection(&id)?;
            if !connections.contains(&id) {
                connections.push(id);
            }
        }
        if connections.len() < 2 {
            return Err(bad("A route needs two connections at least: one that is asked first, and one instead of it."));
        }
        let id = match draft.id {
            Some(id) => self.route(&id).ok_or_else(|| unknown("route"))?.id,
            None => ConnectionId::new(Uuid::now_v7().to_string()),
        };
        Ok(Route { id, name, connections, patience: draft.patience.min(LONGEST_PATIENCE) })
    }

    /// Removes a route, and the conversations that went through it. Its connections stay.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here; those of the local store, and then it is still there.
    pub async fn remove_route(&self, id: &ConnectionId) -> Result<(), Failure> {
        self.route(id).ok_or_else(|| unknown("route"))?;
        self.settings().may_change(|settings| settings.routes.retain(|route| &route.id != id))?;
        for thread in self.threads().into_iter().filter(|thread| &thread.connection == id) {
            self.stop(&thread.id).await?;
            self.forget_live(&thread.id);
            self.shared.hub.remove_thread(&thread.id);
        }
        let route = id.clone();
        self.shared.shelf.run(move |history| history.delete_connection(&route)).await?;
        self.settings().change(|settings| settings.routes.retain(|route| &route.id != id))?;
        let _ = self.change_models(|book| book.forget(id));
        self.show_connections();
        Ok(())
    }

    /// Sends the last message again, to the connection of the route that is offered instead of the one that failed. Only the
    /// person can decide that: the first one may have worked on it.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if nobody is offered; those of [`Engine::retry`].
    pub async fn ask_next(&self, thread: &ThreadId) -> Result<(), Failure> {
        let live = self.live(thread).await?;
        let next = live.with(|inner| inner.turn.next.clone()).ok_or_else(|| unknown("connection"))?;
        self.begin_again(thread, Manner { instead: Some(next.connection), ..self.unfollowed() }).await
    }

    /// Whom a route asks now, in this order, and why the first of its connections is not among them. `instead` begins if
    /// the person wants that. If all are left out, all are asked: somebody waits.
    pub(crate) fn order(&self, route: &Route, instead: Option<&ConnectionId>) -> (Vec<Answerer>, Option<String>) {
        let members = self.members(route);
        if let Some(begin) = instead.and_then(|id| members.iter().position(|member| &member.connection == id)) {
            return (members[begin..].to_vec(), Some(WANTED.to_owned()));
        }
        let rests = |member: &Answerer| self.shared.circuits.resting(&member.connection);
        let order: Vec<_> = members.iter().filter(|member| rests(member).is_none()).cloned().collect();
        if order.is_empty() {
            return (members, None);
        }
        let first = members.first().filter(|first| Some(*first) != order.first());
        let left_out = first.and_then(|first| Some(why(&first.name, &rests(first)?)));
        (order, left_out)
    }

    /// Who comes after one of them, in a circle.
    pub(crate) fn after(&self, route: &Route, id: &ConnectionId) -> Option<Answerer> {
        let members = self.members(route);
        let place = members.iter().position(|member| &member.connection == id).map_or(0, |place| place + 1);
        let (before, behind) = members.split_at(place.min(members.len()));
        behind.iter().chain(before).find(|member| &member.connection != id).cloned()
    }

    /// The connections of a route that are here and not switched off.
    fn members(&self, route: &Route) -> Vec<Answerer> {
        let known = route.connections.iter().filter_map(|id| self.connection(id).ok());
        let on = known.filter(|connection| !connection.disabled);
        on.map(|connection| Answerer { connection: connection.id, name: connection.name }).collect()
    }

    /// Tries all connections of a route.
    pub(crate) async fn try_members(&self, route: &Route) {
        for member in self.members(route) {
            // What is wrong with it is in its state.
            let _ = self.try_connection(&member.connection, Asker::Person).await;
        }
    }

    /// Whether a server's thread belongs to a conversation through a route that is in memory, and maybe not on disk yet.
    pub(crate) fn is_leg_in_memory(&self, connection: &ConnectionId, remote: &RemoteThreadId) -> bool {
        let lives: Vec<_> = self.lives().values().cloned().collect();
        lives.iter().any(|live| live.lock().routed.legs.has(connection, remote))
    }

    /// Deletes what servers have of a conversation through a route. `false` if one could not be asked.
    pub(crate) async fn purge_legs(&self, thread: &ThreadId) -> bool {
        let id = thread.clone();
        let Ok(legs) = self.shared.shelf.run(move |history| history.legs(&id)).await else { return false };
        for leg in legs.all {
            let gone = self.call(&leg.connection, &Operation::DeleteThread { thread: leg.remote }).await;
            if gone.is_err_and(|failure| failure.code.is_offline()) {
                return false;
            }
        }
        true
    }
}
