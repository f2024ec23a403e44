import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

// Okabe and Ito's colours, which colour-blind people tell apart, and lighter ones of the same hues.
const colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c00", "#7a5195", "#4b8b3b", "#b35a00", "#666666"];

export const order = ["screen", "fetch", "probe", "segment", "cut", "caption", "borders", "subtitles", "aesthetics", "technical-quality", "joint"];
export const colour = (stage: string) => colours[Math.max(0, order.indexOf(stage)) % colours.length]!;

export interface Line { label: string; values: number[]; colour: string }

function resolved(element: HTMLElement, variable: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${variable})`;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** The time of day, with the date where it begins or changes. */
function hour(seconds: number, before: number | undefined): string {
  const at = new Date(seconds * 1000);
  const clock = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return before !== undefined && new Date(before * 1000).toDateString() === at.toDateString() ? clock : `${clock}\n${day}`;
}

const second = (seconds: number) => new Date(seconds * 1000).toLocaleTimeString("en-GB");

/** Lines over time, by the minute and longer, or by the second; or over the steps of a training. */
export function TimeChart(props: { starts: number[]; lines: Line[]; unit: string; height?: number; clock?: "minute" | "second" | "step" }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const shape = props.lines.map((line) => line.label).join();
  useEffect(() => {
    const element = box.current!;
    // A canvas takes no variables and no light-dark(): it is asked at each drawing what they come to, which follows a change of the theme too.
    const ink = () => resolved(element, "--ink-2");
    const grid = { stroke: () => resolved(element, "--line"), width: 1 };
    const axis = { stroke: ink, grid, ticks: grid, font: "12px system-ui, sans-serif" };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: props.height ?? 240,
        legend: { live: false },
        cursor: { points: { size: 6 } },
        scales: { x: { time: props.clock !== "step" }, y: { range: (_, __, max) => [0, Math.max(props.clock === "step" ? 1e-6 : 1, (max ?? 0) * 1.08)] } },
        axes: [{ ...axis, values: (_, seconds) => seconds.map((at, i) => (props.clock === "step" ? String(at) : props.clock === "second" ? second(at) : hour(at, seconds[i - 1]))) }, { ...axis, size: 56 }],
        series: [{}, ...props.lines.map((line) => ({ label: line.label, stroke: line.colour, width: 1.75, points: { show: props.starts.length < 3 } }))],
      },
      [props.starts, ...props.lines.map((line) => line.values)],
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: props.height ?? 240 }));
    observer.observe(element);
    const redraw = () => made.redraw(false, true);
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", redraw);
    return () => {
      theme.disconnect();
      scheme.removeEventListener("change", redraw);
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape]);
  useEffect(() => {
    chart.current?.setData([props.starts, ...props.lines.map((line) => line.values)]);
  }, [props.starts, props.lines]);
  return <div ref={box} class="chart" role="img" aria-label={`${props.unit} over ${props.clock === "step" ? "steps" : "time"}: ${shape}`} />;
}
