//! What makes a store hold the files of a folder: decided from the files here and the files there; pure.
//!
//! The store itself keeps what is known of a file: its attributes `path`, `sha256` and `source`.

mod local;
mod plan;
mod property;
mod remote;

use std::fmt::Display;

use crate::api::validate;
use crate::json::Value;

pub(crate) use local::LocalFile;
pub(crate) use plan::{Action, Counts, Prune, Reason, SyncPlan, plan};
pub(crate) use remote::RemoteFile;

/// Where a file stands in its folder, with `/` between the names.
pub(crate) const PATH: &str = "path";
/// The SHA-256 of its content, in hexadecimal.
pub(crate) const SHA256: &str = "sha256";
/// Which sync a file belongs to. A sync touches the files of its own source only.
pub(crate) const SOURCE: &str = "source";
/// The attributes that a sync sets itself.
pub(crate) const OWN_KEYS: [&str; 3] = [PATH, SHA256, SOURCE];
/// How many attributes a file may have beside them.
pub(crate) const MOST_ATTRIBUTES: usize = validate::MOST_ATTRIBUTES - OWN_KEYS.len();

/// Everything for which these attributes, given by the user, cannot be a file's: the service's limits, and the names that
/// are taken. `place` is where they stand.
pub(crate) fn problems_of_attributes(attributes: &Value, place: &dyn Display) -> Vec<String> {
    let mut found = validate::problems_of_attributes(attributes, place);
    let Value::Object(members) = attributes else { return found };
    if let Some(problem) = too_many(members.len()) {
        found.retain(|other| !other.contains(" attributes; at most "));
        found.push(format!("{place}: {problem}"));
    }
    let is_taken = |key: &&String| OWN_KEYS.contains(&key.as_str());
    let taken = members.iter().map(|(key, _)| key).filter(is_taken);
    found.extend(taken.map(|key| format!("{place}: the attribute `{key}` is set by the sync itself")));
    found
}

/// What is wrong with so many attributes of a file, if anything.
pub(crate) fn too_many(attributes: usize) -> Option<String> {
    (attributes > MOST_ATTRIBUTES).then(|| {
        format!("{attributes} attributes; at most {MOST_ATTRIBUTES} are allowed beside `path`, `sha256` and `source`")
    })
}

#[cfg(test)]
mod tests {
    use super::problems_of_attributes;
    use crate::json::Value;

    fn found(json: &str) -> Vec<String> {
        problems_of_attributes(&Value::from_json(json).unwrap(), &"--attributes")
    }

    fn numbered(count: usize) -> String {
        let members: Vec<String> = (0..count).map(|number| format!("\"k{number}\":{number}")).collect();
        format!("{{{}}}", members.join(","))
    }

    #[test]
    fn three_of_the_sixteen_attributes_are_taken() {
        assert_eq!(found(&numbered(13)), [""; 0]);
        for count in [14, 17] {
            let expected = format!(
                "--attributes: {count} attributes; at most 13 are allowed beside `path`, `sha256` and `source`"
            );
            assert_eq!(found(&numbered(count)), [expected]);
        }
    }

    #[test]
    fn the_own_names_are_taken() {
        assert_eq!(
            found(r#"{"path":"a","Path":"b","sha256":1,"source":true,"team":[]}"#),
            [
                "--attributes: the value of `team` must be a string, a number or a boolean, not a list",
                "--attributes: the attribute `path` is set by the sync itself",
                "--attributes: the attribute `sha256` is set by the sync itself",
                "--attributes: the attribute `source` is set by the sync itself",
            ]
        );
    }
}
