import { useEffect, useState } from "preact/hooks";
import { get, post, type Job, type Screening, type Submission } from "../api";
import { count, eta, percent, time, words } from "../format";
import { useData } from "../live";
import { Link, useLocation } from "../router";
import { Bar, Card, Confirm, Counted, Empty, Page, Problem, Show, State, useAction } from "../ui";

export const JobLine = (props: { job: Job }) => {
  const { job } = props;
  return (
    <div class="job-line">
      <div class="job-line-head">
        <Link to={`/funnel?job=${job.id}`}>{job.name}</Link> <State of={job.state} />
        <span class="soft grow">{job.listing ? "listing its source" : job.eta ? eta(job.eta) : ""}</span>
        <span class="n">{percent(job.progress)}</span>
      </div>
      <Bar share={job.progress} />
      <div class="soft small">
        <Counted n={job.videos} one="video" />, <Counted n={job.clips} one="clip" />, {count(job.accepted)} accepted, {count(job.failed)} failed
      </div>
    </div>
  );
};

export function JobsPage() {
  const jobs = useData<Job[]>("/api/jobs");
  const wanted = useLocation().search.get("job");
  return (
    <Page title="Jobs">
      <Submit />
      <Card title="All jobs">
        <Show of={jobs}>
          {(data) => (data.length === 0 ? <Empty>No job yet. Name a channel, a folder or a manifest above.</Empty> : data.map((job) => <JobRow key={job.id} job={job} open={wanted === String(job.id)} />))}
        </Show>
      </Card>
    </Page>
  );
}

function JobRow(props: { job: Job; open: boolean }) {
  const { job } = props;
  const [busy, error, act] = useAction();
  const [asking, setAsking] = useState(false);
  const [open, setOpen] = useState(props.open);
  const change = (what: string) => act(() => post(`/api/jobs/${job.id}/${what}`));
  const may = { pause: job.state === "running", resume: ["paused", "cancelled", "failed"].includes(job.state), cancel: ["running", "paused", "failed"].includes(job.state) };
  return (
    <article class="job" data-testid={`job-row-${job.id}`}>
      <div class="job-head">
        <span class="soft">#{job.id}</span>
        <Link to={`/funnel?job=${job.id}`} class="job-name">
          {job.name}
        </Link>
        <State of={job.state} />
        <span class="grow" />
        <div class="actions">
          {may.pause && <button type="button" disabled={busy} data-testid={`job-pause-${job.id}`} onClick={() => change("pause")}>Pause</button>}
          {may.resume && <button type="button" disabled={busy} data-testid={`job-resume-${job.id}`} onClick={() => change("resume")}>Resume</button>}
          {job.failed > 0 && <button type="button" disabled={busy} data-testid={`job-retry-${job.id}`} onClick={() => change("retry")}>Retry {count(job.failed)} failed</button>}
          {may.cancel && <button type="button" class="quiet" disabled={busy} data-testid={`job-cancel-${job.id}`} onClick={() => setAsking(true)}>Cancel</button>}
          <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? "Less" : "More"}</button>
        </div>
      </div>
      <Bar share={job.progress} label={`done ${percent(job.progress)}`} />
      <div class="job-numbers">
        <span>{percent(job.progress)}</span>
        <span><Counted n={job.videos} one="video" /></span>
        <span><Counted n={job.clips} one="clip" /></span>
        <Link to={`/clips?job=${job.id}&outcome=accepted`}>{count(job.accepted)} accepted</Link>
        <Link to={`/clips?job=${job.id}&outcome=rejected`}>{count(job.rejected)} rejected</Link>
        {job.failed > 0 && <Link to="/system#dead-letters">{count(job.failed)} failed</Link>}
        <span class="soft grow">{job.listing ? "listing its source" : job.eta ? eta(job.eta) : ""}</span>
      </div>
      {job.error && <Problem>{job.error}</Problem>}
      {error && <Problem>{error}</Problem>}
      {open && <JobMore job={job} />}
      {asking && (
        <Confirm title={`Cancel job ${job.id}?`} yes="Cancel the job" danger onYes={() => change("cancel")} onClose={() => setAsking(false)}>
          <p>No more of its work is handed out. What is done stays, and the job can be resumed.</p>
        </Confirm>
      )}
    </article>
  );
}

function JobMore(props: { job: Job }) {
  const { job } = props;
  const skipped = useData<{ where: string; reason: string }[]>(job.skipped > 0 ? `/api/jobs/${job.id}/skipped?limit=100` : null, false);
  return (
    <div class="job-more">
      <dl>
        <dt>source</dt>
        <dd class="break">{job.sourceKind}: {job.source}</dd>
        <dt>submitted</dt>
        <dd>{time(job.createdAt)}</dd>
        <dt>found</dt>
        <dd>{count(job.found)} new, {count(job.known)} known from other jobs, {count(job.skipped)} not usable</dd>
      </dl>
      <details>
        <summary>Options</summary>
        <dl class="options">
          {Object.entries(job.options).map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={name + "v"}>{value === "" ? "–" : value}</dd>])}
        </dl>
      </details>
      {skipped.data && (
        <details>
          <summary>{count(job.skipped)} rows of its source that could not be used</summary>
          <ul class="plain small">{skipped.data.map((row, i) => <li key={i} class="break"><b>{row.where}</b>: {row.reason}</li>)}</ul>
        </details>
      )}
    </div>
  );
}

