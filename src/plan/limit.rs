//! The limit on a batch's files that a service states when it refuses one: compatible servers have their own.

/// What comes before the number in the words of the services that are known.
const LEADS: [&str; 14] = [
    "maximum length",
    "max length",
    "maximum number of",
    "maximum size",
    "maxitems",
    "max_items",
    "maximum",
    "at most",
    "no more than",
    "more than",
    "up to",
    "less than or equal to",
    "limit",
    "exceeds",
];
/// What may stand between these words and the number.
const FILLERS: [&str; 12] =
    ["of", "is", "are", "allowed", "files", "file_ids", "file", "ids", "items", "elements", "the", "was"];
/// Words of refusals that are about something else than how many there are.
const OTHERS: [&str; 8] = ["string", "character", "token", "byte", "attribute", "rate limit", "per minute", "megabyte"];

/// The number of files that a refusal says a batch may have, if it says so.
///
/// `message` is the service's own. A number that is no smaller than the batch that was refused is no help, which is for
/// the caller to see.
pub(crate) fn stated_limit(message: &str) -> Option<usize> {
    let message = message.to_lowercase();
    if OTHERS.iter().any(|other| message.contains(other)) {
        return None;
    }
    LEADS.iter().find_map(|lead| message.split(lead).skip(1).find_map(number_after_fillers))
}

/// The number at the beginning of `text`, behind words that mean nothing.
fn number_after_fillers(text: &str) -> Option<usize> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|character: char| character.is_whitespace() || ":=`'\"()<>".contains(character));
        let word = rest.split(|character: char| !character.is_ascii_lowercase() && character != '_').next()?;
        if word.is_empty() {
            break;
        }
        rest = FILLERS.contains(&word).then(|| rest.get(word.len()..)).flatten()?;
    }
    let end = rest.find(|character: char| !character.is_ascii_digit() && !",_".contains(character));
    let (digits, after) = rest.split_at(end.unwrap_or(rest.len()));
    let unit = after.split_whitespace().next().unwrap_or_default();
    let is_size = ["kb", "mb", "gb", "kib", "mib", "gib", "%"].iter().any(|name| unit.starts_with(name));
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|number| *number > 0 && !is_size)
}

#[cfg(test)]
mod tests {
    use super::stated_limit;

    #[test]
    fn a_limit_is_read_out_of_a_refusal() {
        let cases = [
            ("Invalid 'file_ids': array too long; expected an array with maximum length 500, got one of 2000.", 500),
            ("file_ids holds 2000 entries, but at most 500 are taken", 500),
            ("List should have at most 100 items after validation, not 600", 100),
            ("too many files: 2000 (maximum 250)", 250),
            ("A batch can have a maximum of 1,000 files.", 1000),
            ("The maximum number of files is 64.", 64),
            ("The maximum number of files allowed: 64", 64),
            ("No more than 10 files, please", 10),
            ("cannot attach more than `20` files in a batch", 20),
            ("file_ids: maxItems = 30", 30),
            ("2000 is over the limit of 500 files per batch", 500),
            ("length 2000 exceeds the limit: 500", 500),
            ("the number of file_ids must be less than or equal to 5", 5),
            ("you can send up to 7 ids.", 7),
            ("Maximum length: 500.", 500),
        ];
        for (message, limit) in cases {
            assert_eq!(stated_limit(message), Some(limit), "{message}");
        }
    }

    #[test]
    fn other_refusals_state_no_limit() {
        let messages = [
            "",
            "No such vector store: vs_500",
            "file-500 cannot be found",
            "Invalid 'files[3].attributes.k': string too long; the maximum length is 512.",
            "key has 70 characters; at most 64 are allowed",
            "files[0].chunking_strategy: max_chunk_size_tokens must be at most 4096",
            "The file is larger than the maximum of 512 MB",
            "at most 0 files",
            "at most many files",
            "maximum length 99999999999999999999999",
            "the limit",
            "Rate limit reached: limit 2000",
        ];
        for message in messages {
            assert_eq!(stated_limit(message), None, "{message}");
        }
    }
}
