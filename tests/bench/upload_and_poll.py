"""Uploads the files of a folder with the official `openai` package's helper and waits: what `vsfb sync` is measured against.

usage: python upload_and_poll.py VECTOR_STORE_ID WORKERS FOLDER, with OPENAI_BASE_URL and OPENAI_API_KEY set
"""

import pathlib
import sys

from openai import OpenAI

store, workers, folder = sys.argv[1:]
files = sorted(pathlib.Path(folder).iterdir())
batch = OpenAI().vector_stores.file_batches.upload_and_poll(store, files=files, max_concurrency=int(workers))
counts = batch.file_counts
assert (batch.status, counts.completed, counts.total) == ("completed", len(files), len(files)), batch
