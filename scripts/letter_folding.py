#!/usr/bin/env python3
"""Writes src/Curation/Screening/Keywords/letters.tsv: which letters and digits stand for which plain ones.

The .NET runtime carries no decompositions when it runs without ICU, so the facts of the Unicode Character Database that
the keyword matcher needs are kept as a table: letters and digits whose compatibility decomposition, in lower case and without
accents, is shorter or other than the letter itself. Scripts whose marks are vowels (Indic, Hangul, ...) keep theirs.
"""
import sys
import unicodedata
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src/Curation/Screening/Keywords/letters.tsv"

# Letters that people type with a plain one although Unicode calls them letters of their own.
STROKED = {
    "a": "Ⱥⱥ", "ae": "Ææ", "b": "Ƀƀ", "c": "Ȼȼ", "d": "Đđ", "e": "Ɇɇ", "g": "Ǥǥ", "h": "Ħħ", "i": "ıƗɨ", "j": "Ɉɉ", "l": "ŁłȽƚ",
    "o": "Øø", "oe": "Œœ", "r": "Ɍɍ", "ss": "ßẞ", "t": "Ŧŧ", "u": "Ʉʉ", "y": "Ɏɏ", "z": "Ƶƶ",
}
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "FULLWIDTH", "MATHEMATICAL", "SCRIPT", "BLACK-LETTER", "DOUBLE-STRUCK", "KELVIN", "ANGSTROM", "OHM", "MICRO")


def plain(letter):
    """The letter in lower case without accents, as people search for it."""
    decomposed = unicodedata.normalize("NFKD", letter)
    kept = "".join(c for c in decomposed if unicodedata.category(c) != "Mn").lower()
    return "".join(c for c in unicodedata.normalize("NFKD", kept) if unicodedata.category(c) != "Mn").replace("ς", "σ")


def main():
    table = {base: set(letters) for base, letters in STROKED.items()}
    known = {letter for letters in STROKED.values() for letter in letters}
    for code in range(0x80, sys.maxunicode + 1):
        letter = chr(code)
        if letter in known or unicodedata.category(letter)[0] not in "L" and unicodedata.category(letter) != "Nd":
            continue
        if not unicodedata.name(letter, "").startswith(SCRIPTS):
            continue
        base = plain(letter)
        if base != letter.lower() or base.isascii() or letter == "ς":
            if base.isalnum() and not any(c in known for c in base):
                table.setdefault(base, set()).add(letter)
            elif base.isalnum():
                simple = "".join(next((b for b, ls in STROKED.items() if c in ls), c) for c in base)
                table.setdefault(simple, set()).add(letter)
    lines = ["# plain\tletters that stand for it; written by scripts/letter_folding.py"]
    lines += [base + "\t" + "".join(sorted(letters)) for base, letters in sorted(table.items())]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{sum(len(letters) for letters in table.values())} letters of {len(table)} plain ones")


if __name__ == "__main__":
    main()
