"""The options of a training run. Names are FastVideo's where it has one; `paper` is table 5 of arXiv 2507.05675."""

from pathlib import Path

from . import backbones, lora
from .options import Parser, above_zero, count, names, positive, share

PRESETS = {
    "tiny": {},
    "paper": {
        "model_config": "paper", "use_lora": True, "lora_rank": 32, "lora_alpha": 32, "train_batch_size": 32, "gradient_accumulation_steps": 8,
        "learning_rate": 5e-5, "lr_scheduler": "constant", "lr_warmup_steps": 10, "max_train_steps": 50_000, "max_grad_norm": 1.0, "ema_decay": 0.999,
        "ema_start_step": 0, "cfg": 0.0, "checkpointing_steps": 100, "checkpoints_total_limit": 100, "validation_steps": 1000,
        "validation_sampling_steps": 50, "validation_guidance_scale": 1.0, "shift": 7.0, "seed": 1024, "mixed_precision": "bf16",
        "gradient_checkpointing": True},
}


def parser(description):
    options = Parser(description)
    options.prog_module = "t2v.train"
    options.add_argument("--preset", choices=PRESETS, help="paper: table 5; the defaults are those of the tiny model")
    options.add_argument("--data_json_path", type=Path, required=True, help="videos2caption.json that t2v.prepare or FastVideo's preprocessing wrote")
    options.add_argument("--output_dir", type=Path, required=True)
    backbones.add_options(options)
    options.add_argument("--model_config", help="tiny, small, paper or a JSON file; default: that of the data. Of a pipeline's, the video's shape alone counts")
    options.add_argument("--init_from", type=Path, help="folder with transformer.safetensors to start from; needed for --use_lora with t2v")
    options.add_argument("--use_lora", action="store_true")
    options.add_argument("--lora_rank", type=positive, default=32)
    options.add_argument("--lora_alpha", type=positive, default=32)
    options.add_argument("--lora_target_modules", type=names, default=lora.TARGETS,
                         help=f"ends of the names of the linear layers that are adapted, with commas; {lora.ALL_LINEAR}: all")
    options.add_argument("--train_batch_size", type=positive, default=8, help="samples of a micro-batch on one process")
    options.add_argument("--gradient_accumulation_steps", type=positive, default=1, help="micro-batches of a step")
    options.add_argument("--learning_rate", type=above_zero, default=2e-3)
    options.add_argument("--lr_scheduler", choices=("constant", "constant_with_warmup", "cosine"), default="cosine")
    options.add_argument("--lr_warmup_steps", type=count, default=40, help="ignored by constant, as in FastVideo")
    options.add_argument("--weight_decay", type=float, default=0.01)
    options.add_argument("--max_train_steps", type=positive, default=700)
    options.add_argument("--max_grad_norm", type=above_zero, default=1.0)
    options.add_argument("--ema_decay", type=share, default=0.99)
    options.add_argument("--ema_start_step", type=count, default=0)
    options.add_argument("--cfg", type=share, default=0.1, help="share of the samples that are trained without their caption")
    options.add_argument("--checkpointing_steps", type=count, default=100, help="0: none but the last")
    options.add_argument("--checkpoints_total_limit", type=count, default=3, help="0: all are kept")
    options.add_argument("--validation_steps", type=count, default=0, help="0: no validation samples")
    options.add_argument("--validation_prompts", type=Path)
    options.add_argument("--validation_sampling_steps", type=positive, default=30)
    options.add_argument("--validation_guidance_scale", type=above_zero, default=1.0)
    options.add_argument("--shift", type=above_zero, default=7.0, help="of the sampling schedule in validation; training draws noise levels evenly")
    options.add_argument("--seed", type=int, default=1024)
    options.add_argument("--resume_from_checkpoint", help="latest or a checkpoint's folder")
    options.add_argument("--mixed_precision", choices=("no", "bf16"), default="no", help="bf16: products in bfloat16; trained weights stay in float32")
    options.add_argument("--gradient_checkpointing", action="store_true", help="compute the blocks again in the backward pass to save memory")
    return options
