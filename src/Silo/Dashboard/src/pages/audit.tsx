import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { post, put, type Audit, type AuditDetail, type AuditSample, type Job, type RaterStanding } from "../api";
import { order } from "../chart";
import { count, number, percent, time, words } from "../format";
import { useData } from "../live";
import { Link, navigate } from "../router";
import { Bar, Card, Chip, Empty, Page, Problem, Show, State, useAction } from "../ui";

export function AuditsPage() {
  const audits = useData<Audit[]>("/api/audits", false);
  const jobs = useData<Job[]>("/api/jobs", false);
  const [form, setForm] = useState({ stage: "joint", job: "", size: "200", seed: "1" });
  const [busy, error, act] = useAction();
  const set = (change: Partial<typeof form>) => setForm((old) => ({ ...old, ...change }));
  return (
    <Page title="Audit">
      <Card title="Audit a stage">
        <p class="soft">Samples are drawn by seed from what passed the stage. It is accepted when at least 95 % are clean or slightly noisy.</p>
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            act(async () => {
              const made = await post<AuditDetail>("/api/audits", { stage: form.stage, job: form.job ? Number(form.job) : null, size: Number(form.size), seed: Number(form.seed) });
              navigate(`/audit/${made.audit.id}`);
            });
          }}
        >
          <label>
            <span>stage</span>
            <select value={form.stage} data-testid="audit-stage" onChange={(e) => set({ stage: e.currentTarget.value })}>{order.map((stage) => <option key={stage} value={stage}>{words(stage)}</option>)}</select>
          </label>
          <label>
            <span>job</span>
            <select value={form.job} onChange={(e) => set({ job: e.currentTarget.value })}>
              <option value="">all</option>
              {jobs.data?.map((job) => <option key={job.id} value={job.id}>#{job.id} {job.name}</option>)}
            </select>
          </label>
          <label><span>samples</span><input type="number" min="1" max="2000" value={form.size} data-testid="audit-size" onInput={(e) => set({ size: e.currentTarget.value })} /></label>
          <label><span>seed</span><input type="number" value={form.seed} onInput={(e) => set({ seed: e.currentTarget.value })} /></label>
          <button type="submit" class="primary" disabled={busy} data-testid="audit-create">Draw samples</button>
        </form>
        {error && <Problem>{error}</Problem>}
      </Card>
      <Card title="Audits">
        <Show of={audits}>
          {(data) =>
            data.length === 0 ? <Empty>None yet.</Empty> : data.map((audit) => (
              <article key={audit.id} class="job">
                <div class="job-head">
                  <Link to={`/audit/${audit.id}`} class="job-name">{audit.name}</Link>
                  <span class="soft grow">{count(audit.size)} of {count(audit.population)}{audit.job !== null && `, job ${audit.job}`} · {time(audit.createdAt)}</span>
                </div>
                {audit.raters.length === 0 ? <p class="soft small">Nobody has marked yet.</p> : audit.raters.map((rater) => <Standing key={rater.rater} rater={rater} size={audit.size} />)}
              </article>
            ))
          }
        </Show>
      </Card>
    </Page>
  );
}

const Standing = (props: { rater: RaterStanding; size: number }) => {
  const { rater } = props;
  return (
    <div class="standing" data-testid={`standing-${rater.rater}`}>
      <b class="break">{rater.rater}</b>
      <span>{count(rater.marked)} of {count(props.size)} marked</span>
      <span>{count(rater.clean)} clean, {count(rater.slightlyNoisy)} slightly noisy, {count(rater.noisy)} noisy</span>
      <span>
        {percent(rater.share, 1)} acceptable {rater.low !== null && rater.high !== null && <span class="soft">(95 % interval {percent(rater.low, 1)} to {percent(rater.high, 1)})</span>}
      </span>
      <State of={rater.verdict} />
      <div class="interval" aria-hidden="true">
        {rater.low !== null && rater.high !== null && <span style={{ left: `${rater.low * 100}%`, width: `${(rater.high - rater.low) * 100}%` }} />}
        {rater.share !== null && <b style={{ left: `${rater.share * 100}%` }} />}
        <i style={{ left: "95%" }} title="95 %" />
      </div>
    </div>
  );
};

