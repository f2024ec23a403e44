"""Writes tests/data/screening/fresh.ndjson: `python3 -m text_pack.fresh`. Written after dictionary and net were done, to measure them on what nobody
had in mind; no error on it may guide a change of either, or it is fresh no more."""

import itertools
import json
import random
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "tests/data/screening/fresh.ndjson"
ROWS = 1100  # of each label

PROCEDURES = (
    "arthroscopic meniscectomy|gastric bypass|coronary angioplasty|carpal tunnel release|hip replacement|cataract extraction|"
    "thyroidectomy|laparoscopic appendectomy|caesarean section|tracheostomy|liver transplantation|aneurysm clipping|bronchoscopy|"
    "upper endoscopy|knee arthroscopy|mastectomy|hysterectomy|kidney biopsy|pacemaker implantation|spinal fusion|"
    "bone marrow aspiration|skin grafting|gallbladder removal|colonoscopy with polypectomy|catheter ablation of atrial fibrillation|"
    "thoracentesis|epidural anaesthesia|cystoscopy|vitrectomy|septoplasty").split("|")
CONDITIONS = (
    "type 1 diabetes|heart failure|ulcerative colitis|parkinson's disease|multiple sclerosis|acute pancreatitis|rheumatoid arthritis|"
    "pulmonary embolism|glioblastoma|bacterial meningitis|deep vein thrombosis|chronic kidney disease|osteoporosis|psoriasis|melanoma|"
    "epilepsy|cystic fibrosis|preeclampsia|gout|tuberculosis|pneumonia|atrial fibrillation|iron deficiency anaemia|hypothyroidism|"
    "crohn's disease|sickle cell disease|endometriosis|hepatitis b|leukaemia|dementia").split("|")
ANATOMY = (
    "the mitral valve|the brachial plexus|the nephron|the liver lobule|the cranial nerves|the hip joint|the inner ear|"
    "the coronary arteries|the small intestine|the thoracic cage|the adrenal glands|the retina|the femoral triangle|the cerebellum|"
    "the pancreas|the lymphatic system|the larynx|the spinal cord|the bile ducts|the placenta").split("|")
IMAGING = (
    "abdominal CT|brain MRI|chest radiograph|fetal ultrasound|mammography|echocardiography|knee MRI|coronary angiography|"
    "renal ultrasound|PET scan|lumbar spine MRI|CT angiography|fluoroscopy|bone scintigraphy|transvaginal ultrasound").split("|")
MEDICAL_TEXTS = ["", "Lecture for third year medical students.", "Recorded in our teaching hospital with the patient's consent.", "A specialist answers the most common questions.", "Part of our course for nurses and physicians.", "Chapters: indications, technique, complications.", "Patient education, reviewed by doctors.", "For professionals."]
MEDICAL = [(t, f, MEDICAL_TEXTS) for t, f in [
    ("{} from incision to closure", PROCEDURES),
    ("what patients should expect after {}", PROCEDURES),
    ("our approach to {} in difficult anatomy", PROCEDURES),
    ("complications of {} and how to avoid them", PROCEDURES),
    ("anaesthesia considerations for {}", PROCEDURES),
    ("living with {}: a patient and her doctor talk", CONDITIONS),
    ("{}: pathophysiology in ten minutes", CONDITIONS),
    ("new treatment options for {}", CONDITIONS),
    ("how do you recognise {} early?", CONDITIONS),
    ("case conference: a young woman with {}", CONDITIONS),
    ("guideline update on {}", CONDITIONS),
    ("blood supply and innervation of {}", ANATOMY),
    ("dissection lab: {}", ANATOMY),
    ("embryology of {} animated", ANATOMY),
    ("clinical anatomy of {}", ANATOMY),
    ("how to read a {}", IMAGING),
    ("{} for beginners: a systematic approach", IMAGING),
    ("normal findings and pitfalls in {}", IMAGING)]]
THINGS = (
    "my old laptop|a vintage amplifier|this rusty bike|a broken drone|our garden shed|a stuck zipper|the family car|"
    "a mechanical keyboard|the coffee machine|a leaky tap|a squeaky door|the lawn mower|a cracked vase|the sewing machine|"
    "a film camera|the kitchen mixer|an arcade stick|the camper van|a wooden chair|the ski bindings").split("|")
