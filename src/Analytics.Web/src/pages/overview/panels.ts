import { customersOf } from "../../address/customer.ts";
import { asDates, asInstants, type Interval, type Range, rangeBefore } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import type { MetricSlug } from "../metrics/catalogue.ts";
import { metricsCall } from "../metrics/panels.ts";

/** The six numbers of the first row, and what their spark lines need. */
export const tileSlugs: MetricSlug[] = [
  "file_share_revenue",
  "costs",
  "cashflow",
  "active_users",
  "file_share_downloads",
  "file_share_payment_conversion",
];

export const tiles = panel({
  id: "overview-tiles",
  title: "At a glance",
  about: "Revenue, costs, cashflow, active users, downloads and payment conversion over the range.",
  call: (place) => metricsCall(place, [...tileSlugs, "file_share_paid_sessions"]),
});

export const money = panel({
  id: "overview-money",
  title: "Revenue and costs",
  about: "Payments of shares less refunds, and the costs of all events, per bucket.",
  call: (place) => metricsCall(place, ["file_share_revenue", "costs"]),
});

const statistics = ({ workspace, filters }: Place, range: Range, interval: "month" | null) =>
  get("/api/events/statistics/timeseries", {
    query: {
      workspace_id: workspace.id,
      ...asDates(range),
      ...(interval ? { interval } : {}),
      sort: "-occurrences",
      ...customersOf(filters.customer),
    },
  });

export const movers = panel({
  id: "overview-movers",
  isJsonOnly: true,
  title: "Movers",
  about: "The event names whose costs changed most against the time before: sums over roots and all their descendants.",
  call: (place) => statistics(place, place.range, "month"),
  compared: (place) => statistics(place, rangeBefore(place.range, place.filters.compare ?? "previous"), "month"),
  isComparison: true,
  isEmpty: (answer) => answer.totals.length === 0,
});

export const events = panel({
  id: "overview-events",
  title: "Events by name",
  about: "Roots (events without a parent) per bucket: the five most frequent names, and the others together.",
  call: (place) => statistics(place, place.range, null),
  compared: (place) => statistics(place, rangeBefore(place.range, place.filters.compare ?? "previous"), null),
  isEmpty: (answer) => answer.totals.length === 0,
  fill: "Events come by POST /api/events/ingest.",
});

/** The interval that the API's usage series has for it. */
const usageInterval = (interval: Interval) => (interval === "minute" || interval === "hour" ? interval : "day");

const series = ({ workspace, filters }: Place, range: Range) =>
  get("/api/requests/timeseries", {
    query: {
      tenantId: workspace.id,
      ...asInstants(range),
      interval: usageInterval(range.interval),
      customerId: filters.customer,
    },
  });

export const requests = panel({
  id: "overview-requests",
  title: "API requests",
  about: "Requests per bucket, and how many of them failed (status 400 and above).",
  call: (place) => series(place, place.range),
  compared: (place) => series(place, rangeBefore(place.range, place.filters.compare ?? "previous")),
  isEmpty: (answer) => answer.data.every((bucket) => Number(bucket.count) === 0),
  fill: "Requests come by POST /api/requests/ingest, or by the ASP.NET Core middleware.",
});

export const alerts = panel({
  id: "overview-alerts",
  title: "Alerts",
  about: "The alerts that fire now: their limits are crossed, and not back yet.",
  call: ({ workspace }) => get("/api/v1/alerts", { query: { tenantId: workspace.id, sort: "name", limit: 100 } }),
});

export const degradations = panel({
  id: "overview-degradations",
  title: "Needs a look",
  about: "Endpoints that left their own baseline for the hour of the week, in the range.",
  call: ({ workspace, range }) =>
    get("/api/requests/degradations", { query: { tenantId: workspace.id, ...asInstants(range) } }),
});
