"""Writes the labelled set: `python3 -m text_pack.labelled` in the folder trainer/.

Rows as yt-dlp writes them, with a label. Half of them are medical. The titles of phrases/titles.tsv were written one by one; the others
come from the held-out grammar, whose templates and fillers the training never sees.
"""

import argparse
import json
import random
from pathlib import Path

from . import rows

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/data/screening/labelled.ndjson"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LICENCES = ("", "", "", "Creative Commons Attribution license (reuse allowed)")
CHANNELS = {
    "medical": ("Lakeshore Surgical Videos", "Ward Nine", "Dr. Imani Cole", "Registrar Notes", "Casa de Salud", "The Bedside", "Prof. Lindqvist", "OR Live",
                "Anatomy With Ada", "Klinik am Park", "Scrubs and Sutures", "MedRev Daily", "Nurse Tom", "Hôpital Saint-Luc", "Theatre Three", "Vital Minutes"),
    "other": ("Random Reels", "Garage Forty", "Nina Cooks", "Pixel Den", "Loft Sessions", "The Late Show Clips", "Toy Parade", "Evening Bulletin", "Craft Cellar",
              "Star Almanac", "Reef Diary", "Mic Drop Club", "Canal Cinco", "Iron Gym", "Lecture Hall Physics", "Wanderkarte"),
}


def written():
    """Label, title and description of the rows that were written one by one."""
    lines = (rows.PHRASES / "titles.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(cell[0], cell[1], cell[2] if len(cell) > 2 else "") for cell in cells]


def dressed(title, random_):
    """A title as uploaders write it: some shout, some capitalise, some add a mark."""
    style = random_.random()
    if style < 0.12:
        title = title.upper()
    elif style < 0.45:
        title = " ".join(word[:1].upper() + word[1:] for word in title.split(" "))
    elif style < 0.8:
        title = title[:1].upper() + title[1:]
    if random_.random() < 0.12:
        title += random_.choice((" 🔥", " ❤️", " [HD]", " | 4K", " (part 2)", " 😱", "!!", " …", " — live"))
    return title


def build(count, seed):
    """The rows as dictionaries, shuffled; `count` in all, the written ones included."""
    random_ = random.Random(seed)
    source = rows.held_out_grammar()
    texts = written()
    seen = {title.lower() + "|" + description.lower() for _, title, description in texts}
    for label in ("medical", "other"):
        wanted = count // 2 - sum(1 for text in texts if text[0] == label)
        while wanted > 0:
            title, description = source.row(label, random_)
            key = title.lower() + "|" + description.lower()
            if key not in seen:
                seen.add(key)
                texts.append((label, dressed(title, random_), description))
                wanted -= 1
    random_.shuffle(texts)
    return [_row(label, title, description, random_) for label, title, description in texts]


def _row(label, title, description, random_):
    name = lambda length: "".join(random_.choice(LETTERS) for _ in range(length))
    video = name(11)
    channel = random_.choice(CHANNELS[label])
    # One name has one channel id.
    channel_id = "UC" + "".join(random.Random(channel).choice(LETTERS) for _ in range(22))
    return {
        "id": video, "title": title, "description": description, "channel": channel, "channel_id": channel_id,
        "channel_url": f"https://www.youtube.com/channel/{channel_id}", "url": f"https://www.youtube.com/watch?v={video}",
        "duration": random_.randint(20, 3600), "license": random_.choice(LICENCES) or None,
        "label": "medical" if label == "medical" else "non-medical"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--count", type=int, default=2400)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    made = build(options.count, options.seed)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made), encoding="utf-8")
    print(f"{len(made)} rows, {sum(row['label'] == 'medical' for row in made)} medical, {options.out.stat().st_size} bytes in {options.out}")


if __name__ == "__main__":
    main()
