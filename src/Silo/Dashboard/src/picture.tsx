import { useEffect, useRef } from "preact/hooks";

// Pictures are made when somebody looks, which may take a while; browsers open six connections to a host. A few pictures at a time leave the others to the data.
const atOnce = 3;
const waiting: (() => void)[] = [];
let loading = 0;

function next() {
  while (loading < atOnce && waiting.length > 0) {
    loading++;
    waiting.shift()!();
  }
}

/** A picture that is asked for when it is about to be seen, and no more when it is gone. */
export function Picture(props: { src: string; alt: string; width: number; height: number }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const element = image.current!;
    let state: "idle" | "waiting" | "loading" | "done" = "idle";
    const end = () => {
      if (state !== "loading") return;
      state = "done";
      loading--;
      next();
    };
    const start = () => {
      state = "loading";
      element.src = props.src;
    };
    element.addEventListener("load", end);
    element.addEventListener("error", end);
    const observer = new IntersectionObserver(
      (entries) => {
        if (state !== "idle" || !entries.some((entry) => entry.isIntersecting)) return;
        state = "waiting";
        waiting.push(start);
        next();
      },
      { rootMargin: "300px" },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      element.removeEventListener("load", end);
      element.removeEventListener("error", end);
      const at = waiting.indexOf(start);
      if (at >= 0) waiting.splice(at, 1);
      if (state === "loading") {
        // Lets go of the connection.
        element.removeAttribute("src");
        end();
      }
      state = "done";
    };
  }, [props.src]);
  return <img ref={image} alt={props.alt} decoding="async" width={props.width} height={props.height} />;
}
