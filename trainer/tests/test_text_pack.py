"""The text roles of the demo pack, the labelled set and the phrases keep what they promise."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper

from demo_pack import safetensors
from text_pack import cases, decompositions, export, fit, fresh, grammar, labelled, rows, wordpiece
from text_pack.nets import TextClassifier, TextEmbedder
from text_pack.train import report

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "models" / "demo"
ENTRIES = json.loads((PACK / "manifest.json").read_text())["roles"]
LABELLED = [json.loads(line) for line in labelled.OUT.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def tokenizer():
    return wordpiece.WordPiece.load(PACK / export.VOCABULARY)


@pytest.fixture(scope="module")
def nets(tokenizer):
    embedder, head = TextEmbedder(len(tokenizer.ids)).eval(), TextClassifier().eval()
    stored = {tensor.name: torch.tensor(numpy_helper.to_array(tensor)) for tensor in onnx.load(PACK / export.EMBEDDER).graph.initializer}
    state = embedder.state_dict()
    # Matrices that multiply from the right are stored transposed under other names; those are found by their place among the products.
    products = products_in_order(onnx.load(PACK / export.EMBEDDER), stored)
    for name, value in state.items():
        state[name] = stored[name] if name in stored else next(products).T
    embedder.load_state_dict(state)
    weights = safetensors.read(PACK / export.HEAD)
    head.linear.load_state_dict({"weight": torch.tensor(weights["layers.0.weight"]), "bias": torch.tensor(weights["layers.0.bias"])})
    return embedder, head


def products_in_order(model, stored):
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in stored:
            yield stored[node.input[1]]


def test_manifest_describes_the_files():
    for role in ("text-embedder", "text-classifier"):
        for file in (ENTRIES[role], *ENTRIES[role].get("extra", [])):
            data = (PACK / file["file"]).read_bytes()
            assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert sum((PACK / name).stat().st_size for name in (export.EMBEDDER, export.HEAD, export.VOCABULARY)) < 2_000_000


def test_graph_has_the_ports_of_a_bert_encoder():
    model = onnx.load(PACK / export.EMBEDDER)
    onnx.checker.check_model(model, full_check=True)
    assert [value.name for value in model.graph.input] == list(export.INPUTS)
    assert all(value.type.tensor_type.elem_type == onnx.TensorProto.INT64 for value in model.graph.input)
    assert [value.name for value in model.graph.output] == [export.OUTPUT]


def test_roles_of_others_stay_in_the_manifest(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"name": "demo", "version": "7", "roles": {"aesthetic": {"file": "x"}, "text-embedder": {"file": "old"}}}))
    export.merge(tmp_path, {"text-embedder": {"file": "new"}})
    made = json.loads((tmp_path / "manifest.json").read_text())
    assert made["version"] == "7" and made["roles"] == {"aesthetic": {"file": "x"}, "text-embedder": {"file": "new"}}


def test_padding_changes_nothing(nets):
    embedder, _ = nets
    short, long = [2, 40, 41, 42, 3], [2, *range(50, 90), 3]
    with torch.no_grad():
        alone = embedder(*fit.batch([short]))[0]
        together = embedder(*fit.batch([short, long]))[0, :len(short)]
    assert torch.allclose(alone, together, atol=1e-5)


def test_committed_net_tells_the_labelled_rows_apart(nets, tokenizer):
    pairs = [(rows.text_of(row["title"], row["description"]), int(row["label"] == "medical")) for row in LABELLED[::4]]
    numbers, _ = report(pairs, fit.score(*nets, tokenizer, [text for text, _ in pairs]))
    # By itself: rows without a term, which the dictionary turns away before, are among them.
    assert numbers["precision"] >= 0.82 and numbers["recall"] >= 0.95, numbers


def test_fresh_rows_are_what_their_script_writes_and_share_no_title_with_training():
    made = fresh.build()
    assert [json.loads(line) for line in fresh.OUT.read_text(encoding="utf-8").splitlines()] == made
    titles = {row["title"].lower() for row in made}
    assert not any(text.split("\n")[0].lower() in titles for text, _ in rows.draw(rows.training_grammar(), 5000, 5))


def test_labelled_set_is_what_its_script_writes():
    assert labelled.build(len(LABELLED), 11) == LABELLED
    counts = Counter(row["label"] for row in LABELLED)
    assert len(LABELLED) >= 2000 and abs(counts["medical"] - counts["non-medical"]) <= 0.1 * len(LABELLED)
    assert len(labelled.written()) >= 300 and {title for _, title, _ in labelled.written()} <= {row["title"] for row in LABELLED}


def test_training_uses_no_template_and_no_filler_of_the_labelled_set():
    train, held_out = rows.training_grammar(), rows.held_out_grammar()
    own = grammar.Grammar({name: texts for name, texts in train.rules.items() if not name.startswith("dict.")})
    assert not own.phrases() & held_out.phrases()
    assert not rows.training_grammar(strict=True).phrases() & held_out.phrases()
    templates = lambda grammar: {text for alternatives in grammar.rules.values() for text in alternatives if "{" in text}
    assert not templates(train) & templates(held_out)
    titles = {row["title"].lower() for row in LABELLED}
    assert not any(text.split("\n")[0].lower() in titles for text, _ in rows.draw(train, 2000, 5))


def test_committed_cases_and_table_are_what_their_scripts_write():
    tokenizer = wordpiece.WordPiece(cases.VOCABULARY)
    made = json.loads(cases.OUT.read_text())
    assert all(tokenizer.encode(case["text"], case["max"]) == case["ids"] for case in made["cases"])
    lines = [line.split("\t") for line in decompositions.OUT.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    table = decompositions.table()
    assert {plain: chars for plain, chars in lines} == {plain: "".join(chars) for plain, chars in table.items()}


def test_a_vocabulary_learns_frequent_words_whole_and_spells_the_others():
    vocabulary = wordpiece.learn(["scan scan scan scanner"] * 3 + ["zq"], 140)
    tokenizer = wordpiece.WordPiece(vocabulary)
    assert vocabulary[:4] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] and "scan" in tokenizer.ids
    assert tokenizer.encode("SCÁN zq") == [tokenizer.ids[piece] for piece in ("[CLS]", "scan", "z", "##q", "[SEP]")]
    assert wordpiece.learn(["b a"] * 3, 140) == wordpiece.learn(["b a"] * 3, 140)
