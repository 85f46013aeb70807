"""Compares random expressions: what is planned of each, what of it is unknown and sensitive, and what is said of mistakes.

    python3 tests/differential/expressions.py SEED COUNT
"""

import sys
import tempfile

from generate import BOOL, NUMBER, STRING, Generator
from tools import Folder, differences, need_both

PREAMBLE = """
terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}
resource "terraform_data" "late" {}
variable "secret" {
  default   = "secret"
  sensitive = true
}
variable "seven" {
  default   = 7
  sensitive = true
}
"""
LATE = 'terraform_data.late.id == "a"'
LEAVES = {
    STRING: ("terraform_data.late.id", "var.secret", '"abc-${terraform_data.late.id}"', f'sensitive({LATE} ? "a" : "b")'),
    NUMBER: ("length(terraform_data.late.id)", "var.seven", f"({LATE} ? 1 : 5)"),
    BOOL: (f"({LATE})", '(var.secret == "secret")'),
    ("list", STRING): (
        'split(",", terraform_data.late.id)',
        "[var.secret]",
        f'({LATE} ? tolist(["a"]) : tolist(["b", "c"]))',
        f'({LATE} ? ["a", "b"] : ["b", "c"])',
    ),
    ("set", STRING): (f'({LATE} ? toset(["a"]) : toset(["b"]))', 'toset([terraform_data.late.id, "a"])'),
    ("map", STRING): ("{ a = terraform_data.late.id }", "{ a = var.secret }", f"({LATE} ? {{ a = 1 }} : {{ a = 2 }})"),
}


def configuration(expressions):
    """One line an expression, so that the line of a mistake names it."""
    blocks = (f'resource "terraform_data" "e{at}" {{ input = {text} }}' for at, text in expressions.items())
    return {"main.tf": "\n".join(blocks) + PREAMBLE}


def compare(expressions, ours, theirs):
    """The differences, each under the number of its expression."""
    wrong, fine = {}, dict(expressions)
    while fine:
        lines = list(fine)
        for folder in (ours, theirs):
            folder.write(configuration(fine))
        made = [folder.plan() for folder in (ours, theirs)]
        if any(not found[2] for _, said, _ in made for found in said):
            # Something is wrong with the plan as a whole: which expression it is has to be found out.
            if len(fine) == 1:
                return wrong | {lines[0]: f"  infra:     {made[0][1]}\n  terraform: {made[1][1]}"}
            for half in (lines[::2], lines[1::2]):
                wrong |= compare({at: fine[at] for at in half}, ours, theirs)
            return wrong
        told = [{}, {}]
        for into, (_, said, _) in zip(told, made):
            for found in said:
                into.setdefault(lines[found[2] - 1], []).append(found)
        refused = told[0].keys() | told[1].keys()
        # What is wrong whatever an object holds is found before anything is planned, and keeps the rest from being found.
        if not refused:
            break
        for at in refused:
            del fine[at]
            one, other = (one.get(at) for one in told)
            if one != other:
                wrong[at] = f"  infra:     {one}\n  terraform: {other}"
    if not fine:
        return wrong
    changes = [{found["name"]: found["change"] for found in plan["resource_changes"]} for _, _, plan in made]
    for at in fine:
        found = list(differences(changes[0][f"e{at}"], changes[1][f"e{at}"]))
        if found:
            wrong[at] = "\n".join(f"  {path}: {one} | {other}" for path, one, other in found)
    return wrong


def main():
    need_both()
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    expressions = {}
    for at in range(count):
        generator = Generator(f"{seed}/{at}", LEAVES)
        expressions[at] = generator.expression(generator.type(), 4)
    with tempfile.TemporaryDirectory() as folder:
        wrong = compare(expressions, Folder("infra", f"{folder}/infra"), Folder("terraform", f"{folder}/terraform"))
    for at, why in wrong.items():
        print(f"{expressions[at]}\n{why}")
    print(f"{count - len(wrong)} of {count} agree")


if __name__ == "__main__":
    main()