BANDS = (
    "the Arteries|Femur|Cardiac Kids|Black Lung Choir|Spleen Machine|Vertebrae|Dr. Fever|The Placebos|Neon Scalpel|Heartless Saints|"
    "Blood Harbour|Skull Parade|The Sutures|Bone Orchard|Nerve Ending").split("|")
GAMES = (
    "Two Point Hospital|Surgeon Simulator|Trauma Center|Plague Inc|Project Hospital|Theme Hospital|Resident Evil|Dead Space|"
    "Operation Raccoon City|Left 4 Dead").split("|")
SHOWS = (
    "House MD|Grey's Anatomy|Scrubs|The Resident|ER|Chicago Med|Doctor Who|Nip/Tuck|The Night Shift|St. Elsewhere").split("|")
FOOD = (
    "liver|kidney beans|heart of palm|bone marrow|brain shaped cake|tongue tacos|blood oranges|rib eye|artichoke hearts|chicken breast|"
    "pork shoulder|lamb shank").split("|")
PLACES = (
    "Norway|the old harbour|a night train|the Dolomites|downtown Lisbon|the desert|a tiny island|the coast road|Kyoto in autumn|"
    "the river trail").split("|")
OTHER_TEXTS = ["", "Like and subscribe for more.", "Link to the tools in the comments.", "Filmed on my phone.", "New video every Friday.", "Thanks to our sponsor.", "No copyright infringement intended.", "Join the Discord."]
OTHER = [(t, f, OTHER_TEXTS) for t, f in [
    ("emergency surgery on {}", THINGS),
    ("{} gets a heart transplant (new motor)", THINGS),
    ("diagnosing {}: what went wrong?", THINGS),
    ("first aid for {}", THINGS),
    ("restoring {} from scratch", THINGS),
    ("{} - live in the studio", BANDS),
    ("{} drum cover", BANDS),
    ("interview with {} about the new record", BANDS),
    ("{} full walkthrough part 3", GAMES),
    ("{} but everything goes wrong", GAMES),
    ("speedrunning {} in one hour", GAMES),
    ("{} season finale reaction", SHOWS),
    ("top ten moments of {}", SHOWS),
    ("the cast of {} then and now", SHOWS),
    ("grilled {} the easy way", FOOD),
    ("{} recipe my grandmother taught me", FOOD),
    ("street food tour: {}", FOOD),
    ("three days in {}", PLACES),
    ("walking tour of {}, no talking", PLACES),
    ("our honeymoon in {}", PLACES)]]


def written():
    """The rows that were written one by one: (title, description) by label."""
    rows = {"medical": [], "non-medical": []}
    for line in (HERE / "phrases/fresh_titles.tsv").read_text(encoding="utf-8").splitlines():
        label, title, description = line.split("\t")
        rows[label].append((title, description))
    return rows


def styled(title, random_):
    """As people write titles: mostly with a capital, some Every Word, a few shouting or all small."""
    style = random_.random()
    return title[0].upper() + title[1:] if style < 0.7 else title.title() if style < 0.9 else title.upper() if style < 0.95 else title.lower()


def drawn(groups, count, random_):
    """Distinct rows, in turn from each template."""
    rows, seen = [], set()
    pools = [list(itertools.product([template], fillers, descriptions)) for template, fillers, descriptions in groups]
    while len(rows) < count:
        for pool in pools:
            template, filler, description = random_.choice(pool)
            title = styled(template.replace("{}", filler), random_)
            if (title, description) not in seen and len(rows) < count:
                seen.add((title, description))
                rows.append((title, description))
    return rows


def build(seed=20261125):
    random_ = random.Random(seed)
    own = written()
    everything = []
    for label, groups in (("medical", MEDICAL), ("non-medical", OTHER)):
        everything += [(*row, label) for row in own[label] + drawn(groups, ROWS - len(own[label]), random_)]
    random_.shuffle(everything)
    return [dict(id=f"fresh-{i:04}", title=title, description=description, url=f"https://videos.example/fresh-{i:04}", label=label)
            for i, (title, description, label) in enumerate(everything)]


if __name__ == "__main__":
    OUT.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in build()), encoding="utf-8")
