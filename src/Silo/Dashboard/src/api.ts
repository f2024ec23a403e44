// The host's API: shapes as src/Silo/Api/Contracts has them.

export interface Totals { jobs: number; videos: number; videosEnded: number; clips: number; clipsEnded: number; accepted: number; rejected: number; failed: number }
export interface Eta { seconds: number; lowSeconds: number; highSeconds: number }
export interface Job {
  id: number; name: string; sourceKind: string; source: string; state: "running" | "paused" | "completed" | "cancelled" | "failed"; listing: boolean;
  found: number; known: number; skipped: number; error: string | null; createdAt: string; videos: number; videosEnded: number; clips: number; clipsEnded: number;
  accepted: number; rejected: number; failed: number; progress: number; eta: Eta | null; options: Record<string, string>;
}
export interface StageActivity {
  stage: string; kind: string; needs: string; queue: number; inFlight: number; perMinute: number; secondsPerItem: number | null; busyShare: number; slots: number;
}
export interface Attention { kind: string; sentence: string; count: number; job: number | null; stage: string | null }
export interface Overview {
  version: string; engine: string; startedAt: string; now: string; blocked: string | null; standstill: string | null; demoModels: boolean; totals: Totals; running: Job[];
  stages: StageActivity[]; bottleneck: { stage: string; sentence: string; queue: number; busyShare: number; perMinute: number } | null; eta: Eta | null; attention: Attention[];
}
export interface Throughput { bucketSeconds: number; starts: number[]; stages: { stage: string; perMinute: number[]; busy: number[]; passed: number; rejected: number; failed: number }[] }
export interface ReasonCount { reason: string; count: number }
export interface FunnelStage { stage: string; kind: string; in: number; pending: number; rejected: number; failed: number; passed: number; reasons: ReasonCount[] }
export interface Funnel {
  job: number | null; videos: number; videosEnded: number; clips: number; clipsEnded: number; accepted: number; duplicates: number; failed: number; progress: number; stages: FunnelStage[];
}
export interface Threshold {
  name: string; stage: string; score: string; rejects: string; current: number; min: number; max: number; step: number; histogram: number[]; demo: boolean;
}
export interface WhatIf {
  acceptedNow: number; accepted: number; gained: number; lost: number; unmeasured: number; rejectedByStage: ReasonCount[]; inside: Item[]; outside: Item[]; milliseconds: number;
}
export interface Item {
  id: string; kind: "clip" | "video"; job: number; outcome: string; stage: string; reason: string | null; score: number | null; attempts: number; duplicateOf: string | null;
  hasMedia: boolean; sha256: string | null; durationSeconds: number | null; category: string | null; brief: string | null; title: string | null; aesthetic: number | null;
  technical: number | null; words: number | null; demo: boolean;
}
export interface ItemPage { total: number; items: Item[]; next: string | null }
export interface ScoreLine { stage: string; name: string; value: number | null; threshold: number | null; rejects: string; verdict: string; demo: boolean }
export interface Measurement { stage: string; stageVersion: number; modelVersion: string; scores: Record<string, number>; data: unknown }
export interface TrailEntry { at: string; stage: string; verdict: string; reason: string | null; score: number | null; threshold: number | null; modelVersion: string }
export interface CaptionEdit { at: string; editor: string; briefBefore: string; detailedBefore: string; briefAfter: string; detailedAfter: string }
export interface ItemDetail {
  item: Item; facts: Record<string, unknown>; video: Item | null; videoFacts: Record<string, unknown> | null;
  caption: { brief: string; detailed: string; category: string; model: string; edited: boolean } | null; transcript: string | null; startSeconds: number | null; endSeconds: number | null;
  frames: number[]; captionerSawFrames: boolean; scores: ScoreLine[]; measurements: Measurement[]; trail: TrailEntry[]; edits: CaptionEdit[];
  provenance: { url: string | null; channel: string | null; licence: string | null; uploadDate: string | null; sourceKind: string | null; sourceKey: string | null; sha256: string | null; bytes: number | null; retrievedAt: string | null };
  clips: Item[];
}
export interface Submission { kind: string; source: string; name: string; continues: boolean; jobs: Job[]; notes: string[] }
export interface Operation {
  id: string; kind: string; title: string; state: "running" | "done" | "failed"; progress: number | null; message: string | null; error: string | null; startedAt: string; endedAt: string | null; result: unknown;
}
export interface RaterStanding { rater: string; clean: number; slightlyNoisy: number; noisy: number; marked: number; share: number | null; low: number | null; high: number | null; verdict: string }
export interface Agreement { raterA: string; raterB: string; common: number; observed: number | null; kappa: number | null }
export interface Audit {
  id: number; name: string; stage: string; job: number | null; seed: number; size: number; population: number; createdAt: string; raters: RaterStanding[]; agreement: Agreement[];
}
export interface AuditSample { position: number; item: Item; marks: Record<string, string> }
export interface AuditDetail { audit: Audit; samples: AuditSample[] }
export interface Silo {
  name: string; role: string; address: string; state: string; processors: number; memoryBytes: number; cpuShare: number; gpuMemoryBytes: number | null;
  lanes: { stage: string; inFlight: number; queued: number }[];
}
export interface LiveThroughput { start: number; seconds: number; stages: { stage: string; finished: number[]; passed: number; rejected: number; failed: number }[] }
export interface System {
  version: string; engine: string; runtime: string; startedAt: string; tokenRequired: boolean;
  silos: Silo[];
  workers: { resource: string; slots: number; busy: number; busyShare: number; stages: string[] }[];
  lanes: { role: string; model: string; device: string; batchLimit: number; meanBatch: number | null; batchFill: number | null; busyShare: number; batches: number; items: number; queue: number }[];
  models: { pack: string; version: string; demo: boolean; folder: string; runtime: string | null; roles: { role: string; file: string; bytes: number | null; sha256: string; licence: string | null; source: string | null; version: string | null }[] };
  storage: { data: string; ledgerBytes: number | null; mediaBytes: number; mediaFiles: number; freeBytes: number; reservedBytes: number };
}
export interface Screening { name: string; folder: string; complete: boolean; writtenAt: string }
export interface JobPulse { id: number; name: string; state: string; progress: number; accepted: number; failed: number; etaSeconds: number | null }
export interface Pulse { revision: number; now: string; totals: Totals; blocked: string | null; standstill: string | null; jobs: JobPulse[]; operations: Operation[] }
export interface Generation {
  id: number; name: string; state: "running" | "completed" | "cancelled"; models: string[]; prompts: number; perPrompt: number; steps: number; guidance: number; shift: number; items: number; done: number;
  failed: number; secondsPerItem: number | null; secondsLeft: number | null; createdAt: string; endedAt: string | null; notes: string[] | null;
}
export interface GeneratedItem {
  id: number; model: number; modelName: string; prompt: number; promptId: string; category: string | null; text: string; seed: number; state: "pending" | "leased" | "done" | "failed"; attempts: number;
  reason: string | null; video: string | null; sha256: string | null; seconds: number;
}
export interface GeneratedPage { items: GeneratedItem[]; next: number | null }
export interface Training {
  id: number; name: string; phase: string; step: number; steps: number; loss: number | null; secondsLeft: number | null; attempts: number; reason: string | null; kind: string | null; hint: string | null;
  dataset: string; datasetSha256: string; options: Record<string, string>; processes: number; codeVersion: string | null; hostVersion: string; model: string | null; modelSha256: string | null;
  base: { folder: string; fingerprint: string; training: number | null } | null;
  createdAt: string; startedAt: string | null; endedAt: string | null;
}
export interface TrainingStep { step: number; loss: number; learningRate: number | null; gradNorm: number | null; seconds: number | null; rate: number | null; memoryMb: number | null }
export interface TrainingDetail {
  run: Training; steps: TrainingStep[]; checkpoints: { step: number; name: string; sha256: string; bytes: number }[]; clips: { step: number; prompt: string; seed: number; video: string }[];
  prepared: { clips?: number; left_out?: { clip: string; reason: string; detail?: string }[] } | null;
}

/** What the host says went wrong, as a sentence. */
export class ApiError extends Error {
  constructor(readonly status: number, sentence: string) {
    super(sentence);
  }
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal: signal ?? null,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "The host does not answer. It may have been stopped; this page goes on by itself when it is back.");
  }
  if (response.status === 401) {
    location.assign("/login");
    throw new ApiError(401, "Log in again.");
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
    throw new ApiError(response.status, problem.detail ?? problem.title ?? `The host answered ${response.status}.`);
  }
  return (await response.json()) as T;
}

export const get = <T>(path: string, signal?: AbortSignal) => call<T>("GET", path, undefined, signal);
export const post = <T>(path: string, body: unknown = {}, signal?: AbortSignal) => call<T>("POST", path, body, signal);
export const put = <T>(path: string, body: unknown) => call<T>("PUT", path, body);
