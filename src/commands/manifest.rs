//! The flags that take the files from a manifest.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::input::UsageError;
use crate::input::manifest::{Manifest, ManifestFormat};
use crate::input::stdin::Stdin;

/// `--files-from` and `--files-format`.
#[derive(Args, Debug)]
pub(crate) struct ManifestArgs {
    /// Any number of files, from a manifest
    ///
    /// With `-` from stdin.
    #[arg(long, value_name = "PATH", help_heading = "Files")]
    files_from: Option<String>,

    /// What the manifest is written in [default: what its name ends with, else its first line, tells]
    #[arg(
        long,
        value_name = "FORMAT",
        requires = "files_from",
        ignore_case = true,
        value_parser = format_parser(),
        help_heading = "Files",
        hide_short_help = true
    )]
    files_format: Option<ManifestFormat>,
}

impl ManifestArgs {
    /// The manifest, if one is given.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn open(&self, stdin: &mut Stdin) -> Result<Option<Manifest>, UsageError> {
        self.files_from.as_deref().map(|path| Manifest::open(path, self.files_format, stdin)).transpose()
    }

    /// Where the manifest is, as it was typed.
    pub(crate) fn path(&self) -> Option<&str> {
        self.files_from.as_deref()
    }
}

fn format_parser() -> impl TypedValueParser<Value = ManifestFormat> {
    PossibleValuesParser::new(ManifestFormat::names())
        .try_map(|name| ManifestFormat::named(&name).ok_or_else(|| format!("unknown format {name}")))
}

#[cfg(test)]
mod tests {
    use super::ManifestArgs;
    use crate::input::manifest::ManifestFormat;
    use clap::{Args as _, FromArgMatches as _};

    fn read(words: &[&str]) -> Result<ManifestArgs, clap::Error> {
        let command = ManifestArgs::augment_args(clap::Command::new("create").no_binary_name(true));
        command.try_get_matches_from(words).and_then(|matches| ManifestArgs::from_arg_matches(&matches))
    }

    #[test]
    fn a_format_needs_its_manifest() {
        let args = read(&["--files-from", "-", "--files-format", "CSV"]).unwrap();
        assert_eq!((args.path(), args.files_format), (Some("-"), Some(ManifestFormat::Csv)));
        assert!(read(&["--files-format", "csv"]).is_err());
        assert!(read(&["--files-from", "a", "--files-format", "yaml"]).is_err());
        assert!(read(&[]).unwrap().open(&mut crate::input::stdin::Stdin::default()).unwrap().is_none());
    }
}
