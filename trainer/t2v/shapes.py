"""Clips of coloured shapes that move, drawn from a seed, with captions that say what they show: what a base model can learn to see and to read from."""

import random
from dataclasses import dataclass

import numpy as np

COLOURS = {
    "black": (12, 12, 14), "dark grey": (60, 62, 66), "grey": (128, 128, 130), "light grey": (196, 198, 200), "white": (246, 246, 244),
    "dark red": (110, 16, 20), "red": (208, 40, 44), "pink": (236, 150, 158), "orange": (236, 136, 40), "yellow": (240, 214, 64),
    "brown": (122, 78, 46), "beige": (224, 200, 164), "green": (52, 176, 72), "dark green": (20, 84, 50), "turquoise": (64, 196, 190),
    "light blue": (140, 190, 236), "blue": (44, 92, 204), "dark blue": (18, 30, 92), "purple": (128, 60, 160),
}
SIZES = {"small": 0.16, "large": 0.38, "huge": 0.75}  # half of a shape's height, where half of the picture's is 1
PLACES = {"on the left": (-0.85, 0), "on the right": (0.85, 0), "at the top": (0, -0.55), "at the bottom": (0, 0.55), "in the middle": (0, 0)}
COUNTS = {"a": 1, "two": 2, "many": 7}
SURFACES = ("plain", "speckled", "bright in the middle", "dark at the edge")
MOTIONS = {  # of one, of several: (dx, dy, scale, turn in radians) at the time t in 0..1
    ("stands still", "stand still"): lambda t: (0, 0, 1, 0),
    ("drifts to the left", "drift to the left"): lambda t: (0.5 - t, 0, 1, 0),
    ("drifts to the right", "drift to the right"): lambda t: (t - 0.5, 0, 1, 0),
    ("rises", "rise"): lambda t: (0, 0.4 - 0.8 * t, 1, 0),
    ("sinks", "sink"): lambda t: (0, 0.8 * t - 0.4, 1, 0),
    ("grows", "grow"): lambda t: (0, 0, 0.6 + 0.8 * t, 0),
    ("shrinks", "shrink"): lambda t: (0, 0, 1.4 - 0.8 * t, 0),
    ("beats", "beat"): lambda t: (0, 0, 1 + 0.25 * np.sin(4 * np.pi * t), 0),
    ("turns", "turn"): lambda t: (0, 0, 1, 1.5 * t),
    ("swings", "swing"): lambda t: (0.3 * np.sin(2 * np.pi * t), 0, 1, 0),
}
GROUNDS = {
    "plain": "The background is {0}.", "fading": "The background fades from {0} at the top to {1} at the bottom.",
    "glowing": "The background is {0} in the middle and {1} at the edge.", "cloudy": "Clouds of {0} and {1} fill the background.",
    "striped": "The background has {0} and {1} stripes.", "noisy": "The background is {0} with {1} speckles.",
}
GROUND_MOTIONS = {"still": "", "left": " It moves to the left.", "down": " It moves down.", "closer": " It comes closer."}


def _triangle(x, y, phase):
    return np.maximum(np.abs(x) * 0.87 + y * 0.5, -y) - 0.5


def _fan(x, y, phase):
    return np.maximum(np.hypot(x, y + 0.9) - 1.8, (np.abs(x) - (y + 0.9) * 0.9) * 0.74)


def _cross(x, y, phase):
    return np.maximum(np.maximum(np.abs(x), np.abs(y)) - 1, np.minimum(np.abs(x), np.abs(y)) - 0.28)


def _blob(x, y, phase):
    angle = np.arctan2(y, x)
    return np.hypot(x, y) - 0.85 - 0.15 * np.sin(2 * angle + phase) - 0.1 * np.sin(3 * angle + 2 * phase)


def _grid(x, y, phase):
    line = lambda value: np.abs((2 * value + 0.5) % 1 - 0.5) / 2
    return np.maximum(np.minimum(line(x), line(y)) - 0.05, np.maximum(np.abs(x), np.abs(y)) - 1)


def _writing(x, y, phase):
    row = np.floor(2.5 * y + 0.5)
    line = np.abs(2.5 * y - row) / 2.5 - 0.09
    return np.maximum(np.maximum(line, np.abs(x) - 1 - 0.3 * np.sin(7 * row + phase)), np.abs(y) - 1)


