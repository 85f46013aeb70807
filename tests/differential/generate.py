"""Random expressions of the language, each of a type that is known while it is made.

Types are written as nested tuples: ("number",), ("list", T), ("object", (("a", T), ...)), ("tuple", (T, ...)).
"""

import random

NUMBER, STRING, BOOL = ("number",), ("string",), ("bool",)
PRIMITIVES = (NUMBER, STRING, BOOL)
PATTERNS = ('"/[a-z]+/"', '"/(.)l/"', '"/^|$/"')
MATCHED = '"<$1>"'
FORMATS = ('"%s"', '"%v"', '"%#v"', '"%5.2f"', '"%q"', '"%05d"', '"%x"', '"%t"', '"%-9v|"')
DATES = ('"YYYY-MM-DD"', '"EEEE, DD MMM YY hh:mm:ssAA"', '"H \'o\'clock\' Z"')
DURATIONS = ('"1h"', '"-25h30m"', '"1.5h"', '"100ms"')
NETWORKS = ('"10.0.0.0/8"', '"192.168.1.0/24"', '"fd00::/48"')
EXPRESSIONS = ('"[a-z]"', '"(?i)l+"', '"^.?"')
NAMES = ("a", "b", "c", "key", "x-y", "_1")


class Generator:
    """Makes expressions. `leaves` gives for a type further expressions without parts, such as references."""

    def __init__(self, seed, leaves=None):
        self.random = random.Random(seed)
        self.leaves = leaves or {}
        self.scope = []

    def pick(self, *choices):
        return self.random.choice(choices)

    def type(self, depth=2):
        """A type whose parts are nested at most so deep."""
        if depth == 0 or self.random.random() < 0.4:
            return self.pick(*PRIMITIVES)
        kind = self.pick("list", "set", "map", "object", "tuple")
        if kind in ("list", "map"):
            return (kind, self.type(depth - 1))
        if kind == "set":
            return (kind, self.pick(*PRIMITIVES) if self.random.random() < 0.7 else self.type(depth - 1))
        if kind == "tuple":
            return (kind, tuple(self.type(depth - 1) for _ in range(self.random.randint(0, 3))))
        names = self.random.sample(NAMES, self.random.randint(0, 3))
        return (kind, tuple((name, self.type(depth - 1)) for name in sorted(names)))

    def expression(self, kind, depth=4):
        """An expression of the type, or of one that is converted to it."""
        found = [name for name, of in self.scope if of == kind]
        if found and self.random.random() < 0.4:
            return self.pick(*found)
        leaves = self.leaves.get(kind, ())
        if leaves and self.random.random() < 0.25:
            return self.pick(*leaves)
        if depth <= 0:
            return self.literal(kind, 0)
        if self.random.random() < 0.25:
            return self.literal(kind, depth - 1)
        if self.random.random() < 0.4:
            return self.of_any_type(kind, depth - 1)
        return getattr(self, "a_" + kind[0])(kind, depth - 1)

    # What stands for itself.

    def literal(self, kind, depth):
        name = kind[0]
        if name == "number":
            return self.pick("0", "1", "2", "-1", "3.5", "10", "1e3", "0.1", "-0.5", "100", "12345678901234567890", "1e-7")
        if name == "bool":
            return self.pick("true", "false")
        if name == "string":
            return self.pick('""', '"a"', '"b"', '"Hello, World"', '"ünï"', '"1"', '"true"', r'"a\nb"', '"a,b,c"', r'"\u00e9"', '"  x "', '"<&>"', '"$${x}"', '"10.0.0.0/8"')
        few = 0 if depth <= 0 else self.random.randint(0, 3)
        if name in ("list", "set"):
            text = "[" + ", ".join(self.expression(kind[1], depth) for _ in range(few)) + "]"
            return f"to{name}({text})"
        if name == "map":
            keys = self.random.sample(NAMES, few)
            text = "{" + ", ".join(f'"{key}" = {self.expression(kind[1], depth)}' for key in keys) + "}"
            return f"tomap({text})"
        if name == "tuple":
            return "[" + ", ".join(self.expression(part, depth) for part in kind[1]) + "]"
        return "{" + ", ".join(f'"{key}" = {self.expression(part, depth)}' for key, part in kind[1]) + "}"

    # What gives any type.

    def of_any_type(self, kind, depth):
        e, ways = self.expression, [
            lambda: f"({e(kind, depth)})",
            lambda: f"({e(BOOL, depth)} ? {e(kind, depth)} : {e(kind, depth)})",
            lambda: f"try({e(kind, depth)}, {e(kind, depth)})",
            lambda: f"coalesce({e(kind, depth)}, {e(kind, depth)})" if kind in PRIMITIVES else f"try({e(kind, depth)})",
            lambda: f"({e(BOOL, depth)} ? null : {e(kind, depth)})",
            lambda: f"element({e(('list', kind), depth)}, {e(NUMBER, depth)})",
            lambda: f"[{e(kind, depth)}, {e(kind, depth)}][{self.pick(0, 1)}]",
            lambda: f"{{ p = {e(kind, depth)} }}.p",
            lambda: f'{e(("map", kind), depth)}["{self.pick(*NAMES)}"]',
            lambda: f'lookup({e(("map", kind), depth)}, {e(STRING, depth)}, {e(kind, depth)})',
            lambda: f"one([{e(kind, depth)}])",
            lambda: f"one([for v in [{e(kind, depth)}] : v if {e(BOOL, depth)}])",
            lambda: f"jsondecode(jsonencode({e(kind, depth)}))",
            lambda: f"sensitive({e(kind, depth)})" if self.random.random() < 0.2 else e(kind, depth),
            lambda: f"nonsensitive(sensitive({e(kind, depth)}))",
            lambda: f"{e(('list', kind), depth)}[{self.pick(0, 1)}]",
            lambda: f"values({e(('map', kind), depth)})[0]",
        ]
        return self.random.choice(ways)()

    # What gives one type.

    def a_number(self, _, depth):
        e = self.expression
        numbers = lambda: e(("list", NUMBER), depth)
        ways = [
            lambda: f"({e(NUMBER, depth)} {self.pick('+', '-', '*', '/', '%')} {e(NUMBER, depth)})",
            lambda: f"-{e(NUMBER, depth)}" if self.random.random() < 0.5 else f"abs({e(NUMBER, depth)})",
            lambda: f"{self.pick('ceil', 'floor', 'signum')}({e(NUMBER, depth)})",
            lambda: f"{self.pick('min', 'max')}({e(NUMBER, depth)}, {e(NUMBER, depth)})",
            lambda: f"{self.pick('min', 'max', 'sum')}({numbers()}...)" if self.random.random() < 0.3 else f"sum({numbers()})",
            lambda: f"length({e(self.collection(depth), depth)})",
            lambda: f"length({e(STRING, depth)})",
            lambda: f"tonumber({e(self.pick(NUMBER, STRING), depth)})",
            lambda: f'parseint({e(STRING, depth)}, {self.pick(2, 10, 16, 36)})',
            lambda: f"pow({e(NUMBER, depth)}, {self.pick(0, 1, 2, 0.5, -1)})",
            lambda: f"log({e(NUMBER, depth)}, {self.pick(2, 10)})",
            lambda: f"index({e(('list', STRING), depth)}, {e(STRING, depth)})",
            lambda: f'"${{{e(NUMBER, depth)}}}"',
        ]
        return self.random.choice(ways)()

    def a_bool(self, _, depth):
        e = self.expression
        same = self.type(1)
        ways = [
            lambda: f"({e(NUMBER, depth)} {self.pick('<', '>', '<=', '>=')} {e(NUMBER, depth)})",
            lambda: f"({e(same, depth)} {self.pick('==', '!=')} {e(same, depth)})",
            lambda: f"({e(same, depth)} {self.pick('==', '!=')} null)",
            lambda: f"({e(BOOL, depth)} {self.pick('&&', '||')} {e(BOOL, depth)})",
            lambda: f"!{e(BOOL, depth)}",
            lambda: f"contains({e((self.pick('list', 'set'), same), depth)}, {e(same, depth)})",
            lambda: f"can({e(self.type(1), depth)})",
            lambda: f"{self.pick('alltrue', 'anytrue')}({e(('list', BOOL), depth)})",
            lambda: f"{self.pick('startswith', 'endswith', 'strcontains')}({e(STRING, depth)}, {e(STRING, depth)})",
            lambda: f"tobool({e(self.pick(BOOL, STRING), depth)})",
            lambda: f"issensitive({e(self.type(1), depth)})",
        ]
        return self.random.choice(ways)()

    def a_string(self, _, depth):
        e = self.expression
        text = lambda: e(STRING, depth)
        plain = lambda: e(self.pick(*PRIMITIVES), depth)
        ways = [
            lambda: f'"${{{plain()}}}-${{{text()}}}"',
            lambda: f'"%{{ if {e(BOOL, depth)} }}${{{plain()}}}%{{ else }}no%{{ endif }}"',
            lambda: f'"%{{ for v in {e(("list", STRING), depth)} ~}} ${{v}}; %{{ endfor }}"',
            lambda: f"{self.pick('upper', 'lower', 'title', 'trimspace', 'chomp', 'strrev', 'md5', 'base64encode', 'urlencode', 'sha1')}({text()})",
            lambda: f"join({text()}, {e((self.pick('list', 'set'), STRING), depth)})",
            lambda: f"substr({text()}, {self.pick(-2, 0, 1)}, {self.pick(-1, 0, 2)})",
            lambda: f"replace({text()}, {self.pick(text(), *PATTERNS)}, {self.pick(text(), MATCHED)})",
            lambda: f"format({self.pick(*FORMATS)}, {e(self.type(1), depth)})",
            lambda: f'format("%s/%-6s/%v", {plain()}, {plain()}, {e(self.type(1), depth)})',
            lambda: f"jsonencode({e(self.type(2), depth)})",
            lambda: f"yamlencode({e(self.type(2), depth)})",
            lambda: f"tostring({plain()})",
            lambda: f"{self.pick('trim', 'trimprefix', 'trimsuffix')}({text()}, {text()})",
            lambda: f'regex("[a-z]+", {text()})',
            lambda: f'formatdate({self.pick(*DATES)}, timeadd("2024-02-29T12:34:56Z", {self.pick(*DURATIONS)}))',
            lambda: f"cidrsubnet({self.pick(*NETWORKS)}, {self.pick(1, 4, 8)}, {e(NUMBER, depth)})",
            lambda: f"cidrhost({self.pick(*NETWORKS)}, {e(NUMBER, depth)})",
            lambda: f"provider::terraform::encode_expr({e(self.type(2), depth)})",
            lambda: f"provider::terraform::encode_tfvars({{ a = {e(self.type(2), depth)} }})",
            lambda: f"{self.pick('sha256', 'base64sha256', 'sha512', 'strrev', 'chomp')}({text()})",
            lambda: f'uuidv5("dns", {text()})',
            lambda: f'textdecodebase64(textencodebase64({text()}, "UTF-16LE"), "UTF-16LE")',
            lambda: f'csvdecode("a,b\\n1,${{{text()}}}")[0].b',
            lambda: f"element(regexall({self.pick(*EXPRESSIONS)}, {text()}), {self.pick(0, -1)})",
            lambda: f"indent({self.pick(0, 2)}, {text()})",
            lambda: f"keys({e(('map', self.type(1)), depth)})[0]",
            lambda: f"base64decode(base64encode({text()}))",
        ]
        return self.random.choice(ways)()

    def collection(self, depth):
        return (self.pick("list", "set", "map"), self.type(1))

    def looped(self, source, body):
        """A `for` over a collection of the type: the text before the colon, and what the body gives."""
        name = f"v{len(self.scope)}"
        over = self.expression(source, 2)
        self.scope.append((name, source[1]))
        found = body(name)
        self.scope.pop()
        return name, over, found

    def a_list(self, kind, depth):
        e, of = self.expression, kind[1]
        again = lambda: e(kind, depth)

        def comprehension():
            source = (self.pick("list", "set", "map"), self.type(1))
            condition = lambda: f" if {e(BOOL, 1)}" if self.random.random() < 0.4 else ""
            name, over, body = self.looped(source, lambda _: e(of, depth) + condition())
            return f"[for {name} in {over} : {body}]"

        ways = [
            comprehension,
            comprehension,
            lambda: f"concat({again()}, {again()})",
            lambda: f"{self.pick('reverse', 'distinct', 'sort', 'compact')}({again()})" if of == STRING else f"{self.pick('reverse', 'distinct')}({again()})",
            lambda: f"slice({again()}, 0, {self.pick(0, 1)})",
            lambda: f"flatten([{again()}, {again()}])",
            lambda: f"values({e(('map', of), depth)})",
            lambda: f"tolist({e(('set', of), depth)})",
            lambda: f"coalescelist({again()}, {again()})",
            lambda: f"{e(('list', ('object', (('p', of),))), depth)}[*].p",
            lambda: f"[{e(of, depth)}, {e(of, depth)}]",
            lambda: f"chunklist({again()}, {self.pick(1, 2)})[0]",
            lambda: f'split(",", {e(STRING, depth)})' if of == STRING else f"range({self.pick(0, 1, 3)})" if of == NUMBER else again(),
            lambda: f"{e(of, depth)}[*]" if of in PRIMITIVES else again(),
            lambda: f"matchkeys({again()}, {e(('list', STRING), depth)}, {e(('list', STRING), depth)})",
            lambda: f"tolist({e(('tuple', (of, of)), depth)})",
            lambda: f"yamldecode(yamlencode({again()}))",
            lambda: f"formatlist({self.pick(*FORMATS)}, {e(('list', self.type(0)), depth)})" if of == STRING else again(),
            lambda: f"regexall({self.pick(*EXPRESSIONS)}, {e(STRING, depth)})" if of == STRING else again(),
            lambda: f"range({e(NUMBER, 1)}, 3)" if of == NUMBER else again(),
            lambda: f"[for pair in setproduct({again()}, {again()}) : pair[1]]",
        ]
        return self.random.choice(ways)()

    def a_set(self, kind, depth):
        e, again = self.expression, lambda: self.expression(kind, depth)
        ways = [
            lambda: f"toset({e(('list', kind[1]), depth)})",
            lambda: f"setunion({again()}, {again()})",
            lambda: f"setintersection({again()}, {again()})",
            lambda: f"setsubtract({again()}, {again()})",
        ]
        return self.random.choice(ways)()

    def a_map(self, kind, depth):
        e, of = self.expression, kind[1]
        again = lambda: e(kind, depth)

        def comprehension():
            source = (self.pick("list", "set"), STRING)
            name, over, body = self.looped(source, lambda name: f"{name} => {e(of, depth)}")
            return f"{{for {name} in {over} : {body}}}"

        ways = [
            comprehension,
            lambda: f"merge({again()}, {again()})",
            lambda: f"tomap({again()})",
            lambda: f"zipmap({e(('list', STRING), depth)}, {e(('list', of), depth)})",
            lambda: f"{{ (\"${{{e(STRING, depth)}}}\") = {e(of, depth)} }}",
            lambda: f"{{for k, v in {again()} : k => v if {e(BOOL, depth)}}}",
            lambda: f"transpose({e(('map', ('list', STRING)), depth)})" if of == ("list", STRING) else again(),
            lambda: f"{{for k, v in {e(('list', STRING), depth)} : v => {e(of[1], depth)}...}}" if of[0] == "list" else again(),
        ]
        return self.random.choice(ways)()

    def a_object(self, kind, depth):
        e = self.expression
        if len(kind[1]) > 1 and self.random.random() < 0.5:
            first, rest = ("object", kind[1][:1]), ("object", kind[1][1:])
            return f"merge({e(first, depth)}, {e(rest, depth)})"
        return self.literal(kind, depth)

    def a_tuple(self, kind, depth):
        e = self.expression
        if len(kind[1]) > 1 and self.random.random() < 0.3:
            return f"concat({e(('tuple', kind[1][:1]), depth)}, {e(('tuple', kind[1][1:]), depth)})"
        return self.literal(kind, depth)
