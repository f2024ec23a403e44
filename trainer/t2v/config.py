"""The geometry of a model: plain dataclasses, three presets, JSON files."""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path

from .events import TrainerError


@dataclass(frozen=True)
class Video:
    """What a training sample is: frames (4k + 1 for a temporal factor of 4), pixels, frames per second."""

    num_frames: int = 9
    height: int = 64
    width: int = 96
    fps: float = 8.0
    aspect_tolerance: float = 1.5  # height / width of a clip may differ by this factor, either way
    length_tolerance: float = 18.0  # longest clip in units of num_frames / fps
    windows_per_clip: int = 12  # random temporal crops of a clip that are encoded


@dataclass(frozen=True)
class Transformer:
    """The DiT. A head's dimensions are the sum of `rope_axes` (time, height, width)."""

    in_channels: int = 16
    hidden: int = 128
    heads: int = 4
    double_blocks: int = 2
    single_blocks: int = 2
    refiner_blocks: int = 1
    mlp_ratio: int = 4
    rope_axes: tuple = (8, 12, 12)
    rope_theta: float = 256.0
    patch: tuple = (1, 2, 2)
    guidance_embeds: bool = True
    text_dim: int = 64
    pooled_dim: int = 64


@dataclass(frozen=True)
class Autoencoder:
    """Causal 3D autoencoder. `patch` pixels a side are folded into channels first; then one (time, height, width) stride a stage."""

    latent_channels: int = 16
    patch: int = 4
    channels: tuple = (32, 64, 64)
    strides: tuple = ((2, 2, 2), (2, 1, 1))
    layers: int = 1
    linear: bool = True  # a linear map of blocks of pixels beside the convolutions
    mean: tuple = ()  # of each latent channel; empty: 0
    std: tuple = ()  # of each latent channel; empty: 1 / scaling_factor
    scaling_factor: float = 1.0

    @property
    def spatial(self):
        """Pixels a side of one latent position."""
        return self.patch * _product(stride[1] for stride in self.strides)

    @property
    def temporal(self):
        """Frames of one latent position, but for the first, which holds one."""
        return _product(stride[0] for stride in self.strides)


@dataclass(frozen=True)
class Text:
    """The text encoder. `own` is false where embeddings come from a large model outside of this package."""

    own: bool = True
    length: int = 40
    dim: int = 64
    heads: int = 4
    layers: int = 2


