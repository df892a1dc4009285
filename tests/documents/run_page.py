#!/usr/bin/env python3
"""Runs the commands of a page of documentation and holds the page to what they print.

Fenced blocks of kind "console" hold what a reader types and sees:

    ```console
    $ vorrat check my-scenario
    ...
    no faults
    $ cat > claims.toml <<'END'
    > [claims]
    > END
    ```

A line that begins with "$ " is a command; "> " continues it; the other lines are what it prints (both streams). They must stand in
its output in this order, each right below the one before unless a line "..." lies between; "…" within a line stands for anything.
A command must succeed unless the next one is "echo $?", which shows its exit code. All commands of a page run in one shell, in a
fresh folder that holds a copy of scenarios/ and data/ and the program as "vorrat".

Usage: run_page.py PAGE.md VORRAT SOURCE_FOLDER
Prints one line per fault as PAGE:LINE: message and exits 1; exits 0 if the page is true.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MARK = "==== command "


class Command:
    def __init__(self, line, text):
        self.line, self.text, self.quoted = line, text, []


def commands_of(page):
    """Returns the commands of a page, with the lines quoted below each."""
    commands, inside = [], False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.startswith("```"):
            inside = not inside and line.strip() == "```console"
        elif not inside:
            continue
        elif line.startswith("$ "):
            commands.append(Command(number, line[2:]))
        elif line.startswith("> ") or line == ">":
            commands[-1].text += "\n" + line[2:]
        else:
            commands[-1].quoted.append((number, line.rstrip()))
    return commands


def script_of(commands):
    """One shell for all: between commands it prints a mark with the exit code of the one before."""
    lines = ["exec 2>&1"]
    for index, command in enumerate(commands):
        # A subshell that exits with the code before, so that "echo $?" shows it.
        lines.append(f'code=$?; echo; echo "{MARK}{index} $code"; (exit $code)')
        lines.append(command.text)
    lines.append(f'code=$?; echo; echo "{MARK}end $code"')
    return "\n".join(lines) + "\n"


def outputs_of(text):
    """Returns [(lines printed, exit code)] by command."""
    results, lines = [], None
    for line in text.splitlines():
        if line.startswith(MARK):
            if lines is not None:
                results.append((lines, int(line.split()[-1])))
            lines = []
        elif lines is not None:
            lines.append(line.rstrip())
    return results


def matches(quoted, printed):
    pattern = ".*".join(re.escape(part) for part in quoted.split("…"))
    return re.fullmatch(pattern, printed) is not None


def first_fault(quoted, printed):
    """Returns the first quoted line that is not in the output where it should be, or None."""
    at, may_skip = 0, True
    for number, line in quoted:
        if line == "...":
            may_skip = True
            continue
        place = next((i for i in range(at, len(printed)) if matches(line, printed[i])), None)
        if place is None or (not may_skip and place != at):
            return number, line
        at, may_skip = place + 1, False
    return None


def faults_of(page, commands, outputs):
    for index, command in enumerate(commands):
        if index >= len(outputs):
            yield f"{page}:{command.line}: the shell ended before this command"
            return
        printed, code = outputs[index]
        shows_code = index + 1 < len(commands) and commands[index + 1].text.strip() == "echo $?"
        if code != 0 and not shows_code:
            yield f"{page}:{command.line}: exit code {code}:\n  " + "\n  ".join(printed[-20:])
        fault = first_fault(command.quoted, printed)
        if fault:
            yield f"{page}:{fault[0]}: not printed here: {fault[1]}\n  " + "\n  ".join(printed)


def run(commands, vorrat, source, folder):
    """Runs the commands in a copy of the scenarios; returns what they print."""
    home = pathlib.Path(folder)
    shutil.copytree(source / "scenarios", home / "scenarios")
    (home / "bin").mkdir()
    (home / "bin" / "vorrat").symlink_to(vorrat)
    place = home / "work"
    place.mkdir()
    (place / "scenarios").symlink_to(home / "scenarios")
    shutil.copytree(source / "data", place / "data")
    environment = dict(os.environ, PATH=f"{home / 'bin'}:{os.environ['PATH']}", LC_ALL="C.UTF-8", HOME=str(home))
    environment["VORRAT_DATA"] = str(source / "data")
    for name in ("VORRAT_STORE", "XDG_DATA_HOME"):  # runs are kept under HOME
        environment.pop(name, None)
    done = subprocess.run(["bash"], input=script_of(commands), cwd=place, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout


def main():
    page, vorrat, source = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    commands = commands_of(page)
    if not commands:
        print(f"{page}:1: there is no command on this page")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        outputs = outputs_of(run(commands, vorrat, source, folder))
    faults = list(faults_of(page.name, commands, outputs))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
