//! What it costs to wait for batches that take their time.

use std::path::Path;
use std::process::Command;

use crate::load::Emulator;
use crate::measure::Program;
use crate::table::{Row, grouped};

const BATCHES: usize = 50;
const PEAK: u64 = 16_000_000;

/// Measures `wait` for so many batches that end at the same time, half a minute after they begin.
pub fn wait(vsfb: &str, folder: &Path, rows: &mut Vec<Row>) {
    let emulator = Emulator::start(vsfb, folder, &["--file-time", "30s"]);
    let base_url = emulator.base_url();
    let create = || {
        let mut create = Command::new(vsfb);
        create.args(["create", "vs_1", "--file-id", "file-a", "--transform", "id", "-r"]).env_clear();
        create.env("OPENAI_BASE_URL", &base_url).env("OPENAI_API_KEY", "x").env("HOME", folder);
        String::from_utf8(create.output().expect("a batch").stdout).expect("an id")
    };
    let ids: Vec<String> = (0..BATCHES).map(|_| create().trim_end().to_owned()).collect();
    let wait =
        Program::new(vsfb, &["wait", "vs_1", "--quiet"]).with(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let wait =
        wait.variable("OPENAI_BASE_URL", &base_url).variable("OPENAI_API_KEY", "x").file_variable("HOME", folder);
    let cost = wait.run();
    let what = format!("wait for {BATCHES} batches that take {:.0} s", cost.wall.as_secs_f64());
    let share = cost.cpu.as_secs_f64() / cost.wall.as_secs_f64();
    rows.push(Row::absolute(
        &format!("{what}: CPU"),
        format!("{:.2} % of a core", share * 100.0),
        "< 1 %",
        share < 0.01,
    ));
    let (peak, most) = (format!("{} bytes", grouped(cost.peak)), format!("<= {} bytes", grouped(PEAK)));
    rows.push(Row::absolute(&format!("{what}: peak memory"), peak, &most, cost.peak <= PEAK));
}
