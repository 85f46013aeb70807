"""Runs of the two tools that are compared: `infra`, and `terraform` where that is on the PATH."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
INFRA = pathlib.Path(os.environ.get("INFRA", REPOSITORY / "target/debug/infra")).resolve()


def need_both():
    """Ends with one line where there is nothing to compare."""
    if not shutil.which("terraform"):
        sys.exit("skipped: terraform is not on the PATH")
    if not INFRA.exists():
        sys.exit(f"{INFRA} is not there: build it, or name another program in the variable INFRA")


class Folder:
    """A working folder in which one of the tools is run."""

    def __init__(self, tool, path):
        self.program = {"infra": str(INFRA), "terraform": "terraform"}[tool]
        self.path = pathlib.Path(path)
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)

    def write(self, files):
        """Writes the files, and takes away other configuration files."""
        for old in self.path.glob("**/*.tf"):
            old.unlink()
        for name, text in files.items():
            at = self.path / name
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_text(text)

    def run(self, *args, text=""):
        """The exit code and what was printed."""
        done = subprocess.run(
            [self.program, *args], cwd=self.path, input=text, text=True, capture_output=True, timeout=300, check=False
        )
        if "panic" in done.stderr or "RUST_BACKTRACE" in done.stderr:
            print("PANIC", self.program, args, done.stderr[:500])
        return done.returncode, done.stdout

    def plan(self, *flags):
        """The exit code, the diagnostics and, where there is a plan, the plan as JSON."""
        (self.path / "p").unlink(missing_ok=True)
        code, printed = self.run("plan", "-json", "-out=p", *flags)
        return code, diagnostics(printed), self.shown("p") if (self.path / "p").exists() else None

    def shown(self, *what):
        code, printed = self.run("show", "-json", *what)
        return json.loads(printed) if code == 0 and printed else None


def diagnostics(printed):
    """What makes the diagnostics of a `-json` stream the same: severity, place, summary."""
    found = []
    for line in printed.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if message.get("type") == "diagnostic":
            said = message["diagnostic"]
            start = said.get("range", {}).get("start", {})
            file = said.get("range", {}).get("filename")
            found.append((said["severity"], file, start.get("line"), start.get("column"), said["summary"]))
    return sorted(found, key=str)


def differences(ours, theirs, at=""):
    """The paths at which two JSON values differ, each with both values."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            yield from differences(ours.get(key, "(absent)"), theirs.get(key, "(absent)"), f"{at}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs)):
            yield from differences(*pair, f"{at}[{index}]")
    elif ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool):
        yield at, ours, theirs