const marks: [string, string, string][] = [["1", "clean", "clean"], ["2", "slightly-noisy", "slightly noisy"], ["3", "noisy", "noisy"]];

export function AuditPage(props: { id: string }) {
  const [rater, setRater] = useState(localStorage.getItem("medgen.name") ?? "");
  const [named, setNamed] = useState(rater !== "");
  const detail = useData<AuditDetail>(`/api/audits/${props.id}`, false);
  return (
    <Page
      title={detail.data?.audit.name ?? `Audit ${props.id}`}
      actions={<><a href={`/api/audits/${props.id}/export?format=csv`} download>CSV</a> <a href={`/api/audits/${props.id}/export?format=ndjson`} download>NDJSON</a> <Link to="/audit">all audits</Link></>}
    >
      <Show of={detail} lines={10}>
        {(data) =>
          named ? (
            <Marking key={rater} detail={data} rater={rater} onRename={() => { setNamed(false); detail.reload(); }} />
          ) : (
            <Card title="Who is marking?">
              <form class="row" onSubmit={(event) => { event.preventDefault(); localStorage.setItem("medgen.name", rater.trim()); setRater(rater.trim()); setNamed(rater.trim() !== ""); }}>
                <label class="grow"><span>your name</span><input value={rater} maxLength={64} required autofocus data-testid="rater-name" onInput={(e) => setRater(e.currentTarget.value)} /></label>
                <button type="submit" class="primary" data-testid="rater-start">Begin</button>
              </form>
            </Card>
          )
        }
      </Show>
    </Page>
  );
}