SHAPES = {  # of one, of several: about the distance from the edge, negative inside of a shape that fills -1..1
    ("disc", "discs"): lambda x, y, phase: np.hypot(x, y) - 1,
    ("ring", "rings"): lambda x, y, phase: np.abs(np.hypot(x, y) - 0.8) - 0.2,
    ("oval", "ovals"): lambda x, y, phase: np.hypot(x / 1.5, y / 0.8) - 1,
    ("square", "squares"): lambda x, y, phase: np.maximum(np.abs(x), np.abs(y)) - 0.85,
    ("bar", "bars"): lambda x, y, phase: np.maximum(np.abs(x) - 1.6, np.abs(y) - 0.22),
    ("star", "stars"): lambda x, y, phase: np.hypot(x, y) * (1 + 0.45 * np.cos(5 * np.arctan2(y, x))) - 0.85,
    ("triangle", "triangles"): _triangle, ("fan", "fans"): _fan, ("cross", "crosses"): _cross, ("blob", "blobs"): _blob, ("grid", "grids"): _grid,
    ("block of writing", "blocks of writing"): _writing,
}


@dataclass(frozen=True)
class Things:
    """One shape or several alike. `offsets` are their distances from the place, `turn` is in radians."""

    count: str
    size: str
    colour: str
    shape: tuple
    motion: tuple
    place: str
    surface: str
    turn: float
    phase: float
    offsets: tuple

    @staticmethod
    def drawn(draw):
        count = draw.choices(tuple(COUNTS), (6, 2, 2))[0]
        number = COUNTS[count]
        return Things(
            count, draw.choice(tuple(SIZES) if number == 1 else ("small", "large")), draw.choice(tuple(COLOURS)), draw.choice(tuple(SHAPES)),
            draw.choice(tuple(MOTIONS)), draw.choice(tuple(PLACES)), draw.choice(SURFACES), draw.choice((0, 0, draw.uniform(0, 2 * np.pi))),
            draw.uniform(0, 2 * np.pi), ((0, 0),) if number == 1 else tuple((draw.uniform(-0.9, 0.9), draw.uniform(-0.7, 0.7)) for _ in range(number)))

    @property
    def brief(self):
        return f"{self.count} {self.colour} {self.shape[COUNTS[self.count] > 1]}"

    @property
    def sentence(self):
        several = COUNTS[self.count] > 1
        surface = "" if self.surface == "plain" else f", {self.surface},"
        return f"{self.count.capitalize()} {self.size} {self.colour} {self.shape[several]}{surface} {self.motion[several]} {self.place}."

    def paint(self, picture, canvas, t, noise):
        dx, dy, scale, turn = MOTIONS[self.motion](t)
        size, cos, sin = SIZES[self.size] * scale, np.cos(self.turn + turn), np.sin(self.turn + turn)
        for ox, oy in self.offsets:
            right, down = ((here - middle - offset - moved) / size for here, middle, offset, moved in
                           zip((canvas.x, canvas.y), PLACES[self.place], (ox, oy), (dx, dy)))
            x, y = right * cos + down * sin, down * cos - right * sin
            shade = np.ones_like(x)
            if self.surface == "speckled":
                shade = shade + 0.35 * noise.standard_normal(x.shape, np.float32)
            elif self.surface == "bright in the middle":
                shade = 1.5 - 0.9 * np.clip(np.hypot(x, y), 0, 1)
            elif self.surface == "dark at the edge":
                shade = 1 - 0.7 * np.clip(np.hypot(x, y), 0, 1) ** 3
            canvas.paint(picture, SHAPES[self.shape](x, y, self.phase) * size, COLOURS[self.colour], shade)


@dataclass(frozen=True)
class Line:
    """A line that runs across the picture, as of an instrument."""

    colour: str
    form: str
    level: float
    rate: float

    @staticmethod
    def drawn(draw):
        return Line(draw.choice(tuple(COLOURS)), draw.choice(("smooth", "jagged")), draw.uniform(-0.6, 0.6), draw.choice((1.5, 3.0)))

    @property
    def brief(self):
        return f"a {self.colour} line"

    @property
    def sentence(self):
        return f"A {self.form} {self.colour} line runs across the picture."

    def paint(self, picture, canvas, t, noise):
        phase = self.rate * (canvas.x + 1.2 * t)
        height = 0.25 * np.sin(2 * np.pi * phase) if self.form == "smooth" else 0.6 * np.clip(1 - 8 * np.abs(phase % 1 - 0.5), 0, 1) ** 2
        canvas.paint(picture, (np.abs(canvas.y - self.level + height) - 0.03) * 0.7, COLOURS[self.colour])


