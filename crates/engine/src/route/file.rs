//! A route as a file, to give to somebody else: it names its connections, which have files of their own.

use model::{ConnectionId, Failure, FailureCode};
use serde::{Deserialize, Serialize};

use crate::{
    engine::Engine,
    failure::unknown,
    portable::file_name,
    view::{ConnectionFile, RouteImport},
};

/// The version of the file's layout that this program writes.
const VERSION: u64 = 1;

/// What stands in a file.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    /// The version of the layout; that it is there tells such a file from other JSON.
    kittiwake_route: u64,
    name: String,
    /// What its connections are called.
    connections: Vec<String>,
    patience: u32,
}

impl Engine {
    /// A route as a file. No secret is near it.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here.
    pub fn export_route(&self, id: &ConnectionId) -> Result<ConnectionFile, Failure> {
        let route = self.route(id).ok_or_else(|| unknown("route"))?;
        let members = self.members(&route).into_iter().map(|member| member.name).collect();
        let name = file_name(&route.name);
        let written =
            Written { kittiwake_route: VERSION, name: route.name, connections: members, patience: route.patience };
        let json = serde_json::to_string_pretty(&written).map_err(|error| {
            Failure::new(FailureCode::Internal, "The route could not be written as a file.")
                .with_detail(error.to_string())
        })?;
        Ok(ConnectionFile { name, json })
    }

    /// What a file says of a route, for the person to look at, with the connections here that are called as those in it.
    /// Nothing is kept.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`] if it is not such a file, and [`FailureCode::NewerVersion`] if a newer version of the
    /// program has written it.
    pub fn read_route(&self, file: &str, bytes: &[u8]) -> Result<RouteImport, Failure> {
        let written: Written = serde_json::from_slice(bytes).map_err(|error| {
            let words = format!("“{file}” is not a route that Kittiwake has exported. Nothing was changed.");
            Failure::new(FailureCode::BadInput, words).with_detail(error.to_string())
        })?;
        if written.kittiwake_route > VERSION {
            let words = format!("“{file}” was exported by a newer Kittiwake. Update this one, and import it again.");
            return Err(Failure::new(FailureCode::NewerVersion, words));
        }
        let known = self.connections();
        let here = |name: &String| known.iter().find(|view| view.route.is_none() && &view.name == name);
        let connections = written.connections.iter().filter_map(here).map(|view| view.id.clone()).collect();
        let missing = written.connections.iter().filter(|name| here(name).is_none()).cloned().collect();
        Ok(RouteImport { name: written.name, connections, patience: written.patience, missing })
    }
}
