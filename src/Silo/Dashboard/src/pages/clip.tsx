import { useEffect, useState } from "preact/hooks";
import { get, put, type ItemDetail, type ItemPage, type ScoreLine } from "../api";
import { bytes, clock, number, query, time, words } from "../format";
import { useData } from "../live";
import { Picture } from "../picture";
import { Link, navigate, useLocation } from "../router";
import { Card, ClipCard, Demo, Empty, Page, Problem, Show, State, useAction } from "../ui";
import { filterOf } from "./clips";

export function ClipPage(props: { id: string }) {
  const detail = useData<ItemDetail>(`/api/items/${encodeURIComponent(props.id)}`);
  const { search } = useLocation();
  useNeighbours(props.id, search);
  return (
    <Page title={detail.data?.item.brief || detail.data?.item.title || props.id} actions={<Link to={`/clips${query(filterOf(search))}`}>back to the gallery</Link>}>
      <Show of={detail} lines={12}>
        {(data) => (
          <div class="clip-page">
            <div>
              <Player key={data.item.id} data={data} />
              <Frames data={data} />
              <Caption data={data} onChanged={detail.reload} />
              {data.transcript !== null && (
                <Card title="Transcript">{data.transcript ? <p class="break">{data.transcript}</p> : <Empty>Nothing is said, or nothing is known of it.</Empty>}</Card>
              )}
            </div>
            <div>
              <Scores data={data} />
              <Trail data={data} />
              <ProvenanceCard data={data} />
              <Measurements data={data} />
            </div>
          </div>
        )}
      </Show>
    </Page>
  );
}

/** j and k, or the arrows, go through the gallery from which one came. */
function useNeighbours(id: string, search: URLSearchParams) {
  const [ids, setIds] = useState<string[]>([]);
  const address = query({ ...filterOf(search), limit: 200 });
  useEffect(() => {
    get<ItemPage>(`/api/items${address}`).then((page) => setIds(page.items.map((item) => item.id))).catch(() => setIds([]));
  }, [address]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof Element && event.target.closest("input, textarea, select, video, dialog"))) return;
      const step = { j: 1, ArrowRight: 1, k: -1, ArrowLeft: -1 }[event.key];
      const to = step === undefined ? undefined : ids[ids.indexOf(id) + step];
      if (to && ids.includes(id)) navigate(`/clips/${encodeURIComponent(to)}${query(filterOf(search))}`, true);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [ids, id]);
}

const Player = (props: { data: ItemDetail }) => {
  const { item, startSeconds, endSeconds, video } = props.data;
  return (
    <Card>
      {item.hasMedia ? <video controls loop playsInline preload="metadata" src={`/api/clips/${encodeURIComponent(item.id)}/video`} poster={`/api/clips/${encodeURIComponent(item.id)}/thumbnail`} data-testid="player" /> : <Empty>Not cut yet: there is nothing to play.</Empty>}
      <p class="clip-facts">
        <State of={item.duplicateOf && item.outcome === "accepted" ? "duplicate" : item.outcome} /> at {words(item.stage)}
        {item.reason && <>: {item.outcome === "rejected" ? words(item.reason) : item.reason}</>}
        {item.category && <> · {item.category}</>}
        {startSeconds !== null && endSeconds !== null && <> · {clock(startSeconds)} to {clock(endSeconds)}</>}
        {video && <> of <Link to={`/videos/${encodeURIComponent(video.id)}`}>{video.title || video.id}</Link></>}
        {item.duplicateOf && <> · like <Link to={`/clips/${encodeURIComponent(item.duplicateOf)}`}>{item.duplicateOf}</Link></>}
      </p>
      <p class="hint">j and k, or the arrow keys, go to the next and the previous clip.</p>
    </Card>
  );
};

