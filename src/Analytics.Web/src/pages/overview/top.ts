import type { Answer } from "../../api/call.ts";
import type { Series } from "../../charts/TimeChart.tsx";

type Statistics = Answer<"/api/events/statistics/timeseries">;

/** Names that are shown by themselves. */
const most = 5;

/**
 * Occurrences per bucket: the most frequent names of the range, and the others together. The time before is parted by the names that
 * are the most frequent ones now.
 */
export function topNames(answer: Statistics, now: Statistics = answer): Series[] {
  const names = [...now.totals].sort((a, b) => Number(b.occurrences) - Number(a.occurrences));
  const top = names.slice(0, most);
  const series = top.map((total) => ({
    key: total.name,
    label: total.label,
    values: answer.periods.map((period) => period.stats.find((stat) => stat.name === total.name)?.occurrences ?? 0),
  }));
  const isTop = new Set(top.map((total) => total.name));
  if ([...now.totals, ...answer.totals].every((total) => isTop.has(total.name))) return series;
  const others = answer.periods.map((period) =>
    period.stats.filter((stat) => !isTop.has(stat.name)).reduce((sum, stat) => sum + Number(stat.occurrences), 0),
  );
  return [...series, { key: "other", label: "Other", values: others, color: "--series-other" }];
}
