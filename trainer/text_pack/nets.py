"""The text embedder of the demo pack: BERT's interface, a small net inside.

No positions are learnt, so any length is as good as another: words see their neighbours through a depthwise convolution and all of the
text through attention. Padding is taken out before every convolution and masked in every attention; it changes nothing.
"""

import torch
from torch import nn
import torch.nn.functional as F


class Layer(nn.Module):
    """Convolution over five tokens, attention over all, a feed-forward step; each added to its input."""

    def __init__(self, width, heads, kernel=5):
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.near = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.near_out = nn.Linear(width, width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.wide = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, keep, bias):
        near = self.near((self.norms[0](x) * keep).transpose(1, 2)).transpose(1, 2)
        x = x + self.drop(self.near_out(F.relu(near)))
        rows, length, width = x.shape
        query, key, value = self.query_key_value(self.norms[1](x)).reshape(rows, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(query @ key.transpose(2, 3) * (width // self.heads) ** -0.5 + bias, 3)
        x = x + self.drop(self.attended((weights @ value).transpose(1, 2).reshape(rows, length, width)))
        return x + self.drop(self.narrow(F.relu(self.wide(self.norms[2](x)))))


class TextEmbedder(nn.Module):
    """input_ids, attention_mask, token_type_ids int64 [N, L] -> last_hidden_state [N, L, width]; the text's vector is that of token 0."""

    def __init__(self, vocabulary, width=48, heads=4, layers=1):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.types = nn.Embedding(2, width)
        self.drop = nn.Dropout(0.15)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        nn.init.normal_(self.words.weight, std=0.1)
        nn.init.normal_(self.types.weight, std=0.01)

    def forward(self, input_ids, attention_mask, token_type_ids):
        keep = attention_mask.to(self.words.weight.dtype)
        bias = ((1 - keep) * -10000.0)[:, None, None, :]
        x = self.drop(self.words(input_ids) + self.types(token_type_ids))
        for layer in self.layers:
            x = layer(x, keep[:, :, None], bias)
        return self.norm(x)


class TextClassifier(nn.Module):
    """Unit vectors [N, width] -> logit of "medical" [N]."""

    def __init__(self, width=48):
        super().__init__()
        self.linear = nn.Linear(width, 1)
        # Unit vectors are short: the head begins steep enough to be sure of itself.
        nn.init.normal_(self.linear.weight, std=1.0)

    def forward(self, unit):
        return self.linear(unit)[:, 0]


def unit(hidden):
    """CLS pooling and L2 norm."""
    return F.normalize(hidden[:, 0], dim=1)
