"""Writes the table that takes accents off in C#: `python3 -m text_pack.decompositions` in the folder trainer/.

One line for each result: the plain characters, a tab, the characters whose canonical decomposition (NFD) without nonspacing marks
they are. Hangul syllables are left out; they follow from arithmetic.
"""

import unicodedata
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "src/GpuWorkers/Text/decompositions.tsv"


def table():
    lines = {}
    for code in range(0x80, 0x110000):
        char = chr(code)
        if 0xD800 <= code <= 0xDFFF or 0xAC00 <= code <= 0xD7A3 or unicodedata.category(char) == "Mn":
            continue
        plain = "".join(part for part in unicodedata.normalize("NFD", char) if unicodedata.category(part) != "Mn")
        if plain != char:
            lines.setdefault(plain, []).append(char)
    return lines


def main():
    lines = table()
    OUT.write_text(f"# plain\tcharacters; Unicode {unicodedata.unidata_version}, written by trainer/text_pack/decompositions.py\n"
                   + "".join(f"{plain}\t{''.join(chars)}\n" for plain, chars in sorted(lines.items())), encoding="utf-8")
    print(f"{sum(map(len, lines.values()))} characters in {OUT}")


if __name__ == "__main__":
    main()
