"""Flow-matching training: `python3 -m t2v.train --data_json_path DIR/videos2caption.json --output_dir OUT`, or the same under torchrun."""

import hashlib
import math
import resource
import signal
import time

import torch

from . import VERSION, backbones, checkpoint, dataset, events, flow, prompts
from .distributed import World
from .ema import Ema
from .events import TrainerError, emit
from .own import Own
from .settings import PRESETS, parser
from .video import write as write_video

VALIDATION_SEED = 12345
MOMENTS, EPSILON = (0.9, 0.999), 1e-8


def main(arguments):
    options = parser(__doc__).read(arguments, PRESETS)
    world = World()
    run = Run(options, world)
    signal.signal(signal.SIGTERM, run.stop)
    signal.signal(signal.SIGINT, run.stop)
    try:
        run.all_steps()
    except Exception as error:
        # A failed write leaves the last whole checkpoint; whoever reads the outcome wants to know which.
        outcome = events.classify(error)
        if outcome.kind in ("nan", "disk", "memory"):
            kept = checkpoint.all_in(options.output_dir)
            outcome.hint = f"{outcome.hint or ''}{'; ' if outcome.hint else ''}last good checkpoint: {kept[-1] if kept else 'none'}"
            outcome.step = outcome.step or run.step
            raise outcome from error
        raise
    finally:
        world.close()


