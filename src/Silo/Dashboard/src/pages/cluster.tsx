import { useMemo } from "preact/hooks";
import type { LiveThroughput, Silo } from "../api";
import { colour, order, TimeChart } from "../chart";
import { bytes, count, percent, words } from "../format";
import { useEvery } from "../live";
import { Bar, Card, Empty, Show, State } from "../ui";

/** The cluster's processes; of an engine that is alone, the host itself. */
export function Silos(props: { silos: Silo[]; engine: string }) {
  const { engine } = props;
  // What has lanes comes first.
  const silos = props.silos.slice().sort((a, b) => Number(a.role === "cpu") - Number(b.role === "cpu"));
  const gpu = silos.filter((silo) => silo.role !== "cpu" && silo.state === "active").length;
  const cluster = engine === "orleans";
  return (
    <Card
      title={silos.length > 1 ? `Silos (${count(silos.length)})` : "Silos"}
      testId="silos"
      aside={cluster && <><span class="soft small">{count(gpu)} with a GPU role</span> <a href="/orleans/" data-testid="orleans-link">Orleans dashboard</a></>}
    >
      {cluster && gpu === 0 && <div class="notice warn" role="status" data-testid="no-gpu">No silo with a GPU role is active: stages that need one wait. Start one with <code>medgen up --engine orleans --role gpu</code>.</div>}
      <div class={silos.length > 12 ? "scroll tall" : "scroll"}>
        <table class="silos">
          <thead><tr><th>silo</th><th>role</th><th>state</th><th class="n">cores</th><th class="n">memory</th><th class="wide">CPU</th><th class="n">GPU memory</th>{cluster && <th class="lanes">lanes: in work, waiting</th>}</tr></thead>
          <tbody>
            {silos.map((silo) => (
              <tr key={silo.name} data-testid={`silo-${silo.name}`}>
                <td class="break">{silo.name}<div class="soft small">{silo.address}</div></td>
                <td>{silo.role}</td>
                <td><State of={silo.state} /></td>
                <td class="n minor">{silo.processors || "–"}</td>
                <td class="n minor">{silo.memoryBytes ? bytes(silo.memoryBytes) : "–"}</td>
                <td class="minor"><Bar share={silo.cpuShare} label={`CPU ${percent(silo.cpuShare, 0)}`} /></td>
                <td class="n minor">{silo.gpuMemoryBytes === null ? "–" : bytes(silo.gpuMemoryBytes)}</td>
                {cluster && <td class="lanes"><Lanes of={silo.lanes} /></td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** A bar for each lane, as long as its items among the silo's fullest lane: what is in work, then what waits. */
function Lanes(props: { of: Silo["lanes"] }) {
  if (props.of.length === 0) return <span class="soft">–</span>;
  const most = Math.max(4, ...props.of.map((lane) => lane.inFlight + lane.queued));
  return (
    <div class="lane-list">
      {props.of.map((lane) => (
        <div key={lane.stage} class="lane" title={`${words(lane.stage)}: ${lane.inFlight} in work, ${lane.queued} waiting`}>
          <span class="small">{words(lane.stage)}</span>
          <div class="bar split" role="img" aria-label={`${words(lane.stage)}: ${lane.inFlight} in work, ${lane.queued} waiting`}>
            <div class="bar-fill" style={{ width: `${(lane.inFlight / most) * 100}%` }} />
            <div class="bar-fill waiting" style={{ width: `${(lane.queued / most) * 100}%` }} />
          </div>
          <span class="small n">{lane.inFlight} · {lane.queued}</span>
        </div>
      ))}
    </div>
  );
}

/** What stages finished in each of the last two minutes' seconds, in means of five. */
export function LiveCard() {
  const live = useEvery<LiveThroughput>("/api/throughput/live?seconds=120", 2000);
  const [starts, lines, now] = useMemo(() => {
    const data = live.data;
    if (!data) return [[], [], 0] as const;
    const stages = data.stages.slice().sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
    return [
      Array.from({ length: data.seconds }, (_, i) => data.start + i),
      stages.map((stage) => ({ label: words(stage.stage), values: smooth(stage.finished), colour: colour(stage.stage) })),
      stages.reduce((sum, stage) => sum + stage.finished.slice(-10).reduce((a, b) => a + b, 0) / 10, 0),
    ] as const;
  }, [live.data]);
  return (
    <Card title="Now: items finished a second" class="live" testId="live-throughput" aside={<span class="soft small">{now >= 10 ? count(Math.round(now)) : now.toFixed(1)} stage results a second over the last ten</span>}>
      <Show of={live} lines={6}>
        {() => (lines.length === 0 ? <Empty>No stage has finished anything in the last two minutes.</Empty> : <TimeChart starts={starts as number[]} lines={lines as never} unit="items a second" height={180} clock="second" />)}
      </Show>
    </Card>
  );
}

export const smooth = (values: number[], over = 5) =>
  values.map((_, i) => {
    const part = values.slice(Math.max(0, i - over + 1), i + 1);
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
