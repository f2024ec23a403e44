"""Stands in for diffusers where it is not installed: the calls that this project makes, with diffusers' signatures and names of modules, on tiny nets."""

from .autoencoders import AutoencoderKLHunyuanVideo, AutoencoderKLMochi, AutoencoderKLWan
from .pipelines import DiffusionPipeline, HunyuanVideoPipeline, MochiPipeline, WanPipeline
from .schedulers import FlowMatchEulerDiscreteScheduler, UniPCMultistepScheduler
from .transformers import HunyuanVideoTransformer3DModel, MochiTransformer3DModel, WanTransformer3DModel

__version__ = "stand-in"
