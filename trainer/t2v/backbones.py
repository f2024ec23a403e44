"""Pretrained video transformers of diffusers, one class a family, with adapters of peft. `opened` gives the one that --model_type names.

Calls, timesteps, signs and scales are those of diffusers' pipelines (read in the sources of 0.40.0.dev0). The packages were not at hand when this was
written: it has been run against the stand-ins of tests/stand_ins only, which have the same signatures, and never on pretrained weights."""

import dataclasses
import importlib
import inspect
import json
import math
from contextlib import contextmanager
from pathlib import Path

import torch

from . import VERSION, bundle, config as configs, dataset, events, flow, lora
from .config import Video
from .events import TrainerError
from .sampler import EMBEDDED_UNIT

OWN, BACKBONE = "t2v", "backbone.json"
INSTALL = "pip install diffusers peft transformers accelerate"
ADAPTER = "default"  # peft's name of an adapter that is given none


def package(name):
    """A module that this package does not need otherwise; the error `missing` names what is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise TrainerError("missing", f"{error.name or name} is not installed, and --model_type other than {OWN} needs it", hint=INSTALL)


class Backbone:
    """A pretrained pipeline, named by its folder or its id on the hub. Subclasses say what distinguishes a family."""

    model_type = pipeline = transformer = autoencoder = None  # the option's value, and names of diffusers' classes
    text_length = 256
    text_dim = "text_embed_dim"  # the transformer's field
    video = Video()  # what clips are prepared as where no option says otherwise
    shifted = True  # the sampling schedule takes a shift
    dtype = torch.float32

    def __init__(self, path):
        # A model's folder keeps this path, and may be read from another working directory.
        self.path = str(Path(path).resolve() if Path(path).is_dir() else path)
        with self.reading():
            index = package("diffusers").DiffusionPipeline.load_config(self.path)
        if index.get("_class_name") != self.pipeline:
            raise self.unfit(f"its model_index.json names {index.get('_class_name')}, not {self.pipeline}")
        if (index.get("transformer_2") or [None])[0]:
            raise self.unfit("it has two transformers, of which one alone would be trained")
        self.net, self.codec = self.stored("transformer", self.transformer), self.stored("vae", self.autoencoder)

    def unfit(self, why):
        return TrainerError("data", f"{self.path} is no pipeline that --model_type {self.model_type} reads: {why}", file=self.path,
                            hint=f"give the folder or the hub's id of a {self.pipeline} of diffusers")

    @contextmanager
    def reading(self):
        """What the packages raise while they read the pipeline, as outcomes that can be expected."""
        try:
            yield
        except ImportError as error:
            raise TrainerError("missing", f"{error.name or 'a package'} is not installed: {error}", hint=INSTALL)
        except (OSError, ValueError) as error:
            if events.disk_full(error):
                raise
            raise self.unfit((str(error).splitlines() or [type(error).__name__])[0])

    def kind(self, name):
        """A class of diffusers."""
        diffusers = package("diffusers")
        try:
            return getattr(diffusers, name)
        except AttributeError:
            raise TrainerError("missing", f"diffusers {getattr(diffusers, '__version__', '')} has no {name}", hint=f"{INSTALL} --upgrade")

    def stored(self, part, name):
        """The configuration of a part with the defaults of its class; no weights are read."""
        kind = self.kind(name)
        with self.reading():
            stored = kind.load_config(self.path, subfolder=part)
        defaults = {field: value.default for field, value in inspect.signature(kind.__init__).parameters.items() if value.default is not value.empty}
        return {**defaults, **stored}

    def describe(self, video):
        """The pipeline in the terms of our configuration: what its latents and embeddings are, and how large its transformer is."""
        net, head = self.net, self.net["attention_head_dim"]
        transformer = configs.Transformer(
            in_channels=net["in_channels"], hidden=net["num_attention_heads"] * head, heads=net["num_attention_heads"], double_blocks=net["num_layers"],
            single_blocks=net.get("num_single_layers", 0), refiner_blocks=net.get("num_refiner_layers", 0), rope_axes=(head, 0, 0), patch=self.patch(),
            guidance_embeds=net.get("guidance_embeds", False), text_dim=net[self.text_dim], pooled_dim=self.pooled_dim())
        text = configs.Text(own=False, length=self.text_length, dim=net[self.text_dim])
        return configs.Config(self.model_type, video, transformer, self.latents(), text).check()

    def config(self, options):
        """The configuration of a run: the pipeline's, with the shape that the data was prepared in, or --model_config's, or the first latent's."""
        prepared = options.data_json_path.parent / bundle.CONFIG
        if prepared.exists():
            stated = bundle.read_config(prepared)
            config = self.describe(stated.video)
            if difference := bundle.same_geometry(stated, config):
                raise TrainerError("geometry", f"{prepared} is not of {self.path}: {difference}", file=prepared,
                                   hint="prepare the data with this --model_type and --pretrained_model_name_or_path")
        elif options.model_config:
            config = self.describe(configs.load(options.model_config).video)
        else:
            config = self.describe(self.video)
            _, frames, height, width = dataset.Samples(options.data_json_path, config).shape(0)
            codec = config.autoencoder
            config = self.describe(dataclasses.replace(self.video, num_frames=(frames - 1) * codec.temporal + 1, height=height * codec.spatial,
                                                       width=width * codec.spatial))
        return dataclasses.replace(config, classifier_free=options.cfg > 0)

    def trainable(self, options, config, device):
        """(transformer, its trained parameters by the name in a file). Adapters are in float32, and so is all where all is trained."""
        self.dtype = torch.bfloat16 if options.use_lora and options.mixed_precision == "bf16" else torch.float32
        model = self.load_transformer(self.dtype)
        if options.gradient_checkpointing:
            model.enable_gradient_checkpointing()
        if options.use_lora:
            model.requires_grad_(False)
            torch.manual_seed(options.seed)
            model.add_adapter(package("peft").LoraConfig(r=options.lora_rank, lora_alpha=options.lora_alpha, init_lora_weights=True,
                                                         target_modules=lora.targets(model, options.lora_target_modules)))
        model.to(device).train()
        parameters = {name.replace(f".{ADAPTER}.", "."): value for name, value in model.named_parameters() if value.requires_grad}
        for value in parameters.values():
            value.data = value.data.float()
        return model, parameters

    def load_transformer(self, dtype):
        with self.reading():
            return self.kind(self.transformer).from_pretrained(self.path, subfolder="transformer", torch_dtype=dtype)

    def drawer(self, model, config):
        """A function of (prompt, seed, steps, guidance_scale, shift) that draws frames with the model in training."""
        from .pipelines import PipelineSampler
        sampler = PipelineSampler(self, config, model)
        sampler.pipeline.to(sampler.device)
        return sampler.draw

    def write_model(self, folder, options, config):
        """What a model's folder needs beside the trained weights: the pipeline's name, not a copy."""
        told = {"model_type": self.model_type, "pretrained_model_name_or_path": self.path, "code_version": VERSION, "video": dataclasses.asdict(config.video)}
        (folder / BACKBONE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")

    def velocity(self, model, latents, sigma, batch):
        """The predicted noise - data [B, C, T, H, W] at noise levels sigma [B]."""
        raise NotImplementedError

    def latents(self):
        """Channels, strides and statistics of the latents."""
        raise NotImplementedError

    def patch(self):
        """Latent positions of a token: time, height, width."""
        raise NotImplementedError

    def pooled_dim(self):
        """Numbers of the pooled text; 0 where the transformer takes none."""
        return 0

    def texts(self, pipeline, captions, device):
        """Embeddings [B, L, dim], mask [B, L] and pooled [B, pooled] of captions, as the pipeline encodes them."""
        raise NotImplementedError


class Hunyuan(Backbone):
    """HunyuanVideo (arXiv 2412.03603): timestep 1000 sigma, embedded guidance, text of Llama and a pooled text of CLIP."""

    model_type, pipeline = "hunyuan_hf", "HunyuanVideoPipeline"
    transformer, autoencoder = "HunyuanVideoTransformer3DModel", "AutoencoderKLHunyuanVideo"
    video = configs.PAPER.video

    def velocity(self, model, latents, sigma, batch):
        guidance = torch.full_like(sigma, EMBEDDED_UNIT) if self.net["guidance_embeds"] else None
        return model(hidden_states=latents.to(self.dtype), timestep=flow.TIMESTEPS * sigma, encoder_hidden_states=batch.text.to(self.dtype),
                     encoder_attention_mask=batch.mask, pooled_projections=batch.pooled.to(self.dtype), guidance=guidance, return_dict=False)[0]

    def latents(self):
        codec = self.codec
        return _latents(codec["latent_channels"], codec["temporal_compression_ratio"], codec["spatial_compression_ratio"],
                        scaling_factor=codec["scaling_factor"])

    def patch(self):
        return (self.net["patch_size_t"], self.net["patch_size"], self.net["patch_size"])

    def pooled_dim(self):
        return self.net["pooled_projection_dim"]

    def texts(self, pipeline, captions, device):
        hidden, pooled, mask = pipeline.encode_prompt(prompt=captions, device=device, max_sequence_length=self.text_length)
        return hidden, mask, pooled


class Mochi(Backbone):
    """Mochi 1: time runs from noise (0) to data (1000), so timestep 1000 (1 - sigma) and output data - noise; its schedule takes no shift."""

    model_type, pipeline = "mochi", "MochiPipeline"
    transformer, autoencoder = "MochiTransformer3DModel", "AutoencoderKLMochi"
    video = Video(num_frames=85, height=480, width=848, fps=30.0, length_tolerance=3.0, windows_per_clip=1)
    shifted = False

    def velocity(self, model, latents, sigma, batch):
        return -model(hidden_states=latents.to(self.dtype), encoder_hidden_states=batch.text.to(self.dtype), timestep=flow.TIMESTEPS * (1 - sigma),
                      encoder_attention_mask=batch.mask, return_dict=False)[0]

    def latents(self):
        codec = self.codec
        factor = codec["scaling_factor"]
        return _latents(codec["latent_channels"], math.prod(codec["temporal_expansions"]), math.prod(codec["spatial_expansions"]), scaling_factor=factor,
                        mean=_numbers(codec["latents_mean"]), std=tuple(value / factor for value in _numbers(codec["latents_std"])))

    def patch(self):
        return (1, self.net["patch_size"], self.net["patch_size"])

    def texts(self, pipeline, captions, device):
        hidden, mask, _, _ = pipeline.encode_prompt(prompt=captions, do_classifier_free_guidance=False, device=device, max_sequence_length=self.text_length)
        return hidden, mask, hidden.new_zeros(len(hidden), 0)


class Wan(Backbone):
    """Wan 2.1: timestep 1000 sigma; texts of umT5 are zero after their last token, so that the transformer needs no mask."""

    model_type, pipeline = "wan", "WanPipeline"
    transformer, autoencoder = "WanTransformer3DModel", "AutoencoderKLWan"
    text_length, text_dim = 512, "text_dim"
    video = Video(num_frames=81, height=480, width=832, fps=16.0, length_tolerance=3.0, windows_per_clip=1)

    def velocity(self, model, latents, sigma, batch):
        return model(hidden_states=latents.to(self.dtype), timestep=flow.TIMESTEPS * sigma, encoder_hidden_states=batch.text.to(self.dtype),
                     return_dict=False)[0]

    def latents(self):
        codec, halved = self.codec, self.codec["temperal_downsample"]
        # Versions of diffusers before Wan 2.2 state the factors by the stages alone.
        return _latents(codec["z_dim"], codec.get("scale_factor_temporal", 2 ** sum(halved)), codec.get("scale_factor_spatial", 2 ** len(halved)),
                        mean=_numbers(codec["latents_mean"]), std=_numbers(codec["latents_std"]))

    def patch(self):
        return tuple(self.net["patch_size"])

    def texts(self, pipeline, captions, device):
        hidden, _ = pipeline.encode_prompt(prompt=captions, do_classifier_free_guidance=False, device=device, max_sequence_length=self.text_length)
        return hidden, hidden.ne(0).any(2), hidden.new_zeros(len(hidden), 0)


FAMILIES = {family.model_type: family for family in (Hunyuan, Mochi, Wan)}
MODEL_TYPES = (OWN, *FAMILIES)


def add_options(options):
    """--model_type and --pretrained_model_name_or_path."""
    options.add_argument("--model_type", choices=MODEL_TYPES, default=OWN, help="t2v: our own transformer; the others: a pipeline of diffusers")
    options.add_argument("--pretrained_model_name_or_path", help="folder or hub's id of the pipeline; needed where --model_type is not t2v")


def opened(options):
    """The backbone that the options name, None for our own transformer; a usage error where they contradict each other."""
    path = options.pretrained_model_name_or_path
    if options.model_type == OWN:
        if path:
            raise TrainerError("usage", f"--pretrained_model_name_or_path names a pipeline of diffusers, and --model_type {OWN} uses none",
                               hint=f"give --model_type {', '.join(FAMILIES)}, or --init_from")
        return None
    if not path:
        raise TrainerError("usage", f"--model_type {options.model_type} needs --pretrained_model_name_or_path")
    for name in ("init_from", "autoencoder"):
        if getattr(options, name, None):
            raise TrainerError("usage", f"--{name} is a folder of our own model and does not go with --model_type {options.model_type}")
    if getattr(options, "use_lora", False):
        package("peft")
    return FAMILIES[options.model_type](path)


def _latents(channels, temporal, spatial, **statistics):
    """An autoencoder as one stage from pixels to latents."""
    return configs.Autoencoder(latent_channels=channels, patch=1, channels=(3, channels), strides=((temporal, spatial, spatial),), linear=False, **statistics)


def _numbers(values):
    return tuple(float(value) for value in values or ())
