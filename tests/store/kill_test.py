#!/usr/bin/env python3
"""Kills `vorrat plan` at random moments and holds the store of runs to its promises.

Usage: kill_test.py VORRAT SOURCE_FOLDER. VORRAT_KILLS says how many kills (default 40).

After each kill the file must be whole (every byte is read) and every run that was ever kept must still be there with the same answer. Of
four kills one is of two programs at once, and two are aimed: they wait until the store is written into and then strike within the
milliseconds that this takes. The moments come from a fixed seed; at the end some must have hit before and some after a run
was kept, else the test has tested too little. Then two programs write at once, a disk is full and the file is locked: each time the plan
must come out all the same.
"""
import hashlib
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

VORRAT, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
KILLS = int(os.environ.get("VORRAT_KILLS", "40"))
MOST_BYTES = 12_000  # of a file on the full disk: less than the log of one more run


def small_scenario(folder):
    shutil.copytree(SOURCE / "data" / "starter", folder)
    settings = folder / "scenario.toml"
    settings.write_text(settings.read_text().replace("branching = [6, 6, 3]", "branching = [2, 1, 1]"))


def plan(folder, store, **settings):
    return subprocess.Popen([VORRAT, "plan", folder, "--data", SOURCE / "data", "--store", store, "--json", "-q"],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **settings)


def answer(*arguments):
    done = subprocess.run([VORRAT, *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"vorrat {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout


def check(store, kept):
    """Updates {run: digest of its answer} by the file as it is, after holding the file to it."""
    if not store.exists():
        return
    listed = json.loads(answer("runs", "--check", "--json", "--store", store))
    assert listed["faults"] == [], listed["faults"]
    runs = {run["run"] for run in listed["runs"]}
    assert not set(kept) - runs, f"runs are lost: {set(kept) - runs}"
    for run in runs:
        if run in kept and run % 7:  # each answer is read when it is new, and a part of the old ones each time
            continue
        digest = hashlib.sha256(answer("show", str(run), "--json", "--store", store)).hexdigest()
        assert kept.setdefault(run, digest) == digest, f"the answer of run {run} has changed"


def log_of(store):
    """What the store's write-ahead log is like: it changes when a program opens the store, or writes into it."""
    try:
        state = os.stat(f"{store}-wal")
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns


def kill_one(draw, number, folder, store, seconds):
    """Returns how many programs were killed, and whether it was while the store was open to be written."""
    log = log_of(store)
    running = [plan(folder, store) for _ in range(2 if number % 4 == 0 else 1)]
    if number % 2:
        while running[0].poll() is None and log_of(store) == log:
            time.sleep(0.0002)
        time.sleep(draw.uniform(0, 0.02))
    else:
        time.sleep(draw.uniform(0, 1.2 * seconds))
    for process in running:
        process.send_signal(signal.SIGKILL)
    for process in running:
        process.communicate()
    return len(running), log_of(store) not in (None, log)


def with_plan(process, expected):
    """The errors of a program that must have printed the plan."""
    text, errors = process.communicate()
    assert json.loads(text)["objective"] == expected["objective"], errors.decode()
    return errors.decode()


def a_full_disk_loses_no_plan(folder, store, expected):
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
    errors = with_plan(plan(folder, store, preexec_fn=limit), expected)
    assert "the plan is complete, but it is not kept" in errors, errors
    assert json.loads(answer("runs", "--check", "--json", "--store", store))["faults"] == []


def a_locked_file_loses_no_plan(folder, store, expected):
    other = sqlite3.connect(store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    errors = with_plan(plan(folder, store), expected)
    assert "another program has kept it for more than 10 s" in errors, errors
    other.execute("ROLLBACK")
    other.close()


def main():
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as place:
        folder, store = pathlib.Path(place) / "scenario", pathlib.Path(place) / "runs.sqlite"
        small_scenario(folder)
        start = time.monotonic()
        expected = json.loads(plan(folder, pathlib.Path(place) / "other.sqlite").communicate()[0])
        seconds = time.monotonic() - start
        kept, killed, in_writing = {}, 0, 0
        for number in range(KILLS):
            count, is_open = kill_one(draw, number, folder, store, seconds)
            killed, in_writing = killed + count, in_writing + is_open
            check(store, kept)
        survived = len(kept)
        for process in [plan(folder, store) for _ in range(2)]:
            with_plan(process, expected)
            assert process.returncode == 0
        check(store, kept)
        assert len(kept) == survived + 2, kept
        assert json.loads(answer("rerun", "last", "--json", "--store", store, "-q"))["is_same"]
        a_full_disk_loses_no_plan(folder, store, expected)
        a_locked_file_loses_no_plan(folder, store, expected)
        check(store, kept)
        print(f"{KILLS} kills of {killed} programs, each {seconds:.2f} s long, {in_writing} while the store was open: "
              f"{survived} runs had been kept, all are there and unchanged")
        assert 0 < survived < killed and in_writing, "kills only before, or only after, a run is written show nothing"


if __name__ == "__main__":
    main()
