//! The man pages, generated from the definition of the command line and kept under `man/`.
//!
//! Only tests are built with this: users get the files, not the generator.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::Cli;
use crate::help::{Part, TOPICS, sections};

/// What no definition of flags says.
const FILES: [(&str, &str); 3] = [
    (
        "~/.local/state/vsfb/batches.jsonl",
        "the journal of the batches that were created from here, unless VSFB_JOURNAL says otherwise",
    ),
    ("/etc/ssl/certs", "the system's certificate authorities, unless SSL_CERT_FILE or SSL_CERT_DIR names others"),
    ("/usr/share/zoneinfo", "time zones, for the times in tables"),
];

/// Every page by its file name.
fn pages() -> Vec<(String, String)> {
    let mut root = Cli::command();
    root.build();
    let names: Vec<_> = root.get_subcommands().map(|command| format!("vsfb-{}", command.get_name())).collect();
    let mut pages = vec![("vsfb.1".to_owned(), page(&root, &names))];
    for command in root.get_subcommands() {
        let name = format!("vsfb-{}", command.get_name());
        pages.push((format!("{name}.1"), page(command, &["vsfb".to_owned()])));
    }
    pages
}

fn page(command: &Command, see_also: &[String]) -> String {
    // The generator leaves out what is said of a flag that `-h` leaves out.
    let whole = command.clone().mut_args(|flag| flag.hide_short_help(false));
    let man = Man::new(whole).date("").manual("vsfb manual");
    let mut page = Vec::new();
    man.render_title(&mut page).unwrap();
    man.render_name_section(&mut page).unwrap();
    man.render_synopsis_section(&mut page).unwrap();
    man.render_description_section(&mut page).unwrap();
    man.render_options_section(&mut page).unwrap();
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page).unwrap();
    }
    let mut roff = Roff::new();
    let extra = sections(command, usize::MAX);
    if command.has_subcommands() {
        topics(&mut roff);
    }
    for section in extra.split("\n\n") {
        let (heading, text) = section.split_once(":\n").unwrap();
        // Of the page about everything the topics are sections.
        if !command.has_subcommands() || heading == "Examples" {
            roff.control("SH", [heading.to_uppercase().as_str()]);
            section_text(&mut roff, heading, text);
        }
    }
    if command.has_subcommands() {
        roff.control("SH", ["FILES"]);
        entries(&mut roff, FILES.into_iter());
    }
    roff.control("SH", ["SEE ALSO"]);
    roff.text([roman(see_also.iter().map(|name| format!("{name}(1)")).collect::<Vec<_>>().join(", "))]);
    page.extend(roff.to_roff().into_bytes());
    String::from_utf8(page).unwrap()
}

/// What `vsfb help TOPIC` tells.
fn topics(roff: &mut Roff) {
    for topic in TOPICS {
        roff.control("SH", [topic.name.to_uppercase().replace('-', " ").as_str()]);
        for (heading, part) in topic.sections {
            if heading.to_uppercase() != topic.name.to_uppercase().replace('-', " ") {
                roff.control("SS", [*heading]);
            }
            match part {
                Part::Prose(texts) => prose(roff, texts.iter().copied()),
                Part::Entries(rows) => entries(roff, rows.iter().copied()),
                Part::Examples(lines) => examples(roff, lines.iter().copied()),
            }
        }
    }
}

/// Names with what they mean become entries; examples and prose keep their lines.
fn section_text(roff: &mut Roff, heading: &str, text: &str) {
    if matches!(heading, "Environment" | "Exit status") {
        return entries(roff, text.lines().map(|line| line.trim().split_once("  ").unwrap()));
    }
    let lines = text.lines().map(str::trim);
    if heading == "Examples" { examples(roff, lines) } else { prose(roff, lines) }
}

fn prose<'a>(roff: &mut Roff, texts: impl Iterator<Item = &'a str>) {
    for (index, text) in texts.enumerate() {
        if index > 0 {
            roff.control("PP", []);
        }
        roff.text([roman(text)]);
    }
}

fn examples<'a>(roff: &mut Roff, lines: impl Iterator<Item = &'a str>) {
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
}

fn entries<'a>(roff: &mut Roff, entries: impl Iterator<Item = (&'a str, &'a str)>) {
    for (name, text) in entries {
        roff.control("TP", []);
        roff.text([bold(name)]);
        roff.text([roman(text.trim())]);
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("man")
}

#[test]
fn the_man_pages_are_those_of_the_program() {
    let pages = pages();
    for (name, page) in &pages {
        let kept = fs::read_to_string(folder().join(name)).unwrap_or_default();
        assert!(kept == *page, "man/{name} is stale; CONTRIBUTING.md says how to write it anew");
    }
    let mut kept: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let mut names: Vec<_> = pages.iter().map(|(name, _)| name.into()).collect::<Vec<std::ffi::OsString>>();
    kept.sort();
    names.sort();
    assert_eq!(kept, names, "man/ holds these pages and no others");
}

#[test]
#[ignore = "writes man/ anew"]
fn write_the_man_pages() {
    fs::create_dir_all(folder()).unwrap();
    for (name, page) in pages() {
        fs::write(folder().join(name), page).unwrap();
    }
}
