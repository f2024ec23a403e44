"""Writes tests/data/screening/wordpiece.json: texts with the ids that this package's tokenizer gives them, for the tokenizer in C#.

`python3 -m text_pack.cases` in the folder trainer/. The vocabulary is small and hand-made.
"""

import json
from pathlib import Path

from .wordpiece import WordPiece

OUT = Path(__file__).resolve().parents[2] / "tests/data/screening/wordpiece.json"
VOCABULARY = ("[PAD] [UNK] [CLS] [SEP] [MASK] ! \" # ' ( ) , - . / : ; ? @ [ ] ` … – ¿ 。 the a of heart surgery surgical strike chol ##ecyst ##ectomy "
              "lap ##aro ##scopic laparoscopic x ray mri 3d ##d 12 ##lead lead e ##cho ##cardio ##gram echo cafe naive uber resume angstrom 心 脏 手 術 豈 "
              "か ##な ᄒ ##ᅡ ##ᆫ ##ᄀ ##ᅳ ##ᆯ σ ##ς ##σ ##ο ##δ о ##п ##ер ##ация k ##m ω i ##stanbul ss ß ##ß ﬁ ##n 𐐨 ##𐐨 😀 un ##believ ##able "
              "##s ##ing o ##o ##e ##r ##t s ##u ##h n ##a").split(" ")
TEXTS = (
    "Laparoscopic cholecystectomy", "LAPAROSCOPIC  Cholecystectomy!", "laparoscopics", "heart-surgery", "The heart of a heart.", "[CLS] surgery [SEP]",
    "Café naïve Über résumé", "Cafe\u0301 nai\u0308ve", "Ångström \u212bngstro\u0308m", "心脏手術", "the心heart", "豈", "かな", "한글", "\u1112\u1161\u11ab", "οδος ΟΔΟΣ σσ", "Операция",
    "\u212am 5 \u2126", "İstanbul", "ẞ straße", "ﬁn", "𐐀𐐨", "😀 heart😀", "un\u00adbeliev\u200bable", "unbelievable\u0000s", "a\tb\nheart\r\nsurgery", "a\u00a0heart\u2003of\u2028surgery\u3000x",
    "x-ray / MRI: 3D?", "12-lead", "\u00bfheart?", "heart\u2026surgery\u2013strike", "$heart^ `of` ~surgery|", "heart\u20ac", "a" * 100, "a" * 101, "", "   ", "\ufffdheart\ufffd", "e\u0301\u0302\u0303cho",
    "surgical strike " * 6, "\ue000heart", "echo-\u0435cho", "\u0130", "heart\u037e\u1fef",
)


def main():
    tokenizer = WordPiece(VOCABULARY)
    cases = [{"text": text, "max": 16, "ids": tokenizer.encode(text, 16)} for text in TEXTS]
    cases += [{"text": "the heart of surgery", "max": longest, "ids": tokenizer.encode("the heart of surgery", longest)} for longest in (2, 3, 5, 6, 512)]
    OUT.write_text(json.dumps({"vocabulary": VOCABULARY, "cases": cases}, indent=1) + "\n")
    print(f"{len(cases)} cases in {OUT}")


if __name__ == "__main__":
    main()