@dataclass(frozen=True)
class Config:
    """Everything that two checkpoints must share for one to read the other."""

    name: str = "tiny"
    video: Video = field(default_factory=Video)
    transformer: Transformer = field(default_factory=Transformer)
    autoencoder: Autoencoder = field(default_factory=Autoencoder)
    text: Text = field(default_factory=Text)
    classifier_free: bool = False  # trained with caption dropout: guidance is by two predictions, else by the guidance embedding

    def latent_shape(self):
        """[C, T, H, W] of a training sample."""
        video, codec = self.video, self.autoencoder
        return (codec.latent_channels, (video.num_frames - 1) // codec.temporal + 1, video.height // codec.spatial, video.width // codec.spatial)

    def check(self):
        """Raises a usage error where the numbers do not fit each other."""
        video, net, codec = self.video, self.transformer, self.autoencoder
        _require(sum(net.rope_axes) * net.heads == net.hidden, f"hidden ({net.hidden}) must be heads ({net.heads}) times the sum of rope_axes {net.rope_axes}")
        _require(all(axis % 2 == 0 for axis in net.rope_axes), f"rope_axes {net.rope_axes} must be even")
        _require(net.in_channels == codec.latent_channels, f"in_channels ({net.in_channels}) must be latent_channels ({codec.latent_channels})")
        _require(net.text_dim == self.text.dim, f"text_dim ({net.text_dim}) must be the text encoder's dim ({self.text.dim})")
        _require(len(codec.channels) == len(codec.strides) + 1, "the autoencoder needs one more entry in channels than in strides")
        _require(video.num_frames >= 1 and (video.num_frames - 1) % codec.temporal == 0,
                 f"num_frames ({video.num_frames}) must be 1 + a multiple of {codec.temporal}")
        for name, pixels, patch in (("height", video.height, net.patch[1]), ("width", video.width, net.patch[2])):
            _require(pixels > 0 and pixels % (codec.spatial * patch) == 0, f"{name} ({pixels}) must be a multiple of {codec.spatial * patch}")
        _require(video.fps > 0, f"fps ({video.fps}) must be above 0")
        return self


TINY = Config()

SMALL = Config(
    name="small",
    video=Video(num_frames=33, height=128, width=192, fps=12.0, length_tolerance=8.0),
    transformer=Transformer(hidden=768, heads=12, double_blocks=6, single_blocks=12, refiner_blocks=2, rope_axes=(16, 24, 24), text_dim=256, pooled_dim=256),
    autoencoder=Autoencoder(patch=2, channels=(64, 128, 256), strides=((2, 2, 2), (2, 2, 2)), layers=2),
    text=Text(length=128, dim=256, heads=8, layers=4))

# HunyuanVideo (arXiv 2412.03603): 20 double and 40 single blocks of 3072, 16 latent channels at 8 x 8 x 4; 93 frames of 480 x 848 as in table 5
# of arXiv 2507.05675.
PAPER = Config(
    name="paper",
    video=Video(num_frames=93, height=480, width=848, fps=24.0, length_tolerance=3.0, windows_per_clip=1),
    transformer=Transformer(hidden=3072, heads=24, double_blocks=20, single_blocks=40, refiner_blocks=2, rope_axes=(16, 56, 56), text_dim=4096, pooled_dim=768),
    autoencoder=Autoencoder(patch=1, channels=(128, 256, 512, 512), strides=((1, 2, 2), (2, 2, 2), (2, 2, 2)), layers=2, linear=False, scaling_factor=0.476986),
    text=Text(own=False, length=256, dim=4096, heads=32, layers=30))

PRESETS = {preset.name: preset for preset in (TINY, SMALL, PAPER)}


def load(name):
    """A preset by name or a JSON file; a usage error names what is wrong."""
    if name in PRESETS:
        return PRESETS[name]
    path = Path(name)
    if path.is_dir():
        path = path / "config.json"
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")), path)
    except OSError as error:
        raise TrainerError("usage", f"there is no model configuration '{name}': {error.strerror}", hint=f"give {', '.join(PRESETS)} or a JSON file")
    except json.JSONDecodeError as error:
        raise TrainerError("usage", f"{path} is not JSON: {error}", file=path)


def from_json(values, path="the configuration"):
    """A configuration from nested dictionaries; unknown names are an error, missing ones take the tiny preset's values."""
    return _build(Config, values, path)


def to_json(config):
    return dataclasses.asdict(config)


def save(config, path):
    path.write_text(json.dumps(to_json(config), indent=2) + "\n", encoding="utf-8")


def _build(kind, values, path):
    if not isinstance(values, dict):
        raise TrainerError("usage", f"{path}: an object was expected where {values!r} stands", file=path)
    fields = {f.name: f for f in dataclasses.fields(kind)}
    if unknown := sorted(set(values) - set(fields)):
        raise TrainerError("usage", f"{path}: {', '.join(unknown)} is no field of {kind.__name__.lower()}; it has {', '.join(fields)}", file=path)
    made = {}
    for name, value in values.items():
        default = getattr(TINY, name) if kind is Config else getattr(kind(), name)
        if dataclasses.is_dataclass(default):
            made[name] = _build(type(default), value, path)
        elif isinstance(default, tuple):
            made[name] = _tuple(value)
        elif isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            made[name] = float(value)
        elif type(value) is not type(default):
            raise TrainerError("usage", f"{path}: {name} must be a {type(default).__name__}, not {value!r}", file=path)
        else:
            made[name] = value
    return kind(**made)


def _tuple(value):
    return tuple(_tuple(item) for item in value) if isinstance(value, (list, tuple)) else value


def _product(numbers):
    result = 1
    for number in numbers:
        result *= number
    return result


def _require(holds, message):
    if not holds:
        raise TrainerError("usage", message)
