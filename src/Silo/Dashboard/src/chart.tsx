import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

// Okabe and Ito's colours, which colour-blind people tell apart, and lighter ones of the same hues.
const colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c00", "#7a5195", "#4b8b3b", "#b35a00", "#666666"];

export const order = ["screen", "fetch", "probe", "segment", "cut", "caption", "borders", "subtitles", "aesthetics", "technical-quality", "joint"];
export const colour = (stage: string) => colours[Math.max(0, order.indexOf(stage)) % colours.length]!;

export interface Line { label: string; values: number[]; colour: string }

/** Lines over time. */
export function TimeChart(props: { starts: number[]; lines: Line[]; unit: string; height?: number }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const shape = props.lines.map((line) => line.label).join();
  useEffect(() => {
    const element = box.current!;
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink-2").trim();
    const grid = { stroke: style.getPropertyValue("--line").trim(), width: 1 };
    const axis = { stroke: ink, grid, ticks: grid, font: "12px system-ui, sans-serif" };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: props.height ?? 240,
        legend: { live: false },
        cursor: { points: { size: 6 } },
        scales: { y: { range: (_, __, max) => [0, Math.max(1, (max ?? 0) * 1.08)] } },
        axes: [axis, { ...axis, size: 56 }],
        series: [{}, ...props.lines.map((line) => ({ label: line.label, stroke: line.colour, width: 1.75, points: { show: props.starts.length < 3 } }))],
      },
      [props.starts, ...props.lines.map((line) => line.values)],
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: props.height ?? 240 }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape]);
  useEffect(() => {
    chart.current?.setData([props.starts, ...props.lines.map((line) => line.values)]);
  }, [props.starts, props.lines]);
  return <div ref={box} class="chart" role="img" aria-label={`${props.unit} over time: ${shape}`} />;
}
