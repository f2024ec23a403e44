"""Encodes an export to latents and text embeddings in FastVideo's layout: `python3 -m t2v.prepare --data_path EXPORT --output_dir DIR`."""

import dataclasses
import json
import os
import random
import shutil
import time
from pathlib import Path

import torch

from . import backbones, bundle, config as configs, events, fit_autoencoder, fit_text, prompts, source, video as videos
from .bundle import Bundle
from .events import TrainerError
from .options import Parser, above_zero, positive, share
from .pipelines import Encoders
from .text import Tokenizer, read_vocabulary

FOLDERS = ("latent", "prompt_embed", "prompt_attention_mask")
CACHED_CLIPS = 1024  # at most, whose frames are kept, for fitting the autoencoder
CACHED_BYTES = 1 << 30


def parser():
    options = Parser(__doc__)
    options.add_argument("--data_path", type=Path, required=True, help="folder of medgen export --format fastvideo")
    options.add_argument("--output_dir", type=Path, required=True, help="made whole or not at all; an earlier preparation in it is replaced")
    backbones.add_options(options)
    options.add_argument("--model_config", help="tiny (the default), small, paper or a JSON file. Of a pipeline's, the video's shape alone counts")
    options.add_argument("--num_frames", type=positive)
    options.add_argument("--max_height", type=positive)
    options.add_argument("--max_width", type=positive)
    options.add_argument("--train_fps", type=above_zero)
    options.add_argument("--video_length_tolerance_range", type=above_zero, help="longest clip in units of num_frames / train_fps")
    options.add_argument("--windows_per_clip", type=positive, help="random temporal crops of each clip")
    options.add_argument("--autoencoder", type=Path, help="a model or an earlier preparation: its autoencoder and text encoder are used")
    options.add_argument("--autoencoder_steps", type=positive, default=120)
    options.add_argument("--text_encoder_steps", type=positive, default=300)
    options.add_argument("--text_corpus", type=Path, help="texts without clips, one a line or a JSON list: the text encoder learns their words as well")
    options.add_argument("--seed", type=int, default=1024)
    options.add_argument("--held_out", type=share, default=0.0, help="share of the clips that is listed in held_out.json instead")
    options.prog_module = "t2v.prepare"
    return options


