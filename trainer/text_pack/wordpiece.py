"""BERT's uncased tokenisation, and the learning of a small vocabulary in BERT's format."""

import re
import unicodedata
from collections import Counter, defaultdict
from functools import lru_cache

PAD, UNK, CLS, SEP, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
LONGEST_WORD = 100
SPACES = re.compile(r"[ \t\n\r]+")
IDEOGRAPHS = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF),
              (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


def words(text):
    """Basic tokenisation: clean, ideographs apart, accents off, lower case, punctuation apart."""
    return [word for chunk in SPACES.split(text) for word in _words(chunk)]


@lru_cache(maxsize=100_000)
def _words(chunk):
    out = []
    for char in chunk:
        code, category = ord(char), unicodedata.category(char)
        if char in " \t\n\r" or category == "Zs":
            out.append(" ")
        elif code in (0, 0xFFFD) or category.startswith("C"):
            continue
        elif any(low <= code <= high for low, high in IDEOGRAPHS):
            out.append(f" {char} ")
        else:
            out.append(char)
    plain = "".join(char for char in unicodedata.normalize("NFD", "".join(out)) if unicodedata.category(char) != "Mn")
    # Character by character: no rule looks at a character's neighbours (final sigma).
    lower = "".join(char.lower() for char in plain)
    return tuple("".join(f" {char} " if punctuation(char) else char for char in lower).split())


def punctuation(char):
    code = ord(char)
    return 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126 or unicodedata.category(char).startswith("P")


class WordPiece:
    """Encodes texts with a vocabulary: longest match first, `##` before pieces that continue a word."""

    def __init__(self, vocabulary):
        self.ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.cache = {}

    @staticmethod
    def load(file):
        return WordPiece(file.read_text(encoding="utf-8").split("\n")[:-1])

    def word(self, word):
        if word not in self.cache:
            self.cache[word] = self._split(word)
        return self.cache[word]

    def _split(self, word, most=LONGEST_WORD):
        ids, start = [], 0
        if len(word) > LONGEST_WORD:
            return [self.ids[UNK]]
        while start < len(word):
            for end in range(min(len(word), start + most), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in self.ids:
                    ids.append(self.ids[piece])
                    start = end
                    break
            else:
                return [self.ids[UNK]]
        return ids

    def encode(self, text, longest=512, random=None, share=0.0):
        """[CLS], the pieces (cut off so that all fits into `longest`), [SEP].

        With `random` a share of the words falls into shorter pieces than it must, so that the pieces learn to stand for the word."""
        pieces = []
        for word in words(text):
            cut = random is not None and random.random() < share
            pieces += self._split(word, random.randint(2, 6)) if cut else self.word(word)
        return [self.ids[CLS], *pieces[:longest - 2], self.ids[SEP]]


def learn(texts, size, whole=(), least=3):
    """A vocabulary of at most `size` entries: special tokens, single characters, the words of `whole`, then the merges of the most
    frequent neighbours.

    A merge is worth its count; ties go by the alphabet, so the same texts give the same vocabulary."""
    counts = Counter(word for text in texts for word in words(text) if len(word) <= LONGEST_WORD)
    letters = Counter()
    for word, count in counts.items():
        for char in word:
            letters[char] += count
    alphabet = sorted(char for char, count in letters.items() if count >= least)
    printable = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    alphabet = sorted(set(alphabet) | set(printable))
    vocabulary = [PAD, UNK, CLS, SEP, MASK, *alphabet, *(f"##{char}" for char in alphabet if not punctuation(char))]
    vocabulary += sorted(set(whole) - set(vocabulary))
    known = set(vocabulary)

    # Pieces of the whole words are learnt too: other words are made of them.
    split = {word: [char if i == 0 else f"##{char}" for i, char in enumerate(word)] for word in counts}
    pairs, where = Counter(), defaultdict(set)
    for word, pieces in split.items():
        for pair in zip(pieces, pieces[1:]):
            pairs[pair] += counts[word]
            where[pair].add(word)
    while len(vocabulary) < size and pairs:
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        if pairs[best] < least:
            break
        merged = best[0] + best[1][2:]
        if merged not in known:
            known.add(merged)
            vocabulary.append(merged)
        for word in sorted(where.pop(best)):
            _merge(word, split, best, merged, counts[word], pairs, where)
        pairs.pop(best, None)
    return vocabulary


def _merge(word, split, pair, merged, count, pairs, where):
    old, new, i = split[word], [], 0
    for before in zip(old, old[1:]):
        pairs[before] -= count
        if pairs[before] <= 0:
            del pairs[before]
    while i < len(old):
        if i + 1 < len(old) and (old[i], old[i + 1]) == pair:
            new.append(merged)
            i += 2
        else:
            new.append(old[i])
            i += 1
    split[word] = new
    for after in zip(new, new[1:]):
        pairs[after] += count
        where[after].add(word)
