//! What is suggested for words that other programs have, and that it is there.

use crate::support::command::{Outcome, run, vsfb};

#[test]
fn a_command_of_other_programs_leads_to_ours() {
    for (word, command) in [
        ("list", "list-files"),
        ("ls", "list-files"),
        ("files", "list-files"),
        ("get", "retrieve"),
        ("show", "retrieve"),
        ("status", "retrieve"),
        ("stop", "cancel"),
        ("upload", "sync"),
        ("add", "create"),
        ("login", "doctor"),
    ] {
        let complaint = format!("error: unknown command `{word}`\nhint: did you mean `vsfb {command}`?\n");
        assert_eq!(run(vsfb().args([word, "vs_1"])), Outcome::failure(2, complaint));
        assert_eq!(run(vsfb().args([command, "-h"])).code, 0, "{command}");
    }
}

#[test]
fn what_would_delete_leads_nowhere() {
    let hint = "hint: nothing here deletes a batch; `vsfb sync --prune` takes files out of a store\n";
    for word in ["delete", "remove", "rm"] {
        let complaint = format!("error: unknown command `{word}`\n{hint}");
        assert_eq!(run(vsfb().args([word, "vs_1"])), Outcome::failure(2, complaint));
        let complaint = format!("error: unknown command or topic `{word}`\n{hint}");
        assert_eq!(run(vsfb().args(["help", word])), Outcome::failure(2, complaint));
    }
}

#[test]
fn a_flag_of_other_programs_leads_to_ours() {
    for (command, flag, meant) in [
        ("create", "vector_store_id", "vector-store-id"),
        ("create", "store", "vector-store-id"),
        ("retrieve", "store-id", "vector-store-id"),
        ("sync", "vs", "vector-store-id"),
        ("wait", "batch", "batch-id"),
        ("retrieve", "id", "batch-id"),
        ("create", "id", "file-id"),
        ("sync", "id", "vector-store-id"),
        ("create", "ids", "file-id"),
        ("create", "file-ids", "file-id"),
        ("retrieve", "output", "format"),
        ("list-files", "json", "format json"),
        ("wait", "verbose", "debug"),
        ("list-files", "status", "filter"),
        ("sync", "force", "yes"),
    ] {
        let complaint =
            format!("error: unknown flag `--{flag}` for `vsfb {command}`\nhint: did you mean `--{meant}`?\n");
        assert_eq!(run(vsfb().args([command, &format!("--{flag}"), "x"])), Outcome::failure(2, complaint));
        let help = run(vsfb().args([command, "--help"])).stdout;
        let name = meant.split(' ').next().unwrap();
        assert!(help.contains(&format!("--{name}")), "{command} {name}");
    }
    let complaint = "error: unknown flag `--yes` for `vsfb create`\nhint: it is a flag of `vsfb sync`\n";
    assert_eq!(run(vsfb().args(["create", "vs_1", "--yes"])), Outcome::failure(2, complaint));
    let complaint = "error: unknown flag `--batch` for `vsfb create`\nhint: did you mean `--batch-size`?\n";
    assert_eq!(run(vsfb().args(["create", "vs_1", "--batch", "x"])), Outcome::failure(2, complaint));
}
