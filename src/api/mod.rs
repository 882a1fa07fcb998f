//! The service: requests, answers and their errors. Nothing here knows of flags, printing or exit statuses.

mod attempt;
mod client;
mod endpoint;
mod error;
mod event;
mod files;
mod pages;
mod proxy;
mod reply;
mod request;
mod retry;
mod tests;
mod tls;
pub(crate) mod types;
mod upload;
pub(crate) mod validate;

pub(crate) use attempt::Failed;
pub(crate) use client::{Client, Connection, Creation};
pub(crate) use endpoint::{BaseUrl, DEFAULT_BASE_URL, ListQuery, is_proxy};
pub(crate) use error::Error;
#[cfg(test)]
pub(crate) use error::failing_with;
pub(crate) use event::{Event, Observer};
pub(crate) use pages::Pages;
pub(crate) use proxy::proxy_for;
pub(crate) use reply::{Failure, Reply, item_id};
pub(crate) use request::{ApiKey, Identity, Request};
pub(crate) use retry::Decision;
pub(crate) use tls::{ClientCertificate, authorities};
pub(crate) use upload::Upload;
