//! `vsfb emulator -- COMMAND`: what the command finds around it, and how both end.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

use rustix::process::Signal;

use crate::support::command::{Outcome, Vsfb, run, spawnable_vsfb, vsfb};
use crate::support::running::{Running, start};

/// A script that is run by the emulator, and can find the programs it needs.
fn script(text: &str) -> Vsfb {
    let mut vsfb = vsfb();
    vsfb.env("PATH", std::env::var_os("PATH").unwrap()).args(["emulator", "--", "sh", "-c", text]);
    vsfb
}

/// The same, to be looked at while it runs.
fn running(text: &str) -> (Running, Vsfb<Command>) {
    let mut vsfb = spawnable_vsfb();
    vsfb.env("PATH", std::env::var_os("PATH").unwrap()).args(["emulator", "--", "sh", "-c", text]);
    (start(&mut vsfb), vsfb)
}

#[test]
fn the_command_finds_the_emulator_and_nothing_of_ours_is_printed() {
    let outcome =
        run(script("echo $OPENAI_API_KEY; echo $OPENAI_BASE_URL; echo $OPENAI_ORG_ID").env("OPENAI_ORG_ID", "o"));
    let url = outcome.stdout.lines().nth(1).unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/v1"), "{url}");
    assert_eq!(outcome, Outcome::success(format!("sk-emulator\n{url}\no\n")));
}

#[test]
fn vsfb_is_this_very_program() {
    let outcome = run(&mut script("readlink \"$(command -v vsfb)\"; vsfb --version"));
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_vsfb")).unwrap();
    let version = concat!("vsfb ", env!("CARGO_PKG_VERSION"));
    assert_eq!(outcome, Outcome::success(format!("{}\n{version}\n", program.display())));
    let mut direct = vsfb();
    direct.env("PATH", "/nowhere").args(["emulator", "--", "vsfb", "--version"]);
    assert_eq!(run(&mut direct), Outcome::success(format!("{version}\n")));
}

#[test]
fn the_rest_of_the_path_stays_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("vsfb");
    fs::write(&own, "#!/bin/sh\necho other\n").unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let outcome = run(script("echo \"${PATH#*:}\"").env("PATH", &path));
    assert_eq!(outcome, Outcome::success(format!("{path}\n")));
    let outcome = run(script("sh -c 'echo found'").env_remove("PATH"));
    assert_eq!(outcome, Outcome::success("found\n"));
}

#[test]
fn no_proxy_stands_between() {
    let text = "echo $NO_PROXY $no_proxy";
    assert_eq!(run(&mut script(text)), Outcome::success("127.0.0.1 127.0.0.1\n"));
    let outcome = run(script(text).env("NO_PROXY", "a.example"));
    assert_eq!(outcome, Outcome::success("a.example,127.0.0.1 a.example,127.0.0.1\n"));
}

#[test]
fn it_has_our_stdin_and_we_have_its_status() {
    assert_eq!(run(script("cat").write_stdin("some\nlines")), Outcome::success("some\nlines"));
    for status in [0, 1, 4, 42, 255] {
        assert_eq!(run(&mut script(&format!("exit {status}"))), Outcome { code: status, ..Outcome::success("") });
    }
    assert_eq!(run(&mut script("echo bad >&2; exit 3")), Outcome::failure(3, "bad\n"));
}

#[test]
fn arguments_are_passed_on_as_they_are() {
    let mut vsfb = vsfb();
    vsfb.env("PATH", std::env::var_os("PATH").unwrap());
    vsfb.args(["emulator", "--", "sh", "-c", "test \"$1\" = \"$(printf 'a\\377')\" && echo \"$2,$3,$4\"", "sh"]);
    vsfb.arg(OsStr::from_bytes(b"a\xff")).args(["--port=x", "", "--"]);
    assert_eq!(run(&mut vsfb), Outcome::success("--port=x,,--\n"));
}

#[test]
fn a_command_that_does_not_run_is_127_or_126() {
    let outcome = run(vsfb().args(["emulator", "--", "no-such-command", "x"]));
    assert_eq!(outcome, Outcome::failure(127, "error: failed to run `no-such-command`: there is no such command\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    let outcome = run(vsfb().args(["emulator", "--"]).arg(&file));
    assert_eq!((outcome.code, outcome.stdout.as_str()), (126, ""));
    let complaint = format!("error: failed to run `{}`: permission denied", file.display()).to_lowercase();
    assert!(outcome.stderr.to_lowercase().starts_with(&complaint), "{}", outcome.stderr);
}

#[test]
fn signals_are_passed_on() {
    for (signal, name) in [
        (Signal::TERM, "TERM"),
        (Signal::HUP, "HUP"),
        (Signal::INT, "INT"),
        (Signal::QUIT, "QUIT"),
        (Signal::USR1, "USR1"),
        (Signal::USR2, "USR2"),
        (Signal::ALARM, "ALRM"),
        (Signal::XCPU, "XCPU"),
    ] {
        // A TERM may come before the sleep is more than a copy of its shell, whose trap swallows it, hence KILL.
        // The first word says that the trap is set; without the loop `wait` would end with a signal that has no trap.
        let text = format!(
            "trap 'echo got; kill -KILL $!; exit 7' {name}; sleep 60 >/dev/null 2>&1 & echo ready; while :; do wait; done"
        );
        let (mut child, _vsfb) = running(&text);
        assert_eq!(child.next_line(), "ready");
        child.signal(signal);
        let outcome = child.finish();
        assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (7, "ready\ngot\n", ""), "{name}");
    }
}

#[test]
fn it_ends_by_the_signal_that_ended_the_command() {
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("KILL", 137), ("USR1", 138)] {
        let (child, vsfb) = running(&format!("kill -{name} $$"));
        let outcome = child.finish();
        assert_eq!(outcome, Outcome { code, ..Outcome::success("") }, "{name}");
        drop(vsfb);
    }
    // A status of 143 would look the same to the assertion above, but not to the shell.
    let mut vsfb = spawnable_vsfb();
    vsfb.env("PATH", std::env::var_os("PATH").unwrap()).args(["emulator", "--", "sh", "-c", "kill -TERM $$"]);
    let status = vsfb.status().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(15));
}

