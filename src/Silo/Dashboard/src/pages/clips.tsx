import { useEffect, useState } from "preact/hooks";
import { get, type Item, type ItemPage, type Job } from "../api";
import { order } from "../chart";
import { count, number, query, words } from "../format";
import { useData } from "../live";
import { Link, navigate, useLocation } from "../router";
import { Card, ClipCard, Empty, Page, Problem, Skeleton, State } from "../ui";

const outcomes = ["accepted", "rejected", "active", "failed"];
const categories = ["teaching", "clinical practice", "popular science", "animation", "imaging", "none"];
const sorts: [string, string][] = [["id", "by name"], ["-id", "by name, backwards"], ["-aesthetic", "aesthetic, best first"], ["aesthetic", "aesthetic, worst first"], ["-technical", "technical, best first"], ["technical", "technical, worst first"], ["-words", "most words in the picture"]];
const scores = ["aesthetic", "technical", "words", "border", "duration"];
const filters = ["kind", "job", "stage", "outcome", "reason", "category", "text", "duplicate", "sort"];

/** The filters of the address, as the API takes them. */
export function filterOf(search: URLSearchParams) {
  const values: Record<string, string | string[] | null> = Object.fromEntries(filters.map((name) => [name, search.get(name)]));
  values["min"] = search.getAll("min");
  values["max"] = search.getAll("max");
  return values;
}

