"""Euler steps over shifted noise levels; with invert_sigmas time runs from 0 to 1, as for Mochi."""

import torch

from .configuration import ConfigMixin, register_to_config


class FlowMatchEulerDiscreteScheduler(ConfigMixin):
    config_name = "scheduler_config.json"

    @register_to_config
    def __init__(self, num_train_timesteps=1000, shift=1.0, invert_sigmas=False):
        pass

    def set_timesteps(self, num_inference_steps=None, device=None):
        self.levels(num_inference_steps, self.config.shift, self.config.invert_sigmas)

    def levels(self, steps, shift, inverted=False):
        sigmas = torch.linspace(1, 0, steps + 1)
        sigmas = shift * sigmas / (1 + (shift - 1) * sigmas)
        self.sigmas = 1 - sigmas if inverted else sigmas
        self.timesteps = 1000 * self.sigmas[:-1]

    def step(self, model_output, timestep, sample):
        at = (self.timesteps == timestep).nonzero()[0, 0]
        return sample + (self.sigmas[at + 1] - self.sigmas[at]) * model_output


class UniPCMultistepScheduler(FlowMatchEulerDiscreteScheduler):
    """Of its options the one that concerns this project; its steps are Euler's here."""

    @register_to_config
    def __init__(self, num_train_timesteps=1000, flow_shift=1.0):
        pass

    def set_timesteps(self, num_inference_steps=None, device=None):
        self.levels(num_inference_steps, self.config.flow_shift)
