import { useMemo, useState } from "preact/hooks";
import type { Attention, Overview, Throughput } from "../api";
import { colour, order, TimeChart } from "../chart";
import { count, eta, number, percent, words } from "../format";
import { useData } from "../live";
import { Link } from "../router";
import { Bar, Card, Empty, Page, Show, Stat } from "../ui";
import { JobLine } from "./jobs";

export function OverviewPage() {
  const overview = useData<Overview>("/api/overview");
  return (
    <Page title="Overview">
      <Show of={overview} lines={10}>
        {(data) => (
          <>
            {data.demoModels && <p class="soft" data-testid="demo-note">Demonstration models are loaded: their scores mean something on rendered scenes only.</p>}
            <div class="stats">
              <Stat label="accepted clips" value={count(data.totals.accepted)} tone="good" testId="total-accepted" />
              <Stat label="clips" value={count(data.totals.clips)} hint={`${count(data.totals.clipsEnded)} decided`} />
              <Stat label="videos" value={count(data.totals.videos)} hint={`${count(data.totals.videosEnded)} done`} />
              <Stat label="rejected clips" value={count(data.totals.rejected)} />
              <Stat label="failed" value={count(data.totals.failed)} tone={data.totals.failed ? "bad" : ""} />
              <Stat label="left to do" value={data.eta ? eta(data.eta).split(" left")[0]!.replace("about ", "") : data.running.some((job) => job.state === "running") ? "…" : "nothing"}
                hint={data.eta ? eta(data.eta).match(/\((.*)\)/)?.[1] ?? "" : ""} />
            </div>
            <div class="columns">
              <Card title="Running" aside={<Link to="/jobs">all jobs</Link>}>
                {data.running.length === 0 ? (
                  <Empty>
                    Nothing is running. <Link to="/jobs">Submit a crawl</Link>: a channel, a folder or a manifest.
                  </Empty>
                ) : (
                  data.running.map((job) => <JobLine key={job.id} job={job} />)
                )}
                {data.bottleneck && (
                  <p class="bottleneck" data-testid="bottleneck">
                    <strong>Bottleneck: {words(data.bottleneck.stage)}.</strong> {data.bottleneck.sentence}
                  </p>
                )}
              </Card>
              <Card title="Needs a person">
                {data.attention.length === 0 ? <Empty>Nothing.</Empty> : <ul class="plain">{data.attention.map((entry, i) => <AttentionLine key={i} entry={entry} />)}</ul>}
              </Card>
            </div>
            <ThroughputCard />
            <Card title="Stages">
              <div class="scroll">
                <table>
                  <thead>
                    <tr>
                      <th>stage</th>
                      <th>of</th>
                      <th>needs</th>
                      <th class="n">queue</th>
                      <th class="n">in work</th>
                      <th class="n">a minute</th>
                      <th class="n">s an item</th>
                      <th class="wide">busy, last 5 min</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.stages.map((stage) => (
                      <tr key={stage.stage}>
                        <td>
                          <span class="dot" style={{ background: colour(stage.stage) }} /> {words(stage.stage)}
                        </td>
                        <td class="soft">{stage.kind}s</td>
                        <td class="soft">
                          {stage.needs} × {stage.slots}
                        </td>
                        <td class="n">{stage.queue ? count(stage.queue) : "·"}</td>
                        <td class="n">{stage.inFlight || "·"}</td>
                        <td class="n">{stage.perMinute ? number(stage.perMinute) : "·"}</td>
                        <td class="n">{number(stage.secondsPerItem)}</td>
                        <td>
                          <Bar share={stage.busyShare} label={`busy ${percent(stage.busyShare)}`} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </Card>
          </>
        )}
      </Show>
    </Page>
  );
}

function AttentionLine(props: { entry: Attention }) {
  const { entry } = props;
  const to = entry.kind === "failed-items" ? "/system#dead-letters" : entry.job !== null ? `/jobs?job=${entry.job}` : null;
  return <li class={entry.kind === "skipped" ? "" : "bad-text"}>{to ? <Link to={to}>{entry.sentence}</Link> : entry.sentence}</li>;
}

function ThroughputCard() {
  const [span, setSpan] = useState<"hour" | "all">("hour");
  const throughput = useData<Throughput>(`/api/throughput?span=${span}`);
  const lines = useMemo(
    () =>
      (throughput.data?.stages ?? [])
        .slice()
        .sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage))
        .map((stage) => ({ label: words(stage.stage), values: stage.perMinute, colour: colour(stage.stage) })),
    [throughput.data],
  );
  return (
    <Card
      title="Items finished a minute"
      aside={
        <div class="switch" role="group" aria-label="Span">
          {(["hour", "all"] as const).map((one) => (
            <button key={one} type="button" aria-pressed={span === one} onClick={() => setSpan(one)}>
              {one === "hour" ? "last hour" : "since the start"}
            </button>
          ))}
        </div>
      }
    >
      <Show of={throughput} lines={8}>
        {(data) => (lines.length === 0 ? <Empty>No stage has finished anything {span === "hour" ? "in the last hour" : "yet"}.</Empty> : <TimeChart starts={data.starts} lines={lines} unit="items a minute" />)}
      </Show>
    </Card>
  );
}
