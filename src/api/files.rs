//! Requests about files: those attached to a vector store, and those uploaded.

use super::client::{Client, Connection};
use super::endpoint::ListQuery;
use super::error::Error;
use super::reply::Reply;
use super::request::{Method, Request};
use crate::json::Value;

/// What uploaded files are for, where they are to be attached to vector stores.
pub(super) const PURPOSE: &str = "assistants";

impl Connection {
    /// `{base}/vector_stores`, or one of them.
    fn stores(&self, store: Option<&str>) -> anyhow::Result<Request> {
        Ok(Request::new(Method::Get, self.base_url.vector_stores(store)?, self.identity.headers()?))
    }

    /// `{base}/vector_stores/{store}/files`, or one of them.
    fn store_files(&self, method: Method, store: &str, file: Option<&str>) -> anyhow::Result<Request> {
        Ok(Request::new(method, self.base_url.store_files(store, file)?, self.identity.headers()?))
    }

    /// `{base}/files`, or one of them.
    pub(super) fn uploaded_files(&self, method: Method, file: Option<&str>) -> anyhow::Result<Request> {
        Ok(Request::new(method, self.base_url.uploaded_files(file)?, self.identity.headers()?))
    }
}

impl Client {
    /// Retrieves a file of a vector store.
    pub(crate) fn retrieve_file(&self, store: &str, file: &str) -> Result<Reply, Error> {
        self.send(&self.connection.store_files(Method::Get, store, Some(file))?)
    }

    /// One page of the vector stores.
    pub(crate) fn list_stores(&self, query: &ListQuery) -> Result<Reply, Error> {
        let mut request = self.connection.stores(None)?;
        query.append_to(&mut request.url);
        self.send(&request)
    }

    /// Retrieves a vector store.
    pub(crate) fn retrieve_store(&self, store: &str) -> Result<Reply, Error> {
        self.send(&self.connection.stores(Some(store))?)
    }

    /// Attaches one file to a vector store; `file` is what an element of `files` is in a batch.
    pub(crate) fn attach_file(&self, store: &str, file: &Value) -> Result<Reply, Error> {
        self.send(&self.connection.store_files(Method::Post, store, None)?.replacing(file))
    }

    /// One page of the files of a vector store.
    pub(crate) fn list_store_files(&self, store: &str, query: &ListQuery) -> Result<Reply, Error> {
        let mut request = self.connection.store_files(Method::Get, store, None)?;
        query.append_to(&mut request.url);
        self.send(&request)
    }

    /// One page of the files that were uploaded for assistants.
    pub(crate) fn list_uploaded_files(&self, query: &ListQuery) -> Result<Reply, Error> {
        let mut request = self.connection.uploaded_files(Method::Get, None)?;
        request.url.query_pairs_mut().append_pair("purpose", PURPOSE);
        query.append_to(&mut request.url);
        self.send(&request)
    }

    /// Retrieves an uploaded file.
    pub(crate) fn retrieve_upload(&self, file: &str) -> Result<Reply, Error> {
        self.send(&self.connection.uploaded_files(Method::Get, Some(file))?)
    }

    /// Puts these attributes in the place of those that a file of a vector store has, and answers with the file.
    pub(crate) fn update_attributes(&self, store: &str, file: &str, attributes: &Value) -> Result<Reply, Error> {
        let body = Value::Object(vec![("attributes".to_owned(), attributes.clone())]);
        self.send(&self.connection.store_files(Method::Post, store, Some(file))?.replacing(&body))
    }

    /// Takes a file out of a vector store; the upload stays.
    ///
    /// # Errors
    /// Also 404 where a lost answer had it done before the repetition.
    pub(crate) fn detach_file(&self, store: &str, file: &str) -> Result<Reply, Error> {
        self.send(&self.connection.store_files(Method::Delete, store, Some(file))?)
    }

    /// Deletes an uploaded file. Detach it first: vector stores that have it go on listing it.
    ///
    /// # Errors
    /// Also 404 where a lost answer had it done before the repetition.
    pub(crate) fn delete_file(&self, file: &str) -> Result<Reply, Error> {
        self.send(&self.connection.uploaded_files(Method::Delete, Some(file))?)
    }
}