const Frames = (props: { data: ItemDetail }) =>
  props.data.frames.length === 0 ? null : (
    <Card title={props.data.captionerSawFrames ? "What the captioner saw" : "Frames"} aside={props.data.captionerSawFrames ? null : <span class="soft">the captioner works without pictures</span>}>
      <div class="frames">
        {props.data.frames.map((at, n) => (
          <figure key={n}>
            <Picture src={`/api/clips/${encodeURIComponent(props.data.item.id)}/frames/${n}`} alt={`frame at ${number(at)} s`} width={480} height={320} />
            <figcaption>{number(at)} s</figcaption>
          </figure>
        ))}
      </div>
    </Card>
  );

function Caption(props: { data: ItemDetail; onChanged: () => void }) {
  const { caption, item, edits } = props.data;
  const [editing, setEditing] = useState(false);
  const [brief, setBrief] = useState("");
  const [detailed, setDetailed] = useState("");
  const [editor, setEditor] = useState(localStorage.getItem("medgen.name") ?? "");
  const [busy, error, act] = useAction();
  if (item.kind !== "clip") return null;
  if (!caption) return <Card title="Caption"><Empty>No caption yet.</Empty></Card>;
  const begin = () => {
    setBrief(caption.brief);
    setDetailed(caption.detailed);
    setEditing(true);
  };
  return (
    <Card title="Captions" aside={!editing && <button type="button" data-testid="edit-caption" onClick={begin}>Edit</button>}>
      {editing ? (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            localStorage.setItem("medgen.name", editor);
            act(async () => {
              await put(`/api/clips/${encodeURIComponent(item.id)}/caption`, { brief, detailed, editor });
              setEditing(false);
              props.onChanged();
            });
          }}
        >
          <label>Brief<textarea rows={2} maxLength={1000} required value={brief} data-testid="caption-brief" onInput={(e) => setBrief(e.currentTarget.value)} /></label>
          <label>Detailed<textarea rows={6} maxLength={10000} required value={detailed} onInput={(e) => setDetailed(e.currentTarget.value)} /></label>
          <label>Your name, for the trail<input maxLength={64} required value={editor} data-testid="caption-editor" onInput={(e) => setEditor(e.currentTarget.value)} /></label>
          {error && <Problem>{error}</Problem>}
          <div class="actions end">
            <button type="button" onClick={() => setEditing(false)}>Leave it</button>
            <button type="submit" class="primary" disabled={busy} data-testid="caption-save">Save</button>
          </div>
        </form>
      ) : (
        <>
          <p class="break" data-testid="brief"><b>{caption.brief}</b></p>
          <p class="break">{caption.detailed}</p>
          <p class="soft small">by {caption.model}</p>
        </>
      )}
      {edits.length > 0 && (
        <details>
          <summary>{edits.length === 1 ? "One earlier caption" : `${edits.length} earlier captions`}</summary>
          {edits.map((edit, i) => (
            <div key={i} class="edit">
              <p class="soft small">replaced by {edit.editor}, {time(edit.at)}</p>
              <p class="break"><b>{edit.briefBefore}</b></p>
              <p class="break small">{edit.detailedBefore}</p>
            </div>
          ))}
        </details>
      )}
    </Card>
  );
}

const Scores = (props: { data: ItemDetail }) => (
  <Card title="Scores against thresholds">
    {props.data.scores.map((line, i) => <Score key={i} line={line} />)}
  </Card>
);

function Score(props: { line: ScoreLine }) {
  const { line } = props;
  const { value, threshold } = line;
  // A scale on which both stand well inside.
  const most = Math.max(Math.abs(value ?? 0), Math.abs(threshold ?? 0)) * 1.25 || 1;
  const sign = { below: "at least", above: "at most", "at-or-below": "above", "at-or-above": "under" }[line.rejects] ?? "";
  return (
    <div class="score">
      <div class="score-head">
        <span>{words(line.stage)} · {line.name} {line.demo && <Demo />}</span>
        <span><b>{number(value)}</b> <span class="soft">{sign} {number(threshold)}</span> <State of={line.verdict === "not-measured" ? "open" : line.verdict} /></span>
      </div>
      <div class="score-track">
        {value !== null && <div class={`score-fill ${line.verdict}`} style={{ width: `${(Math.max(0, value) / most) * 100}%` }} />}
        {threshold !== null && <i style={{ left: `${(Math.max(0, threshold) / most) * 100}%` }} />}
      </div>
    </div>
  );
}

