#!/usr/bin/env python3
"""Hold the house: every #include must follow an arrow of tools/layers.txt.

Prints one line per fault as FILE:LINE: message and exits 1; prints nothing and exits 0 if all is well.
Usage: check_layers.py [ROOT]
"""
import fnmatch
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def read_layers(path):
    """Returns ({folder: allowed folders}, {outside library: file patterns}, faults)."""
    allowed, outside, faults = {}, {}, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        name, _, rest = line.partition(":")
        words = name.split()
        if words[0] == "outside":
            outside[words[1]] = rest.split()
            continue
        for folder in rest.split():
            if folder not in allowed:
                faults.append(f'{path}:{number}: "{words[0]}" stands on "{folder}", which is not listed above it')
        allowed[words[0]] = set(rest.split())
    return allowed, outside, faults


def outside_faults(relative, number, target, outside):
    library = target.split("/")[0]
    patterns = outside.get(library)
    if patterns is None:
        return
    name = relative.name
    for pattern in patterns:
        if fnmatch.fnmatch(str(relative), pattern) or ("/" not in pattern and fnmatch.fnmatch(name, pattern)):
            return
    allowed = " ".join(patterns) or "no file"
    yield f'{relative}:{number}: <{target}> may be included only by {allowed}'


def check_file(root, path, allowed, outside):
    relative = path.relative_to(root)
    folder = relative.parts[1]
    if folder not in allowed:
        yield f'{relative}:1: folder "{folder}" is not in tools/layers.txt'
        return
    is_test = path.name.endswith("_test.cpp")
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(2)
        if target.startswith("vorrat/"):
            other = target.split("/")[1]
            if other != folder and other not in allowed[folder]:
                yield f'{relative}:{number}: "{folder}" may not include "{other}" (tools/layers.txt)'
            if not (root / target).exists():
                yield f'{relative}:{number}: "{target}" does not exist'
        elif match.group(1) == '"':
            yield f'{relative}:{number}: write the path from the root, as in "vorrat/{folder}/{target}"'
        else:
            yield from outside_faults(relative, number, target, outside)
    if is_test and not (path.with_name(path.name.replace("_test.cpp", ".cpp")).exists()
                        or path.with_name(path.name.replace("_test.cpp", ".h")).exists()
                        or path.name.endswith("conformance_test.cpp")):
        yield f'{relative}:1: a test stands beside the file it tests; there is no {path.stem[:-5]}.h or .cpp here'


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    allowed, outside, faults = read_layers(root / "tools" / "layers.txt")
    for path in sorted((root / "vorrat").rglob("*")):
        if path.suffix in (".h", ".cpp"):
            faults.extend(check_file(root, path, allowed, outside))
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
