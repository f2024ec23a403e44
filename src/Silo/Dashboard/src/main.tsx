import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { percent } from "./format";
import { useLive } from "./live";
import { AuditPage, AuditsPage } from "./pages/audit";
import { ClipPage, VideoPage } from "./pages/clip";
import { ClipsPage } from "./pages/clips";
import { FunnelPage } from "./pages/funnel";
import { GenerationPage, GenerationsPage } from "./pages/generation";
import { JobsPage } from "./pages/jobs";
import { OverviewPage } from "./pages/overview";
import { SystemPage } from "./pages/system";
import { TrainingPage, TrainingsPage } from "./pages/training";
import { Link, navigate, useLocation } from "./router";
import { Empty, Page } from "./ui";
import "./style.css";

const pages: [path: string, name: string, key: string][] = [["/", "Overview", "o"], ["/funnel", "Funnel", "f"], ["/jobs", "Jobs", "j"], ["/clips", "Clips", "c"], ["/audit", "Audit", "a"], ["/training", "Training", "t"], ["/generation", "Generation", "n"], ["/system", "System", "s"]];

/** A part of an address; one that is no valid encoding stands for itself, and the host says that there is no such item. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function Route(props: { path: string }) {
  const [, first = "", second] = props.path.split("/");
  const id = decoded(second ?? "");
  switch (first) {
    case "": return <OverviewPage />;
    case "funnel": return <FunnelPage />;
    case "jobs": return <JobsPage />;
    case "clips": return id ? <ClipPage id={id} /> : <ClipsPage />;
    case "videos": return <VideoPage id={id} />;
    case "audit": return id ? <AuditPage key={id} id={id} /> : <AuditsPage />;
    case "training": return id ? <TrainingPage key={id} id={id} /> : <TrainingsPage />;
    case "generation": return id ? <GenerationPage key={id} id={id} /> : <GenerationsPage />;
    case "system": return <SystemPage />;
    default: return <Page title="Not here"><Empty>There is no such page. <Link to="/">Go to the overview</Link>.</Empty></Page>;
  }
}

function Theme() {
  const [theme, setTheme] = useState(localStorage.getItem("medgen.theme") ?? "auto");
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    localStorage.setItem("medgen.theme", theme);
  }, [theme]);
  const next = { auto: "light", light: "dark", dark: "auto" }[theme] ?? "auto";
  return <button type="button" class="quiet theme" title={`Colours: ${theme}. Press for ${next}.`} aria-label={`Colours: ${theme}`} onClick={() => setTheme(next)}>{{ auto: "◐", light: "☀", dark: "☾" }[theme] ?? "◐"}</button>;
}

const keys: [string, string][] = [
  ...pages.map(([, name, key]): [string, string] => [`g ${key}`, `go to ${name}`]),
  ["j k, ← →", "next and previous clip or sample"], ["1 2 3", "mark a sample: clean, slightly noisy, noisy"], ["u", "take the last mark back"], ["?", "this list"],
];

function Help(props: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={props.onClose} aria-labelledby="help-title" data-testid="help">
      <h2 id="help-title">Keys</h2>
      <dl>{keys.map(([key, what]) => [<dt key={key}>{key.split(" ").map((one) => <kbd key={one}>{one}</kbd>)}</dt>, <dd key={key + "v"}>{what}</dd>])}</dl>
      <div class="actions end"><button type="button" onClick={() => dialog.current?.close()}>Close</button></div>
    </dialog>
  );
}

/** g, then a page's letter; ? for help. */
function useShortcuts(help: () => void) {
  useEffect(() => {
    let armed = 0;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof Element && event.target.closest("input, textarea, select, dialog"))) return;
      if (event.key === "g") {
        armed = Date.now();
      } else if (event.key === "?") {
        event.preventDefault();
        help();
      } else if (Date.now() - armed < 1500) {
        armed = 0;
        const page = pages.find(([, , key]) => key === event.key);
        if (page) {
          event.preventDefault();
          event.stopImmediatePropagation();
          navigate(page[0]);
        }
      }
    };
    addEventListener("keydown", press, true);
    return () => removeEventListener("keydown", press, true);
  }, []);
}

function App() {
  const { path } = useLocation();
  const { pulse, connected } = useLive();
  const [helping, setHelping] = useState(false);
  useShortcuts(() => setHelping(true));
  const running = pulse?.jobs.filter((job) => job.state === "running") ?? [];
  const trouble = pulse?.blocked ?? pulse?.standstill ?? null;
  return (
    <>
      <a class="skip" href="#main">Skip to the page</a>
      <nav aria-label="Pages">
        <Link to="/" class="brand" aria-label="MedGenCluster"><img src="/favicon.svg" alt="" width="28" height="28" /><span>MedGenCluster</span></Link>
        {pages.map(([to, name, key]) => {
          const here = to === "/" ? path === "/" : path.startsWith(to) || (to === "/clips" && path.startsWith("/videos"));
          return <Link key={to} to={to} class="nav-link" aria-current={here ? "page" : undefined} title={`g then ${key}`}>{name}</Link>;
        })}
        <div class="nav-foot">
          {running.slice(0, 3).map((job) => <div key={job.id} class="nav-job"><span class="cut">{job.name}</span> <b>{percent(job.progress)}</b></div>)}
          <div class="actions"><Theme /><button type="button" class="quiet" title="Keys (?)" aria-label="Keys" onClick={() => setHelping(true)}>?</button></div>
        </div>
      </nav>
      {helping && <Help onClose={() => setHelping(false)} />}
      <main id="main" tabIndex={-1}>
        {!connected && <div class="banner bad" role="status">The connection to the host is lost. This page goes on by itself when it is back.</div>}
        {trouble && <div class="banner warn" role="status">{trouble}</div>}
        <Route path={path} />
      </main>
    </>
  );
}

render(<App />, document.getElementById("app")!);
