"""Tiny transformers whose forward methods have the signatures of diffusers, and whose attention layers have its names."""

import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint

from peft import LoraConfig, inject_adapter_in_model

from .configuration import ModelMixin, register_to_config


class Attention(nn.Module):
    def __init__(self, dim, context):
        super().__init__()
        self.to_q, self.to_k, self.to_v = nn.Linear(dim, dim), nn.Linear(context, dim), nn.Linear(context, dim)
        self.to_out = nn.ModuleList([nn.Linear(dim, dim), nn.Dropout(0.0)])

    def forward(self, x, context, mask=None):
        scores = self.to_q(x) @ self.to_k(context).transpose(1, 2) / x.shape[2] ** 0.5
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None], float("-inf"))
        return self.to_out[0](scores.softmax(2) @ self.to_v(context))


class Block(nn.Module):
    """Attention layers by name, one after the other: an attention that `crosses` looks at the text, else at the video."""

    def __init__(self, dim, **crosses):
        super().__init__()
        self.crosses = crosses
        for name in crosses:
            setattr(self, name, Attention(dim, dim))

    def forward(self, x, text, mask):
        for name, crosses in self.crosses.items():
            x = x + getattr(self, name)(F.layer_norm(x, x.shape[-1:]), text if crosses else x, mask if crosses else None)
        return x


class Trunk(ModelMixin):
    """Patches of 1 x p x p, time, text, blocks."""

    def build(self, channels, heads, head_dim, patch, text_dim):
        self.hidden, self.side, self.gradient_checkpointing = heads * head_dim, patch, False
        self.patch_embed = nn.Conv3d(channels, self.hidden, (1, patch, patch), (1, patch, patch))
        self.time = nn.Linear(2, self.hidden)
        self.caption = nn.Linear(text_dim, self.hidden)
        self.proj_out = nn.Linear(self.hidden, channels * patch * patch)

    def enable_gradient_checkpointing(self, gradient_checkpointing_func=None):
        self.gradient_checkpointing = True

    def add_adapter(self, adapter_config, adapter_name="default"):
        if not isinstance(adapter_config, LoraConfig):
            raise ValueError(f"adapter_config should be an instance of PeftConfig. Got {type(adapter_config)} instead.")
        inject_adapter_in_model(adapter_config, self, adapter_name)

    def run(self, x, timestep, text, mask, blocks, condition=0):
        if timestep.shape != x.shape[:1] or len(text) != len(x):
            raise ValueError(f"one timestep and one text a sample, not {list(timestep.shape)} and {list(text.shape)}")
        grid = self.patch_embed(x)
        level = timestep.float() / 1000
        time = self.time(torch.stack([level, level ** 2], 1).to(grid.dtype))[:, None]
        tokens, text = grid.flatten(2).transpose(1, 2) + time + condition, self.caption(text)
        for block in blocks:
            given = (tokens, text, mask)
            tokens = checkpoint(block, *given, use_reentrant=False) if self.gradient_checkpointing and self.training else block(*given)
        out = self.proj_out(tokens).transpose(1, 2).unflatten(2, grid.shape[2:])
        out = out.unflatten(1, (x.shape[1], self.side, self.side)).permute(0, 1, 4, 5, 2, 6, 3)
        return (out.flatten(5, 6).flatten(3, 4),)


class HunyuanVideoTransformer3DModel(Trunk):
    @register_to_config
    def __init__(self, in_channels=16, out_channels=16, num_attention_heads=24, attention_head_dim=128, num_layers=20, num_single_layers=40,
                 num_refiner_layers=2, patch_size=2, patch_size_t=1, guidance_embeds=True, text_embed_dim=4096, pooled_projection_dim=768):
        super().__init__()
        self.build(in_channels, num_attention_heads, attention_head_dim, patch_size, text_embed_dim)
        self.pooled, self.guidance = nn.Linear(pooled_projection_dim, self.hidden), nn.Linear(1, self.hidden)
        self.transformer_blocks = nn.ModuleList([Block(self.hidden, attn=True) for _ in range(num_layers)])
        self.single_transformer_blocks = nn.ModuleList([Block(self.hidden, attn=True) for _ in range(num_single_layers)])

    def forward(self, hidden_states, timestep, encoder_hidden_states, encoder_attention_mask, pooled_projections, guidance=None, attention_kwargs=None,
                return_dict=True):
        condition = self.pooled(pooled_projections) + self.guidance(guidance[:, None].to(pooled_projections.dtype) / 1000)
        return self.run(hidden_states, timestep, encoder_hidden_states, encoder_attention_mask.bool(),
                        (*self.transformer_blocks, *self.single_transformer_blocks), condition[:, None])


class MochiTransformer3DModel(Trunk):
    @register_to_config
    def __init__(self, patch_size=2, num_attention_heads=24, attention_head_dim=128, num_layers=48, pooled_projection_dim=1536, in_channels=12,
                 out_channels=None, text_embed_dim=4096, max_sequence_length=256):
        super().__init__()
        self.build(in_channels, num_attention_heads, attention_head_dim, patch_size, text_embed_dim)
        self.transformer_blocks = nn.ModuleList([Block(self.hidden, attn1=True) for _ in range(num_layers)])

    def forward(self, hidden_states, encoder_hidden_states, timestep, encoder_attention_mask, attention_kwargs=None, return_dict=True):
        return self.run(hidden_states, timestep, encoder_hidden_states, encoder_attention_mask.bool(), self.transformer_blocks)


class WanTransformer3DModel(Trunk):
    @register_to_config
    def __init__(self, patch_size=(1, 2, 2), num_attention_heads=40, attention_head_dim=128, in_channels=16, out_channels=16, text_dim=4096, num_layers=40,
                 image_dim=None):
        super().__init__()
        self.build(in_channels, num_attention_heads, attention_head_dim, patch_size[1], text_dim)
        self.blocks = nn.ModuleList([Block(self.hidden, attn1=False, attn2=True) for _ in range(num_layers)])

    def forward(self, hidden_states, timestep, encoder_hidden_states, encoder_hidden_states_image=None, return_dict=True, attention_kwargs=None):
        return self.run(hidden_states, timestep, encoder_hidden_states, None, self.blocks)