interface Form { from: "source" | "screening"; source: string; screening: string; name: string; minShare: string; maxChannels: string; filterFirst: boolean; cc: boolean; options: string }
const blank: Form = { from: "source", source: "", screening: "", name: "", minShare: "0.3", maxChannels: "", filterFirst: false, cc: false, options: "" };

function request(form: Form) {
  const options: Record<string, string> = {};
  if (form.filterFirst) options["order"] = "FilterFirst";
  if (form.cc) options["licence.only"] = "CreativeCommons";
  for (const line of form.options.split(/[\n,;]+/)) {
    const at = line.indexOf("=");
    if (line.trim()) options[(at < 0 ? line : line.slice(0, at)).trim()] = at < 0 ? "" : line.slice(at + 1).trim();
  }
  const base = { name: form.name || null, options };
  return form.from === "source"
    ? { ...base, source: form.source }
    : { ...base, screening: form.screening, minShare: Number(form.minShare), maxChannels: form.maxChannels ? Number(form.maxChannels) : null };
}

function Submit() {
  const [form, setForm] = useState(blank);
  const [check, setCheck] = useState<{ answer: Submission | null; trouble: string | null }>({ answer: null, trouble: null });
  const defaults = useData<Record<string, string>>("/api/options", false);
  const [screenings, setScreenings] = useState<Screening[]>([]);
  const [done, setDone] = useState<Submission | null>(null);
  const [busy, error, act] = useAction();
  const text = form.from === "source" ? form.source.trim() : form.screening.trim();
  const set = (change: Partial<Form>) => setForm((old) => ({ ...old, ...change }));
  useEffect(() => {
    if (form.from === "screening") get<Screening[]>("/api/screenings").then(setScreenings).catch(() => setScreenings([]));
  }, [form.from]);
  // What it would be taken for, as one types.
  useEffect(() => {
    if (!text) {
      setCheck({ answer: null, trouble: null });
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      post<Submission>("/api/jobs", { ...request(form), checkOnly: true }, abort.signal)
        .then((answer) => setCheck({ answer, trouble: null }))
        .catch((trouble: Error) => !abort.signal.aborted && setCheck({ answer: null, trouble: trouble.message }));
    }, 250);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [form]);
  return (
    <Card title="Submit a crawl">
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          act(async () => {
            setDone(await post<Submission>("/api/jobs", request(form)));
            setForm(blank);
          });
        }}
      >
        <div class="switch" role="group" aria-label="What to crawl">
          <button type="button" aria-pressed={form.from === "source"} onClick={() => set({ from: "source" })}>A source</button>
          <button type="button" aria-pressed={form.from === "screening"} onClick={() => set({ from: "screening" })}>A screening's channels</button>
        </div>
        {form.from === "source" ? (
          <label>
            Channel, playlist or video address; or a folder or manifest on the host
            <input data-testid="submit-source" value={form.source} spellcheck={false} autocomplete="off" placeholder="https://www.youtube.com/@channel or /videos/channel" onInput={(e) => set({ source: e.currentTarget.value })} />
          </label>
        ) : (
          <div class="row">
            <label class="grow">
              Folder of a finished screening on the host
              <input data-testid="submit-screening" list="screenings" value={form.screening} spellcheck={false} onInput={(e) => set({ screening: e.currentTarget.value })} />
              <datalist id="screenings">{screenings.map((s) => <option key={s.name} value={s.folder} />)}</datalist>
            </label>
            <label>
              Least medical share
              <input type="number" min="0" max="1" step="0.05" value={form.minShare} onInput={(e) => set({ minShare: e.currentTarget.value })} />
            </label>
            <label>
              Channels at the most
              <input type="number" min="1" value={form.maxChannels} onInput={(e) => set({ maxChannels: e.currentTarget.value })} />
            </label>
          </div>
        )}
        <div class="check-line" aria-live="polite">
          {check.trouble && <span class="bad-text" data-testid="submit-trouble">{check.trouble}</span>}
          {check.answer && (
            <span class="good-text" data-testid="submit-check">
              {check.answer.kind}: {check.answer.name}
              {check.answer.continues ? " (goes on with a job that exists)" : ""} {check.answer.notes.join(" ")}
            </span>
          )}
        </div>
        <div class="row">
          <label class="tick"><input type="checkbox" checked={form.filterFirst} onChange={(e) => set({ filterFirst: e.currentTarget.checked })} /> cheap filters before captions</label>
          <label class="tick"><input type="checkbox" checked={form.cc} onChange={(e) => set({ cc: e.currentTarget.checked })} /> Creative Commons only</label>
          <label class="grow">
            <span class="visually-hidden">Name of the job</span>
            <input value={form.name} placeholder="name (optional)" onInput={(e) => set({ name: e.currentTarget.value })} />
          </label>
          <label class="grow">
            <span class="visually-hidden">Further options</span>
            <input value={form.options} list="options" placeholder="options, e.g. aesthetics.minScore=4" spellcheck={false} onInput={(e) => set({ options: e.currentTarget.value })} />
          </label>
          <datalist id="options">{Object.entries(defaults.data ?? {}).map(([name, value]) => <option key={name} value={`${name}=${value}`}>default {value || "none"}</option>)}</datalist>
          <button class="primary" type="submit" data-testid="submit-button" disabled={busy || !text || check.trouble !== null}>Submit</button>
        </div>
        {error && <Problem>{error}</Problem>}
        {done && !text && (
          <p class="good-text" role="status">
            Submitted: {done.jobs.map((job) => `job ${job.id} (${words(job.name)})`).join(", ")}
          </p>
        )}
      </form>
    </Card>
  );
}
