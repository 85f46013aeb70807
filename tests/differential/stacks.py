"""Random stacks of `terraform_data`, and how they change from one step to the next."""

import copy
import random
import re


class Stack:
    """Blocks of a root module and of one that it calls; `files` gives their text."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.serial = 0
        self.resources = {"": {}, "child": {}}
        self.call = self.repetition() if self.chance(0.7) else None
        self.extra = []
        for module in self.resources:
            for _ in range(self.random.randint(1, 4)):
                self.add(module)
        self.outputs()

    def chance(self, share):
        return self.random.random() < share

    def pick(self, *choices):
        return self.random.choice(choices)

    # Blocks.

    def repetition(self):
        return self.pick(
            {},
            {},
            {"count": self.pick("0", "1", "2", "3", "length(local.keys)")},
            {"for_each": self.pick('toset(["a", "b"])', 'toset(["b", "c"])', "toset(local.keys)", "{ a = 1, c = 2 }")},
        )

    def add(self, module, name=None):
        self.serial += 1
        name = name or f"r{self.serial}"
        before = list(self.resources[module])
        block = dict(self.repetition())
        block["input"] = self.value(module, before, block)
        if self.chance(0.3):
            block["triggers_replace"] = self.value(module, before, block)
        if before and self.chance(0.2):
            block["depends_on"] = f"[terraform_data.{self.pick(*before)}]"
        block["lifecycle"] = self.lifecycle(before)
        self.resources[module][name] = block
        return name

    def lifecycle(self, before):
        said = {}
        if self.chance(0.25):
            said["create_before_destroy"] = "true"
        if self.chance(0.06):
            said["prevent_destroy"] = "true"
        if self.chance(0.15):
            said["ignore_changes"] = self.pick("[input]", "[triggers_replace]", "all", "[input, triggers_replace]")
        if before and self.chance(0.15):
            target = f"terraform_data.{self.pick(*before)}"
            said["replace_triggered_by"] = self.pick(f"[{target}]", f"[{target}.output]", f"[{target}.id]")
        if self.chance(0.15):
            kind, holds = self.pick(
                ("precondition", "length(local.keys) > 1"), ("postcondition", "local.flag"), ("postcondition", "self.output != null")
            )
            said[kind] = f'{{\n      condition     = {holds}\n      error_message = "Wrong ${{local.word}}."\n    }}'
        return said

    def value(self, module, before, block):
        ways = [
            "local.word",
            f'"{self.pick("x", "y", "z")}"',
            "local.flag",
            "{ a = local.word, b = [1, local.flag] }",
            "var.given",
            "sensitive(local.word)",
            "[for key in local.keys : upper(key)]",
        ]
        if "count" in block:
            ways.append("count.index")
        if "for_each" in block:
            ways.append("each.key")
        for name in before:
            other = self.resources[module].get(name, {})
            whole = f"terraform_data.{name}"
            if "count" in other:
                ways += [f"{whole}[*].output", f"try({whole}[0].id, null)", f"length({whole})"]
            elif "for_each" in other:
                ways += [f"{{for key, each in {whole} : key => each.output}}", f"keys({whole})"]
            else:
                ways += [f"{whole}.output", f"{whole}.id", f'"<${{{whole}.id}}>"']
        if module == "" and self.call is not None and self.chance(0.3):
            ways.append("module.child")
        return self.pick(*ways)

    def outputs(self):
        """Chooses what the modules show."""
        self.shown = {module: {} for module in self.resources}
        for module, blocks in self.resources.items():
            for name in blocks:
                if self.chance(0.5):
                    value = self.value(module, [name], {}).replace("module.child", "null")
                    self.shown[module][f"o_{name}"] = (value, self.chance(0.4))

    # Steps.

    def changed(self):
        """A stack that this one might become."""
        new = copy.deepcopy(self)
        new.extra = []
        for _ in range(new.random.randint(1, 4)):
            new.change_once()
        new.outputs()
        return new

    def change_once(self):
        module = self.pick("", "", "child")
        blocks = self.resources[module]
        if not blocks:
            self.add(module)
            return
        name = self.pick(*blocks)
        before = list(blocks)[: list(blocks).index(name)]
        block = blocks[name]
        way = self.pick("input", "triggers", "add", "remove", "rename", "repeat", "lifecycle", "call", "import", "forget", "move_in")
        if way == "input":
            block["input"] = self.value(module, before, block)
        elif way == "triggers":
            block["triggers_replace"] = self.value(module, before, block)
        elif way == "add":
            self.add(module)
        elif way == "lifecycle":
            block["lifecycle"] = self.lifecycle(before)
        elif way == "repeat":
            self.repeat(module, name)
        elif way == "call":
            self.call = self.pick(None, self.repetition(), self.repetition())
        elif way == "import":
            self.bring_in()
        else:
            self.take_away(module, name, way)

    def repeat(self, module, name):
        """Gives a block another repetition, and perhaps says which instance is which."""
        block = self.resources[module][name]
        for word in ("count", "for_each"):
            block.pop(word, None)
        block.update(self.repetition())
        if any(word in str(block) for word in ("count.index", "each.key")):
            block["input"], block["triggers_replace"] = '"x"', '"t"'
        if not module and self.chance(0.4):
            one, other = self.pick("", "[0]", "[1]"), self.pick("[0]", '["a"]', "")
            self.moved(f"terraform_data.{name}{one}", f"terraform_data.{name}{other}")

    def bring_in(self):
        name = self.add("")
        block = self.resources[""][name]
        key = "[0]" if "count" in block else '["a"]' if "for_each" in block else ""
        self.extra.append(f'import {{\n  to = terraform_data.{name}{key}\n  id = "{self.pick("i1", "i2")}"\n}}')

    def moved(self, one, other):
        self.extra.append(f"moved {{\n  from = {one}\n  to   = {other}\n}}")

    def take_away(self, module, name, way):
        """Removes a block, and what refers to it; as the case may be it is found under another name."""
        block = self.resources[module].pop(name)
        refers = re.compile(rf"terraform_data\.{name}\b")
        for other in self.resources[module].values():
            for said in (other, other["lifecycle"]):
                for word in [word for word, text in said.items() if isinstance(text, str) and refers.search(text)]:
                    del said[word]
        renamed = f"n{name}"
        if way == "rename":
            self.resources[module][renamed] = block
        if module:
            return
        if way == "rename" and self.chance(0.8):
            self.moved(f"terraform_data.{name}", f"terraform_data.{renamed}")
        elif way == "forget":
            destroy = self.pick("false", "true")
            self.extra.append(f"removed {{\n  from = terraform_data.{name}\n  lifecycle {{\n    destroy = {destroy}\n  }}\n}}")
        elif way == "move_in" and self.call is not None:
            self.add("child", name)
            self.moved(f"terraform_data.{name}", f"module.child.terraform_data.{name}")

    # Text.

    def text(self, module):
        said = []
        for name, block in self.resources[module].items():
            lines = [f"  {word} = {value}" for word, value in block.items() if word != "lifecycle"]
            inner = [f"    {word} {'' if value.startswith('{') else '= '}{value}" for word, value in block["lifecycle"].items()]
            if inner:
                lines += ["  lifecycle {", *inner, "  }"]
            said.append("\n".join([f'resource "terraform_data" "{name}" {{', *lines, "}"]))
        for name, (value, sensitive) in self.shown[module].items():
            said.append(f'output "{name}" {{\n  value     = {value}\n  sensitive = {str(sensitive).lower()}\n}}')
        return "\n".join(said)

    def files(self):
        keys = self.pick('["a"]', '["a", "b"]')
        common = (
            f'locals {{\n  word = "{self.pick("one", "one", "two")}"\n  flag = {self.pick("true", "true", "false")}\n  keys = {keys}\n}}\n'
            'variable "given" {\n  default = "g"\n}\n'
        )
        root = [common + self.text("")]
        if self.call is not None:
            arguments = [f"  {word} = {value}" for word, value in self.call.items()]
            given = f'  given  = "{self.pick("g", "h")}"'
            root.append("\n".join(['module "child" {', '  source = "./child"', given, *arguments, "}"]))
        return {"main.tf": "\n".join(root + self.extra) + "\n", "child/main.tf": common + self.text("child") + "\n"}
