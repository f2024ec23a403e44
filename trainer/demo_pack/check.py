"""What the trained nets decide on scenes that no training set contains."""

import numpy as np
import torch
import torch.nn.functional as F

from .views import clip_tensor, dover_tensor


def in_batches(run, views, to_tensor):
    """Runs a net over uint8 views; float array of its outputs."""
    with torch.no_grad():
        return np.concatenate([run(to_tensor(np.ascontiguousarray(views[i:i + 128]))).numpy() for i in range(0, len(views), 128)])


def fuse(technical, aesthetic):
    """DOVER's overall score in 0..1, with the constants as shipped and attached to the right branches."""
    sigmoid = lambda x: 1 / (1 + np.exp(-x))
    shipped = 0.6104 * (technical - 0.1107) / 0.07355 + 0.3896 * (aesthetic + 0.08285) / 0.03774
    corrected = 0.6104 * (technical + 0.08285) / 0.03774 + 0.3896 * (aesthetic - 0.1107) / 0.07355
    return sigmoid(shipped), sigmoid(corrected)


def embedder_report(model, samples):
    """Accuracies and margins of the embedding and its two heads, as a dictionary of numbers."""
    embedding = torch.tensor(in_batches(model.vision, samples.clip, clip_tensor))
    unit = F.normalize(embedding)
    with torch.no_grad():
        medical = model.classifier(embedding).argmax(1).numpy()
        score = model.aesthetic(unit).numpy()
    unit = unit.numpy()
    same = samples.instance[1:] == samples.instance[:-1]
    near = (unit[1:] * unit[:-1]).sum(1)[same]
    cosine = unit @ unit.T
    other = samples.kind[:, None] != samples.kind[None]
    bands = {0: (4.2, 7.0), 1: (0.0, 2.7), 2: (3.1, 3.9)}
    right = [(score[samples.fault == f] >= low) & (score[samples.fault == f] <= high) for f, (low, high) in bands.items()]
    report = {
        "medical_accuracy": float((medical == samples.medical).mean()),
        "neighbour_cosine_min": float(near.min()), "neighbour_cosine_1pct": float(np.quantile(near, 0.01)),
        "neighbours_kept": float((near > 0.85).mean()),
        "other_kind_cosine_max": float(cosine[other].max()), "other_kind_cosine_99pct": float(np.quantile(cosine[other], 0.99)),
        "cuts_found": float((cosine[other] <= 0.85).mean()),
        "quality_accuracy": float(np.concatenate(right).mean()),
    }
    for f, name in enumerate(("clean", "blurred", "noisy")):
        report[f"aesthetic_{name}"] = [float(score[samples.fault == f].min()), float(np.median(score[samples.fault == f])), float(score[samples.fault == f].max())]
    return report


def quality_report(technical_net, aesthetic_net, samples):
    """Ranges of both raw scores and of both fusions for clean and faulty frames."""
    technical = in_batches(technical_net, samples.technical, dover_tensor)[:, 0]
    aesthetic = in_batches(aesthetic_net, samples.aesthetic, dover_tensor)[:, 0]
    shipped, corrected = fuse(technical, aesthetic)
    clean = samples.fault == 0
    right = lambda overall: float(np.concatenate([overall[clean] > 0.5, overall[~clean] < 0.2]).mean())
    span = lambda x: [float(x.min()), float(np.median(x)), float(x.max())]
    return {
        "technical_clean": span(technical[clean]), "technical_faulty": span(technical[~clean]),
        "dover_aesthetic_clean": span(aesthetic[clean]), "dover_aesthetic_faulty": span(aesthetic[~clean]),
        "overall_clean": span(shipped[clean]), "overall_faulty": span(shipped[~clean]),
        "overall_accuracy": right(shipped), "overall_accuracy_corrected": right(corrected),
    }
