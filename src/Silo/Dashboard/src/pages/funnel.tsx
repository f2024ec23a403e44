import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { get, post, type Funnel, type FunnelStage, type Job, type Operation, type Threshold, type WhatIf } from "../api";
import { colour } from "../chart";
import { count, number, percent, query, words } from "../format";
import { useData } from "../live";
import { Link, navigate, useLocation } from "../router";
import { Bar, Card, ClipCard, Confirm, Demo, Empty, Page, Problem, Show, Stat } from "../ui";

export function FunnelPage() {
  const { search } = useLocation();
  const job = search.get("job") ?? "";
  const jobs = useData<Job[]>("/api/jobs");
  const funnel = useData<Funnel>(`/api/funnel${query({ job })}`);
  return (
    <Page
      title="Funnel"
      actions={
        <label>
          <span class="visually-hidden">Job</span>
          <select value={job} data-testid="funnel-job" onChange={(e) => navigate(`/funnel${query({ job: e.currentTarget.value })}`)}>
            <option value="">all jobs</option>
            {jobs.data?.map((one) => (
              <option key={one.id} value={one.id}>
                #{one.id} {one.name}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Show of={funnel} lines={12}>
        {(data) => (
          <Card title="What was removed, and where" aside={<span class="soft">{percent(data.progress)} of the known work is done</span>}>
            {data.videos === 0 ? (
              <Empty>
                Nothing here yet. <Link to="/jobs">Submit a crawl</Link>.
              </Empty>
            ) : (
              <>
                <Bars title="Videos" stages={data.stages.filter((stage) => stage.kind === "video")} job={job} kind="video" />
                <Bars title="Clips" stages={data.stages.filter((stage) => stage.kind === "clip")} job={job} kind="clip" />
                <p class="funnel-end">
                  <Link to={`/clips${query({ job, outcome: "accepted" })}`} data-testid="funnel-accepted">
                    {count(data.accepted)} clips are accepted
                  </Link>
                  {data.duplicates > 0 && (
                    <>
                      , <Link to={`/clips${query({ job, outcome: "accepted", duplicate: true })}`}>{count(data.duplicates)} of them near-duplicates</Link> that the export leaves out
                    </>
                  )}
                  .
                </p>
              </>
            )}
          </Card>
        )}
      </Show>
      {(funnel.data?.clips ?? 0) > 0 && <WhatIfPanel job={job} />}
    </Page>
  );
}

function Bars(props: { title: string; stages: FunnelStage[]; job: string; kind: string }) {
  const most = Math.max(1, ...props.stages.map((stage) => stage.in));
  const to = (filter: Record<string, string>) => `/clips${query({ kind: props.kind === "video" ? "video" : null, job: props.job, ...filter })}`;
  return (
    <div class="funnel">
      <h3>{props.title}</h3>
      {props.stages.map((stage) => (
        <div class="funnel-row" key={stage.stage} data-testid={`funnel-${stage.stage}`}>
          <div class="funnel-name">{words(stage.stage)}</div>
          <div class="funnel-track">
            <div class="funnel-in" style={{ width: `${(stage.in / most) * 100}%` }}>
              <Part n={stage.passed} of={stage.in} tone="passed" label={`${count(stage.passed)} passed`} />
              <PartLink n={stage.pending} of={stage.in} tone="pending" label={`${count(stage.pending)} waiting`} to={to({ stage: stage.stage, outcome: "active" })} />
              <PartLink n={stage.rejected} of={stage.in} tone="rejected" label={`${count(stage.rejected)} rejected`} to={to({ stage: stage.stage, outcome: "rejected" })} />
              <PartLink n={stage.failed} of={stage.in} tone="failed" label={`${count(stage.failed)} failed`} to={to({ stage: stage.stage, outcome: "failed" })} />
            </div>
          </div>
          <div class="funnel-numbers">
            <b>{count(stage.in)}</b> in
            {stage.pending > 0 && <>, {count(stage.pending)} waiting</>}
            {stage.reasons.map((reason) => (
              <span key={reason.reason}>
                , <Link to={to({ stage: stage.stage, outcome: "rejected", reason: reason.reason })}>{count(reason.count)} {words(reason.reason)}</Link>
              </span>
            ))}
            {stage.failed > 0 && (
              <>
                , <Link to={to({ stage: stage.stage, outcome: "failed" })} class="bad-text">{count(stage.failed)} failed</Link>
              </>
            )}
          </div>
        </div>
      ))}
    </div>
  );
}

const Part = (props: { n: number; of: number; tone: string; label: string }) =>
  props.n > 0 ? <div class={`part ${props.tone}`} style={{ flexGrow: props.n }} title={props.label} /> : null;

const PartLink = (props: { n: number; of: number; tone: string; label: string; to: string }) =>
  props.n > 0 ? (
    <a
      class={`part ${props.tone}`}
      href={props.to}
      style={{ flexGrow: props.n }}
      title={props.label}
      aria-label={props.label}
      onClick={(event) => {
        event.preventDefault();
        navigate(props.to);
      }}
    />
  ) : null;

function WhatIfPanel(props: { job: string }) {
  const thresholds = useData<Threshold[]>(`/api/thresholds${query({ job: props.job })}`);
  const [changes, setChanges] = useState<Record<string, number>>({});
  const [last, setLast] = useState<string | null>(null);
  const [answer, setAnswer] = useState<WhatIf | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const [operation, setOperation] = useState<Operation | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    setChanges({});
    setAnswer(null);
  }, [props.job]);
  // The threshold that moved last comes last: its neighbours are the ones that are shown.
  const ordered = useMemo(() => {
    const entries = Object.entries(changes);
    return Object.fromEntries([...entries.filter(([name]) => name !== last), ...entries.filter(([name]) => name === last)]);
  }, [changes, last]);
  useEffect(() => {
    const timer = setTimeout(() => {
      running.current?.abort();
      const abort = (running.current = new AbortController());
      post<WhatIf>("/api/what-if", { job: props.job ? Number(props.job) : null, changes: ordered, edges: 8 }, abort.signal)
        .then((result) => {
          setAnswer(result);
          setError(null);
        })
        .catch((trouble: Error) => !abort.signal.aborted && setError(trouble.message));
    }, 60);
    return () => clearTimeout(timer);
  }, [ordered, props.job, thresholds.data]);
  useEffect(() => {
    if (operation?.state !== "running") return;
    const timer = setTimeout(() => get<Operation>(`/api/operations/${operation.id}`).then(setOperation).catch(() => setOperation((old) => old && { ...old })), 400);
    return () => clearTimeout(timer);
  }, [operation]);
  const moved = Object.keys(changes).length > 0;
  const apply = () =>
    post<Operation>(props.job ? `/api/jobs/${props.job}/redecision` : "/api/redecision", { changes: Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, String(value)])) })
      .then((started) => {
        setOperation(started);
        setChanges({});
      })
      .catch((trouble: Error) => setError(trouble.message));
  return (
    <Card title="What if the thresholds were others?" aside={<span class="soft">{answer ? `decided from the stored scores in ${number(answer.milliseconds)} ms` : ""}</span>} testId="what-if">
      <div class="what-if">
        <Show of={thresholds} lines={8}>
          {(list) => (
            <div class="sliders">
              {list.map((threshold) => (
                <Slider
                  key={threshold.name}
                  threshold={threshold}
                  value={changes[threshold.name] ?? threshold.current}
                  moved={threshold.name in changes}
                  onMove={(value) => {
                    setLast(threshold.name);
                    setChanges((old) => {
                      const next = { ...old, [threshold.name]: value };
                      if (value === threshold.current) delete next[threshold.name];
                      return next;
                    });
                  }}
                />
              ))}
            </div>
          )}
        </Show>
        <div class="what-if-answer">
          {error && <Problem>{error}</Problem>}
          {answer && (
            <>
              <div class="stats">
                <Stat label="accepted now" value={count(answer.acceptedNow)} />
                <Stat label="would be accepted" value={count(answer.accepted)} tone={answer.accepted < answer.acceptedNow ? "warn" : answer.accepted > answer.acceptedNow ? "good" : ""} testId="whatif-accepted" />
                <Stat label="gained" value={count(answer.gained)} />
                <Stat label="lost" value={count(answer.lost)} testId="whatif-lost" />
                {answer.unmeasured > 0 && <Stat label="to be measured first" value={count(answer.unmeasured)} hint="a later stage has not seen them" />}
              </div>
              {moved && last && (
                <>
                  <h3>Just inside {last}</h3>
                  <Strip items={answer.inside} none="No clip stays." />
                  <h3>Just outside</h3>
                  <Strip items={answer.outside} none="No clip is removed by it." />
                </>
              )}
              <div class="actions">
                <button type="button" disabled={!moved} onClick={() => setChanges({})}>
                  Back to the job's own
                </button>
                <button type="button" class="primary" disabled={!moved || operation?.state === "running"} data-testid="apply-redecision" onClick={() => setAsking(true)}>
                  Apply as a re-decision
                </button>
              </div>
            </>
          )}
          {operation && <Progress operation={operation} />}
        </div>
      </div>
      {asking && answer && (
        <Confirm title={`Decide ${props.job ? `job ${props.job}` : "all jobs"} anew?`} yes="Decide anew" onYes={apply} onClose={() => setAsking(false)}>
          <ul>{Object.entries(changes).map(([name, value]) => <li key={name}><code>{name} = {value}</code></li>)}</ul>
          <p>
            {count(answer.acceptedNow)} accepted clips become {count(answer.accepted)}: {count(answer.gained)} more, {count(answer.lost)} fewer
            {answer.unmeasured > 0 && <>, and {count(answer.unmeasured)} go back to a stage that has not measured them</>}. No frame is decoded, and every change stays in the clips' trails.
          </p>
        </Confirm>
      )}
    </Card>
  );
}

