//! What one conversation wants otherwise than its connection does.

use std::collections::BTreeMap;

use model::{AnswerOptions, Connection, Failure, FailureCode, Operation, Reply, ThreadId};

use crate::{
    engine::Engine,
    view::{FormField, ThreadOptions},
};

impl Engine {
    /// What can be set for a thread, what is set, and what its connection says. Nothing can be set with most kinds.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] for a thread or a connection that is not here.
    pub async fn thread_options(&self, thread: &ThreadId) -> Result<ThreadOptions, Failure> {
        let (connection, options) = self.options_of(thread).await?;
        let adapter = self.adapter(&connection);
        let fields = adapter.options(&connection);
        let connection_values = adapters::values(&connection);
        let inherited = fields.iter().filter_map(|field| connection_values.get_key_value(field.key));
        Ok(ThreadOptions {
            inherited: inherited.map(|(key, value)| (key.clone(), value.clone())).collect(),
            fields: fields.iter().map(FormField::from).collect(),
            values: adapter.write_options(&options),
        })
    }

    /// Sets them, from the next message on. Fields that are empty are as the connection has them.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`] with the field's key as its detail, [`FailureCode::Unknown`] as above, and those of the local
    /// store.
    pub async fn set_thread_options(
        &self,
        thread: &ThreadId,
        values: &BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        let (connection, _) = self.options_of(thread).await?;
        let read = self.adapter(&connection).read_options(&connection, values);
        let options = read.map_err(|wrong| Failure::new(FailureCode::BadInput, wrong.reason).with_detail(wrong.key))?;
        let live = self.live(thread).await?;
        live.with(|inner| inner.context.options = options);
        self.keep_options(&live).await?;
        self.show_model(&live);
        self.look_at_context(&live);
        Ok(())
    }

    /// The models that a thread's server has, by its own word; none if it has no list of them.
    ///
    /// # Errors
    ///
    /// What went wrong on the way.
    pub async fn thread_models(&self, thread: &ThreadId) -> Result<Vec<String>, Failure> {
        let (connection, _) = self.options_of(thread).await?;
        match self.call(&connection.id, &Operation::ListModels).await {
            Ok(Reply::Models(models)) => Ok(models.into_iter().map(|model| model.id).collect()),
            Ok(_) => Ok(Vec::new()),
            Err(failure) if failure.code == FailureCode::NotFound => Ok(Vec::new()),
            Err(failure) => Err(failure),
        }
    }

    async fn options_of(&self, thread: &ThreadId) -> Result<(Connection, AnswerOptions), Failure> {
        let live = self.live(thread).await?;
        let (id, options) = live.with(|inner| (inner.thread.connection.clone(), inner.context.options.clone()));
        Ok((self.connection(&id)?, options))
    }
}