export function ClipsPage() {
  const { search } = useLocation();
  const filter = filterOf(search);
  const address = query(filter);
  const isVideo = filter["kind"] === "video";
  const first = useData<ItemPage>(`/api/items${query({ ...filter, limit: 48 })}`);
  const jobs = useData<Job[]>("/api/jobs");
  const [more, setMore] = useState<{ address: string; items: Item[]; next: string | null } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [score, setScore] = useState("aesthetic");
  useEffect(() => setMore(null), [address]);
  const set = (change: Record<string, string | string[] | null>) => navigate(`/clips${query({ ...filter, ...change })}`);
  // The first page is read anew while work goes on, so what stood on it may have moved into the others.
  const fresh = first.data?.items ?? [];
  const known = new Set(fresh.map((item) => item.id));
  const items = [...fresh, ...(more?.address === address ? more.items.filter((item) => !known.has(item.id)) : [])];
  const next = more?.address === address ? more.next : first.data?.next;
  const bound = (score: string, side: "min" | "max") => (filter[side] as string[]).find((text) => text.startsWith(score + ":"))?.split(":")[1] ?? "";
  const setBound = (score: string, side: "min" | "max", value: string) =>
    set({ [side]: [...(filter[side] as string[]).filter((text) => !text.startsWith(score + ":")), ...(value === "" ? [] : [`${score}:${value}`])] });
  const select = (name: string, label: string, options: [string, string][]) => (
    <label>
      <span>{label}</span>
      <select value={(filter[name] as string) ?? ""} data-testid={`filter-${name}`} onChange={(e) => set({ [name]: e.currentTarget.value || null })}>
        <option value="">any</option>
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </label>
  );
  return (
    <Page
      title={isVideo ? "Videos" : "Clips"}
      actions={
        <div class="switch" role="group" aria-label="What to list">
          <button type="button" aria-pressed={!isVideo} onClick={() => set({ kind: null, outcome: null, stage: null, reason: null })}>clips</button>
          <button type="button" aria-pressed={isVideo} onClick={() => navigate(`/clips${query({ kind: "video", job: filter["job"] })}`)}>videos</button>
        </div>
      }
    >
      <Card class="filters">
        <form
          class="row"
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            set({ text: (new FormData(event.currentTarget).get("text") as string) || null });
          }}
        >
          {!isVideo && (
            <label class="grow">
              <span>words in captions</span>
              <input name="text" type="search" data-testid="filter-text" defaultValue={(filter["text"] as string) ?? ""} key={(filter["text"] as string) ?? ""} />
            </label>
          )}
          {select("outcome", "outcome", (isVideo ? ["done", "awaiting-clips", "rejected", "active", "failed"] : outcomes).map((o) => [o, words(o)]))}
          {select("stage", "stage", order.filter((stage) => ["screen", "fetch", "probe", "segment"].includes(stage) === isVideo).map((s) => [s, words(s)]))}
          {!isVideo && select("category", "category", categories.map((c) => [c, c]))}
          {select("job", "job", (jobs.data ?? []).map((job) => [String(job.id), `#${job.id} ${job.name}`]))}
          {!isVideo && (
            <>
              <fieldset class="range">
                <legend>
                  <select aria-label="score" value={score} onChange={(e) => setScore(e.currentTarget.value)}>
                    {scores.map((one) => <option key={one} value={one}>{one}</option>)}
                  </select>
                </legend>
                <input type="number" step="any" aria-label={`least ${score}`} placeholder="from" value={bound(score, "min")} key={score + "min"} onChange={(e) => setBound(score, "min", e.currentTarget.value)} />
                <input type="number" step="any" aria-label={`greatest ${score}`} placeholder="to" value={bound(score, "max")} key={score + "max"} onChange={(e) => setBound(score, "max", e.currentTarget.value)} />
              </fieldset>
              <label>
                <span>sort</span>
                <select value={(filter["sort"] as string) ?? "id"} data-testid="filter-sort" onChange={(e) => set({ sort: e.currentTarget.value === "id" ? null : e.currentTarget.value })}>
                  {sorts.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
                </select>
              </label>
            </>
          )}
          {!isVideo && <button type="submit">Search</button>}
        </form>
        <p class="soft small filter-line" aria-live="polite">
          {first.data && <span data-testid="item-total">{count(first.data.total)} {isVideo ? "videos" : "clips"}</span>}
          {filter["reason"] && <button type="button" class="tag" onClick={() => set({ reason: null })}>{words(filter["reason"] as string)} ×</button>}
          {(["min", "max"] as const).flatMap((side) => (filter[side] as string[]).map((text) => (
            <button key={side + text} type="button" class="tag" onClick={() => setBound(text.split(":")[0]!, side, "")}>{text.replace(":", side === "min" ? " from " : " to ")} ×</button>
          )))}
          {filter["duplicate"] && <button type="button" class="tag" onClick={() => set({ duplicate: null })}>near-duplicates ×</button>}
          {address && <button type="button" class="quiet" onClick={() => navigate(isVideo ? "/clips?kind=video" : "/clips")}>clear all filters</button>}
        </p>
      </Card>
      {(first.error ?? error) && <Problem>{first.error ?? error}</Problem>}
      {!first.data && !first.error && <Skeleton lines={8} />}
      {first.data?.items.length === 0 && <Empty>Nothing fits. {address ? "Take a filter away." : "Submit a crawl first."}</Empty>}
      {isVideo ? <VideoTable items={items} /> : <div class="gallery">{items.map((item) => <ClipCard key={item.id} item={item} search={address} />)}</div>}
      {next && (
        <div class="center">
          <button
            type="button"
            data-testid="more"
            onClick={() =>
              get<ItemPage>(`/api/items${query({ ...filter, limit: 48, after: next })}`)
                .then((page) => setMore({ address, items: [...(more?.address === address ? more.items : []), ...page.items], next: page.next }))
                .catch((trouble: Error) => setError(trouble.message))
            }
          >
            Show more
          </button>
        </div>
      )}
    </Page>
  );
}

const VideoTable = (props: { items: Item[] }) => (
  <div class="card scroll">
    <table>
      <thead>
        <tr><th>video</th><th>outcome</th><th>stage</th><th class="n">length</th><th>reason</th></tr>
      </thead>
      <tbody>
        {props.items.map((item) => (
          <tr key={item.id}>
            <td class="break"><Link to={`/videos/${encodeURIComponent(item.id)}`}>{item.title || item.id}</Link></td>
            <td><State of={item.outcome} /></td>
            <td>{words(item.stage)}</td>
            <td class="n">{item.durationSeconds ? `${number(item.durationSeconds)} s` : "–"}</td>
            <td class="break soft">{item.outcome === "rejected" ? words(item.reason ?? "") : item.reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
