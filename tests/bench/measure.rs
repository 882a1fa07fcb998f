//! Runs a program as a whole process and tells what it cost.

use std::env;
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// The first argument of the benchmark when it is to measure one run and nothing else.
const MEASURE: &str = "--measure-one";

/// How many runs come before those that count, to have the files in memory.
const WARM_UPS: usize = 2;

/// A program with its arguments and all of its environment.
#[derive(Clone)]
pub struct Program {
    words: Vec<String>,
    variables: Vec<(String, String)>,
}

impl Program {
    pub fn new(path: &str, arguments: &[&str]) -> Self {
        let words = [path].iter().chain(arguments).map(|word| (*word).to_owned()).collect();
        Self { words, variables: Vec::new() }
    }

    /// Adds arguments that are paths or URLs.
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.words.extend(arguments.iter().map(|word| (*word).to_owned()));
        self
    }

    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    pub fn file_variable(self, name: &str, path: &Path) -> Self {
        self.variable(name, path.display().to_string())
    }

    /// Runs it once.
    ///
    /// The system counts a process's peak memory from the fork on, and so from the size of the process that forked.
    /// This one holds servers and all they were asked, so a second, fresh copy of it does the forking.
    pub fn run(&self) -> Cost {
        let mut helper = Command::new(env::current_exe().expect("the path of this program"));
        helper.arg(MEASURE).args(&self.words).env_clear().envs(self.variables.iter().cloned()).stdin(Stdio::null());
        let output = helper.stderr(Stdio::inherit()).output().expect("this program can be started again");
        let report = String::from_utf8_lossy(&output.stdout);
        let numbers: Vec<u64> = report.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let &[cpu, wall, peak] = numbers.as_slice() else {
            give_up(&format!("this could not be run: {}", self.words.join(" ")));
        };
        Cost { cpu: Duration::from_micros(cpu), wall: Duration::from_micros(wall), peak }
    }
}

/// What one run cost, or the median of several.
#[derive(Clone, Copy)]
pub struct Cost {
    /// User and system time.
    pub cpu: Duration,
    pub wall: Duration,
    /// The most memory it had in use at once, in bytes.
    pub peak: u64,
}

/// Runs all programs in turn, over and over, and gives the median cost of each.
pub fn medians(programs: &[&Program], runs: usize) -> Vec<Cost> {
    let mut costs = vec![Vec::new(); programs.len()];
    for run in 0..WARM_UPS + runs {
        for (program, costs) in programs.iter().zip(&mut costs) {
            let cost = program.run();
            if run >= WARM_UPS {
                costs.push(cost);
            }
        }
    }
    costs.iter().map(|costs| median_cost(costs)).collect()
}

fn median_cost(costs: &[Cost]) -> Cost {
    Cost {
        cpu: median(costs.iter().map(|cost| cost.cpu)),
        wall: median(costs.iter().map(|cost| cost.wall)),
        peak: median(costs.iter().map(|cost| cost.peak)),
    }
}

fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values[values.len() / 2]
}

/// If this process was started to measure one run, does so and ends.
pub fn measure_one_if_asked() {
    let mut words = env::args_os().skip(1);
    if words.next().is_none_or(|word| word != MEASURE) {
        return;
    }
    let program = words.next().expect("a program to measure");
    let mut command = Command::new(&program);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null());
    let begun = Instant::now();
    let mut child = command.spawn().unwrap_or_else(|error| give_up(&format!("{}: {error}", program.display())));
    let ended = child.wait4().expect("a child can be waited for");
    let wall = begun.elapsed();
    if !ended.status.success() {
        give_up(&format!("{}: {}", program.display(), ended.status));
    }
    let cpu = ended.rusage.utime + ended.rusage.stime;
    println!("{} {} {}", cpu.as_micros(), wall.as_micros(), ended.rusage.maxrss);
    process::exit(0);
}

/// Ends the benchmark: without this result it would say something that was not measured.
pub fn give_up(why: &str) -> ! {
    eprintln!("bench: {why}");
    process::exit(1);
}
