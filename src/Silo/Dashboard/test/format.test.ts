import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, clock, eta, number, percent, query, span, words } from "../src/format.ts";

test("numbers keep about three digits and part thousands", () => {
  assert.deepEqual([0, 1234567, 3.14159, 31.4159, 314.159, 0.0456, -2.5].map(number), ["0", "1,234,567", "3.14", "31.4", "314", "0.046", "-2.50"]);
});

test("what was not measured is a dash, never a nought", () => {
  assert.deepEqual([number(null), number(Number.NaN), percent(undefined), bytes(null)], ["–", "–", "–", "–"]);
});

test("bytes are in decimal units and stop at the largest", () => {
  assert.deepEqual([0, 999, 1000, 1_500_000, 5e15].map(bytes), ["0 B", "999 B", "1.0 KB", "1.5 MB", "5000 TB"]);
});

test("spans name the two largest units", () => {
  assert.deepEqual([0.2, 59, 60, 3600, 49 * 3600].map(span), ["under a second", "59 s", "1 min", "1 h 0 min", "2 d 1 h"]);
});

test("an estimate comes with its interval", () => {
  assert.equal(eta({ seconds: 600, lowSeconds: 300, highSeconds: 1200 }), "about 10 min left (5 min to 20 min)");
});

test("times in a clip are minutes and tenths of seconds", () => {
  assert.deepEqual([0, 7.5, 65.25].map(clock), ["0:00.0", "0:07.5", "1:05.3"]);
});

test("a filter survives its way through an address, and an empty one leaves nothing", () => {
  const address = query({ text: "x & y=z", job: 3, stage: null, outcome: "", duplicate: false, min: ["aesthetic:4", "technical:0.5"] });
  const back = new URLSearchParams(address);
  assert.equal(back.get("text"), "x & y=z");
  assert.equal(back.get("duplicate"), "false");
  assert.deepEqual(back.getAll("min"), ["aesthetic:4", "technical:0.5"]);
  assert.equal(back.has("stage") || back.has("outcome"), false);
  assert.equal(query({ text: "", job: undefined, min: [] }), "");
});

test("a stage's name is written with blanks", () => assert.equal(words("technical-quality"), "technical quality"));
