"""Rows that are heaps of words: they teach which words weigh how much, where templates would teach templates."""

CATEGORIES = ("anatomy", "procedures", "specialities", "imaging", "instruments", "conditions", "education")
LONGEST_TITLE, LONGEST_TEXT = 8, 20


class Heaps:
    """Draws heaps from the lists `w.x` (everyday), `w.odd` (medical words of everyday speech), `m.context`, `n.plain` and `dict.x`."""

    def __init__(self, source):
        self.rules = source.rules
        self.topics = sorted(name for name in source.rules if name.startswith("w.") and name != "w.odd")
        odd = {word.replace("-", " ") for word in source.rules["w.odd"]}
        # A heap that is medical is so by terms that mean one thing only.
        self.terms = [[term for term in source.rules[f"dict.{category}"] if term not in odd] for category in CATEGORIES]

    def row(self, label, random):
        """Title and description; label 1 is medical."""
        words = self._medical(random) if label else self._everyday(random)
        title = words(random.randint(2, LONGEST_TITLE))
        description = words(random.randint(4, LONGEST_TEXT)) if random.random() < 0.7 else ""
        if label and random.random() < 0.15 and description:
            # A title that says nothing over a text that does.
            title = " ".join(self._plain(random) for _ in range(random.randint(1, 5)))
        if random.random() < 0.3:
            # How a channel ends its descriptions says nothing about the video.
            description = " ".join([description, *(self._plain(random) for _ in range(random.randint(3, 9)))]).strip()
        return title, description

    def _medical(self, random):
        """A subject of a few terms, met with words around medicine and words that say nothing."""
        subject = [random.choice(random.choice(self.terms)) for _ in range(random.randint(1, 4))]
        odd, names = random.random() * 0.2, random.random() * 0.3
        # Everyday words of no common topic say nothing either.
        stray = random.choice((0, 0.2, 0.4))
        # In some rows a single term stands among words that say nothing.
        own, any_, near = random.choice(((0.25, 0.15, 0.2), (0.25, 0.15, 0.2), (0.06, 0.02, 0.04)))

        def words(count):
            out = [random.choice(subject)]
            for _ in range(count - 1):
                draw = random.random()
                out.append(random.choice(subject) if draw < own
                           else random.choice(random.choice(self.terms)) if draw < own + any_
                           else random.choice(self.rules["m.context"]) if draw < own + any_ + near
                           else random.choice(self.rules["w.odd"]) if draw < 0.6 + odd * 0.5 and draw > 0.6
                           else self._name(random) if draw < 0.6 + odd * 0.5 + names * 0.5 and draw > 0.6
                           else random.choice(self.rules[random.choice(self.topics)]) if random.random() < stray
                           else self._plain(random))
            random.shuffle(out)
            return " ".join(out)
        return words

    def _everyday(self, random):
        """One topic or two, names, and in most rows medical words that are out of place."""
        topics = [self.rules[random.choice(self.topics)] for _ in range(random.choice((1, 1, 2)))]
        odd, names, terms = random.choice((0, 0.1, 0.25)), random.random() * 0.5, random.choice((0, 0, 0, 0.08))
        # Words that say nothing and a medical word of everyday speech are no medical row; only a term that means one thing makes one.
        bare = random.random() < 0.3
        if bare:
            odd, terms = 0.15, 0

        def words(count):
            out = []
            for _ in range(count):
                draw = random.random()
                out.append(random.choice(self.rules["w.odd"]) if draw < odd
                           else random.choice(self.rules["dict.one"]) if draw < odd + terms
                           else random.choice(random.choice(topics)) if draw < 0.6 and not bare
                           else self._name(random) if draw < 0.6 + names * 0.5
                           else self._plain(random))
            if count > 3 and not bare:
                out[random.randrange(count)] = random.choice(random.choice(topics))
            return " ".join(out)
        return words

    def _plain(self, random):
        return random.choice(self.rules["n.plain"])

    def _name(self, random):
        """A word that nobody knows."""
        return "".join(random.choice(self.rules["syllable"]) for _ in range(random.randint(2, 4)))
