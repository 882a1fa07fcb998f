"""The official `openai` package against `vsfb emulator`, unchanged. CONTRIBUTING.md tells how to run it.

Run it as the emulator's command: it starts further emulators of its own for the faults and for `--strict`.
"""

import io
import os
import re
import subprocess
import sys

import openai
from openai import OpenAI

FILES = 120


def client(base_url=None):
    """A client that fails at once: repetitions are the client's business, not the emulator's."""
    return OpenAI(base_url=base_url, max_retries=0)


class Emulator:
    """A further emulator on a port of its own."""

    def __init__(self, *options):
        self.options = options

    def __enter__(self):
        command = ["vsfb", "emulator", "--port", "0", *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        return client(re.search(r"http://\S+", line).group())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.stdout.close()
        assert self.process.wait(timeout=10) == 0


def refuses(error, call, *arguments, **named):
    """What the call was refused with."""
    try:
        call(*arguments, **named)
    except error as refusal:
        assert type(refusal) is error, repr(refusal)
        assert refusal.request_id.startswith("req_"), refusal.request_id
        return refusal
    raise AssertionError(f"{error.__name__} was expected")


def stores(api):
    store = api.vector_stores.create(name="Docs", metadata={"team": "red"}, expires_after={"anchor": "last_active_at", "days": 3})
    assert store.id.startswith("vs_") and store.name == "Docs" and store.status == "completed"
    assert store.metadata == {"team": "red"} and store.expires_after.days == 3
    assert api.vector_stores.retrieve(store.id) == store
    assert store.id in [one.id for one in api.vector_stores.list()]
    return store


def uploads(api):
    file = api.files.create(file=("intro.md", b"# Intro\n"), purpose="assistants")
    assert (file.filename, file.bytes, file.purpose, file.status) == ("intro.md", 8, "assistants", "processed")
    assert api.files.retrieve(file.id) == file
    assert file.id in [one.id for one in api.files.list(purpose="assistants")]
    dated = api.files.create(
        file=("dated.txt", io.BytesIO(b"x" * 300_000)), purpose="user_data", expires_after={"anchor": "created_at", "seconds": 3600}
    )
    assert dated.bytes == 300_000 and dated.expires_at == dated.created_at + 3600
    assert api.files.delete(dated.id).deleted
    return file


def batches(api, store, file):
    ids = [file.id, "file-fail-server", "file-fail-unsupported", *(f"file-{number:03}" for number in range(FILES - 3))]
    strategy = {"type": "static", "static": {"max_chunk_size_tokens": 400, "chunk_overlap_tokens": 100}}
    batch = api.vector_stores.file_batches.create_and_poll(
        store.id, file_ids=ids, attributes={"page": 7, "draft": False}, chunking_strategy=strategy, poll_interval_ms=50
    )
    assert batch.status == "completed", batch
    counts = batch.file_counts
    assert (counts.total, counts.completed, counts.failed, counts.in_progress) == (FILES, FILES - 2, 2, 0), counts
    listed = list(api.vector_stores.file_batches.list_files(batch.id, vector_store_id=store.id, limit=50))
    assert sorted(one.id for one in listed) == sorted(ids), "auto-paging finds each file once"
    assert listed[0].attributes == {"page": 7, "draft": False}
    assert listed[0].chunking_strategy.static.max_chunk_size_tokens == 400
    failed = api.vector_stores.file_batches.list_files(batch.id, vector_store_id=store.id, filter="failed")
    assert sorted(one.last_error.code for one in failed) == ["server_error", "unsupported_file"]
    assert api.vector_stores.retrieve(store.id).file_counts.total == FILES


def uploaded_batches(api, store):
    files = [(f"part-{number}.md", f"part {number}\n".encode()) for number in range(12)]
    files.append(("fail-invalid.md", b"bad\n"))
    batch = api.vector_stores.file_batches.upload_and_poll(store.id, files=files, poll_interval_ms=50)
    assert (batch.status, batch.file_counts.completed, batch.file_counts.failed) == ("completed", 12, 1), batch


def cancelled_batches(api, store):
    files = [{"file_id": f"file-slow-{number}", "attributes": {"number": number}} for number in range(30)]
    batch = api.vector_stores.file_batches.create(store.id, files=files)
    assert (batch.status, batch.file_counts.in_progress) == ("in_progress", 30)
    cancelled = api.vector_stores.file_batches.cancel(batch.id, vector_store_id=store.id)
    assert cancelled.status == "cancelled"
    retrieved = api.vector_stores.file_batches.retrieve(batch.id, vector_store_id=store.id)
    assert retrieved.status == "cancelled" and retrieved.file_counts.cancelled == 30


def single_files(api, store):
    attached = api.vector_stores.files.create_and_poll("file-single", vector_store_id=store.id, attributes={"n": 1}, poll_interval_ms=50)
    assert attached.status == "completed" and attached.attributes == {"n": 1}
    assert "file-single" in [one.id for one in api.vector_stores.files.list(store.id, filter="completed")]
    updated = api.vector_stores.files.update("file-single", vector_store_id=store.id, attributes={"n": 2, "path": "a/b"})
    assert updated.id == "file-single" and updated.attributes == {"n": 2, "path": "a/b"}
    assert api.vector_stores.files.delete("file-single", vector_store_id=store.id).deleted
    refuses(openai.NotFoundError, api.vector_stores.files.retrieve, "file-single", vector_store_id=store.id)
    assert api.vector_stores.delete(store.id).deleted
    refuses(openai.NotFoundError, api.vector_stores.retrieve, store.id)


def refusals(api):
    create = api.vector_stores.file_batches.create
    refusal = refuses(openai.BadRequestError, create, "vs_1", file_ids=[])
    assert (refusal.code, refusal.param, refusal.type) == ("empty_array", "file_ids", "invalid_request_error")
    refusal = refuses(openai.BadRequestError, create, "vs_1", file_ids=["file-a"], extra_body={"colour": "red"})
    assert (refusal.code, refusal.param) == ("unknown_parameter", "colour")
    refuses(openai.NotFoundError, api.vector_stores.file_batches.retrieve, "vsfb_none", vector_store_id="vs_1")
    refuses(openai.AuthenticationError, api.with_options(default_headers={"authorization": "Basic x"}).vector_stores.list)
    with Emulator("--strict") as strict:
        refuses(openai.NotFoundError, strict.vector_stores.retrieve, "vs_1")
    with Emulator("--fault", "rate-limit-exceeded=1", "--fault", "retry-after=0") as limited:
        refusal = refuses(openai.RateLimitError, limited.vector_stores.list)
        assert refusal.code == "rate_limit_exceeded" and refusal.response.headers["retry-after"] == "0"
        assert list(limited.with_options(max_retries=1).vector_stores.list()) == []
    with Emulator("--fault", "rate-limit-exceeded=1", "--fault", "retry-after=0") as limited:
        assert list(limited.with_options(max_retries=1).vector_stores.list()) == [], "the package repeats by itself"
    with Emulator("--fault", "insufficient-quota") as broke:
        assert refuses(openai.RateLimitError, broke.vector_stores.list).code == "insufficient_quota"


def main():
    if "OPENAI_BASE_URL" not in os.environ:
        sys.exit("run this as `vsfb emulator -- python tests/clients/official_python.py`")
    api = client()
    store = stores(api)
    file = uploads(api)
    batches(api, store, file)
    uploaded_batches(api, store)
    cancelled_batches(api, store)
    single_files(api, store)
    refusals(api)
    print(f"openai {openai.__version__}: everything works")


main()
