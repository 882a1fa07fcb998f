
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'vsfb' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'vsfb'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'vsfb' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Attach files to a vector store as file batches')
            [CompletionResult]::new('retrieve', 'retrieve', [CompletionResultType]::ParameterValue, 'Show a file batch')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'Cancel a file batch')
            [CompletionResult]::new('list-files', 'list-files', [CompletionResultType]::ParameterValue, 'List the files of a file batch')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until file batches have ended')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Create a new batch from the files of a batch that failed or were cancelled')
            [CompletionResult]::new('journal', 'journal', [CompletionResultType]::ParameterValue, 'List the batches that were created from here')
            [CompletionResult]::new('emulator', 'emulator', [CompletionResultType]::ParameterValue, 'Run the service on this machine, to try things out and to test against')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vsfb;create' {
            [CompletionResult]::new('--vector-store-id', '--vector-store-id', [CompletionResultType]::ParameterName, 'The vector store (required; the first argument or `vector_store_id` on stdin do as well)')
            [CompletionResult]::new('--file-id', '--file-id', [CompletionResultType]::ParameterName, 'A file''s id; repeat it for each file')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'A file with its own attributes or chunking_strategy; repeat it for each file')
            [CompletionResult]::new('--file.file-id', '--file.file-id', [CompletionResultType]::ParameterName, 'The id in the last --file, or in a new one where it has its id')
            [CompletionResult]::new('--file.attributes', '--file.attributes', [CompletionResultType]::ParameterName, 'The same for its attributes')
            [CompletionResult]::new('--file.chunking-strategy', '--file.chunking-strategy', [CompletionResultType]::ParameterName, 'The same for its chunking strategy')
            [CompletionResult]::new('--files-from', '--files-from', [CompletionResultType]::ParameterName, 'Take the files from this manifest, or from stdin with `-`; any number of them')
            [CompletionResult]::new('--files-format', '--files-format', [CompletionResultType]::ParameterName, 'What the manifest is written in [default: what its name ends with, else its first line, tells]')
            [CompletionResult]::new('--attributes', '--attributes', [CompletionResultType]::ParameterName, 'Attributes of all files: a map or key=value; repeat it to add more, where a later key wins')
            [CompletionResult]::new('--chunking-strategy', '--chunking-strategy', [CompletionResultType]::ParameterName, 'How all files are cut into chunks: auto, static:MAX:OVERLAP in tokens, or a map [the service''s default: auto]')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Read the request from a YAML or JSON map in this file, or on stdin with `-`; flags win')
            [CompletionResult]::new('--batch-size', '--batch-size', [CompletionResultType]::ParameterName, 'Files in one batch; more go into several, one after another [default: 2000, which is the most]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many files are sent in a minute, or `off`; of one store the service takes 300 batches in a minute [default: 2000]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait at most, requests and their repetitions included; 0 looks once [default: 30m]')
            [CompletionResult]::new('--stall-timeout', '--stall-timeout', [CompletionResultType]::ParameterName, 'Give up when no count has moved for so long [default: never]')
            [CompletionResult]::new('--poll-interval', '--poll-interval', [CompletionResultType]::ParameterName, 'Time between two looks at a batch [default: what the service asks for, else 0.25 s growing to 10 s]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--no-validate', '--no-validate', [CompletionResultType]::ParameterName, 'Send the request as it stands, though the service is known to refuse it; of a manifest, whatever has an id')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the body that would be sent, show the request on stderr and send nothing; needs no key. Of several batches, print how many they are and how long they take')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with the last run of the same files where it broke off, and attach nothing twice; not for a run that is still under way. See `vsfb journal`')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait until the batch has ended, and print it as it is then')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Give up at the first failed file; the batch goes on')
            [CompletionResult]::new('--cancel-on-interrupt', '--cancel-on-interrupt', [CompletionResultType]::ParameterName, 'Ctrl-C and SIGTERM cancel the batch, which otherwise goes on')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vsfb;retrieve' {
            [CompletionResult]::new('--vector-store-id', '--vector-store-id', [CompletionResultType]::ParameterName, 'The vector store (required; the first argument or `vector_store_id` on stdin do as well)')
            [CompletionResult]::new('--batch-id', '--batch-id', [CompletionResultType]::ParameterName, 'The file batch (required; the next argument, `batch_id` or a whole batch on stdin do as well)')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Read the ids from a YAML or JSON map in this file, or on stdin with `-`; flags win')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The batch that was created last from here, in any store or in that of --vector-store-id; see `vsfb journal`')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vsfb;cancel' {
            [CompletionResult]::new('--vector-store-id', '--vector-store-id', [CompletionResultType]::ParameterName, 'The vector store (required; the first argument or `vector_store_id` on stdin do as well)')
            [CompletionResult]::new('--batch-id', '--batch-id', [CompletionResultType]::ParameterName, 'The file batch (required; the next argument, `batch_id` or a whole batch on stdin do as well)')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Read the ids from a YAML or JSON map in this file, or on stdin with `-`; flags win')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait at most, requests and their repetitions included; 0 looks once [default: 30m]')
            [CompletionResult]::new('--stall-timeout', '--stall-timeout', [CompletionResultType]::ParameterName, 'Give up when no count has moved for so long [default: never]')
            [CompletionResult]::new('--poll-interval', '--poll-interval', [CompletionResultType]::ParameterName, 'Time between two looks at a batch [default: what the service asks for, else 0.25 s growing to 10 s]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The batch that was created last from here, in any store or in that of --vector-store-id; see `vsfb journal`')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait until the batch has ended, and print it as it is then')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Give up at the first failed file; the batch goes on')
            [CompletionResult]::new('--cancel-on-interrupt', '--cancel-on-interrupt', [CompletionResultType]::ParameterName, 'Ctrl-C and SIGTERM cancel the batch, which otherwise goes on')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request on stderr and send nothing; needs no key')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vsfb;list-files' {
            [CompletionResult]::new('--vector-store-id', '--vector-store-id', [CompletionResultType]::ParameterName, 'The vector store (required; the first argument or `vector_store_id` on stdin do as well)')
            [CompletionResult]::new('--batch-id', '--batch-id', [CompletionResultType]::ParameterName, 'The file batch (required; the next argument, `batch_id` or a whole batch on stdin do as well)')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Read the ids from a YAML or JSON map in this file, or on stdin with `-`; flags win')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Only files in this state')
            [CompletionResult]::new('--order', '--order', [CompletionResultType]::ParameterName, 'By creation time [the service''s default: desc]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Files in one request, 1 to 100 [default: as many as are needed]')
            [CompletionResult]::new('--after', '--after', [CompletionResultType]::ParameterName, 'Begin after this file')
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'End before this file')
            [CompletionResult]::new('--max-items', '--max-items', [CompletionResultType]::ParameterName, 'List at most so many files; a negative number means all [default: all]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The batch that was created last from here, in any store or in that of --vector-store-id; see `vsfb journal`')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vsfb;wait' {
            [CompletionResult]::new('--vector-store-id', '--vector-store-id', [CompletionResultType]::ParameterName, 'The vector store (a first argument that begins with `vs_`, the batches on stdin or the journal do as well)')
            [CompletionResult]::new('--batch-id', '--batch-id', [CompletionResultType]::ParameterName, 'A file batch (required; arguments or the batches on stdin do as well); repeat it')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait at most, requests and their repetitions included; 0 looks once [default: 30m]')
            [CompletionResult]::new('--stall-timeout', '--stall-timeout', [CompletionResultType]::ParameterName, 'Give up when no count has moved for so long [default: never]')
            [CompletionResult]::new('--poll-interval', '--poll-interval', [CompletionResultType]::ParameterName, 'Time between two looks at a batch [default: what the service asks for, else 0.25 s growing to 10 s]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The batch that was created last from here, with all batches of the same run, in any store or in the one that is given; see `vsfb journal`')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Give up at the first failed file; the batch goes on')
            [CompletionResult]::new('--cancel-on-interrupt', '--cancel-on-interrupt', [CompletionResultType]::ParameterName, 'Ctrl-C and SIGTERM cancel the batch, which otherwise goes on')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vsfb;retry' {
            [CompletionResult]::new('--vector-store-id', '--vector-store-id', [CompletionResultType]::ParameterName, 'The vector store (a first argument that begins with `vs_`, the batches on stdin or the journal do as well)')
            [CompletionResult]::new('--batch-id', '--batch-id', [CompletionResultType]::ParameterName, 'A file batch (required; arguments or the batches on stdin do as well); repeat it')
            [CompletionResult]::new('--batch-size', '--batch-size', [CompletionResultType]::ParameterName, 'Files in one batch; more go into several, one after another [default: 2000, which is the most]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'How many files are sent in a minute, or `off`; of one store the service takes 300 batches in a minute [default: 2000]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait at most, requests and their repetitions included; 0 looks once [default: 30m]')
            [CompletionResult]::new('--stall-timeout', '--stall-timeout', [CompletionResultType]::ParameterName, 'Give up when no count has moved for so long [default: never]')
            [CompletionResult]::new('--poll-interval', '--poll-interval', [CompletionResultType]::ParameterName, 'Time between two looks at a batch [default: what the service asks for, else 0.25 s growing to 10 s]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The batch that was created last from here, with all batches of the same run, in any store or in the one that is given; see `vsfb journal`')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Retry the files that failed for reasons of their own, too')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'List the files, print the body that would be sent, show the request on stderr, and create nothing')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with the last run of the same files where it broke off, and attach nothing twice; not for a run that is still under way. See `vsfb journal`')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait until the batch has ended, and print it as it is then')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Give up at the first failed file; the batch goes on')
            [CompletionResult]::new('--cancel-on-interrupt', '--cancel-on-interrupt', [CompletionResultType]::ParameterName, 'Ctrl-C and SIGTERM cancel the batch, which otherwise goes on')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vsfb;journal' {
            [CompletionResult]::new('--vector-store-id', '--vector-store-id', [CompletionResultType]::ParameterName, 'Only batches of this vector store')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Only batches in this state')
            [CompletionResult]::new('--max-items', '--max-items', [CompletionResultType]::ParameterName, 'List at most so many batches; a negative number means all [default: all]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Ask the service for those that had not ended when they were last heard of')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vsfb;emulator' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The address to listen on, or `localhost`')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port to listen on; 0 is any free one [default: 4010, or a free one with a COMMAND]')
            [CompletionResult]::new('--file-time', '--file-time', [CompletionResultType]::ParameterName, 'How long a file takes to process, such as `0`, `500ms` or `2s`')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'How many files of a batch are processed at once')
            [CompletionResult]::new('--limits', '--limits', [CompletionResultType]::ParameterName, 'Whether the service''s limits per minute hold')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'What goes wrong; repeat it. The header `X-Vsfb-Fault` does the same for one request')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'What ids and chance are made from: the same number and the same requests give the same answers [default: random]')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Append each request to this file as a line of JSON, without headers')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Let other machines in; whoever reaches the port can use it')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Only what was created here exists')
            [CompletionResult]::new('--list-faults', '--list-faults', [CompletionResultType]::ParameterName, 'Show what can go wrong, and end')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vsfb;completions' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform')
            [CompletionResult]::new('--format-error', '--format-error', [CompletionResultType]::ParameterName, 'How the service''s error is written on stderr [default: auto, which is JSON]')
            [CompletionResult]::new('--transform', '--transform', [CompletionResultType]::ParameterName, 'Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item')
            [CompletionResult]::new('--transform-error', '--transform-error', [CompletionResultType]::ParameterName, 'The same for the service''s error')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour [default: auto, which is on a terminal]')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Where the service is [default: `https://api.openai.com/v1`]')
            [CompletionResult]::new('--api-key', '--api-key', [CompletionResultType]::ParameterName, 'The API key; `OPENAI_API_KEY` keeps it out of the process list')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The organization that is charged')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project that owns the vector store')
            [CompletionResult]::new('--max-retries', '--max-retries', [CompletionResultType]::ParameterName, 'How often a request is repeated after a passing failure [default: 2]')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]')
            [CompletionResult]::new('--mtls-client-cert-file', '--mtls-client-cert-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate for mutual TLS')
            [CompletionResult]::new('--mtls-client-key-file', '--mtls-client-key-file', [CompletionResultType]::ParameterName, 'PEM file of the client certificate''s key')
            [CompletionResult]::new('--admin-api-key', '--admin-api-key', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('--webhook-secret', '--webhook-secret', [CompletionResultType]::ParameterName, 'Accepted for scripts of the official program, unused')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('--raw-output', '--raw-output', [CompletionResultType]::ParameterName, 'Print strings without quotes')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No notes and no warnings; errors stay')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Show each request and answer on stderr, secrets hidden')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vsfb;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Attach files to a vector store as file batches')
            [CompletionResult]::new('retrieve', 'retrieve', [CompletionResultType]::ParameterValue, 'Show a file batch')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'Cancel a file batch')
            [CompletionResult]::new('list-files', 'list-files', [CompletionResultType]::ParameterValue, 'List the files of a file batch')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until file batches have ended')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Create a new batch from the files of a batch that failed or were cancelled')
            [CompletionResult]::new('journal', 'journal', [CompletionResultType]::ParameterValue, 'List the batches that were created from here')
            [CompletionResult]::new('emulator', 'emulator', [CompletionResultType]::ParameterValue, 'Run the service on this machine, to try things out and to test against')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vsfb;help;create' {
            break
        }
        'vsfb;help;retrieve' {
            break
        }
        'vsfb;help;cancel' {
            break
        }
        'vsfb;help;list-files' {
            break
        }
        'vsfb;help;wait' {
            break
        }
        'vsfb;help;retry' {
            break
        }
        'vsfb;help;journal' {
            break
        }
        'vsfb;help;emulator' {
            break
        }
        'vsfb;help;completions' {
            break
        }
        'vsfb;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
