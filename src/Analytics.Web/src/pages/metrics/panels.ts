import { customersOf } from "../../address/customer.ts";
import { asDates } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { type MetricSlug, metricOf } from "./catalogue.ts";

/** `GET /api/metrics` for where the reader is; no slugs: all metrics. */
export function metricsCall(place: Place, slugs: MetricSlug[] = []) {
  const { filters, range, workspace } = place;
  return get("/api/metrics", {
    query: {
      workspace_id: workspace.id,
      ...asDates(range),
      metrics: slugs,
      ...customersOf(filters.customer),
      share_id: filters.share,
      compare: filters.compare && (filters.compare === "year" ? "previous_year" : "previous_period"),
    },
  });
}

const fill = "Shares, payments and costs come as events: the documentation of POST /api/events/ingest has their names.";

export const allMetrics = panel({
  id: "metrics-all",
  title: "All metrics",
  about: "Every metric over the range, and per bucket as a spark line.",
  call: (place) => metricsCall(place),
  fill,
});

export const oneMetric = panel({
  id: "metrics-one",
  title: "Metric",
  about: "One metric per bucket.",
  call: (place) => {
    const metric = metricOf(place.rest[0]);
    return metric ? metricsCall(place, metric.per ? [metric.slug, metric.per] : [metric.slug]) : null;
  },
  fill,
});