class Run:
    """The state of a training run: weights, their average, the optimizer, the step and the number of samples that were seen."""

    def __init__(self, options, world):
        self.options, self.world, self.stopping = options, world, False
        self.step = self.seen = 0
        self.loss = None
        self.backbone = backbones.opened(options) or Own(options)
        self.config = self.backbone.config(options)
        self.samples = dataset.Samples(options.data_json_path, self.config)
        self.samples[0]
        self.prompts = prompts.read(options.validation_prompts) if options.validation_prompts else []
        self.lora = options.use_lora
        self.model, self.parameters = self.backbone.trainable(options, self.config, world.device)
        self.optimizer = torch.optim.AdamW(self.parameters.values(), options.learning_rate, MOMENTS, EPSILON, options.weight_decay)
        self.ema = Ema(self.parameters, options.ema_decay, options.ema_start_step)
        self.resumed = self._resume()
        self.wrapped = world.wrap(self.model)

    def _resume(self):
        if not self.options.resume_from_checkpoint:
            return None
        folder = checkpoint.find(self.options.output_dir, self.options.resume_from_checkpoint)
        if folder is None:
            return None
        state = checkpoint.restore(folder, self.config, self.parameters, self.lora, self.ema, self.optimizer)
        self.step, self.seen, self.loss = state["step"], state["samples_seen"], state.get("loss")
        return folder

    def stop(self, *_):
        """Ends the run after the step in hand, with a checkpoint."""
        self.stopping = True

    def all_steps(self):
        options, world = self.options, self.world
        started = time.monotonic()
        if world.first:
            emit("start", step=self.step, steps=options.max_train_steps, parameters=sum(p.numel() for p in self.model.parameters()),
                 trainable=sum(p.numel() for p in self.parameters.values()), world_size=world.size, device=world.device.type,
                 resumed_from=self.resumed, code_version=VERSION)
        while self.step < options.max_train_steps:
            self.one_step()
            last = self.step == options.max_train_steps
            stopping = world.any(self.stopping)
            if last or stopping or (options.checkpointing_steps and self.step % options.checkpointing_steps == 0):
                self.save()
            if options.validation_steps and self.step % options.validation_steps == 0 and not stopping:
                self.validate()
            if stopping and not last:
                raise TrainerError("interrupted", f"stopped after step {self.step}, a checkpoint is written", step=self.step,
                                   hint="go on with --resume_from_checkpoint latest")
        if world.first:
            target = options.output_dir / "model"
            checkpoint.write_folder(target, self.write_model)
            emit("done", step=self.step, path=target, loss=self.loss, seconds=time.monotonic() - started)
        world.wait()

    def one_step(self):
        options, world = self.options, self.world
        started = time.monotonic()
        micro_batches, size = options.gradient_accumulation_steps, options.train_batch_size
        self.optimizer.zero_grad(set_to_none=True)
        loss = 0.0
        for micro in range(micro_batches):
            first = self.seen + (micro * world.size + world.rank) * size
            with world.without_sync(self.wrapped, micro == micro_batches - 1):
                part = self.loss_of(range(first, first + size)) / micro_batches
                part.backward()
            loss += part.item()
        loss = world.mean(loss)
        norm = torch.nn.utils.clip_grad_norm_(self.parameters.values(), options.max_grad_norm).item()
        if not (math.isfinite(loss) and math.isfinite(norm)):
            raise TrainerError("nan", f"the loss is {loss} and the gradient's norm {norm} at step {self.step + 1}; the weights were not changed",
                               step=self.step + 1, hint="lower --learning_rate, then resume")
        rate = options.learning_rate * rate_factor(self.step, options)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.step += 1
        self.seen += micro_batches * world.size * size
        self.loss = loss
        self.ema.update(self.parameters, self.step)
        if world.first:
            seconds = time.monotonic() - started
            emit("step", step=self.step, steps=options.max_train_steps, loss=loss, lr=rate, grad_norm=norm, seconds=seconds,
                 samples_per_second=micro_batches * world.size * size / max(seconds, 1e-9), memory_mb=memory_mb(world.device))

    def loss_of(self, positions):
        """Mean squared error of the velocity, in float32, over the samples at these positions of the run."""
        options, device = self.options, self.world.device
        seed = options.seed
        batch = self.samples.batch([dataset.order(position, len(self.samples), seed) for position in positions])
        draws = [dataset.generator(seed, position) for position in positions]
        u = torch.stack([torch.rand((), generator=draw) for draw in draws])
        dropped = torch.stack([torch.rand((), generator=draw) < options.cfg for draw in draws])
        noise = torch.stack([torch.randn(batch.latents.shape[1:], generator=draw) for draw in draws])
        batch = without_captions(batch, dropped).to(device)
        sigma, noise = flow.sigma_of(u).to(device), noise.to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=options.mixed_precision == "bf16"):
            velocity = self.backbone.velocity(self.wrapped, flow.noisy(batch.latents, noise, sigma), sigma, batch)
        return (velocity.float() - flow.target(batch.latents, noise)).pow(2).mean()

    def save(self):
        if self.world.first:
            emit("checkpoint", step=self.step, path=checkpoint.save(self.options.output_dir, self, self.options.checkpoints_total_limit))
        self.world.wait()

    def write(self, folder):
        """A checkpoint's files."""
        options = self.options
        checkpoint.write_weights(folder, self.config, self.parameters, options)
        state = {"step": self.step, "samples_seen": self.seen, "loss": self.loss, "ema_updates": self.ema.updates, "code_version": VERSION,
                 "data_sha256": hashlib.sha256(options.data_json_path.read_bytes()).hexdigest(), "options": vars(options)}
        checkpoint.write_state(folder, self.ema, self.optimizer, self.parameters, state)

    def write_model(self, folder):
        """The model's folder: the averaged weights, and what turns texts and latents into each other, or the name of the pipeline that does."""
        options = self.options
        checkpoint.write_weights(folder, self.config, self.ema.average, options)
        self.backbone.write_model(folder, options, self.config)

    def validate(self):
        """Samples the prompts with the averaged weights."""
        options = self.options
        draw = self.backbone.drawer(self.model, self.config) if self.world.first and self.prompts else None
        if draw:
            self.model.eval()
            with self.ema.in_place_of(self.parameters):
                for number, prompt in enumerate(self.prompts):
                    frames = draw(prompt, VALIDATION_SEED, options.validation_sampling_steps, options.validation_guidance_scale, options.shift)
                    path = options.output_dir / "validation" / f"step-{self.step}" / f"prompt-{number}-{VALIDATION_SEED}.mp4"
                    write_video(frames, path, self.config.video.fps)
                    emit("validation", step=self.step, prompt=prompt, seed=VALIDATION_SEED, path=path)
            self.model.train()
        self.world.wait()


def without_captions(batch, dropped):
    """The batch with nothing in the place of the captions that are dropped [B]."""
    first = torch.zeros_like(batch.mask)
    first[:, 0] = True
    return dataset.Batch(
        batch.latents, torch.where(dropped[:, None, None], torch.zeros_like(batch.text), batch.text),
        torch.where(dropped[:, None], first, batch.mask), torch.where(dropped[:, None], torch.zeros_like(batch.pooled), batch.pooled))


def rate_factor(step, options):
    """The learning rate of the step after `step` steps, as a share of --learning_rate."""
    if options.lr_scheduler == "constant":
        return 1.0
    if step < options.lr_warmup_steps:
        return (step + 1) / options.lr_warmup_steps
    if options.lr_scheduler == "constant_with_warmup":
        return 1.0
    done = (step - options.lr_warmup_steps) / max(1, options.max_train_steps - options.lr_warmup_steps)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def memory_mb(device):
    """The most memory that was held so far, megabytes."""
    if device.type == "cuda":
        return round(torch.cuda.max_memory_allocated(device) / 1e6, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, 1)


if __name__ == "__main__":
    events.run(main)
