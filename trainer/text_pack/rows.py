"""Rows of titles and descriptions from the phrase grammars."""

import random
from pathlib import Path

from . import grammar
from .heaps import Heaps
from .wordpiece import words

HERE = Path(__file__).resolve().parent
PHRASES = HERE / "phrases"
DICTIONARY = HERE.parents[1] / "src/Curation/Screening/Dictionary"
CATEGORIES = ("anatomy", "procedures", "specialities", "imaging", "instruments", "conditions", "education")


MEDICAL_SHARE = 0.4


def text_of(title, description):
    """The text that the classifier reads: title, line feed, description; the title alone where there is no description."""
    return f"{title}\n{description}" if description else title


def dictionary(without=frozenset()):
    """The terms of the keyword dictionary by category, as lists `dict.x`; `dict.one` has the single words."""
    lists = {}
    for category in CATEGORIES:
        lines = (DICTIONARY / f"{category}.tsv").read_text().splitlines()
        lists[f"dict_{category}"] = [term for term in (line.split("\t")[0] for line in lines) if term and not term.startswith("#") and term not in without]
    lists["dict_one"] = sorted(term for terms in lists.values() for term in terms if " " not in term and len(term) > 3)
    return lists


def held_out_grammar():
    return grammar.read(PHRASES / "held_out_medical.txt", PHRASES / "held_out_other.txt", PHRASES / "held_out_shared.txt")


def training_grammar(strict=False):
    """The grammar for training. What the held-out grammar uses as a filler is taken out of every list of ours.

    The keyword dictionary stays whole, because what reaches the classifier always has a term of it; `strict` takes the held-out fillers
    out of the dictionary as well, to measure how terms fare that the net never met."""
    reserved = held_out_grammar().phrases()
    files = (PHRASES / f"{name}.txt" for name in ("shared", "words", "train_medical", "train_other"))
    train = grammar.read(*files, **dictionary(reserved if strict else frozenset()))
    for name, alternatives in train.rules.items():
        if not name.startswith("dict."):
            train.rules[name] = [text for text in alternatives if text.lower() not in reserved or len(text) <= 3]
    return train


def known_words(source):
    """The words of the dictionary and of the lists of single words: each gets a vocabulary entry of its own."""
    lists = (texts for name, texts in source.rules.items() if name.startswith(("dict.", "w.", "m.", "n.")))
    return {word for texts in lists for text in texts for word in words(text) if 3 <= len(word) <= 20}


def draw(source, count, seed, heaps=0.6):
    """`count` pairs (text, label); a share of `heaps` comes without a template.

    Two in five are medical, label 1: of what the keyword stage lets through the smaller part is, and precision is dearer than recall."""
    random_ = random.Random(seed)
    bags = Heaps(source)
    pairs = []
    for i in range(count):
        label = int(i % 5 < 5 * MEDICAL_SHARE)
        title, description = bags.row(label, random_) if random_.random() < heaps else source.row("medical" if label else "other", random_)
        pairs.append((text_of(title, description), label))
    return pairs
