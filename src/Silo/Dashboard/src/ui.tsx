import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Item } from "./api";
import { count, number, percent, words } from "./format";
import { Picture } from "./picture";
import { Link } from "./router";

export function Page(props: { title: string; actions?: ComponentChildren; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${props.title} · MedGenCluster`;
  }, [props.title]);
  return (
    <>
      <header class="page-head">
        <h1>{props.title}</h1>
        <div class="actions">{props.actions}</div>
      </header>
      {props.children}
    </>
  );
}

export function Card(props: { title?: string; aside?: ComponentChildren; children: ComponentChildren; class?: string; testId?: string }) {
  return (
    <section class={`card ${props.class ?? ""}`} data-testid={props.testId}>
      {(props.title || props.aside) && (
        <div class="card-head">
          {props.title && <h2>{props.title}</h2>}
          <div class="aside">{props.aside}</div>
        </div>
      )}
      {props.children}
    </section>
  );
}

export const Stat = (props: { label: string; value: ComponentChildren; hint?: string; tone?: string; testId?: string }) => (
  <div class={`stat ${props.tone ?? ""}`}>
    <div class="stat-value" data-testid={props.testId}>{props.value}</div>
    <div class="stat-label">{props.label}</div>
    {props.hint && <div class="hint">{props.hint}</div>}
  </div>
);

export const Bar = (props: { share: number; tone?: string; label?: string }) => (
  <div class="bar" role="img" aria-label={props.label ?? percent(props.share)}>
    <div class={`bar-fill ${props.tone ?? ""}`} style={{ width: `${Math.max(0, Math.min(1, props.share)) * 100}%` }} />
  </div>
);

export const Chip = (props: { tone: string; children: ComponentChildren }) => <span class={`chip ${props.tone}`}>{props.children}</span>;

const tones: Record<string, string> = {
  accepted: "good", done: "good", completed: "good", passed: "good", running: "info", active: "info", working: "good", "awaiting-clips": "info", rejected: "warn", paused: "warn", failed: "bad", cancelled: "mute",
  joining: "info", "shutting-down": "warn", watching: "info", duplicate: "mute", edited: "info", retried: "info", blocked: "bad", open: "mute",
};
export const State = (props: { of: string }) => <Chip tone={tones[props.of] ?? "mute"}>{words(props.of)}</Chip>;

export const Demo = () => (
  <span class="chip demo" title="This score comes from a demonstration model; it means something on rendered scenes only.">
    demo
  </span>
);

export const Problem = (props: { children: ComponentChildren }) => (
  <div class="problem" role="alert">
    {props.children}
  </div>
);

export const Empty = (props: { children: ComponentChildren }) => <div class="empty">{props.children}</div>;

export const Skeleton = (props: { lines?: number }) => (
  <div class="skeleton" aria-busy="true" aria-label="Loading">
    {Array.from({ length: props.lines ?? 4 }, (_, i) => (
      <div key={i} class="skeleton-line" />
    ))}
  </div>
);

/** Shows what was loaded, or why it was not. */
export function Show<T>(props: { of: { data: T | null; error: string | null }; lines?: number; children: (data: T) => ComponentChildren }) {
  const { data, error } = props.of;
  return (
    <>
      {error && <Problem>{error}</Problem>}
      {data ? props.children(data) : !error && <Skeleton lines={props.lines ?? 4} />}
    </>
  );
}

/** A question before something that cannot be taken back. */
export function Confirm(props: { title: string; yes: string; children: ComponentChildren; onYes: () => void; onClose: () => void; danger?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={props.onClose} aria-labelledby="confirm-title">
      <h2 id="confirm-title">{props.title}</h2>
      <div>{props.children}</div>
      <div class="actions end">
        <button type="button" onClick={props.onClose}>
          Not now
        </button>
        <button
          type="button"
          class={props.danger ? "danger" : "primary"}
          data-testid="confirm-yes"
          autofocus
          onClick={() => {
            props.onYes();
            props.onClose();
          }}
        >
          {props.yes}
        </button>
      </div>
    </dialog>
  );
}

/** Runs an action, says what went wrong, and does not run twice at once. */
export function useAction(): [boolean, string | null, (work: () => Promise<unknown>) => void] {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  return [
    busy,
    error,
    (work) => {
      if (busy) return;
      setBusy(true);
      setError(null);
      work()
        .catch((trouble: unknown) => setError(trouble instanceof Error ? trouble.message : String(trouble)))
        .finally(() => setBusy(false));
    },
  ];
}

export const thumbnail = (item: Item) => `/api/clips/${encodeURIComponent(item.id)}/thumbnail`;

export const ClipCard = (props: { item: Item; search?: string; note?: ComponentChildren }) => {
  const { item } = props;
  const title = item.brief || item.title || item.id;
  return (
    <Link to={`/clips/${encodeURIComponent(item.id)}${props.search ?? ""}`} class="clip-card" data-testid={`clip-card-${item.id}`} title={title}>
      <div class="clip-picture">
        {item.hasMedia ? <Picture src={thumbnail(item)} alt="" width={320} height={213} /> : <div class="no-picture">not cut yet</div>}
        {item.durationSeconds !== null && <span class="clip-length">{number(item.durationSeconds)} s</span>}
      </div>
      <div class="clip-text">
        <div class="clip-title">{title}</div>
        <div class="clip-meta">
          <State of={item.duplicateOf && item.outcome === "accepted" ? "duplicate" : item.outcome} />
          {item.outcome === "rejected" && <span>{words(item.reason ?? item.stage)}</span>}
          {item.outcome === "active" && <span>{words(item.stage)}</span>}
          {item.aesthetic !== null && <span title="aesthetic score">★ {number(item.aesthetic)}</span>}
          {item.technical !== null && <span title="technical quality">◆ {number(item.technical)}</span>}
          {item.demo && (item.aesthetic !== null || item.technical !== null) && <Demo />}
        </div>
        {props.note}
      </div>
    </Link>
  );
};

export const Counted = (props: { n: number; one: string; many?: string }) => (
  <>
    {count(props.n)} {props.n === 1 ? props.one : (props.many ?? props.one + "s")}
  </>
);
