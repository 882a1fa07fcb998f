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
    --format(-o): string@"nu-complete vsfb format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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
    --vector-store-id: string # The vector store (required)
    --file-id: string         # A file's id; repeat it for each file
    --file: string            # A file with attributes of its own
    --file.file-id: string    # The id in the last --file, or in a new one where it has its id
    --file.attributes: string # The same for its attributes
    --file.chunking-strategy: string # The same for its chunking strategy
    --files-from: string      # Any number of files, from a manifest
    --files-format: string@"nu-complete vsfb create files_format" # What the manifest is written in [default: what its name ends with, else its first line, tells]
    --attributes: string      # Attributes of all files; repeatable
    --chunking-strategy: string # How all files are cut into chunks
    --body: string            # The request as a map; `-` is stdin
    --no-validate             # Send the request as it stands, though the service is known to refuse it; of a manifest, whatever has an id
    --dry-run                 # Show the request and send nothing
    --batch-size: string      # Files in one batch; more go into several, one after another [default: 2000, which is the most]
    --rate: string            # How many files are sent in a minute, or `off`; of one store the service takes 300 batches in a minute [default: 2000]
    --resume                  # Go on with a run that broke off
    --wait                    # Wait until the batch has ended
    --timeout: string         # How long at most [default: 30m]
    --stall-timeout: string   # Give up when nothing moves so long
    --fail-fast               # Give up at the first failed file
    --poll-interval: string   # Time between two looks at a batch
    --cancel-on-interrupt     # Ctrl-C cancels the batch
    --format(-o): string@"nu-complete vsfb create format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb create format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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
    --vector-store-id: string # The vector store (required)
    --batch-id: string        # The file batch (required)
    --body: string            # A map with the ids; `-` is stdin
    --last                    # The batch created last from here
    --format(-o): string@"nu-complete vsfb retrieve format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb retrieve format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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
    --vector-store-id: string # The vector store (required)
    --batch-id: string        # The file batch (required)
    --body: string            # A map with the ids; `-` is stdin
    --last                    # The batch created last from here
    --dry-run                 # Show the request and send nothing
    --wait                    # Wait until the batch has ended
    --timeout: string         # How long at most [default: 30m]
    --stall-timeout: string   # Give up when nothing moves so long
    --fail-fast               # Give up at the first failed file
    --poll-interval: string   # Time between two looks at a batch
    --cancel-on-interrupt     # Ctrl-C cancels the batch
    --format(-o): string@"nu-complete vsfb cancel format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb cancel format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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
    --vector-store-id: string # The vector store (required)
    --batch-id: string        # The file batch (required)
    --body: string            # A map with the ids; `-` is stdin
    --last                    # The batch created last from here
    --filter: string@"nu-complete vsfb list-files filter" # Only files in this state
    --order: string@"nu-complete vsfb list-files order" # By creation time: asc, or desc
    --limit: string           # Files in one request, 1 to 100
    --after: string           # Begin after this file
    --before: string          # End before this file
    --max-items: string       # List at most so many files
    --format(-o): string@"nu-complete vsfb list-files format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb list-files format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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
    --vector-store-id: string # The vector store
    --batch-id: string        # A file batch (required); repeatable
    --last                    # The batch created last from here
    --timeout: string         # How long at most [default: 30m]
    --stall-timeout: string   # Give up when nothing moves so long
    --fail-fast               # Give up at the first failed file
    --poll-interval: string   # Time between two looks at a batch
    --cancel-on-interrupt     # Ctrl-C cancels the batch
    --format(-o): string@"nu-complete vsfb wait format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb wait format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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

  # Attach the files that failed or were cancelled once more
  export extern "vsfb retry" [
    --vector-store-id: string # The vector store
    --batch-id: string        # A file batch (required); repeatable
    --last                    # The batch created last from here
    --all                     # Those that would fail again, too
    --dry-run                 # Show the request and create nothing
    --batch-size: string      # Files in one batch; more go into several, one after another [default: 2000, which is the most]
    --rate: string            # How many files are sent in a minute, or `off`; of one store the service takes 300 batches in a minute [default: 2000]
    --resume                  # Go on with a run that broke off
    --wait                    # Wait until the batch has ended
    --timeout: string         # How long at most [default: 30m]
    --stall-timeout: string   # Give up when nothing moves so long
    --fail-fast               # Give up at the first failed file
    --poll-interval: string   # Time between two looks at a batch
    --cancel-on-interrupt     # Ctrl-C cancels the batch
    --format(-o): string@"nu-complete vsfb retry format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb retry format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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

  # Bring files and folders into a store, and keep them the same
  export extern "vsfb sync" [
    --vector-store-id: string # The vector store
    --source: string          # What they are known by in the store
    --paths-from: string      # A list of paths; `-` is stdin
    --include: string         # Only files that match; repeatable
    --exclude: string         # No files that match; repeatable
    --hidden                  # Hidden files and folders, too
    --no-ignore               # What .gitignore leaves out, too
    --as-text                 # Send text whose extension the service does not take as .txt
    --skip-invalid            # Go on without files that the service would refuse
    --attributes: string      # Attributes of all files; repeatable
    --attributes-from: string # Attributes by path: CSV with a column `path`, or JSON Lines with `path` and `attributes`
    --chunking-strategy: string # How all files are cut into chunks
    --jobs: string            # Uploads at once
    --batch-size: string      # Files in one batch, which is created as soon as they are uploaded; 2000 at most [default: 200]
    --rate: string            # How many files are attached in a minute, or `off`, which also lifts the limit of 1000 uploads a minute [default: 2000]
    --dry-run                 # Show what would be done; do nothing
    --prune                   # Take away what is no longer here
    --yes                     # Do not ask before taking files away
    --delete-orphans          # Delete what was uploaded and cannot be attached, now or by a run that broke off; not while others upload the same files
    --timeout: string         # How long at most [default: 30m]
    --stall-timeout: string   # Give up when nothing moves so long
    --fail-fast               # Give up at the first failed file
    --poll-interval: string   # Time between two looks at a batch
    --cancel-on-interrupt     # Ctrl-C cancels the batch
    --format(-o): string@"nu-complete vsfb sync format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb sync format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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
    --max-items: string       # List at most so many batches
    --refresh                 # Ask the service how open ones stand
    --format(-o): string@"nu-complete vsfb journal format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb journal format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
  ]

  def "nu-complete vsfb doctor format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb doctor format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb doctor color" [] {
    [ "auto" "always" "never" ]
  }

  # Check key, network and certificates, and say what to do
  export extern "vsfb doctor" [
    --format(-o): string@"nu-complete vsfb doctor format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb doctor format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb doctor color" # When to colour [default: auto, which is on a terminal]
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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

  # Run the service on this machine, to try things and to test
  export extern "vsfb emulator" [
    --host: string            # The address to listen on, or `localhost`
    --port: string            # The port; 0 is any free one [default: 4010]
    --allow-remote            # Let other machines in; whoever reaches the port can use it
    --file-time: string       # How long a file takes to process
    --parallel: string        # How many files of a batch are processed at once
    --strict                  # Only what was created here exists
    --limits: string@"nu-complete vsfb emulator limits" # Whether limits per minute hold
    --fault: string           # What goes wrong; repeatable
    --list-faults             # Show what can go wrong, and end
    --seed: string            # What ids and chance are made from
    --record: path            # Append each request to this file
    --format(-o): string@"nu-complete vsfb emulator format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb emulator format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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
    --format(-o): string@"nu-complete vsfb completions format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb completions format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
    shell: string@"nu-complete vsfb completions shell" # The shell
  ]

  def "nu-complete vsfb help format" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb help format_error" [] {
    [ "auto" "json" "jsonl" "raw" "yaml" "table" "csv" "pretty" "explore" ]
  }

  def "nu-complete vsfb help color" [] {
    [ "auto" "always" "never" ]
  }

  # Tell all about a command or a topic
  export extern "vsfb help" [
    --format(-o): string@"nu-complete vsfb help format" # How data is written: json, table, …
    --format-error: string@"nu-complete vsfb help format_error" # How the service's error is written on stderr [default: auto, which is JSON]
    --transform: string       # Only what this GJSON path selects
    --transform-error: string # The same for the service's error
    --raw-output(-r)          # Print strings without quotes
    --no-pager                # Show lists that outgrow the terminal without a pager
    --color: string@"nu-complete vsfb help color" # When to colour [default: auto, which is on a terminal]
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
    --help(-h)                # A summary; --help is all
    --version(-v)             # Print the version
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

  # Attach the files that failed or were cancelled once more
  export extern "vsfb help retry" [
  ]

  # Bring files and folders into a store, and keep them the same
  export extern "vsfb help sync" [
  ]

  # List the batches that were created from here
  export extern "vsfb help journal" [
  ]

  # Check key, network and certificates, and say what to do
  export extern "vsfb help doctor" [
  ]

  # Run the service on this machine, to try things and to test
  export extern "vsfb help emulator" [
  ]

  # Print a completion script for a shell
  export extern "vsfb help completions" [
  ]

  # how maps, KEY=VALUE, references, durations and globs are read
  export extern "vsfb help values" [
  ]

  # what is read from stdin, and when
  export extern "vsfb help stdin" [
  ]

  # what the exit status says
  export extern "vsfb help exit-status" [
  ]

  # the variables that count
  export extern "vsfb help environment" [
  ]

  # how data is written: formats, parts, colours
  export extern "vsfb help formats" [
  ]

}

export use completions *