function Marking(props: { detail: AuditDetail; rater: string; onRename: () => void }) {
  const [audit, setAudit] = useState(props.detail.audit);
  const [samples, setSamples] = useState(props.detail.samples);
  const first = samples.findIndex((sample) => !(props.rater in sample.marks));
  const [at, setAt] = useState(first < 0 ? 0 : first);
  const [error, setError] = useState<string | null>(null);
  const sample = samples[at];
  const done = useRef<{ position: number; before: string | null }[]>([]);
  // One mark after the other: taking one back never overtakes it.
  const sending = useRef<Promise<void>>(Promise.resolve());
  const show = (position: number, word: string | null) =>
    setSamples((old) => old.map((one) => {
      if (one.position !== position) return one;
      const { [props.rater]: _, ...others } = one.marks;
      return { ...one, marks: word ? { ...others, [props.rater]: word } : others };
    }));
  const mark = (position: number, word: string | null) => {
    const before = samples[position]?.marks[props.rater] ?? null;
    show(position, word);
    sending.current = sending.current
      .then(() => put<Audit>(`/api/audits/${audit.id}/marks`, { rater: props.rater, position, mark: word }))
      .then((standing) => { setAudit(standing); setError(null); })
      .catch((trouble: Error) => { show(position, before); setError(`Sample ${position + 1} was not saved: ${trouble.message}`); });
  };
  const give = (word: string) => {
    if (!sample) return;
    done.current.push({ position: at, before: sample.marks[props.rater] ?? null });
    mark(at, word);
    const open = samples.map((_, i) => (at + 1 + i) % samples.length).find((i) => i !== at && !(props.rater in samples[i]!.marks));
    setAt(open ?? Math.min(at + 1, samples.length - 1));
  };
  // With the rendering, not after the next frame: keys that come quickly would mark the sample before.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof Element && event.target.closest("input, textarea, select, dialog"))) return;
      const word = marks.find(([key]) => key === event.key)?.[1];
      if (word) give(word);
      else if (event.key === "ArrowRight" || event.key === "j") setAt(Math.min(at + 1, samples.length - 1));
      else if (event.key === "ArrowLeft" || event.key === "k") setAt(Math.max(at - 1, 0));
      else if (event.key === "u") {
        const last = done.current.pop();
        if (last !== undefined) {
          mark(last.position, last.before);
          setAt(last.position);
        }
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
  if (!sample) return <Empty>Nothing had passed {words(audit.stage)} when this audit was drawn.</Empty>;
  const marked = samples.filter((one) => props.rater in one.marks).length;
  const standing = audit.raters.find((one) => one.rater === props.rater);
  return (
    <div class="marking">
      <div>
        {error && <Problem>{error}</Problem>}
        <Card>
          <div class="marking-head">
            <b data-testid="audit-position">Sample {at + 1} of {samples.length}</b>
            <span class="soft grow">{count(marked)} marked by <button type="button" class="quiet" onClick={props.onRename}>{props.rater}</button></span>
            {sample.marks[props.rater] && <span data-testid="audit-mark"><Chip tone={{ clean: "good", "slightly-noisy": "warn", noisy: "bad" }[sample.marks[props.rater]!] ?? "mute"}>{words(sample.marks[props.rater]!)}</Chip></span>}
          </div>
          <Bar share={marked / samples.length} label={`${marked} of ${samples.length} marked`} />
          <Sample sample={sample} />
          <div class="marks">
            {marks.map(([key, word, text]) => (
              <button key={word} type="button" class={`mark ${word}`} aria-pressed={sample.marks[props.rater] === word} data-testid={`mark-${word}`} onClick={() => give(word)}>
                <kbd>{key}</kbd> {text}
              </button>
            ))}
          </div>
          <p class="hint"><kbd>1</kbd> <kbd>2</kbd> <kbd>3</kbd> mark · <kbd>←</kbd> <kbd>→</kbd> move · <kbd>u</kbd> takes the last mark back</p>
        </Card>
      </div>
      <div>
        <Card title="Standing">
          {standing ? <Standing rater={standing} size={audit.size} /> : <Empty>Mark the first sample.</Empty>}
          {audit.raters.filter((one) => one.rater !== props.rater).map((one) => <Standing key={one.rater} rater={one} size={audit.size} />)}
        </Card>
        <Card title="Agreement of raters">
          {audit.agreement.length === 0 ? <Empty>One rater so far; a second gives Cohen's kappa.</Empty> : (
            <table>
              <thead><tr><th>raters</th><th class="n">common</th><th class="n">equal</th><th class="n">kappa</th></tr></thead>
              <tbody>{audit.agreement.map((pair) => <tr key={pair.raterA + pair.raterB}><td class="break">{pair.raterA}, {pair.raterB}</td><td class="n">{count(pair.common)}</td><td class="n">{percent(pair.observed, 1)}</td><td class="n">{pair.kappa === null ? "undefined" : number(pair.kappa)}</td></tr>)}</tbody>
            </table>
          )}
        </Card>
        <Card title="All samples">
          <div class="dots">{samples.map((one, i) => <button key={i} type="button" class={`dot-button ${one.marks[props.rater] ?? ""}`} aria-current={i === at ? "true" : undefined} aria-label={`sample ${i + 1}, ${one.marks[props.rater] ? words(one.marks[props.rater]!) : "not marked"}`} onClick={() => setAt(i)} />)}</div>
        </Card>
      </div>
    </div>
  );
}

const Sample = (props: { sample: AuditSample }) => {
  const { item } = props.sample;
  return (
    <>
      {item.hasMedia ? <video key={item.id} src={`/api/clips/${encodeURIComponent(item.id)}/video`} autoplay muted loop controls playsInline data-testid="audit-player" /> : <div class="no-picture tall">{item.title || item.id}</div>}
      <p class="break"><b>{item.brief ?? item.title}</b></p>
      <p class="soft small"><Link to={item.kind === "clip" ? `/clips/${encodeURIComponent(item.id)}` : `/videos/${encodeURIComponent(item.id)}`}>{item.id}</Link>{item.category && ` · ${item.category}`}</p>
    </>
  );
};
