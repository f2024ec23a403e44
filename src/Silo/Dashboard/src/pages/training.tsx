import { post, type Training, type TrainingDetail } from "../api";
import { TimeChart } from "../chart";
import { bytes, count, number, percent, time } from "../format";
import { useData } from "../live";
import { Link } from "../router";
import { Bar, Card, Empty, Page, Problem, Show, Stat, State, useAction } from "../ui";

const share = (run: Training) => (run.steps > 0 ? run.step / run.steps : 0);
const loss = (value: number | null) => (value === null ? "–" : value.toPrecision(4));

export function TrainingsPage() {
  const runs = useData<Training[]>("/api/trainings");
  return (
    <Page title="Training">
      <Card title="Training runs">
        <Show of={runs}>
          {(data) => (data.length === 0 ? <Empty>No training run yet. <code>medgen export DIR --format fastvideo</code>, then <code>medgen train --dataset DIR --detach</code>.</Empty> : (
            <div class="scroll">
              <table>
                <thead><tr><th>run</th><th>state</th><th class="n">step</th><th class="wide">progress</th><th class="n">loss</th><th>submitted</th></tr></thead>
                <tbody>
                  {data.map((run) => (
                    <tr key={run.id} data-testid={`training-row-${run.id}`}>
                      <td><Link to={`/training/${run.id}`}>{run.name}</Link></td><td><State of={run.phase} /></td><td class="n">{count(run.step)} of {count(run.steps)}</td>
                      <td><Bar share={share(run)} /></td><td class="n">{loss(run.loss)}</td><td class="soft small">{time(run.createdAt)}</td>
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

export function TrainingPage(props: { id: string }) {
  const detail = useData<TrainingDetail>(`/api/trainings/${encodeURIComponent(props.id)}`);
  const [busy, error, act] = useAction();
  const change = (what: string) => act(() => post(`/api/trainings/${props.id}/${what}`).then(detail.reload));
  const run = detail.data?.run;
  const actions = run && (
    <>
      {["waiting", "running"].includes(run.phase) && <button type="button" disabled={busy} data-testid="training-cancel" onClick={() => change("cancel")}>Stop with a checkpoint</button>}
      {["failed", "cancelled"].includes(run.phase) && <button type="button" class="primary" disabled={busy} data-testid="training-resume" onClick={() => change("resume")}>Resume</button>}
    </>
  );
  return (
    <Page title={run ? `Training ${run.id}: ${run.name}` : "Training"} actions={actions}>
      {error && <Problem>{error}</Problem>}
      <Show of={detail} lines={10}>{(data) => <Run detail={data} />}</Show>
    </Page>
  );
}

function Run(props: { detail: TrainingDetail }) {
  const { run, steps, checkpoints, clips, prepared } = props.detail;
  const last = steps.at(-1);
  return (
    <>
      {run.reason && <Problem>{run.kind && `${run.kind}: `}{run.reason} {run.hint}</Problem>}
      <div class="stats">
        <Stat label="state" value={<State of={run.phase} />} hint={run.attempts > 0 ? `${run.attempts} attempts ended badly` : ""} />
        <Stat label="step" value={`${count(run.step)} of ${count(run.steps)}`} hint={percent(share(run))} testId="training-step" />
        <Stat label="loss" value={loss(run.loss)} />
        <Stat label="samples a second" value={last?.rate ? number(last.rate) : "–"} />
        <Stat label="memory" value={last?.memoryMb ? bytes(last.memoryMb * 1048576) : "–"} />
      </div>
      <Card title="Loss" testId="training-loss">
        {steps.length === 0 ? <Empty>No step yet: the dataset is being prepared, or the run waits.</Empty>
          : <TimeChart starts={steps.map((step) => step.step)} lines={[{ label: "loss", colour: "#0072b2", values: steps.map((step) => step.loss) }]} unit="Loss" clock="step" />}
      </Card>
      <Card title="Validation clips">
        {clips.length === 0 ? <Empty>None; name prompts with <code>--validation_prompts FILE</code>.</Empty> : (
          <div class="gallery">
            {[...clips].reverse().map((clip) => (
              <figure key={clip.video} class="generated"><video src={clip.video} controls loop muted preload="metadata" /><figcaption><b>step {count(clip.step)}</b> {clip.prompt}</figcaption></figure>
            ))}
          </div>
        )}
      </Card>
      <Card title="Where it comes from">
        <dl class="facts">
          <dt>dataset</dt><dd class="break">{run.dataset} <code title={run.datasetSha256}>{run.datasetSha256.slice(0, 12)}</code></dd>
          {run.base && <><dt>begins with</dt><dd class="break">{run.base.folder} <code title={run.base.fingerprint}>{run.base.fingerprint.slice(0, 12)}</code>{run.base.training !== null && <> of <Link to={`/training/${run.base.training}`}>training {run.base.training}</Link></>}</dd></>}
          <dt>prepared</dt><dd>{prepared ? `${count(prepared.clips ?? 0)} clips, ${count(prepared.left_out?.length ?? 0)} left out` : "not yet"}</dd>
          <dt>options</dt><dd class="break"><code>{Object.entries(run.options).map(([name, value]) => (value === "true" ? `--${name}` : `--${name} ${value}`)).join(" ") || "the trainer's own"}</code></dd>
          <dt>code</dt><dd>{run.codeVersion ?? "not started"}, host {run.hostVersion}, {run.processes === 1 ? "1 process" : `${run.processes} processes`}</dd>
          <dt>model</dt><dd class="break">{run.model ?? "not yet"} {run.modelSha256 && <code title={run.modelSha256}>{run.modelSha256.slice(0, 12)}</code>}</dd>
          <dt>checkpoints</dt><dd>{checkpoints.map((one) => `${one.name} (${bytes(one.bytes)})`).join(", ") || "none yet"}</dd>
        </dl>
        {prepared?.left_out && prepared.left_out.length > 0 && (
          <details><summary>What was left out</summary><ul>{prepared.left_out.map((left) => <li key={left.clip}>{left.clip}: {left.reason}{left.detail && `, ${left.detail}`}</li>)}</ul></details>
        )}
      </Card>
    </>
  );
}
