# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_vsfb_global_optspecs
    string join \n o/format= format-error= transform= transform-error= r/raw-output no-pager color= q/quiet debug base-url= api-key= organization= project= max-retries= request-timeout= mtls-client-cert-file= mtls-client-key-file= admin-api-key= webhook-secret= h/help v/version
end

function __fish_vsfb_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_vsfb_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_vsfb_using_subcommand
    set -l cmd (__fish_vsfb_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c vsfb -n "__fish_vsfb_needs_command" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_needs_command" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_needs_command" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_needs_command" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_needs_command" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_needs_command" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_needs_command" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_needs_command" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_needs_command" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_needs_command" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_needs_command" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_needs_command" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "create" -d 'Attach files to a vector store as file batches'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "retrieve" -d 'Show a file batch'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "cancel" -d 'Cancel a file batch'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "list-files" -d 'List the files of a file batch'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "wait" -d 'Wait until file batches have ended'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "retry" -d 'Attach the files that failed or were cancelled once more'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "sync" -d 'Bring files and folders into a store, and keep them the same'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "journal" -d 'List the batches that were created from here'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "doctor" -d 'Check key, network and certificates, and say what to do'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "emulator" -d 'Run the service on this machine, to try things and to test'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c vsfb -n "__fish_vsfb_needs_command" -f -a "help" -d 'Tell all about a command or a topic'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l vector-store-id -d 'The vector store (required)' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l file-id -d 'A file\'s id; repeat it for each file' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l file -d 'A file with attributes of its own' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l file.file-id -d 'The id in the last --file, or in a new one where it has its id' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l file.attributes -d 'The same for its attributes' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l file.chunking-strategy -d 'The same for its chunking strategy' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l files-from -d 'Any number of files, from a manifest' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l files-format -d 'What the manifest is written in [default: what its name ends with, else its first line, tells]' -r -f -a "ids\t''
jsonl\t''
json\t''
csv\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l attributes -d 'Attributes of all files; repeatable' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l chunking-strategy -d 'How all files are cut into chunks' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l body -d 'The request as a map; `-` is stdin' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l batch-size -d 'Files in one batch; more go into several, one after another [default: 2000, which is the most]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l rate -d 'How many files are sent in a minute, or `off`; of one store the service takes 300 batches in a minute [default: 2000]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l timeout -d 'How long at most [default: 30m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l stall-timeout -d 'Give up when nothing moves so long' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l poll-interval -d 'Time between two looks at a batch' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l no-validate -d 'Send the request as it stands, though the service is known to refuse it; of a manifest, whatever has an id'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l dry-run -d 'Show the request and send nothing'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l resume -d 'Go on with a run that broke off'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l wait -d 'Wait until the batch has ended'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l fail-fast -d 'Give up at the first failed file'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l cancel-on-interrupt -d 'Ctrl-C cancels the batch'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand create" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l vector-store-id -d 'The vector store (required)' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l batch-id -d 'The file batch (required)' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l body -d 'A map with the ids; `-` is stdin' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l last -d 'The batch created last from here'
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand retrieve" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l vector-store-id -d 'The vector store (required)' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l batch-id -d 'The file batch (required)' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l body -d 'A map with the ids; `-` is stdin' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l timeout -d 'How long at most [default: 30m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l stall-timeout -d 'Give up when nothing moves so long' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l poll-interval -d 'Time between two looks at a batch' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l last -d 'The batch created last from here'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l dry-run -d 'Show the request and send nothing'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l wait -d 'Wait until the batch has ended'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l fail-fast -d 'Give up at the first failed file'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l cancel-on-interrupt -d 'Ctrl-C cancels the batch'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand cancel" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l vector-store-id -d 'The vector store (required)' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l batch-id -d 'The file batch (required)' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l body -d 'A map with the ids; `-` is stdin' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l filter -d 'Only files in this state' -r -f -a "in_progress\t''
completed\t''
failed\t''
cancelled\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l order -d 'By creation time: asc, or desc' -r -f -a "asc\t''
desc\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l limit -d 'Files in one request, 1 to 100' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l after -d 'Begin after this file' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l before -d 'End before this file' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l max-items -d 'List at most so many files' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l last -d 'The batch created last from here'
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand list-files" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l vector-store-id -d 'The vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l batch-id -d 'A file batch (required); repeatable' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l timeout -d 'How long at most [default: 30m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l stall-timeout -d 'Give up when nothing moves so long' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l poll-interval -d 'Time between two looks at a batch' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l last -d 'The batch created last from here'
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l fail-fast -d 'Give up at the first failed file'
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l cancel-on-interrupt -d 'Ctrl-C cancels the batch'
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand wait" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l vector-store-id -d 'The vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l batch-id -d 'A file batch (required); repeatable' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l batch-size -d 'Files in one batch; more go into several, one after another [default: 2000, which is the most]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l rate -d 'How many files are sent in a minute, or `off`; of one store the service takes 300 batches in a minute [default: 2000]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l timeout -d 'How long at most [default: 30m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l stall-timeout -d 'Give up when nothing moves so long' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l poll-interval -d 'Time between two looks at a batch' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l last -d 'The batch created last from here'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l all -d 'Those that would fail again, too'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l dry-run -d 'Show the request and create nothing'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l resume -d 'Go on with a run that broke off'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l wait -d 'Wait until the batch has ended'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l fail-fast -d 'Give up at the first failed file'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l cancel-on-interrupt -d 'Ctrl-C cancels the batch'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand retry" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l vector-store-id -d 'The vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l source -d 'What they are known by in the store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l paths-from -d 'A list of paths; `-` is stdin' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l include -d 'Only files that match; repeatable' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l exclude -d 'No files that match; repeatable' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l attributes -d 'Attributes of all files; repeatable' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l attributes-from -d 'Attributes by path: CSV with a column `path`, or JSON Lines with `path` and `attributes`' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l chunking-strategy -d 'How all files are cut into chunks' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l jobs -d 'Uploads at once' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l batch-size -d 'Files in one batch, which is created as soon as they are uploaded; 2000 at most [default: 200]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l rate -d 'How many files are attached in a minute, or `off`, which also lifts the limit of 1000 uploads a minute [default: 2000]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l timeout -d 'How long at most [default: 30m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l stall-timeout -d 'Give up when nothing moves so long' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l poll-interval -d 'Time between two looks at a batch' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l hidden -d 'Hidden files and folders, too'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l no-ignore -d 'What .gitignore leaves out, too'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l as-text -d 'Send text whose extension the service does not take as .txt'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l skip-invalid -d 'Go on without files that the service would refuse'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l dry-run -d 'Show what would be done; do nothing'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l prune -d 'Take away what is no longer here'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l yes -d 'Do not ask before taking files away'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l delete-orphans -d 'Delete what was uploaded and cannot be attached, now or by a run that broke off; not while others upload the same files'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l fail-fast -d 'Give up at the first failed file'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l cancel-on-interrupt -d 'Ctrl-C cancels the batch'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand sync" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l vector-store-id -d 'Only batches of this vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l filter -d 'Only batches in this state' -r -f -a "in_progress\t''
completed\t''
failed\t''
cancelled\t''
sending\t''
lost\t''
found\t''
created\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l max-items -d 'List at most so many batches' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l refresh -d 'Ask the service how open ones stand'
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand journal" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand doctor" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l host -d 'The address to listen on, or `localhost`' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l port -d 'The port; 0 is any free one [default: 4010]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l file-time -d 'How long a file takes to process' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l parallel -d 'How many files of a batch are processed at once' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l limits -d 'Whether limits per minute hold' -r -f -a "on\t''
off\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l fault -d 'What goes wrong; repeatable' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l seed -d 'What ids and chance are made from' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l record -d 'Append each request to this file' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l allow-remote -d 'Let other machines in; whoever reaches the port can use it'
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l strict -d 'Only what was created here exists'
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l list-faults -d 'Show what can go wrong, and end'
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand emulator" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand completions" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -s o -l format -d 'How data is written: json, table, …' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l format-error -d 'How the service\'s error is written on stderr [default: auto, which is JSON]' -r -f -a "auto\t''
json\t''
jsonl\t''
raw\t''
yaml\t''
table\t''
csv\t''
pretty\t''
explore\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l transform -d 'Only what this GJSON path selects' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l transform-error -d 'The same for the service\'s error' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l color -d 'When to colour [default: auto, which is on a terminal]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l base-url -d 'Where the service is [default: `https://api.openai.com/v1`]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l api-key -d 'The API key; `OPENAI_API_KEY` keeps it out of the process list' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l organization -d 'The organization that is charged' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l project -d 'The project that owns the vector store' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l max-retries -d 'How often a request is repeated after a passing failure [default: 2]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l request-timeout -d 'How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l mtls-client-cert-file -d 'PEM file of the client certificate for mutual TLS' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l mtls-client-key-file -d 'PEM file of the client certificate\'s key' -r -F
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l admin-api-key -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l webhook-secret -d 'Accepted for scripts of the official program, unused' -r
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -s r -l raw-output -d 'Print strings without quotes'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l no-pager -d 'Show lists that outgrow the terminal without a pager'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -s q -l quiet -d 'No notes and no warnings; errors stay'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -l debug -d 'Show each request and answer on stderr, secrets hidden'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -s h -l help -d 'A summary; --help is all'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -s v -l version -d 'Print the version'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "create" -d 'Attach files to a vector store as file batches'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "retrieve" -d 'Show a file batch'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "cancel" -d 'Cancel a file batch'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "list-files" -d 'List the files of a file batch'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "wait" -d 'Wait until file batches have ended'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "retry" -d 'Attach the files that failed or were cancelled once more'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "sync" -d 'Bring files and folders into a store, and keep them the same'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "journal" -d 'List the batches that were created from here'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "doctor" -d 'Check key, network and certificates, and say what to do'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "emulator" -d 'Run the service on this machine, to try things and to test'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "completions" -d 'Print a completion script for a shell'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "values" -d 'how maps, KEY=VALUE, references, durations and globs are read'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "stdin" -d 'what is read from stdin, and when'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "exit-status" -d 'what the exit status says'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "environment" -d 'the variables that count'
complete -c vsfb -n "__fish_vsfb_using_subcommand help; and not __fish_seen_subcommand_from create retrieve cancel list-files wait retry sync journal doctor emulator completions values stdin exit-status environment formats" -f -a "formats" -d 'how data is written: formats, parts, colours'
