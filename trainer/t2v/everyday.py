"""An export for a base model that has met no medical scene: everyday scenes, cut from the channels of rendered demos, and drawn shapes that move."""

import json
import subprocess

from . import labelled, video
from .events import TrainerError
from .shapes import Scene

CAPTIONS = {
    "landscape": ("Mountains and hills under a wide sky. Clouds move slowly over the landscape.", "A landscape with mountains."),
    "city": ("Houses of a city with lit windows. Cars pass on the street.", "A city in the evening."),
    "cooking": ("Vegetables are cooked in a pan on a stove. Steam rises from the kitchen.", "Somebody cooks in a kitchen."),
    "sports": ("Players run after a ball on a green field. The team attacks the goal.", "A football match."),
    "road": ("A car drives along a road. Trees and lines pass by.", "A drive on a country road."),
    "cartoon": ("A funny figure jumps in a colourful cartoon. The background is bright.", "A cartoon for children."),
}
SECONDS, HEIGHT, WIDTH, FPS = 3.0, 240, 360, 12
DRAWN_SECONDS, DRAWN_HEIGHT, DRAWN_WIDTH = 1.5, 96, 144


def write(folder, demos, drawn=0):
    """Cuts the everyday takes of the demos into clips of some seconds with captions of ours and draws `drawn` scenes of shapes; returns the number of clips."""
    items = []
    for demo in demos:
        for take in labelled.everyday(demo):
            start = take.start + 0.25
            while start + SECONDS <= take.end:
                name = f"{take.kind}-{len(items):03d}.mp4"
                _cut(take, start, folder / "videos" / name)
                items.append(_item(name, SECONDS, HEIGHT, WIDTH, CAPTIONS[take.kind]))
                start += SECONDS / 2
    for number in range(drawn):
        scene, name = Scene(number), f"shapes-{number:04d}.mp4"
        video.write(scene.frames(int(DRAWN_SECONDS * FPS), DRAWN_HEIGHT, DRAWN_WIDTH), folder / "videos" / name, FPS)
        items.append(_item(name, DRAWN_SECONDS, DRAWN_HEIGHT, DRAWN_WIDTH, scene.captions))
    (folder / "videos2caption.json").write_text(json.dumps(items, indent=1) + "\n")
    (folder / "merge.txt").write_text("videos,videos2caption.json\n")
    return len(items)


def _item(name, seconds, height, width, captions):
    return {"path": name, "resolution": {"width": width, "height": height}, "fps": FPS, "duration": seconds, "frames": int(seconds * FPS), "cap": list(captions)}


def _cut(take, start, file):
    file.parent.mkdir(parents=True, exist_ok=True)
    filters = f"fps={FPS},crop='min(iw,ih*3/2)':'min(ih,iw*2/3)',scale={WIDTH}:{HEIGHT}"
    command = [video.program("ffmpeg"), "-nostdin", "-v", "error", "-y", "-ss", str(start), "-i", str(take.file),
               "-frames:v", str(int(SECONDS * FPS)), "-vf", filters, "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20",
               "-threads", "1", "-pix_fmt", "yuv420p", str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise TrainerError("data", f"{take.file} cannot be cut: {done.stderr.strip()}", file=take.file)