class Canvas:
    """Coordinates of the pixels: y runs from -1 (top) to 1, x from -width / height to width / height."""

    def __init__(self, height, width):
        rows, columns = np.arange(height, dtype=np.float32) + 0.5, np.arange(width, dtype=np.float32) + 0.5
        self.y, self.x = np.meshgrid(2 * rows / height - 1, (2 * columns - width) / height, indexing="ij")
        self.pixel = 2 / height

    def cover(self, distance):
        """Share of each pixel that is inside, where the distance is negative."""
        return np.clip(0.5 - distance / self.pixel, 0, 1)

    def paint(self, picture, distance, colour, shade=1.0):
        picture += (np.array(colour, np.float32) * np.asarray(shade, np.float32)[..., None] - picture) * self.cover(distance)[..., None]


class Scene:
    """A scene drawn from a seed. `captions`: two texts, the longer one first."""

    def __init__(self, seed):
        draw = random.Random(seed)
        self.seed = seed
        self.ground = draw.choice(("plain", *GROUNDS))
        self.colours = draw.sample(tuple(COLOURS), 2)
        self.ground_motion = draw.choice({"plain": ("still",), "fading": ("still",), "noisy": ("still", "left", "down")}.get(self.ground, ("still", *GROUND_MOTIONS)))
        self.parts = [Things.drawn(draw) for _ in range(draw.choice((0, 1, 1, 1, 2, 2, 3)))]
        if draw.random() < 0.25:
            self.parts.append(Line.drawn(draw))
        ground = GROUNDS[self.ground].format(*self.colours)
        whole = " ".join([*(part.sentence for part in self.parts), ground + GROUND_MOTIONS[self.ground_motion]])
        brief = f"{' and '.join(part.brief for part in self.parts)} on {self.colours[0]}.".capitalize() if self.parts else ground
        self.captions = (whole, brief)

    def frames(self, count, height, width):
        """uint8 [count, height, width, 3]."""
        canvas, noise, frames = Canvas(height, width), np.random.default_rng(self.seed), []
        speckles = noise.standard_normal((2 * height, 2 * width), np.float32)
        waves = [(noise.uniform(0.8, 3.5), noise.uniform(0, 2 * np.pi), noise.uniform(0, 2 * np.pi)) for _ in range(6)]
        for t in np.linspace(0, 1, count):
            first, second = (np.array(COLOURS[name], np.float32) for name in self.colours)
            picture = first + (second - first) * np.clip(self._ground(canvas, t, speckles, waves), 0, 1)[..., None]
            for part in self.parts:
                part.paint(picture, canvas, t, noise)
            frames.append(np.clip(np.rint(picture), 0, 255).astype(np.uint8))
        return np.stack(frames)

    def _ground(self, canvas, t, speckles, waves):
        """Share of the second colour [height, width]."""
        near = 1.3 - 0.6 * t if self.ground_motion == "closer" else 1
        x = canvas.x * near + (0.8 * t if self.ground_motion == "left" else 0)
        y = canvas.y * near - (0.8 * t if self.ground_motion == "down" else 0)
        if self.ground == "plain":
            return np.zeros_like(x)
        if self.ground == "fading":
            return (y + 1) / 2
        if self.ground == "glowing":
            return np.clip(np.hypot(x, y) / 1.2, 0, 1) ** 1.5
        if self.ground == "cloudy":
            return 0.5 + sum(np.sin(rate * (x * np.cos(angle) + y * np.sin(angle)) + phase) for rate, angle, phase in waves) / 5
        if self.ground == "striped":
            across = 1.5 * (x * np.cos(waves[0][1]) + y * np.sin(waves[0][1]))
            return canvas.cover((np.abs(across % 1 - 0.5) - 0.25) / 1.5)
        height, width = x.shape
        moved = int(0.4 * t * height)
        down, right = moved * (self.ground_motion == "down"), moved * (self.ground_motion == "left")
        return 0.35 + 0.3 * speckles[height - down:2 * height - down, right:width + right]
