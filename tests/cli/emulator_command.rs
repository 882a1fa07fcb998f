//! `vsfb emulator` as a server: what it prints, what it refuses, how it ends.

use std::net::TcpStream;
use std::process::Command;

use rustix::process::Signal;

use crate::support::command::{HasBaseUrl as _, Outcome, run, spawnable_vsfb, vsfb};
use crate::support::emulator::Emulator;
use crate::support::running::start;
use crate::support::terminal::Terminal;

#[test]
fn it_prints_its_base_url_and_what_to_set() {
    let mut command = spawnable_vsfb();
    let mut running = start(command.args(["emulator", "--port", "0"]));
    let first = running.next_line();
    let url = first.strip_prefix("# ").expect("a comment").to_owned();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/v1"), "{url}");
    running.next_line();
    running.next_line();
    running.terminate();
    let printed = format!("{first}\nexport OPENAI_BASE_URL={url}\nexport OPENAI_API_KEY=sk-emulator\n");
    assert_eq!(running.finish(), Outcome::success(printed));
}

#[test]
fn a_shell_can_take_what_it_prints_as_it_is() {
    let emulator = Emulator::start(&[]);
    let printed =
        format!("# {0}\nexport OPENAI_BASE_URL={0}\nexport OPENAI_API_KEY=sk-emulator\n", emulator.base_url());
    let script = format!("set -eu; eval '{printed}'; printf %s \"$OPENAI_BASE_URL\"");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), emulator.base_url());
}

#[test]
fn signals_end_it_well_with_connections_open() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut command = spawnable_vsfb();
        let mut running = start(command.args(["emulator", "--port", "0"]));
        let address = running.next_line().trim_start_matches("# http://").trim_end_matches("/v1").to_owned();
        let _open = TcpStream::connect(address).unwrap();
        running.signal(signal);
        let outcome = running.finish();
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{signal:?}");
    }
}

#[test]
fn a_terminal_is_told_how_to_end_it() {
    let vsfb = spawnable_vsfb();
    let pipe = vsfb.home().join("pipe");
    let text = r#"mkfifo "$1"; "$0" emulator --port 0 >"$1" & head -1 "$1" >"$1.seen"; kill $!; wait $!"#;
    let mut command = Command::new("sh");
    command.args(["-c", text]).arg(vsfb.get_program()).arg(&pipe).env("NO_COLOR", "1");
    let outcome = Terminal::sized(80, 24).stderr().run(&mut command);
    assert_eq!(outcome, Outcome::failure(0, "note: Ctrl-C ends it\n"));
}

#[test]
fn a_port_in_use_is_named() {
    let emulator = Emulator::start(&[]);
    let address = emulator.address();
    let outcome = run(vsfb().args(["emulator", "--port", &address.port().to_string()]));
    let complaint =
        format!("error: failed to listen on {address}; --port 0 takes a free port: address already in use\n");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert_eq!(outcome.stderr.to_lowercase(), complaint);
}

#[test]
fn other_machines_are_let_in_only_when_that_is_said() {
    for (host, shown) in [("0.0.0.0", "0.0.0.0"), ("::", "::"), ("[2001:db8::1]", "2001:db8::1")] {
        let complaint = format!(
            "error: --host {shown} lets other machines in\nhint: --allow-remote, if they may; nobody is asked for a password\n"
        );
        assert_eq!(run(vsfb().args(["emulator", "--host", host])), Outcome::failure(2, complaint));
    }
    let emulator = Emulator::start(&["--host", "0.0.0.0", "--allow-remote"]);
    assert!(emulator.address().ip().is_loopback());
    TcpStream::connect(emulator.address()).unwrap();
}

#[test]
fn what_cannot_be_right_is_refused() {
    let cases: [(&[&str], &str); 10] = [
        (
            &["--"],
            "a command is expected after `--`\nhint: vsfb emulator -- COMMAND ARGUMENTS…; without `--` it goes on until Ctrl-C",
        ),
        (
            &["create"],
            "unexpected argument `create`\nhint: a command to run stands after `--`: vsfb emulator -- create …",
        ),
        (
            &["--host", "example.com"],
            "`--host example.com`: an address such as 127.0.0.1 or ::1 is expected, or localhost",
        ),
        (&["--port", "65536"], "`--port 65536`: a whole number from 0 to 65535 is expected"),
        (
            &["--file-time", "-1"],
            "`--file-time -1`: a duration is a number of seconds or looks like 0, 500ms, 30s or 5m",
        ),
        (&["--parallel", "0"], "`--parallel 0`: a whole number from 1 to 10000 is expected"),
        (&["--limits", "maybe"], "`--limits maybe`: the values are on, off"),
        (&["--seed", "-1"], "`--seed -1`: a whole number from 0 to 9223372036854775807 is expected"),
        (
            &["--record", "/no/such/folder/r"],
            "failed to open `/no/such/folder/r`, the file of --record: no such file or directory",
        ),
        (&["--prot", "1"], "unknown flag `--prot` for `vsfb emulator`\nhint: did you mean `--port`?"),
    ];
    for (flags, complaint) in cases {
        let outcome = run(vsfb().arg("emulator").args(flags));
        let code = if flags[0] == "--record" { 1 } else { 2 };
        assert_eq!((outcome.code, outcome.stdout.as_str()), (code, ""), "{flags:?}");
        assert_eq!(outcome.stderr.to_lowercase(), format!("error: {complaint}\n").to_lowercase());
    }
    let outcome = run(vsfb().args(["emulator", "--fault", "no-such"]));
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.starts_with("error: `--fault no-such`: there is no fault `no-such`"), "{}", outcome.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_record_that_cannot_be_written_is_no_success() {
    use crate::emulator_sockets::exchange;
    let mut command = spawnable_vsfb();
    let mut running = start(command.args(["emulator", "--port", "0", "--record", "/dev/full"]));
    let address = running.next_line().trim_start_matches("# http://").trim_end_matches("/v1").to_owned();
    let answer = exchange(&address, "GET /v1/vector_stores HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    running.terminate();
    let outcome = running.finish();
    assert_eq!(outcome.code, 1);
    let complaint = "error: failed to write to the file of --record: no space left on device\n";
    assert_eq!(outcome.stderr.to_lowercase(), complaint);
}
