const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

export const count = (value: number) => whole.format(value);

/** Up to three significant digits below ten, else fewer decimals. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (Number.isInteger(value)) return whole.format(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

export const percent = (share: number | null | undefined, digits = 0) => (share === null || share === undefined ? "–" : `${(share * 100).toFixed(digits)} %`);

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  let left = value;
  while (left >= 1000 && at < units.length - 1) {
    left /= 1000;
    at++;
  }
  return `${left >= 100 || at === 0 ? left.toFixed(0) : left.toFixed(1)} ${units[at]}`;
}

/** A span of time for people: the two largest units. */
export function span(seconds: number): string {
  if (seconds < 1) return "under a second";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export const eta = (value: { seconds: number; lowSeconds: number; highSeconds: number }) =>
  `about ${span(value.seconds)} left (${span(value.lowSeconds)} to ${span(value.highSeconds)})`;

export const time = (text: string) => new Date(text).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;

/** technical-quality -> technical quality */
export const words = (name: string) => name.replaceAll("-", " ");

/** Filters as they stand in an address; empty ones are left out. */
export function query(values: Record<string, string | number | boolean | null | undefined | string[]>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? value : [String(value)]) parameters.append(name, one);
  }
  const text = parameters.toString();
  return text ? `?${text}` : "";
}
