//! What the person does with the catalogue: chooses, names, hides, adds.

use model::{ConnectionId, Failure, FailureCode, Model, ModelRef, ThreadId};
use serde_json::{Map, Value, json};

use super::{Around, Catalogue, Inputs, choice::Held, layered::key};
use crate::{
    engine::Engine,
    failure::unknown,
    view::{ModelDraft, ModelSource},
};

/// What a person says of a model, in their words.
const SAID: [(&str, &str); 3] = [
    ("label", "What this model is called"),
    ("hidden", "Whether this model is in the list"),
    ("default", "Whether conversations begin with this model"),
];

impl Engine {
    /// Chooses a model: for a thread, or for the next ones with a connection or a route. Nothing leaves it to the
    /// connection. A model that nobody knows may be chosen, too: servers have more than they list.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] for a connection or a thread that is not here; [`FailureCode::BadInput`] for a model of
    /// somebody else, or one without a name; those of the local store.
    pub async fn choose_model(
        &self,
        connection: &ConnectionId,
        thread: Option<&ThreadId>,
        model: Option<ModelRef>,
    ) -> Result<(), Failure> {
        match thread {
            Some(thread) => {
                let live = self.live(thread).await?;
                let held_with = live.with(|inner| inner.thread.connection.clone());
                let model = self.checked(&held_with, model)?;
                self.hold_with_model(&live, model);
                self.keep_options(&live).await?;
                self.look_at_context(&live);
                Ok(())
            }
            None => {
                let (id, _) = self.checked(connection, model)?;
                self.change_models(|book| book.choose(connection, id))
            }
        }
    }

    /// The model as a conversation with a connection, or through a route, remembers it.
    pub(super) fn checked(&self, connection: &ConnectionId, model: Option<ModelRef>) -> Result<Held, Failure> {
        let route = self.route(connection);
        if route.is_none() {
            self.connection(connection)?;
        }
        let Some(ModelRef { connection: of, id }) = model else { return Ok((None, None)) };
        let id = id.trim();
        if id.is_empty() {
            return Err(Failure::new(FailureCode::BadInput, "A model needs a name."));
        }
        let is_member = route.is_some_and(|route| route.connections.contains(&of));
        if &of != connection && !is_member {
            let words = "This model belongs to another connection. Choose one of the connection that answers here.";
            return Err(Failure::new(FailureCode::BadInput, words));
        }
        Ok((Some(id.to_owned()), is_member.then_some(of)))
    }

    /// Adds an entry, or changes one. Only what differs from what others say of it is kept.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] for a connection that is not here; [`FailureCode::BadInput`] without a name;
    /// [`FailureCode::Locked`] where the administrator has fixed it, or what differs of it; [`FailureCode::DiskFull`] if it
    /// could not be kept.
    pub fn put_model(&self, draft: ModelDraft) -> Result<(), Failure> {
        let ModelDraft { model, label, hidden, default } = draft;
        let (id, _) = self.checked(&model.connection, Some(model.clone()))?;
        let name = ModelRef { id: id.unwrap_or_default(), ..model };
        let others = self.without_person();
        let before = others.get(&name).map(|entry| entry.model.clone());
        let is_new = before.is_none();
        let before = before.unwrap_or_else(|| Model::new(name.connection.clone(), &name.id));
        if self.catalogue().get(&name).is_some_and(|entry| entry.locked) {
            return Err(Failure::new(FailureCode::Locked, "Your administrator has fixed this model."));
        }
        let label = label.trim().to_owned();
        let same_label = label == before.label.clone().filter(|label| *label != name.id).unwrap_or_default();
        self.may_say(&name, [!same_label, before.hidden != hidden, before.default != default])?;
        if default {
            self.may_be_default(&name)?;
        }
        let said = [
            ("label", json!(label), label.is_empty() || before.label.as_ref() == Some(&label)),
            ("hidden", json!(hidden), before.hidden == hidden),
            ("default", json!(default), before.default == default),
        ];
        self.change_models(|book| {
            let mut entry = book.entry(&name).cloned().unwrap_or_default();
            entry.insert("connection".to_owned(), json!(name.connection));
            entry.insert("id".to_owned(), json!(name.id));
            for (key, value, is_same) in said {
                if is_same {
                    entry.remove(key);
                } else {
                    entry.insert(key.to_owned(), value);
                }
            }
            if default {
                // What was the default before is so no longer.
                book.models.iter_mut().filter(|other| is_of(other, &name)).for_each(|other| {
                    other.remove("default");
                });
            }
            let says_nothing = entry.len() == 2 && !is_new;
            book.put(&name, (!says_nothing).then_some(entry));
        })
    }

    /// Whether a person may say otherwise of a model than the others do, in the order of [`SAID`].
    fn may_say(&self, name: &ModelRef, differs: [bool; 3]) -> Result<(), Failure> {
        let locks = self.around_models().locks;
        let mut fixed = SAID.iter().zip(differs).filter(|((field, _), differs)| {
            // One by its own key: what holds all of the entry was looked at before.
            *differs && locks.hold(&["models", &key(name), field])
        });
        match fixed.next() {
            Some(((_, words), _)) => {
                let words = format!("{words} is set by your administrator. Nothing was changed.");
                Err(Failure::new(FailureCode::Locked, words))
            }
            None => Ok(()),
        }
    }

    /// Whether conversations may begin with a model: not where the administrator has fixed another one for that.
    fn may_be_default(&self, name: &ModelRef) -> Result<(), Failure> {
        let (locks, catalogue) = (self.around_models().locks, self.catalogue());
        let fixed = catalogue.of(&name.connection).iter().map(|entry| &entry.model).find(|model| {
            model.default && model.id != name.id && locks.hold(&["models", &key(&model.name()), "default"])
        });
        match fixed {
            Some(model) => {
                let other = model.label.as_deref().unwrap_or(&model.id);
                let words = format!("Your administrator has conversations begin with “{other}”. Nothing was changed.");
                Err(Failure::new(FailureCode::Locked, words))
            }
            None => Ok(()),
        }
    }

    /// Takes back what the person says of a model. One of which nobody else says anything is gone then.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if the person says nothing of it; [`FailureCode::DiskFull`] if that could not be kept.
    pub fn remove_model(&self, name: &ModelRef) -> Result<(), Failure> {
        let says = self.shared.models.lock().keeper.book().entry(name).is_some();
        let by_hand = self.catalogue().get(name).is_some_and(|entry| entry.source == ModelSource::Person);
        if !says && !by_hand {
            return Err(unknown("model"));
        }
        self.change_models(|book| {
            book.put(name, None);
            if by_hand {
                book.chosen.retain(|chosen| chosen != name);
            }
        })
    }

    /// The catalogue as it would be if the person said nothing.
    fn without_person(&self) -> Catalogue {
        let served = self.served();
        let Around { policy, environment, locks } = self.around_models();
        let inner = self.shared.models.lock();
        let mut book = inner.keeper.book().clone();
        (book.models, book.chosen) = (Vec::new(), Vec::new());
        Catalogue::new(&Inputs {
            served: &served,
            book: &book,
            policy: &policy,
            environment: &environment,
            locks: &locks,
            refused: &inner.refused,
        })
    }
}

fn is_of(entry: &Map<String, Value>, name: &ModelRef) -> bool {
    entry.get("connection").and_then(Value::as_str) == Some(name.connection.as_str())
}
