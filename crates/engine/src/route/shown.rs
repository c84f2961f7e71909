//! Routes as they are shown: a route stands as its connections do.

use std::collections::HashMap;

use model::{ConnectionId, Failure, FailureCode, Kind, Route};

use super::choice::{empty, nobody, why};
use crate::view::{ConnectionState, ConnectionView, RouteView};

/// A route among the connections, before anything is known of these.
pub fn route_view(route: &Route) -> ConnectionView {
    let Route { id, name, connections, patience } = route;
    ConnectionView {
        id: id.clone(),
        name: name.clone(),
        kind: Kind::Chatkit,
        address: String::new(),
        has_token: false,
        secrets: Vec::new(),
        cautions: Vec::new(),
        sign_in: None,
        session: None,
        keeps_threads: false,
        disabled: false,
        builtin: false,
        state: ConnectionState::Untried,
        again: None,
        files: None,
        prompts: Vec::new(),
        profile: None,
        allowed_tools: Vec::new(),
        route: Some(RouteView { members: connections.clone(), patience: *patience, answers: None, why: None }),
    }
}

/// Brings what is shown of routes up to date. `resting` are the connections that are left out for now.
pub fn settle_routes(connections: &mut [ConnectionView], resting: &HashMap<ConnectionId, Failure>) {
    let known: Vec<_> = connections.iter().filter(|view| view.route.is_none()).cloned().collect();
    for route in connections {
        let Some(view) = &mut route.route else { continue };
        let members: Vec<_> =
            view.members.iter().filter_map(|id| known.iter().find(|member| &member.id == id)).collect();
        let failures: Vec<_> = members.iter().filter_map(|member| Some((*member, failure(member, resting)?))).collect();
        let able = members.iter().find(|member| failures.iter().all(|(failed, _)| failed.id != member.id));
        view.answers = able.map(|member| member.id.clone());
        view.why = failures
            .first()
            .filter(|(failed, _)| members.first().is_some_and(|first| first.id == failed.id))
            .map(|(failed, failure)| why(&failed.name, failure));
        route.state = match able {
            Some(member) => member.state.clone(),
            None if members.is_empty() => ConnectionState::Failing { failure: empty(&route.name) },
            None => {
                let each: Vec<_> = failures.iter().map(|(member, it)| (member.name.clone(), it.clone())).collect();
                ConnectionState::Failing { failure: nobody(&route.name, &each) }
            }
        };
        route.again = members.iter().filter_map(|member| member.again).min().filter(|_| route.state.is_offline());
    }
}

/// What keeps a connection from being asked.
fn failure(member: &ConnectionView, resting: &HashMap<ConnectionId, Failure>) -> Option<Failure> {
    if member.disabled {
        return Some(Failure::new(FailureCode::Disabled, format!("“{}” is switched off.", member.name)));
    }
    if let Some(failure) = resting.get(&member.id) {
        return Some(failure.clone());
    }
    match &member.state {
        ConnectionState::Failing { failure } => Some(failure.clone()),
        ConnectionState::Online | ConnectionState::Untried => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: &str, state: ConnectionState) -> ConnectionView {
        let route = Route { id: id.into(), name: id.to_uppercase(), connections: Vec::new(), patience: 0 };
        ConnectionView { state, route: None, ..route_view(&route) }
    }

    fn failing(code: FailureCode) -> ConnectionState {
        ConnectionState::Failing { failure: Failure::new(code, "No.") }
    }

    fn shown(own: ConnectionState, other: ConnectionState, resting: &[&str]) -> ConnectionView {
        let members = vec!["own".into(), "other".into(), "gone".into()];
        let route = Route { id: "r".into(), name: "Office".into(), connections: members, patience: 0 };
        let mut all = vec![route_view(&route), member("own", own), member("other", other)];
        let failure = Failure::new(FailureCode::Unreachable, "Nobody.");
        let resting = resting.iter().map(|id| (ConnectionId::from(*id), failure.clone())).collect();
        settle_routes(&mut all, &resting);
        all.remove(0)
    }

    fn answers(view: &ConnectionView) -> (Option<&str>, Option<&str>) {
        let route = view.route.as_ref().unwrap();
        (route.answers.as_ref().map(ConnectionId::as_str), route.why.as_deref())
    }

    #[test]
    fn a_route_stands_as_the_one_that_answers_and_says_why_it_is_not_the_first() {
        let online = || ConnectionState::Online;
        let view = shown(online(), online(), &[]);
        assert_eq!((answers(&view), &view.state), ((Some("own"), None), &online()));
        let view = shown(online(), ConnectionState::Untried, &["own"]);
        assert_eq!(answers(&view), (Some("other"), Some("OWN cannot be reached")));
        let view = shown(failing(FailureCode::SignedOut), online(), &[]);
        assert_eq!(answers(&view), (Some("other"), Some("you are signed out of OWN")));
    }

    #[test]
    fn one_whose_connections_all_fail_says_so_and_an_empty_one_too() {
        let view = shown(failing(FailureCode::Unreachable), failing(FailureCode::Unreachable), &[]);
        assert!(view.state.is_offline(), "{:?}", view.state);
        assert_eq!(answers(&view).0, None);
        let view = shown(failing(FailureCode::Unreachable), failing(FailureCode::Forbidden), &[]);
        assert!(!view.state.is_offline(), "waiting for the network alone does not help");
        let route = Route { id: "r".into(), name: "Office".into(), connections: Vec::new(), patience: 0 };
        let mut all = vec![route_view(&route)];
        settle_routes(&mut all, &HashMap::new());
        assert!(
            matches!(&all[0].state, ConnectionState::Failing { failure } if failure.message.contains("no connections"))
        );
    }
}