const Trail = (props: { data: ItemDetail }) => (
  <Card title="Decisions">
    <ol class="trail" data-testid="trail">
      {props.data.trail.map((entry, i) => (
        <li key={i}>
          <State of={entry.verdict} /> <b>{words(entry.stage)}</b>
          {entry.score !== null && <> {number(entry.score)}{entry.threshold !== null && <span class="soft"> against {number(entry.threshold)}</span>}</>}
          {entry.reason && <div class="break small">{entry.verdict === "rejected" ? words(entry.reason) : entry.reason}</div>}
          <div class="soft small break">{time(entry.at)}{entry.modelVersion && <> · {entry.modelVersion}</>}</div>
        </li>
      ))}
    </ol>
  </Card>
);

function ProvenanceCard(props: { data: ItemDetail }) {
  const { provenance: from, item } = props.data;
  const web = from.url && /^https?:\/\//.test(from.url);
  const rows: [string, preact.ComponentChildren][] = [
    ["channel", from.channel], ["licence", from.licence ?? "not stated"], ["uploaded", from.uploadDate], ["source", from.sourceKind ? `${from.sourceKind}: ${from.sourceKey}` : null],
    ["address", web ? <a href={from.url!} rel="noreferrer noopener" target="_blank">{from.url}</a> : from.url], ["fetched", from.retrievedAt], ["sha-256", from.sha256 && <code>{from.sha256}</code>], ["size", from.bytes === null ? null : bytes(from.bytes)], ["name", <code>{item.id}</code>],
  ];
  return (
    <Card title="Where it comes from">
      <dl>{rows.filter(([, value]) => value).map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={name + "v"} class="break">{value}</dd>])}</dl>
    </Card>
  );
}

const Measurements = (props: { data: ItemDetail }) => (
  <Card title="Measurements">
    {props.data.measurements.map((m) => (
      <details key={m.stage}>
        <summary>{words(m.stage)} <span class="soft small break">{m.modelVersion}</span></summary>
        <dl class="options">{Object.entries(m.scores).map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={name + "v"} class="n">{number(value)}</dd>])}</dl>
      </details>
    ))}
  </Card>
);

export function VideoPage(props: { id: string }) {
  const detail = useData<ItemDetail>(`/api/items/${encodeURIComponent(props.id)}`);
  return (
    <Page title={detail.data?.item.title || props.id} actions={<Link to="/clips?kind=video">all videos</Link>}>
      <Show of={detail} lines={10}>
        {(data) => (
          <>
            <p class="clip-facts"><State of={data.item.outcome} /> at {words(data.item.stage)}{data.item.reason && <>: {data.item.outcome === "rejected" ? words(data.item.reason) : data.item.reason}</>}</p>
            <Card title={`Its clips (${data.clips.length})`}>
              {data.clips.length === 0 ? <Empty>No clip was cut from it.</Empty> : <div class="gallery">{data.clips.map((clip) => <ClipCard key={clip.id} item={clip} />)}</div>}
            </Card>
            <div class="columns">
              <div><Scores data={data} /><ProvenanceCard data={data} /></div>
              <div><Trail data={data} /><Measurements data={data} /></div>
            </div>
            {typeof data.facts["description"] === "string" && data.facts["description"] && <Card title="Description"><p class="break pre">{data.facts["description"] as string}</p></Card>}
          </>
        )}
      </Show>
    </Page>
  );
}
