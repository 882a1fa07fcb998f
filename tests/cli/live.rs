//! All commands against a real server: OpenAI's, or any that is compatible. It makes a vector store and small files of
//! its own, and takes away these and nothing else. The emulator is always asked; another server like this:
//!
//! `VSFB_E2E_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=… cargo test --test cli live -- --ignored`

use std::env;
use std::thread::sleep;
use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::{Client, ClientBuilder, RequestBuilder};
use serde_json::{Value, json};

use super::support::command::{HasBaseUrl as _, KEY, Outcome, Vsfb, run, vsfb_without_key};
use super::support::emulator::Emulator;

/// What the command needs of this process's environment to reach a server elsewhere.
const PASSED_ON: [&str; 6] =
    ["OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE"];
/// How often, and half a second apart, the server is asked whether a batch has ended.
const POLLS: usize = 240;

/// A server and what was made on it.
struct Live {
    base_url: String,
    /// The variables that the command is given, beside the base URL.
    variables: Vec<(&'static str, String)>,
    http: Client,
    /// Paths of what is to be deleted, in the order of its making.
    made: Vec<String>,
}

#[expect(clippy::disallowed_methods, reason = "the server is named by the environment of the tests")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

impl Live {
    /// The server that the environment names.
    fn elsewhere() -> Self {
        let base_url = variable("VSFB_E2E_BASE_URL").expect("VSFB_E2E_BASE_URL names a server");
        let variables = PASSED_ON.into_iter().filter_map(|name| Some((name, variable(name)?)));
        Self::new(&base_url, variables.collect(), Client::builder())
    }

    fn new(base_url: &str, variables: Vec<(&'static str, String)>, http: ClientBuilder) -> Self {
        // The crate's own choice of a provider, which reqwest is built without. It fails where there is one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = http.timeout(Duration::from_secs(60)).build().expect("an HTTP client");
        Self { base_url: base_url.trim_end_matches('/').to_owned(), variables, http, made: Vec::new() }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base_url));
        let request = request.header("OpenAI-Beta", "assistants=v2");
        match self.variables.iter().find(|(name, _)| *name == "OPENAI_API_KEY") {
            Some((_, key)) => request.bearer_auth(key.trim()),
            None => request,
        }
    }

    /// Makes something and gives its id.
    fn make(&mut self, path: &str, content_type: &str, body: String) -> String {
        let answer = self.request(Method::POST, path).header("Content-Type", content_type).body(body).send();
        let answer = answer.unwrap_or_else(|error| panic!("POST {path}: {error}"));
        let (status, text) = (answer.status(), answer.text().expect("an answer"));
        assert!(status.is_success(), "POST {path}: {status} {text}");
        let made: Value = serde_json::from_str(&text).expect("JSON");
        let id = made["id"].as_str().expect("an id").to_owned();
        self.made.push(format!("{path}/{id}"));
        id
    }

    fn make_store(&mut self) -> String {
        self.make("/vector_stores", "application/json", json!({ "name": "vsfb live test" }).to_string())
    }

    fn make_file(&mut self, name: &str) -> String {
        let part =
            |head: &str, text: &str| format!("--vsfb-part\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n");
        let file = format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain");
        let purpose = part("name=\"purpose\"", "assistants");
        let body = format!("{purpose}{}--vsfb-part--\r\n", part(&file, &format!("This is {name} of a live test.\n")));
        self.make("/files", "multipart/form-data; boundary=vsfb-part", body)
    }

