"""Compares random scenarios: stacks that change in three steps, planned and applied by both tools.

    python3 tests/differential/scenarios.py FROM TO [FOLDER]

runs the scenarios with these numbers, and leaves their files in the folder. Compared are diagnostics, exit codes, the plan as JSON and the state.
"""

import json
import re
import sys
import tempfile

from stacks import Stack
from tools import Folder, differences, need_both

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LEFT_OUT = ("timestamp", "terraform_version", "serial", "lineage")
UNORDERED = ("relevant_attributes", "check_results", "objects", "checks", "sensitive_attributes")
FLAGS = ((), (), (), (), ("-destroy",), ("-refresh-only",), ("-refresh=false",), ("-target=terraform_data.r1",), ("-replace=terraform_data.r2",), ("-target=module.child",), ("-var=given=v",))


def normal(found, ids):
    """Without what differs from run to run; each identity is what its first place says."""
    if isinstance(found, dict):
        kept = {normal(key, ids): normal(value, ids) for key, value in found.items() if key not in LEFT_OUT}
        for key in UNORDERED:
            if isinstance(kept.get(key), list):
                kept[key].sort(key=lambda item: json.dumps(item, sort_keys=True))
        return kept
    if isinstance(found, list):
        return [normal(value, ids) for value in found]
    if isinstance(found, str):
        return UUID.sub(lambda match: ids.get(match[0], "(an id)"), found)
    return found


def identities(state):
    found = {}
    for resource in state.get("resources", []):
        for instance in resource["instances"]:
            where = f"<{resource.get('module', '')}/{resource['name']}/{instance.get('index_key')}/{'deposed' in instance}>"
            found[instance["attributes"].get("id")] = where
    return found


def stored(folder):
    at = folder.path / "terraform.tfstate"
    return json.loads(at.read_text()) if at.exists() else {}


def step(files, flags, folders):
    """What each tool makes of a step: exit codes, diagnostics, plan and state."""
    results = []
    for folder in folders:
        folder.write(files)
        folder.run("get")
        code, said, plan = folder.plan(*flags)
        done = folder.run("apply", "-json", "p")[0] if plan and not plan.get("errored") else None
        state = stored(folder)
        ids = identities(state)
        results.append(normal({"code": code, "said": said, "plan": plan, "applied": done, "state": state}, ids))
    return results


def scenario(number, at):
    """Runs one, up to the first step that differs; whether there was none."""
    stack = Stack(number)
    folders = [Folder(tool, f"{at}/{number}/{tool}") for tool in ("infra", "terraform")]
    for count in range(3):
        flags = stack.pick(*FLAGS) if count else ()
        files = stack.files()
        found = list(differences(*step(files, flags, folders)))
        if found:
            print(f"scenario {number}, step {count + 1} {' '.join(flags)}")
            for path, one, other in found[:6]:
                print(f"  {path}: {json.dumps(one)[:300]} | {json.dumps(other)[:300]}")
            return False
        stack = stack.changed()
    return True


def main():
    need_both()
    numbers = range(int(sys.argv[1]), int(sys.argv[2]))
    with tempfile.TemporaryDirectory() as at:
        at = sys.argv[3] if len(sys.argv) > 3 else at
        agree = sum(scenario(number, at) for number in numbers)
    print(f"{agree} of {len(numbers)} agree")


if __name__ == "__main__":
    main()
