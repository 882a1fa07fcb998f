//! `vsfb completions`

use clap::{Args, ValueEnum};
use clap_complete::Generator;
use clap_complete::shells::{Bash, Elvish, Fish, PowerShell, Zsh};
use clap_complete_nushell::Nushell;

use crate::cli::definition;
use crate::context::Context;
use crate::exit::Exit;
use crate::help;

/// Print a completion script for a shell
///
/// Put what it prints where the shell looks for completions; the README says where that is.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb completions <SHELL>",
    after_long_help = "Examples:
  vsfb completions bash > ~/.local/share/bash-completion/completions/vsfb
  vsfb completions fish > ~/.config/fish/completions/vsfb.fish"
)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", help_heading = "Target")]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
    Nushell,
}

pub(crate) fn run(args: &CompletionsArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let script = match args.shell {
        Shell::Bash => script(Bash),
        Shell::Zsh => script(Zsh),
        Shell::Fish => script(Fish),
        Shell::Powershell => script(PowerShell),
        Shell::Elvish => script(Elvish),
        Shell::Nushell => script(Nushell),
    };
    context.ui.print(&script?)?;
    Ok(Exit::Success)
}

fn script(shell: impl Generator) -> anyhow::Result<String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut help::complete(definition()), "vsfb", &mut script);
    Ok(String::from_utf8(script)?)
}