    fn vsfb(&self) -> Vsfb {
        let mut command = vsfb_without_key();
        command.env("OPENAI_BASE_URL", &self.base_url).envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// What a command prints that succeeds without a word on stderr.
    fn printed(&self, arguments: &[&str]) -> String {
        let outcome = run(self.vsfb().args(arguments));
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{arguments:?}: {outcome:?}");
        outcome.stdout
    }

    fn batch(&self, arguments: &[&str]) -> Value {
        let batch: Value = serde_json::from_str(&self.printed(arguments)).expect("a file batch");
        let object = batch["object"].as_str().expect("what it is");
        assert!(["vector_store.file_batch", "vector_store.files_batch"].contains(&object), "{batch}");
        batch
    }

    /// The batch once it has ended.
    fn ended(&self, store: &str, id: &str) -> Value {
        for _ in 0..POLLS {
            let batch = self.batch(&["retrieve", store, id]);
            assert_eq!((&batch["id"], &batch["vector_store_id"]), (&json!(id), &json!(store)));
            if batch["status"] != "in_progress" {
                return batch;
            }
            sleep(Duration::from_millis(500));
        }
        panic!("the batch {id} has not ended");
    }

    /// Cancels a batch that may have ended: either it is shown, or the refusal is, and then nothing is printed.
    fn cancel(&self, store: &str, id: &str) {
        let outcome = run(self.vsfb().args(["cancel", store, id, "--max-retries", "0"]));
        let Outcome { code, stdout, stderr } = &outcome;
        if *code == 0 {
            let batch: Value = serde_json::from_str(stdout).expect("a file batch");
            assert_eq!((&batch["id"], &**stderr), (&json!(id), ""), "{outcome:?}");
            return;
        }
        let head = format!("POST {}/vector_stores/{store}/file_batches/{id}/cancel: 4", self.base_url);
        assert!(stderr.starts_with(&head), "{outcome:?}");
        assert!(stderr.contains(&format!("error: failed to cancel the file batch `{id}` of `{store}`")), "{outcome:?}");
        assert_eq!((*code, &**stdout), (1, ""), "{outcome:?}");
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        for path in self.made.iter().rev() {
            // What a server cannot delete stays; this is no test of that.
            let _ = self.request(Method::DELETE, path).send();
        }
    }
}

#[test]
#[ignore = "needs VSFB_E2E_BASE_URL"]
fn all_commands_work_with_a_real_server() {
    all_commands_work(Live::elsewhere());
}

#[test]
fn all_commands_work_with_the_emulator_and_nothing_stays() {
    let emulator = Emulator::start(&["--strict", "--file-time", "0"]);
    let key = ("OPENAI_API_KEY", KEY.to_owned());
    all_commands_work(Live::new(&emulator.base_url(), vec![key], Client::builder().no_proxy()));
    let deleted = emulator.recorded(&["method", "status"]).into_iter().filter(|row| row[0] == "DELETE");
    assert_eq!(deleted.collect::<Vec<_>>(), vec![json!(["DELETE", 200]); 5]);
}

fn all_commands_work(mut live: Live) {
    let store = live.make_store();
    let mut files: Vec<_> = (1..=3).map(|number| live.make_file(&format!("vsfb-{number}.txt"))).collect();
    let mut create = vec!["create", "--vector-store-id", &store, "--attributes", "{source: live, page: 7}"];
    create.extend(files.iter().flat_map(|id| ["--file-id", id]));
    let batch = live.batch(&create);
    let id = batch["id"].as_str().expect("an id").to_owned();
    assert_eq!((&batch["vector_store_id"], &batch["file_counts"]["total"]), (&json!(store), &json!(3)), "{batch}");

    let ended = live.ended(&store, &id);
    assert_eq!((&ended["status"], &ended["file_counts"]["completed"]), (&json!("completed"), &json!(3)), "{ended}");

    files.sort_unstable();
    for flags in [&[] as &[&str], &["--limit", "2"], &["--order", "asc", "--filter", "completed"]] {
        let list = ["list-files", &store, &id, "--transform", "id", "-r"];
        let listed = live.printed(&[&list as &[&str], flags].concat());
        let mut listed: Vec<_> = listed.lines().collect();
        listed.sort_unstable();
        assert_eq!(listed, files, "{flags:?}");
    }
    let attributes = live.printed(&["list-files", &store, &id, "--max-items", "1", "--transform", "attributes"]);
    let attributes: Value = serde_json::from_str(&attributes).expect("attributes");
    // Some servers make 7.0 of 7.
    assert_eq!((&attributes["source"], attributes["page"].as_f64()), (&json!("live"), Some(7.0)));

    live.cancel(&store, &id);
    let another = live.make_file("vsfb-4.txt");
    let batch = live.batch(&["create", &store, "--file-id", &another]);
    let id = batch["id"].as_str().expect("an id");
    live.cancel(&store, id);
    let status = live.ended(&store, id)["status"].clone();
    assert!(["cancelled", "completed"].map(|status| json!(status)).contains(&status), "{status}");
}
