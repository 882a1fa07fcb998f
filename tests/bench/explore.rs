//! What it costs to look through a long list with `--format explore`, in a pseudo-terminal. The system's own figures are
//! read, as Linux has them.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::pseudo_terminal::open;
use crate::table::{Row, grouped};

/// Steps through the list, each of which is drawn.
const STEPS: u32 = 300;
const PEAK: u64 = 16_000_000;
/// A redraw for each picture of a screen that shows sixty a second.
const REDRAW: f64 = 16.0;

/// Measures the list that these arguments name, once it is all loaded.
pub fn explore(vsfb: &str, list: &[&str], base_url: &str, rows: &mut Vec<Row>) {
    for (columns, lines) in [(80, 24), (200, 60)] {
        let (mut keyboard, screen) = open(columns, lines);
        let mut command = Command::new(vsfb);
        command.args(list).args(["--format", "explore"]).env_clear().env("TERM", "xterm").env("OPENAI_API_KEY", "x");
        command.env("OPENAI_BASE_URL", base_url).stderr(Stdio::null());
        let mut child = command
            .stdin(screen.try_clone().expect("another end"))
            .stdout(screen)
            .spawn()
            .expect("the explorer can be started");
        drop(command);
        await_rest(&mut keyboard, 500);
        keyboard.write_all(b"G").expect("a key");
        await_rest(&mut keyboard, 1000);
        let before = milliseconds(child.id());
        for _ in 0..STEPS {
            keyboard.write_all(b"k").expect("a key");
            await_rest(&mut keyboard, 20);
        }
        let redraw = (milliseconds(child.id()) - before) / f64::from(STEPS);
        let peak = peak(child.id());
        keyboard.write_all(b"q").expect("a key");
        await_rest(&mut keyboard, 100);
        child.wait().expect("the explorer ends");
        let what = format!("explore, 2000 files at {columns}x{lines}");
        let (cpu, target) = (format!("{redraw:.2} ms"), format!("<= {REDRAW} ms"));
        rows.push(Row::absolute(&format!("{what}: CPU of a redraw"), cpu, &target, redraw <= REDRAW));
        let (shown, most) = (format!("{} bytes", grouped(peak)), format!("<= {} bytes", grouped(PEAK)));
        rows.push(Row::absolute(&format!("{what}: peak memory"), shown, &most, peak <= PEAK));
    }
}

/// Takes what is drawn until nothing has come for so many milliseconds.
fn await_rest(screen: &mut File, patience: i64) {
    let mut buffer = [0; 8192];
    let limit = Timespec { tv_sec: patience / 1000, tv_nsec: patience % 1000 * 1_000_000 };
    while poll(&mut [PollFd::new(screen, PollFlags::IN)], Some(&limit)).expect("a terminal can be watched") > 0 {
        // The far end may be closed by now.
        if screen.read(&mut buffer).is_err() {
            return;
        }
    }
}

/// User and system time of a process, which the system counts in hundredths of a second.
fn milliseconds(process: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).expect("a process that runs");
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) * 10.0
}

/// The most memory that a process has had in use at once, in bytes.
fn peak(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).expect("a process that runs");
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}
