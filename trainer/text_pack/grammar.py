"""Phrase grammars: templates with slots, in text files of ours.

A file has sections. `@name` begins a list with one alternative on each line, `@name,` a list whose alternatives stand between commas.
`{name}` is replaced by an alternative of that list, drawn anew each time; `{name#1}` is drawn once for the whole row. A row is
`title | description`; `#` begins a comment line.
"""

import re

SLOT = re.compile(r"\{([a-z_.]+)(#\w+)?\}")


class Grammar:
    def __init__(self, rules):
        self.rules = rules

    def expand(self, text, random, bound):
        """Replaces the slots of a text until none is left."""
        def draw(match):
            name, key = match[1], match[0]
            if match[2] and key in bound:
                return bound[key]
            value = self.expand(random.choice(self.rules[name]), random, bound)
            if match[2]:
                bound[key] = value
            return value
        return SLOT.sub(draw, text)

    def row(self, name, random):
        """Title and description of a row of the list `name`."""
        title, _, description = self.expand(random.choice(self.rules[name]), random, {}).partition("|")
        return title.strip(), description.strip()

    def phrases(self):
        """Every alternative that is plain text of several letters: the fillers."""
        return {text.lower() for alternatives in self.rules.values() for text in alternatives if "{" not in text and "|" not in text and len(text) > 3}


def read(*files, **lists):
    """Reads grammar files into one; `lists` are further lists by name, with `_` for the dot."""
    rules = {name.replace("_", ".", 1): list(values) for name, values in lists.items()}
    for file in files:
        current, commas = None, False
        for line in file.read_text(encoding="utf-8").splitlines():
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("@"):
                commas = line.endswith(",")
                current = rules.setdefault(line[1:].rstrip(","), [])
            else:
                current += [item.strip() for item in line.split(",") if item.strip()] if commas else [line]
    return Grammar(rules)
