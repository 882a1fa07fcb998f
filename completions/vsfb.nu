module completions {

  def "nu-complete vsfb format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb color" [] {
    [ "auto" "always" "never" ]
  }

  # The command line for OpenAI vector store file batches
  export extern vsfb [
    --format(-o): string@"nu-complete vsfb format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete vsfb create files_format" [] {
    [ "ids" "jsonl" "json" "csv" ]
  }

  def "nu-complete vsfb create format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb create format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb create color" [] {
    [ "auto" "always" "never" ]
  }

  # Attach files to a vector store as file batches
  export extern "vsfb create" [
    --vector-store-id: string # The vector store (required; the first argument or `vector_store_id` on stdin do as well)
    --file-id: string         # A file's id; repeat it for each file
    --file: string            # A file with its own attributes or chunking_strategy; repeat it for each file
    --file.file-id: string    # The id in the last --file, or in a new one where it has its id
    --file.attributes: string # The same for its attributes
    --file.chunking-strategy: string # The same for its chunking strategy
    --files-from: string      # Take the files from this manifest, or from stdin with `-`; any number of them
    --files-format: string@"nu-complete vsfb create files_format" # What the manifest is written in [default: what its name ends with, else its first line, tells]
    --attributes: string      # Attributes of all files: a map or key=value; repeat it to add more, where a later key wins
    --chunking-strategy: string # How all files are cut into chunks: auto, static:MAX:OVERLAP in tokens, or a map [the service's default: auto]
    --body: string            # Read the request from a YAML or JSON map in this file, or on stdin with `-`; flags win
    --no-validate             # Send the request as it stands, though the service is known to refuse it; of a manifest, whatever has an id
    --dry-run                 # Print the body that would be sent, show the request on stderr and send nothing; needs no key. Of several batches, print how many they are and how long they take
    --batch-size: string      # Files in one batch; more go into several, one after another [default: 2000, which is the most]
    --rate: string            # How many files are sent in a minute, or `off`; of one store the service takes 300 batches in a minute [default: 2000]
    --resume                  # Go on with the last run of the same files where it broke off, and attach nothing twice; not for a run that is still under way. See `vsfb journal`
    --wait                    # Wait until the batch has ended, and print it as it is then
    --timeout: string         # How long to wait at most, requests and their repetitions included; 0 looks once [default: 30m]
    --stall-timeout: string   # Give up when no count has moved for so long [default: never]
    --fail-fast               # Give up at the first failed file; the batch goes on
    --poll-interval: string   # Time between two looks at a batch [default: what the service asks for, else 0.25 s growing to 10 s]
    --cancel-on-interrupt     # Ctrl-C and SIGTERM cancel the batch, which otherwise goes on
    --format(-o): string@"nu-complete vsfb create format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb create format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb create color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
    ...ids: string            # Value for --vector-store-id, where the flag is not given
  ]

  def "nu-complete vsfb retrieve format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb retrieve format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb retrieve color" [] {
    [ "auto" "always" "never" ]
  }

  # Show a file batch
  export extern "vsfb retrieve" [
    --vector-store-id: string # The vector store (required; the first argument or `vector_store_id` on stdin do as well)
    --batch-id: string        # The file batch (required; the next argument, `batch_id` or a whole batch on stdin do as well)
    --body: string            # Read the ids from a YAML or JSON map in this file, or on stdin with `-`; flags win
    --last                    # The batch that was created last from here, in any store or in that of --vector-store-id; see `vsfb journal`
    --format(-o): string@"nu-complete vsfb retrieve format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb retrieve format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb retrieve color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
    ...ids: string            # Values for --vector-store-id and --batch-id, in this order, where the flags are not given; a single one, with no id elsewhere, is a batch that was created from here
  ]

  def "nu-complete vsfb cancel format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb cancel format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb cancel color" [] {
    [ "auto" "always" "never" ]
  }

  # Cancel a file batch
  export extern "vsfb cancel" [
    --vector-store-id: string # The vector store (required; the first argument or `vector_store_id` on stdin do as well)
    --batch-id: string        # The file batch (required; the next argument, `batch_id` or a whole batch on stdin do as well)
    --body: string            # Read the ids from a YAML or JSON map in this file, or on stdin with `-`; flags win
    --last                    # The batch that was created last from here, in any store or in that of --vector-store-id; see `vsfb journal`
    --wait                    # Wait until the batch has ended, and print it as it is then
    --timeout: string         # How long to wait at most, requests and their repetitions included; 0 looks once [default: 30m]
    --stall-timeout: string   # Give up when no count has moved for so long [default: never]
    --fail-fast               # Give up at the first failed file; the batch goes on
    --poll-interval: string   # Time between two looks at a batch [default: what the service asks for, else 0.25 s growing to 10 s]
    --cancel-on-interrupt     # Ctrl-C and SIGTERM cancel the batch, which otherwise goes on
    --dry-run                 # Show the request on stderr and send nothing; needs no key
    --format(-o): string@"nu-complete vsfb cancel format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb cancel format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb cancel color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
    ...ids: string            # Values for --vector-store-id and --batch-id, in this order, where the flags are not given; a single one, with no id elsewhere, is a batch that was created from here
  ]

  def "nu-complete vsfb list-files filter" [] {
    [ "in_progress" "completed" "failed" "cancelled" ]
  }

  def "nu-complete vsfb list-files order" [] {
    [ "asc" "desc" ]
  }

  def "nu-complete vsfb list-files format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb list-files format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb list-files color" [] {
    [ "auto" "always" "never" ]
  }

  # List the files of a file batch
  export extern "vsfb list-files" [
    --vector-store-id: string # The vector store (required; the first argument or `vector_store_id` on stdin do as well)
    --batch-id: string        # The file batch (required; the next argument, `batch_id` or a whole batch on stdin do as well)
    --body: string            # Read the ids from a YAML or JSON map in this file, or on stdin with `-`; flags win
    --last                    # The batch that was created last from here, in any store or in that of --vector-store-id; see `vsfb journal`
    --filter: string@"nu-complete vsfb list-files filter" # Only files in this state
    --order: string@"nu-complete vsfb list-files order" # By creation time [the service's default: desc]
    --limit: string           # Files in one request, 1 to 100 [default: as many as are needed]
    --after: string           # Begin after this file
    --before: string          # End before this file
    --max-items: string       # List at most so many files; a negative number means all [default: all]
    --format(-o): string@"nu-complete vsfb list-files format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb list-files format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb list-files color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
    ...ids: string            # Values for --vector-store-id and --batch-id, in this order, where the flags are not given; a single one, with no id elsewhere, is a batch that was created from here
  ]

  def "nu-complete vsfb wait format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb wait format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb wait color" [] {
    [ "auto" "always" "never" ]
  }

  # Wait until file batches have ended
  export extern "vsfb wait" [
    --vector-store-id: string # The vector store (a first argument that begins with `vs_`, the batches on stdin or the journal do as well)
    --batch-id: string        # A file batch (required; arguments or the batches on stdin do as well); repeat it
    --last                    # The batch that was created last from here, with all batches of the same run, in any store or in the one that is given; see `vsfb journal`
    --timeout: string         # How long to wait at most, requests and their repetitions included; 0 looks once [default: 30m]
    --stall-timeout: string   # Give up when no count has moved for so long [default: never]
    --fail-fast               # Give up at the first failed file; the batch goes on
    --poll-interval: string   # Time between two looks at a batch [default: what the service asks for, else 0.25 s growing to 10 s]
    --cancel-on-interrupt     # Ctrl-C and SIGTERM cancel the batch, which otherwise goes on
    --format(-o): string@"nu-complete vsfb wait format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb wait format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb wait color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
    ...ids: string            # The vector store, where it begins with `vs_` and the flag is not given, then values for --batch-id; without a store they are batches that were created from here
  ]

  def "nu-complete vsfb retry format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb retry format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb retry color" [] {
    [ "auto" "always" "never" ]
  }

  # Create a new batch from the files of a batch that failed or were cancelled
  export extern "vsfb retry" [
    --vector-store-id: string # The vector store (a first argument that begins with `vs_`, the batches on stdin or the journal do as well)
    --batch-id: string        # A file batch (required; arguments or the batches on stdin do as well); repeat it
    --last                    # The batch that was created last from here, with all batches of the same run, in any store or in the one that is given; see `vsfb journal`
    --all                     # Retry the files that failed for reasons of their own, too
    --dry-run                 # List the files, print the body that would be sent, show the request on stderr, and create nothing
    --batch-size: string      # Files in one batch; more go into several, one after another [default: 2000, which is the most]
    --rate: string            # How many files are sent in a minute, or `off`; of one store the service takes 300 batches in a minute [default: 2000]
    --resume                  # Go on with the last run of the same files where it broke off, and attach nothing twice; not for a run that is still under way. See `vsfb journal`
    --wait                    # Wait until the batch has ended, and print it as it is then
    --timeout: string         # How long to wait at most, requests and their repetitions included; 0 looks once [default: 30m]
    --stall-timeout: string   # Give up when no count has moved for so long [default: never]
    --fail-fast               # Give up at the first failed file; the batch goes on
    --poll-interval: string   # Time between two looks at a batch [default: what the service asks for, else 0.25 s growing to 10 s]
    --cancel-on-interrupt     # Ctrl-C and SIGTERM cancel the batch, which otherwise goes on
    --format(-o): string@"nu-complete vsfb retry format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb retry format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb retry color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
    ...ids: string            # The vector store, where it begins with `vs_` and the flag is not given, then values for --batch-id; without a store they are batches that were created from here
  ]

  def "nu-complete vsfb sync format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb sync format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb sync color" [] {
    [ "auto" "always" "never" ]
  }

  # Bring files and folders into a vector store, and keep them the same
  export extern "vsfb sync" [
    --vector-store-id: string # The vector store
    --source: string          # What the files are known by in the store: only files with this name are compared, changed and taken away [default: the name of the folder]
    --paths-from: string      # Take the paths from this file, or from stdin with `-`: one a line, or ended by NUL bytes
    --include: string         # Only files that match this glob; repeat it
    --exclude: string         # No files and folders that match this glob; repeat it
    --hidden                  # Hidden files and folders, too
    --no-ignore               # What .gitignore leaves out, too
    --as-text                 # Send text whose extension the service does not take as .txt
    --skip-invalid            # Go on without files that the service would refuse
    --attributes: string      # Attributes of all files: a map or key=value; repeat it to add more, where a later key wins
    --attributes-from: string # Attributes by path: CSV with a column `path`, or JSON Lines with `path` and `attributes`
    --chunking-strategy: string # How all files are cut into chunks: auto, static:MAX:OVERLAP in tokens, or a map [the service's default: auto]
    --jobs: string            # Uploads at once
    --batch-size: string      # Files in one batch, which is created as soon as they are uploaded; 2000 at most [default: 200]
    --rate: string            # How many files are attached in a minute, or `off`, which also lifts the limit of 1000 uploads a minute [default: 2000]
    --dry-run                 # Show what would be done, from lists alone, and do nothing
    --prune                   # At the end take files of this source out of the store, and delete them, that are no longer here or are older versions; only after those that take their place are completed
    --yes                     # Do not ask before taking files away
    --delete-orphans          # Delete what was uploaded and cannot be attached, now or by a run that broke off; not while others upload the same files
    --timeout: string         # How long to wait at most, requests and their repetitions included; 0 looks once [default: 30m]
    --stall-timeout: string   # Give up when no count has moved for so long [default: never]
    --fail-fast               # Give up at the first failed file; the batch goes on
    --poll-interval: string   # Time between two looks at a batch [default: what the service asks for, else 0.25 s growing to 10 s]
    --cancel-on-interrupt     # Ctrl-C and SIGTERM cancel the batch, which otherwise goes on
    --format(-o): string@"nu-complete vsfb sync format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb sync format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb sync color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
    ...paths: path            # Files, and folders with all that is in them
  ]

  def "nu-complete vsfb journal filter" [] {
    [ "in_progress" "completed" "failed" "cancelled" "sending" "lost" "found" "created" ]
  }

  def "nu-complete vsfb journal format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb journal format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb journal color" [] {
    [ "auto" "always" "never" ]
  }

  # List the batches that were created from here
  export extern "vsfb journal" [
    --vector-store-id: string # Only batches of this vector store
    --filter: string@"nu-complete vsfb journal filter" # Only batches in this state
    --max-items: string       # List at most so many batches; a negative number means all [default: all]
    --refresh                 # Ask the service for those that had not ended when they were last heard of
    --format(-o): string@"nu-complete vsfb journal format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb journal format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb journal color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete vsfb emulator limits" [] {
    [ "on" "off" ]
  }

  def "nu-complete vsfb emulator format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb emulator format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb emulator color" [] {
    [ "auto" "always" "never" ]
  }

  # Run the service on this machine, to try things out and to test against
  export extern "vsfb emulator" [
    --host: string            # The address to listen on, or `localhost`
    --port: string            # The port to listen on; 0 is any free one [default: 4010, or a free one with a COMMAND]
    --allow-remote            # Let other machines in; whoever reaches the port can use it
    --file-time: string       # How long a file takes to process, such as `0`, `500ms` or `2s`
    --parallel: string        # How many files of a batch are processed at once
    --strict                  # Only what was created here exists
    --limits: string@"nu-complete vsfb emulator limits" # Whether the service's limits per minute hold
    --fault: string           # What goes wrong; repeat it. The header `X-Vsfb-Fault` does the same for one request
    --list-faults             # Show what can go wrong, and end
    --seed: string            # What ids and chance are made from: the same number and the same requests give the same answers [default: random]
    --record: path            # Append each request to this file as a line of JSON, without headers
    --format(-o): string@"nu-complete vsfb emulator format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb emulator format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb emulator color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete vsfb completions shell" [] {
    [ "bash" "zsh" "fish" "powershell" "elvish" "nushell" ]
  }

  def "nu-complete vsfb completions format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb completions format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb completions color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a completion script for a shell
  export extern "vsfb completions" [
    --format(-o): string@"nu-complete vsfb completions format" # How data is written, in any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    --format-error: string@"nu-complete vsfb completions format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Show only what this GJSON path selects, such as `id` or `file_counts.failed`; in a list, of each item
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb completions color" # When to colour [default: auto, which is on a terminal]
    --quiet(-q)               # No notes and no warnings; errors stay
    --debug                   # Show each request and answer on stderr, secrets hidden
    --base-url: string        # Where the service is [default: `https://api.openai.com/v1`]
    --api-key: string         # The API key; `OPENAI_API_KEY` keeps it out of the process list
    --organization: string    # The organization that is charged
    --project: string         # The project that owns the vector store
    --max-retries: string     # How often a request is repeated after a passing failure [default: 2]
    --request-timeout: string # How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    --mtls-client-cert-file: path # PEM file of the client certificate for mutual TLS
    --mtls-client-key-file: path # PEM file of the client certificate's key
    --admin-api-key: string   # Accepted for scripts of the official program, unused
    --webhook-secret: string  # Accepted for scripts of the official program, unused
    --version(-v)             # Print the version
    --help(-h)                # Print help (see more with '--help')
    shell: string@"nu-complete vsfb completions shell" # The shell
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "vsfb help" [
  ]

  # Attach files to a vector store as file batches
  export extern "vsfb help create" [
  ]

  # Show a file batch
  export extern "vsfb help retrieve" [
  ]

  # Cancel a file batch
  export extern "vsfb help cancel" [
  ]

  # List the files of a file batch
  export extern "vsfb help list-files" [
  ]

  # Wait until file batches have ended
  export extern "vsfb help wait" [
  ]

  # Create a new batch from the files of a batch that failed or were cancelled
  export extern "vsfb help retry" [
  ]

  # Bring files and folders into a vector store, and keep them the same
  export extern "vsfb help sync" [
  ]

  # List the batches that were created from here
  export extern "vsfb help journal" [
  ]

  # Run the service on this machine, to try things out and to test against
  export extern "vsfb help emulator" [
  ]

  # Print a completion script for a shell
  export extern "vsfb help completions" [
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "vsfb help help" [
  ]

}

export use completions *
