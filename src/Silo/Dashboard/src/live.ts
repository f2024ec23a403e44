import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get, type Pulse } from "./api";

// One event stream for the page. It is closed while nobody looks.
type Listener = () => void;
const listeners = new Set<Listener>();
let source: EventSource | null = null;
let lastHeard = 0;
export const live = { pulse: null as Pulse | null, connected: true };

function tell() {
  for (const listener of listeners) listener();
}

function open() {
  if (source || document.hidden) return;
  source = new EventSource("/api/events");
  source.addEventListener("pulse", (event) => {
    live.pulse = JSON.parse((event as MessageEvent<string>).data) as Pulse;
    live.connected = true;
    lastHeard = Date.now();
    tell();
  });
  source.onopen = () => {
    live.connected = true;
    tell();
  };
  source.onerror = () => {
    live.connected = false;
    tell();
    // A stream that the host refused is not reopened by the browser.
    if (source?.readyState === EventSource.CLOSED) {
      source = null;
      setTimeout(open, 5000);
    }
  };
}

function close() {
  source?.close();
  source = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
open();

/** The latest pulse; renders again with every new one. */
export function useLive() {
  const [, render] = useState(0);
  useEffect(() => {
    const listener = () => render((n) => n + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return { ...live, lastHeard };
}

export interface Loaded<T> { data: T | null; error: string | null; reload: () => void }

/** Data of an address; asked for again when the host's revision moves, at most every two seconds and only while the page is seen. */
export function useData<T>(path: string | null, follow = true): Loaded<T> {
  const [state, set] = useState<{ path: string | null; data: T | null; error: string | null }>({ path, data: null, error: null });
  const current = useRef<{ path: string | null; at: number; revision: number; timer: number; abort: AbortController | null; waiting: boolean }>({ path: null, at: 0, revision: -1, timer: 0, abort: null, waiting: false });
  const load = useRef(() => {});
  load.current = () => {
    const now = current.current;
    if (path === null) return;
    now.abort?.abort();
    const abort = new AbortController();
    now.waiting = true;
    Object.assign(now, { path, at: Date.now(), revision: live.pulse?.revision ?? -1, abort });
    get<T>(path, abort.signal)
      .then((data) => set({ path, data, error: null }))
      .catch((error: unknown) => {
        if (!abort.signal.aborted) set((old) => ({ path, data: old.path === path ? old.data : null, error: error instanceof ApiError ? error.message : String(error) }));
      })
      .finally(() => {
        if (now.abort === abort) now.waiting = false;
      });
  };
  useEffect(() => {
    load.current();
    return () => current.current.abort?.abort();
  }, [path]);
  useEffect(() => {
    if (!follow) return;
    const listener = () => {
      const now = current.current;
      if (now.timer || document.hidden || (live.pulse?.revision ?? -1) === now.revision) return;
      // An answer that takes longer than the pause between two is waited for.
      const again = () => {
        now.timer = now.waiting ? window.setTimeout(again, 500) : 0;
        if (!now.timer) load.current();
      };
      now.timer = window.setTimeout(again, Math.max(0, 2000 - (Date.now() - now.at)));
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      window.clearTimeout(current.current.timer);
      current.current.timer = 0;
    };
  }, [follow]);
  return { data: state.path === path ? state.data : null, error: state.path === path ? state.error : null, reload: () => load.current() };
}

/** Calls again and again while the page is seen. */
export function useInterval(work: () => void, milliseconds: number) {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    const timer = window.setInterval(() => !document.hidden && latest.current(), milliseconds);
    return () => window.clearInterval(timer);
  }, [milliseconds]);
}

/** Data of an address, asked for again after a pause whatever the host's revision says. */
export function useEvery<T>(path: string, milliseconds: number): Loaded<T> {
  const loaded = useData<T>(path, false);
  useInterval(loaded.reload, milliseconds);
  return loaded;
}