#[cfg(target_os = "linux")]
#[test]
fn a_record_that_fails_hides_no_failure_of_the_command() {
    let full = |text: &str| {
        let mut vsfb = spawnable_vsfb();
        vsfb.env("PATH", std::env::var_os("PATH").unwrap());
        let text = format!("vsfb create vs_1 --file-id file-a >/dev/null; {text}");
        vsfb.args(["emulator", "--record", "/dev/full", "--", "sh", "-c", &text]);
        start(&mut vsfb).finish()
    };
    let complaint = "error: failed to write to the file of --record: no space left on device\n";
    for (text, code) in [("exit 0", 1), ("exit 9", 9), ("kill -INT $$", 130)] {
        let outcome = full(text);
        assert_eq!((outcome.code, outcome.stderr.to_lowercase().as_str()), (code, complaint), "{text}");
    }
}

#[test]
fn a_reader_of_the_record_who_leaves_is_no_reader_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("record");
    let text = format!(
        "mkfifo {0}; head -1 {0} >/dev/null & vsfb emulator --record {0} -- sh -c 'for turn in 1 2 3; do \
         vsfb create vs_1 --file-id file-a >/dev/null; wait; done; exit 9'",
        pipe.display()
    );
    let outcome = run(&mut script(&text));
    // Whether the last lines find the pipe closed is for the reader to say; the status is not.
    assert_eq!((outcome.code, outcome.stdout.as_str()), (9, ""), "{}", outcome.stderr);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let outcome = run(script("exit").env("TMPDIR", "/no/such/folder"));
    let complaint = "error: failed to put vsfb into a folder of its own in `/no/such/folder`, which TMPDIR names: ";
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.starts_with(complaint), "{}", outcome.stderr);
}

#[test]
fn the_folder_that_has_vsfb_in_it_is_the_users_alone() {
    let outcome = run(&mut script("ls -ld \"$(dirname \"$(command -v vsfb)\")\""));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.starts_with("drwx------"), "{}", outcome.stdout);
}

#[test]
fn nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let left = || fs::read_dir(folder.path()).unwrap().count();
    for (text, code) in [("test -n \"$(ls \"$TMPDIR\")\"", 0), ("exit 1", 1), ("kill -TERM $$", 143)] {
        let outcome = run(script(text).env("TMPDIR", folder.path()));
        assert_eq!((outcome.code, left()), (code, 0), "{text}");
    }
    assert_eq!(run(vsfb().env("TMPDIR", folder.path()).args(["emulator", "--", "no-such-command"])).code, 127);
    assert_eq!(left(), 0);
}

/// What the terminal sends goes to both; a second one from us would be one too many.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_reaches_the_command_once() {
    use crate::support::terminal::Terminal;
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let text = format!(
        "trap 'echo int; echo >\"{0}\"' INT; echo >\"{0}\"; until read -r line; do :; done; echo \"$line\"; exit 5",
        pipe.display()
    );
    let vsfb = spawnable_vsfb();
    let mut command = Command::new("setsid");
    command.args(["--ctty", "--wait"]).arg(vsfb.get_program()).args(["emulator", "--", "sh", "-c", &text]);
    let mut seated = Terminal::sized(80, 24).typing("").start(&mut command);
    fs::read(&pipe).unwrap();
    seated.types("\u{3}");
    fs::read(&pipe).unwrap();
    seated.types("done\n");
    assert_eq!(seated.finish(), Outcome { code: 5, ..Outcome::success("int\ndone\n") });
}

/// `nohup` and a shell's background jobs want some signals ignored; they stay so for both. Some programs ignore the ends
/// of their children, which must not keep us from seeing those of ours.
#[cfg(target_os = "linux")]
#[test]
fn what_was_ignored_stays_ignored() {
    let vsfb = spawnable_vsfb();
    let mut command = Command::new("env");
    command.args(["--ignore-signal=HUP", "--ignore-signal=CHLD"]).arg(vsfb.get_program());
    command.args(["emulator", "--", "sh", "-c", "kill -HUP $PPID; kill -HUP $$; echo alive"]);
    let output = command.output().unwrap();
    assert_eq!(Outcome::new(output.status, output.stdout, output.stderr), Outcome::success("alive\n"));
}

/// Blocked signals are handed down, too, and nobody unblocks them.
#[cfg(target_os = "linux")]
#[test]
fn the_end_of_the_command_is_seen_where_its_signal_is_blocked() {
    let vsfb = spawnable_vsfb();
    let mut command = Command::new("env");
    command.arg("--block-signal=CHLD").arg(vsfb.get_program()).args(["emulator", "--", "sh", "-c", "exit 3"]);
    assert_eq!(start(&mut command).finish(), Outcome::failure(3, ""));
}
