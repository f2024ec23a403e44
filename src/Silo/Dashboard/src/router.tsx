import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

const moved = new Set<() => void>();

export function navigate(path: string, replace = false) {
  if (path === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", path);
  if (!replace) window.scrollTo(0, 0);
  for (const listener of moved) listener();
}

window.addEventListener("popstate", () => {
  for (const listener of moved) listener();
});

export function useLocation() {
  const [, render] = useState(0);
  useEffect(() => {
    const listener = () => render((n) => n + 1);
    moved.add(listener);
    return () => void moved.delete(listener);
  }, []);
  return { path: location.pathname, search: new URLSearchParams(location.search) };
}

/** A link within the dashboard. */
export function Link(props: { to: string; children: ComponentChildren; class?: string; "data-testid"?: string; "aria-current"?: "page" | undefined; "aria-label"?: string; title?: string }) {
  const { to, children, ...rest } = props;
  return (
    <a
      href={to}
      {...rest}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
}
