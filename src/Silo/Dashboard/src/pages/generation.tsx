import { useState } from "preact/hooks";
import { post, type GeneratedItem, type GeneratedPage, type Generation } from "../api";
import { count, number, time } from "../format";
import { useData } from "../live";
import { Link, navigate, useLocation } from "../router";
import { Bar, Card, Empty, Page, Problem, Show, Stat, State, useAction } from "../ui";

/** Prompts of a page. */
const shown = 20;

const Progress = (props: { job: Generation }) => <Bar share={props.job.items > 0 ? (props.job.done + props.job.failed) / props.job.items : 0} />;

export function GenerationsPage() {
  const jobs = useData<Generation[]>("/api/generations");
  return (
    <Page title="Generation">
      <Submit />
      <Card title="Batch generations">
        <Show of={jobs}>
          {(data) => (data.length === 0 ? <Empty>Nothing was generated yet. Write prompts above, or run <code>medgen generate</code>.</Empty> : (
            <div class="scroll">
              <table>
                <thead><tr><th>generation</th><th>state</th><th class="n">done</th><th class="wide">progress</th><th class="n">s each</th><th>submitted</th></tr></thead>
                <tbody>
                  {data.map((job) => (
                    <tr key={job.id} data-testid={`generation-row-${job.id}`}>
                      <td><Link to={`/generation/${job.id}`}>{job.name}</Link></td><td><State of={job.state} /></td><td class="n">{count(job.done)} of {count(job.items)}{job.failed > 0 && `, ${count(job.failed)} failed`}</td>
                      <td><Progress job={job} /></td><td class="n">{job.secondsPerItem === null ? "–" : number(job.secondsPerItem)}</td><td class="soft small">{time(job.createdAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ))}
        </Show>
      </Card>
    </Page>
  );
}

/** Prompts written in place. */
function Submit() {
  const [prompts, setPrompts] = useState("");
  const [models, setModels] = useState("");
  const [perPrompt, setPerPrompt] = useState("1");
  const [steps, setSteps] = useState("50");
  const [busy, error, act] = useAction();
  const submit = (event: Event) => {
    event.preventDefault();
    act(async () => {
      const body = { prompts, models: models.split("\n").map((line) => line.trim()).filter(Boolean), perPrompt: Number(perPrompt), steps: Number(steps) };
      navigate(`/generation/${(await post<Generation>("/api/generations", body)).id}`);
    });
  };
  return (
    <Card title="Generate">
      <form onSubmit={submit} class="generate-form">
        <label>Prompts, one a line<textarea rows={4} required value={prompts} data-testid="generation-prompts" onInput={(event) => setPrompts(event.currentTarget.value)} /></label>
        <label>Folders of models on the host, one a line; two are compared side by side<textarea rows={2} required value={models} data-testid="generation-models" onInput={(event) => setModels(event.currentTarget.value)} /></label>
        <div class="actions">
          <label>Videos of each prompt <input type="number" min="1" max="10000" value={perPrompt} onInput={(event) => setPerPrompt(event.currentTarget.value)} /></label>
          <label>Steps <input type="number" min="1" max="1000" value={steps} data-testid="generation-steps" onInput={(event) => setSteps(event.currentTarget.value)} /></label>
          <button type="submit" class="primary" disabled={busy} data-testid="generation-submit">Generate</button>
        </div>
        {error && <Problem>{error}</Problem>}
      </form>
    </Card>
  );
}

export function GenerationPage(props: { id: string }) {
  const path = `/api/generations/${encodeURIComponent(props.id)}`;
  const job = useData<Generation>(path);
  const asked = Number(useLocation().search.get("prompt") ?? 0);
  const from = Number.isSafeInteger(asked) && asked > 0 ? asked : 0;
  const page = useData<GeneratedPage>(`${path}/items?limit=1000&prompt=${from}&prompts=${shown}`);
  const [busy, error, act] = useAction();
  const change = (what: string) => act(() => post(`${path}/${what}`).then(job.reload));
  const one = job.data;
  return (
    <Page
      title={one ? `Generation ${one.id}: ${one.name}` : "Generation"}
      actions={one && (
        <>
          {one.state === "running" && <button type="button" disabled={busy} onClick={() => change("cancel")}>Cancel</button>}
          {(one.failed > 0 || one.state === "cancelled") && <button type="button" class="primary" disabled={busy} onClick={() => change("retry")}>{one.state === "cancelled" ? "Go on" : `Retry ${count(one.failed)} failed`}</button>}
        </>
      )}
    >
      {error && <Problem>{error}</Problem>}
      <Show of={job}>
        {(data) => (
          <div class="stats">
            <Stat label="state" value={<State of={data.state} />} />
            <Stat label="done" value={`${count(data.done)} of ${count(data.items)}`} hint={data.failed > 0 ? `${count(data.failed)} failed` : ""} testId="generation-done" />
            <Stat label="seconds each" value={data.secondsPerItem === null ? "–" : number(data.secondsPerItem)} />
            <Stat label="sampling" value={`${data.steps} steps`} hint={`guidance ${number(data.guidance)}, shift ${number(data.shift)}`} />
          </div>
        )}
      </Show>
      <Show of={page} lines={8}>
        {(data) => (
          <>
            {prompts(data.items).map(([prompt, items]) => <Prompt key={prompt} items={items} />)}
            <div class="actions">
              {from > 0 && <Link to={`/generation/${props.id}?prompt=${Math.max(0, from - shown)}`}>Prompts before</Link>}
              {one && from + shown < one.prompts && <Link to={`/generation/${props.id}?prompt=${from + shown}`}>More prompts</Link>}
            </div>
          </>
        )}
      </Show>
    </Page>
  );
}

/** A page's items by prompt, in the order of the prompts. */
function prompts(items: GeneratedItem[]): [number, GeneratedItem[]][] {
  const groups = new Map<number, GeneratedItem[]>();
  for (const item of items) groups.set(item.prompt, [...(groups.get(item.prompt) ?? []), item]);
  return [...groups].sort(([a], [b]) => a - b);
}

/** The videos of a prompt: those of one seed side by side, a column for each model. */
function Prompt(props: { items: GeneratedItem[] }) {
  const first = props.items[0]!;
  const sorted = [...props.items].sort((a, b) => a.seed - b.seed || a.model - b.model);
  const models = new Set(props.items.map((item) => item.model)).size;
  return (
    <Card title={first.text} aside={first.category && <span class="soft small">{first.category}</span>} testId={`prompt-${first.prompt}`}>
      <div class="gallery" style={models > 1 ? { gridTemplateColumns: `repeat(${models}, minmax(0, 1fr))` } : {}}>
        {sorted.map((item) => (
          <figure key={item.id} class="generated">
            {item.video ? <video src={item.video} controls loop muted preload="metadata" /> : <div class="no-picture">{item.state === "failed" ? item.reason : item.state === "leased" ? "being generated" : "waits"}</div>}
            <figcaption>{models > 1 && <b>{item.modelName}</b>} seed {item.seed} {item.state !== "done" && <State of={item.state} />}</figcaption>
          </figure>
        ))}
      </div>
    </Card>
  );
}
