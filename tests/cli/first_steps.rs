//! The first minutes: what is shown where nothing is asked for, and the topics that help leads to.

use crate::support::command::{Outcome, run, vsfb, vsfb_without_key};

const ORIENTATION: &str = "\
vsfb attaches files to OpenAI vector stores and tells what became of them.

Try it on this machine, without an account or a key:
  vsfb emulator -- vsfb create vs_demo --file-id file-a --wait
See whether key, network and certificates are as they should be:
  vsfb doctor
With OPENAI_API_KEY set, attach an uploaded file to a vector store of yours:
  vsfb create vs_abc123 --file-id file-abc123

`vsfb -h` lists the commands, `vsfb COMMAND -h` sums up one, `vsfb help` all.
";

#[test]
fn no_arguments_and_the_resource_word_alone_show_the_first_steps() {
    assert_eq!(run(&mut vsfb_without_key()), Outcome::success(ORIENTATION));
    assert_eq!(run(vsfb_without_key().env("VSFB_FORMAT", "nonsense")), Outcome::success(ORIENTATION));
    assert_eq!(run(vsfb().arg("vector-stores:file-batches")), Outcome::success(ORIENTATION));
    let complaint = "error: no command is given\nhint: `vsfb -h` lists the commands\n";
    assert_eq!(run(vsfb().args(["--color", "never"])), Outcome::failure(2, complaint));
}

/// Each command in the text is what a shell takes it for.
#[cfg(unix)]
#[test]
fn the_first_steps_work_as_written() {
    use crate::support::command::HasBaseUrl as _;
    use crate::support::emulator::Emulator;
    let emulator = Emulator::start(&["--file-time", "0"]);
    let steps: Vec<_> = ORIENTATION.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(steps.len(), 3);
    for step in steps {
        let home = tempfile::tempdir().unwrap();
        let programs = std::path::Path::new(env!("CARGO_BIN_EXE_vsfb")).parent().unwrap();
        let mut command = std::process::Command::new("sh");
        command.args(["-c", step]).env_clear().env("HOME", home.path());
        command.env("PATH", format!("{}:/usr/bin:/bin", programs.display()));
        // The first of them needs nothing; the others are about the service that the settings name.
        if !step.contains("emulator") {
            command.env("OPENAI_API_KEY", "sk-test").env("OPENAI_BASE_URL", emulator.base_url());
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{step}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stdout.is_empty(), "{step}");
    }
    assert_eq!(emulator.requests().len(), 2);
}

/// What a topic tells.
fn topic(name: &str) -> String {
    let outcome = run(vsfb_without_key().args(["help", name]).env("VSFB_FORMAT", "nonsense"));
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{name}");
    outcome.stdout
}

#[test]
fn topics_tell_what_a_user_needs() {
    for (name, needed) in [
        (
            "values",
            &["Maps:\n", "KEY=VALUE", "\"@PATH\"", "static:MAX:OVERLAP", "1h30m", "{md,txt}", "file_id"] as &[&str],
        ),
        ("stdin", &["--body -", "</dev/null", "one reader", "2 s", "batch_id"]),
        ("exit-status", &["\n  0    done\n", "\n  8    ", "\n  143  "]),
        (
            "environment",
            &["OPENAI_API_KEY", "VSFB_JOURNAL", "NO_PROXY", "empty variable", "\n  CI  ", "\n  LESS  ", "no explorer"],
        ),
        (
            "formats",
            &[
                "auto",
                "jsonl",
                "raw",
                "yaml",
                "csv",
                "pretty",
                "explore",
                "--transform",
                "NO_COLOR",
                "PAGER",
                "/dev/tty",
                "variable CI.",
            ],
        ),
    ] {
        let text = topic(name);
        for word in needed {
            assert!(text.contains(word), "{name}: {word}\n{text}");
        }
        assert_eq!(topic(name), run(vsfb().args(["help", name, "--debug", "-h"])).stdout);
    }
}

#[test]
fn what_topics_list_is_what_the_long_help_lists() {
    let long = run(vsfb().arg("--help")).stdout;
    for (name, heading) in [("exit-status", "Exit status:\n"), ("environment", "Environment:\n")] {
        let section =
            |text: &str| text.split(heading).nth(1).unwrap().split("\n\n").next().unwrap().trim_end().to_owned();
        assert_eq!(section(&topic(name)), section(&long));
    }
}

#[test]
fn topics_are_in_the_manual_in_the_same_words() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("man/vsfb.1");
    let manual = std::fs::read_to_string(path).unwrap().replace("\\-", "-");
    for heading in ["VALUES", "STDIN", "\"EXIT STATUS\"", "ENVIRONMENT", "FORMATS", "EXAMPLES"] {
        assert!(manual.contains(&format!("\n.SH {heading}\n")), "{heading}");
    }
    for words in ["a bare number is seconds", "In a loop that reads stdin", "Stdin has one reader"] {
        assert!(manual.contains(words), "{words}");
    }
}

#[test]
fn the_examples_of_topics_work_as_written() {
    let text = topic("stdin");
    let examples: Vec<_> = text.split("Examples:\n").nth(1).unwrap().lines().map(str::trim).collect();
    assert_eq!(examples.len(), 3, "{text}");
    #[cfg(unix)]
    for example in examples {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("ids.txt"), "file-abc123\nfile-def456\n").unwrap();
        let programs = std::path::Path::new(env!("CARGO_BIN_EXE_vsfb")).parent().unwrap();
        let mut command = std::process::Command::new(programs.join("vsfb"));
        command.args(["emulator", "--", "sh", "-c", example]).current_dir(&home).env_clear();
        let output = command.env("HOME", home.path()).env("PATH", "/usr/bin:/bin").output().unwrap();
        assert!(output.status.success(), "{example}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
