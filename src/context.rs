//! What a command works with: the settings, the user, and the service once it is needed.

use std::ffi::OsString;
use std::time::Duration;

use serde::Serialize;

use crate::api::{Client, Connection, Observer};
use crate::input::{UsageError, reason};
use crate::journal::{Journal, JournaledBatch};
use crate::output::{Messages, Ui};
use crate::settings::{Finding, Settings};

/// Handed to every command.
pub(crate) struct Context {
    settings: Settings,
    pub(crate) ui: Ui,
}

impl Context {
    pub(crate) const fn new(settings: Settings, ui: Ui) -> Self {
        Self { settings, ui }
    }

    /// The user's other stream.
    pub(crate) const fn messages(&self) -> Messages {
        self.ui.messages
    }

    /// A variable of the environment with whatever bytes it has; an empty one counts as unset.
    pub(crate) fn variable(&self, name: &str) -> Option<OsString> {
        self.settings.variable(name)
    }

    /// What is to be said of the settings, before anything is sent.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.settings.findings()
    }

    /// How to reach the service once, within this time unless the user has another limit.
    pub(crate) fn trial(&self, limit: Duration) -> anyhow::Result<Connection> {
        self.settings.trial(limit)
    }

    /// How a request would be made, also without a key.
    pub(crate) fn connection_without_key(&self) -> anyhow::Result<Connection> {
        self.settings.connection_without_key()
    }

    /// Where the service is, as the journal spells it.
    pub(crate) fn base_url(&self) -> Result<String, UsageError> {
        Ok(self.settings.base_url()?.0.to_string())
    }

    /// The record of what was created from here.
    pub(crate) fn journal(&self) -> Journal {
        Journal::locate(self.variable("VSFB_JOURNAL"))
    }

    /// Adds to the journal, and says whether that can go on. Whoever asked for one hears why not; nobody else is bothered.
    pub(crate) fn record(&self, record: &impl Serialize) -> bool {
        let journal = self.journal();
        let written = journal.append(record);
        if let Err(error) = &written
            && journal.is_asked_for()
        {
            self.messages().warning(&format!("failed to write to {journal}: {}", reason(error)));
        }
        written.is_ok()
    }

    /// The batches of the service that is asked, as the journal has them, from the newest on; for those who can do without.
    /// Whoever asked for a journal hears why it cannot be read; nobody else is bothered.
    pub(crate) fn journaled(&self) -> Vec<JournaledBatch> {
        let journal = self.journal();
        let batches = self.base_url().ok().map(|base_url| journal.batches(&base_url)).transpose();
        if let Err(error) = &batches
            && journal.is_asked_for()
        {
            self.messages().warning(&format!("failed to read {journal}: {}", reason(error)));
        }
        batches.ok().flatten().unwrap_or_default()
    }

    /// The service. The key is first needed here.
    pub(crate) fn client(&self) -> anyhow::Result<Client> {
        let messages = self.messages();
        let observer = Observer { traces: messages.debug, tell: Box::new(move |event| messages.event(event)) };
        Ok(Client::new(self.settings.connection()?, observer)?)
    }
}
