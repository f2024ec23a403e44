import { useEffect, useRef, useState } from "preact/hooks";
import { post, type Item, type System } from "../api";
import { bytes, count, number, time, words } from "../format";
import { useData, useInterval } from "../live";
import { Link } from "../router";
import { LiveCard, Silos } from "./cluster";
import { Bar, Card, Demo, Empty, Page, Problem, Show, Stat, useAction } from "../ui";

export function SystemPage() {
  const system = useData<System>("/api/system");
  // A silo that comes or goes changes nothing in the ledger.
  useInterval(system.reload, 5000);
  return (
    <Page title="System">
      <Show of={system} lines={10}>
        {(data) => (
          <>
            <div class="stats">
              <Stat label="version" value={data.version} hint={`${data.engine} engine, ${data.runtime}`} />
              <Stat label="running since" value={new Date(data.startedAt).toLocaleTimeString("en-GB", { timeStyle: "short" })} hint={time(data.startedAt)} />
              <Stat label="media" value={bytes(data.storage.mediaBytes)} hint={`${count(data.storage.mediaFiles)} clips`} />
              <Stat label="ledger" value={data.storage.ledgerBytes === null ? "PostgreSQL" : bytes(data.storage.ledgerBytes)} />
              <Stat label="free" value={bytes(data.storage.freeBytes)} hint={`${bytes(data.storage.reservedBytes)} kept in reserve`} tone={data.storage.freeBytes < data.storage.reservedBytes * 4 ? "bad" : ""} />
              <Stat label="access" value={data.tokenRequired ? "token" : "this machine"} />
            </div>
            <DeadLetters />
            <Silos silos={data.silos} engine={data.engine} />
            <div class="columns">
              <LiveCard />
              <Card title="Workers">
                <div class="scroll">
                  <table>
                    <thead><tr><th>resource</th><th class="n">busy</th><th class="wide">since the start</th><th>stages</th></tr></thead>
                    <tbody>
                      {data.workers.map((worker) => (
                        <tr key={worker.resource}><td>{worker.resource}</td><td class="n">{worker.busy} of {worker.slots}</td><td><Bar share={worker.busyShare} /></td><td class="soft small">{worker.stages.map(words).join(", ") || "–"}</td></tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </Card>
            </div>
            <Card title="Model lanes">
              {data.lanes.length === 0 ? <Empty>No model has been used yet.</Empty> : (
                <div class="scroll">
                  <table>
                    <thead><tr><th>role</th><th>on</th><th class="n">batches</th><th class="n">items</th><th class="n">mean batch</th><th class="wide">batch fill</th><th class="wide">busy</th><th class="n">queue</th></tr></thead>
                    <tbody>
                      {data.lanes.map((lane) => (
                        <tr key={lane.role}>
                          <td>{words(lane.role)} {lane.model.includes("@demo") && <Demo />}</td><td>{lane.device}</td><td class="n">{count(lane.batches)}</td><td class="n">{count(lane.items)}</td>
                          <td class="n">{number(lane.meanBatch)} of {lane.batchLimit}</td><td><Bar share={lane.batchFill ?? 0} /></td><td><Bar share={lane.busyShare} /></td><td class="n">{lane.queue}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
            </Card>
            <Card title={`Models: pack ${data.models.pack}`} aside={<>{data.models.demo && <Demo />} <span class="soft small">{data.models.runtime}</span></>}>
              <div class="scroll">
                <table>
                  <thead><tr><th>role</th><th>file</th><th class="n">size</th><th>licence</th><th>sha-256</th></tr></thead>
                  <tbody>{data.models.roles.map((model) => <tr key={model.role}><td>{words(model.role)}</td><td>{model.file}</td><td class="n">{bytes(model.bytes)}</td><td>{model.licence ?? "–"}</td><td><code title={model.sha256}>{model.sha256.slice(0, 12)}</code></td></tr>)}</tbody>
                </table>
              </div>
            </Card>
            <p class="soft small break">Data in {data.storage.data}. <a href="/openapi/v1.json">API description</a>, <a href="/metrics">metrics</a>.</p>
          </>
        )}
      </Show>
    </Page>
  );
}

function DeadLetters() {
  const failures = useData<Item[]>("/api/failures?limit=200");
  const [busy, error, act] = useAction();
  const [told, setTold] = useState<string | null>(null);
  const anchor = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (location.hash === "#dead-letters") anchor.current?.scrollIntoView();
  }, []);
  const retry = (body: { ids?: string[]; all?: boolean }) =>
    act(async () => {
      const answer = await post<{ retried: number }>("/api/failures/retry", body);
      setTold(`${count(answer.retried)} ${answer.retried === 1 ? "item is" : "items are"} tried again.`);
      failures.reload();
    });
  return (
    <Card title="Dead letters" aside={(failures.data?.length ?? 0) > 1 && <button type="button" disabled={busy} onClick={() => retry({ all: true })}>Try all again</button>} testId="dead-letters">
      <div id="dead-letters" ref={anchor} />
      {error && <Problem>{error}</Problem>}
      {told && <p class="good-text" role="status" data-testid="replayed">{told}</p>}
      <Show of={failures}>
        {(data) => data.length === 0 ? <Empty>Nothing has failed.</Empty> : (
          <div class="scroll">
            <table>
              <thead><tr><th>item, and why it failed</th><th>stage</th><th class="n">tries</th><th /></tr></thead>
              <tbody>
                {data.map((item) => (
                  <tr key={item.id} data-testid={`dead-letter-${item.id}`}>
                    <td class="break"><Link to={`/${item.kind}s/${encodeURIComponent(item.id)}`}>{item.title || item.id}</Link><div class="break small">{item.reason}</div></td>
                    <td>{words(item.stage)}</td><td class="n">{item.attempts}</td>
                    <td><button type="button" disabled={busy} data-testid={`dead-letter-replay-${item.id}`} onClick={() => retry({ ids: [item.id] })}>Try again</button></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Show>
    </Card>
  );
}
