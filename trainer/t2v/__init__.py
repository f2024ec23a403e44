"""A compact text-to-video model in the shape of HunyuanVideo: preparation of a dataset, training, sampling."""

import os

# Read when torch loads: threads that spin while they wait take the cores from ffmpeg, from data loading and from other processes.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# Part of every run's lineage; it changes when equal inputs may give other weights or pictures.
VERSION = "1"