def main(arguments):
    options = parser().read(arguments)
    started = time.monotonic()
    backbone = backbones.opened(options)
    config = chosen_config(options, backbone)
    if not (backbone or config.text.own):
        raise TrainerError("missing", f"'{config.name}' needs HunyuanVideo's autoencoder and text encoders, which this package does not carry",
                           hint="give --model_type hunyuan_hf --pretrained_model_name_or_path PIPELINE, or encode the export with FastVideo's preprocessing")
    clips, digest = source.read(options.data_path)
    usable, left_out = [], []
    for clip in clips:
        why = source.left_out(clip, config.video)
        left_out.append(_reason(clip, why)) if why else usable.append(clip)
    reader = FrameReader(config.video)
    for number, clip in enumerate(list(usable), 1):
        try:
            reader.read(clip)
        except TrainerError as error:
            if error.kind != "data":
                raise
            usable.remove(clip)
            left_out.append(_reason(clip, ("unreadable", error.message)))
        events.emit("clip", done=number, total=len(usable) + sum(item["reason"] == "unreadable" for item in left_out))
    if not usable:
        first = f"; the first: {left_out[0]['detail']}" if left_out else ""
        raise TrainerError("data", f"none of the {len(clips)} clips of {options.data_path} can be used{first}", file=options.data_path,
                           hint="accept clips first, or change --num_frames, --train_fps, --max_height or --max_width")
    training, held_out = split(usable, options.held_out, options.seed)
    parts = Encoders(backbone, config) if backbone else made(config, training, reader, options)
    partial = options.output_dir.with_name(f".{options.output_dir.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    for folder in FOLDERS:
        (partial / folder).mkdir(parents=True)
    parts.save(partial)
    write_samples(partial, parts, training, reader, options.seed)
    report = {"clips": len(training), "left_out": left_out, "latent": list(config.latent_shape()), "manifest_sha256": digest}
    _json(partial / "held_out.json", [clip.id for clip in held_out])
    _json(partial / "prepared.json", {**report, "held_out": len(held_out), "source": str(options.data_path), "seed": options.seed})
    replace(partial, options.output_dir)
    events.emit("prepared", **report, output_dir=options.output_dir, seconds=time.monotonic() - started)


def chosen_config(options, backbone):
    """The model configuration with what the command line changes."""
    if options.autoencoder:
        base = bundle.read_config(_folder(options.autoencoder) / bundle.CONFIG)
    else:
        base = configs.load(options.model_config or "tiny")
        if backbone:
            base = backbone.describe(base.video if options.model_config else backbone.video)
    changes = {"num_frames": options.num_frames, "height": options.max_height, "width": options.max_width, "fps": options.train_fps,
               "length_tolerance": options.video_length_tolerance_range, "windows_per_clip": options.windows_per_clip}
    video = dataclasses.replace(base.video, **{name: value for name, value in changes.items() if value is not None})
    return dataclasses.replace(base, video=video).check()


class FrameReader:
    """Frames of clips at the configuration's size and rate; those of the first clips stay in memory."""

    def __init__(self, video):
        self.video, self.kept, self.bytes = video, {}, 0

    def read(self, clip):
        if clip.id in self.kept:
            return self.kept[clip.id]
        frames = videos.read(clip.path, self.video.height, self.video.width, self.video.fps)
        if len(frames) < self.video.num_frames:
            raise TrainerError("data", f"{clip.path} has {len(frames)} frames at {self.video.fps:g} fps, fewer than {self.video.num_frames}", file=clip.path)
        if not self.kept or len(self.kept) < CACHED_CLIPS and self.bytes + frames.nbytes <= CACHED_BYTES:
            self.kept[clip.id] = frames
            self.bytes += frames.nbytes
        return frames


def made(config, clips, reader, options):
    """Autoencoder and text encoder: those of --autoencoder, else fitted to the clips."""
    if options.autoencoder:
        parts = bundle.load(_folder(options.autoencoder))
        return Bundle(config, parts.autoencoder, parts.tokenizer, parts.encoder)
    clips = [clip for clip in clips if clip.id in reader.kept] or clips[:1]
    frames = [reader.read(clip) for clip in clips]
    report = lambda event, steps: lambda step, loss: events.emit(event, step=step, steps=steps, loss=loss)
    autoencoder = fit_autoencoder.fit(config, frames, options.autoencoder_steps, options.seed, report("autoencoder", options.autoencoder_steps))
    with torch.no_grad():
        latents = torch.cat([autoencoder.encode(videos.to_pixels(clip[:config.video.num_frames])[None]) for clip in frames])
    config = fit_autoencoder.measured(config, latents)
    tokenizer = Tokenizer(read_vocabulary(bundle.DEFAULT_VOCABULARY), config.text.length)
    encoder = fit_text.fit(config, tokenizer, clips, fit_text.pictures(latents), options.text_encoder_steps, options.seed,
                           report("text_encoder", options.text_encoder_steps), prompts.read(options.text_corpus) if options.text_corpus else ())
    return Bundle(config, autoencoder, tokenizer, encoder)


@torch.no_grad()
def write_samples(folder, parts, clips, reader, seed):
    """Latents (bfloat16 [C, T, H, W], unscaled), embeddings ([1 + L, dim], row 0 the pooled text) and masks of random windows."""
    video, items = parts.config.video, []
    for clip in clips:
        draw = random.Random(f"{seed} {clip.id}")
        frames = reader.read(clip)
        for window in range(video.windows_per_clip):
            start = draw.randint(0, len(frames) - video.num_frames)
            latent = parts.encode(videos.to_pixels(frames[start:start + video.num_frames])[None])[0]
            caption = source.variant(clip.captions, draw)
            hidden, mask, pooled = (value[0] for value in parts.texts([caption]))
            name = f"{clip.id}-{window}.pt"
            wide = torch.nn.functional.pad(pooled, (0, hidden.shape[1] - len(pooled)))
            torch.save(latent.bfloat16(), folder / "latent" / name)
            torch.save(torch.cat([wide[None], hidden]), folder / "prompt_embed" / name)
            torch.save(mask, folder / "prompt_attention_mask" / name)
            items.append({"length": latent.shape[1], "latent_path": name, "prompt_embed_path": name, "prompt_attention_mask": name, "caption": caption})
    _json(folder / source.LIST, items)


def split(clips, held_out, seed):
    """Training and held-out clips, in the export's order."""
    count = min(round(held_out * len(clips)), len(clips) - 1)
    away = set(random.Random(seed).sample(range(len(clips)), count))
    return [clip for n, clip in enumerate(clips) if n not in away], [clip for n, clip in enumerate(clips) if n in away]


def replace(partial, target):
    """Puts a finished folder in the place of an earlier preparation; any other folder with files in it stays."""
    if target.exists():
        if any(target.iterdir()) and not (target / "prepared.json").exists():
            raise TrainerError("usage", f"{target} holds other files", hint="give an empty or new --output_dir", file=target)
        old = target.with_name(f".{target.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        os.replace(target, old)
        os.replace(partial, target)
        shutil.rmtree(old)
    else:
        os.replace(partial, target)


def _folder(path):
    return path if path.is_dir() else path.parent


def _reason(clip, why):
    return {"clip": clip.id, "reason": why[0], "detail": why[1]}


def _json(file, value):
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    events.run(main)