const Progress = (props: { operation: Operation }) => {
  const { operation } = props;
  const result = operation.result as { jobs: { job: number; changed: number; acceptedBefore: number; acceptedAfter: number; unmeasured: number }[] } | null;
  return (
    <div class="operation" role="status" data-testid="redecision-status">
      {operation.state === "running" && (
        <>
          <Bar share={operation.progress ?? 0} /> <span class="soft">{operation.message ?? "starting"}</span>
        </>
      )}
      {operation.state === "failed" && <Problem>{operation.error}</Problem>}
      {operation.state === "done" && result?.jobs.map((job) => (
        <p key={job.job} class="good-text">
          Job {job.job}: {count(job.changed)} changed, accepted {count(job.acceptedBefore)} → {count(job.acceptedAfter)}
          {job.unmeasured > 0 && `, ${count(job.unmeasured)} to be measured`}.
        </p>
      ))}
    </div>
  );
};

const Strip = (props: { items: WhatIf["inside"]; none: string }) =>
  props.items.length === 0 ? <p class="soft">{props.none}</p> : <div class="strip">{props.items.map((item) => <ClipCard key={item.id} item={item} />)}</div>;

function Slider(props: { threshold: Threshold; value: number; moved: boolean; onMove: (value: number) => void }) {
  const { threshold, value } = props;
  // The scale ends where the scores do.
  const bins = threshold.histogram;
  const width = (threshold.max - threshold.min) / bins.length;
  const lastUsed = bins.reduce((found, n, i) => (n > 0 ? i : found), 0);
  const max = Math.min(threshold.max, Math.max(threshold.min + width * (lastUsed + 2), threshold.current * 1.25, threshold.step * 10));
  const shown = bins.slice(0, Math.max(1, Math.ceil((max - threshold.min) / width)));
  const most = Math.max(1, ...shown.map(Math.sqrt));
  const removed = (i: number) => {
    const middle = threshold.min + (i + 0.5) * width;
    return threshold.rejects.startsWith("at-or-above") ? middle > value && middle > width / 2 + threshold.min : threshold.rejects === "above" ? middle > value : middle < value;
  };
  const at = (n: number) => `${((n - threshold.min) / (max - threshold.min)) * 100}%`;
  return (
    <div class={`slider ${props.moved ? "moved" : ""}`}>
      <label for={`slider-${threshold.name}`}>
        <span>
          <span class="dot" style={{ background: colour(threshold.stage) }} /> {threshold.name} {threshold.demo && <Demo />}
        </span>
        <output>
          {number(value)}
          {props.moved && <s> {number(threshold.current)}</s>}
        </output>
      </label>
      <div class="histogram" aria-hidden="true">
        {shown.map((n, i) => (
          <span key={i} class={removed(i) ? "out" : ""} style={{ height: `${(Math.sqrt(n) / most) * 100}%` }} title={`${count(n)} clips`} />
        ))}
        <i style={{ left: at(threshold.current) }} />
      </div>
      <input
        id={`slider-${threshold.name}`}
        data-testid={`slider-${threshold.name}`}
        type="range"
        min={threshold.min}
        max={max}
        step={threshold.step}
        value={value}
        onInput={(e) => props.onMove(Number(Number(e.currentTarget.value).toFixed(4)))}
      />
      <div class="hint">{words(threshold.stage)} removes what is {threshold.rejects === "at-or-below" ? "at or below" : threshold.rejects === "at-or-above" ? "at or above" : threshold.rejects} it</div>
    </div>
  );
}
