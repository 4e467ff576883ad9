import { type Range, rangeBefore } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { addDays, addMonths } from "../../time/dates.ts";
import { measureOf } from "./measures.ts";
import { dayOf, during, endpointOf, grainOf, most } from "./question.ts";
import { statusesOf } from "./statuses.ts";

const fill = "Requests come by POST /api/requests/ingest, or by the ASP.NET Core middleware.";

const dashboard = ({ workspace, zone }: Place, date: string) =>
  get("/api/requests/dashboard", { query: { tenantId: workspace.id, date, timezone: zone } });

export const day = panel({
  id: "api-day",
  title: "One day",
  about:
    "The range's last day: all requests, percents of them, and what they took. Requests a second are those of the last minute.",
  call: (place) => dashboard(place, place.range.end),
  compared: (place) =>
    dashboard(place, place.filters.compare === "year" ? addMonths(place.range.end, -12) : addDays(place.range.end, -1)),
  isJsonOnly: true,
});

export const statusShares = panel({
  id: "api-status",
  title: "Status",
  about: "How the day's requests ended, by class of status. 1xx is in no class.",
  call: (place) => dashboard(place, place.range.end),
  isJsonOnly: true,
  isEmpty: (answer) => Number(answer.totalRequests) === 0,
  fill,
});

export const topEndpoints = panel({
  id: "api-top-endpoints",
  title: "Busiest endpoints",
  about: "The ten endpoints with the most requests of the day.",
  call: (place) => dashboard(place, place.range.end),
  isEmpty: (answer) => answer.topEndpoints.length === 0,
  fill,
});

export const topCustomers = panel({
  id: "api-top-customers",
  title: "Busiest customers",
  about: "The ten customers with the most requests of the day, and their shares of all requests.",
  call: (place) => dashboard(place, place.range.end),
  isJsonOnly: true,
  isEmpty: (answer) => answer.topCustomers.length === 0,
  fill,
});

function series(place: Place, range: Range) {
  return get("/api/requests/timeseries", {
    query: {
      ...during(place, range),
      interval: grainOf(range),
      endpoint: endpointOf(place),
      customerId: place.filters.customer,
    },
  });
}

const seriesRow = {
  call: (place: Place) => series(place, place.range),
  compared: (place: Place) => series(place, rangeBefore(place.range, place.filters.compare ?? "previous")),
  isEmpty: (answer: { data: { count: unknown }[] }) => answer.data.every((bucket) => Number(bucket.count) === 0),
  fill,
};

export const requests = panel({
  ...seriesRow,
  id: "api-requests",
  title: "Requests",
  about: "Requests per bucket: those with an error (status 400 and above) and the others.",
});

export const latency = panel({
  ...seriesRow,
  id: "api-latency",
  title: "Latency",
  about:
    "What requests took: the median, and what one of twenty and one of a hundred exceeded. No requests, no latency.",
});

export const transferred = panel({
  ...seriesRow,
  id: "api-bytes",
  title: "Bytes sent",
  about: "Bytes of responses per bucket.",
});

export const endpoints = panel({
  id: "api-endpoints",
  title: "Endpoints",
  about: "Every endpoint with requests in the range.",
  call: (place) =>
    get("/api/requests/endpoints", {
      query: {
        ...during(place, place.range),
        sort: (place.params.get("sort") ?? "-count") as "-count",
        q: place.params.getAll("q"),
      },
    }),
  isStill: true,
  isEmpty: (answer) => answer.data.length === 0,
  fill,
});

const oneLatency = (place: Place) =>
  place.filters.endpoint === null
    ? null
    : get("/api/requests/latency", { query: { ...during(place, place.range), endpoint: [place.filters.endpoint] } });

export const endpointLatency = panel({
  id: "api-endpoint-latency",
  title: "What requests took",
  about: "Percentiles over the whole range: exact of up to 100 requests, within 1 % beyond.",
  call: oneLatency,
  isEmpty: (answer) => Number(answer.count) === 0,
  fill,
});

export const endpointStatus = panel({
  id: "api-endpoint-status",
  title: "Status codes",
  about: "How requests of the endpoint ended, by status code.",
  call: oneLatency,
  isEmpty: (answer) => Number(answer.count) === 0,
  fill,
});

const recentRequests = (place: Place, limit: number | null, status: number[]) =>
  get("/api/requests/recent", {
    query: {
      ...during(place, place.range),
      endpoint: endpointOf(place),
      customerId: place.filters.customer,
      status,
      limit,
    },
  });

/** How many requests are looked at for who calls an endpoint, and how many its page begins with. */
const [callersOf, fewRequests] = [200, 20];

export const callers = panel({
  id: "api-endpoint-callers",
  title: "Callers",
  about: `Whose the last ${callersOf} requests of the endpoint are, in the range.`,
  call: (place) => recentRequests(place, callersOf, []),
  isEmpty: (answer) => answer.data.length === 0,
  fill,
});

export const endpointRecent = panel({
  id: "api-endpoint-recent",
  title: "Recent requests",
  about: "The requests of the endpoint, newest first, for as long as the workspace keeps them.",
  call: (place) => recentRequests(place, fewRequests, []),
  isStill: true,
  isEmpty: (answer) => answer.data.length === 0 && answer.meta.nextCursor === null,
  fill,
});

export const recent = panel({
  id: "api-recent",
  title: "Recent requests",
  about: "The requests themselves, newest first, for as long as the workspace keeps them.",
  call: (place) => recentRequests(place, null, statusesOf(place.params)),
  isStill: true,
  isEmpty: (answer) => answer.data.length === 0 && answer.meta.nextCursor === null,
  fill,
  exports: ["requests"],
});

const heatmap = (place: Place, by: "weekday" | "endpoint", days: number) =>
  get("/api/requests/heatmap", {
    query: {
      ...during(place, place.range, days),
      measure: measureOf(place.params).value,
      by,
      endpoint: endpointOf(place),
    },
  });

export const week = panel({
  id: "api-week",
  title: "Hours of the week",
  about: "All hours of the range by weekday and hour, as the zone's clocks show them.",
  call: (place) => heatmap(place, "weekday", most.days),
});

export const endpointHours = panel({
  id: "api-endpoint-hours",
  title: "Endpoints by hour",
  about: "Every hour of the range, for the 20 endpoints with the most requests.",
  call: (place) => heatmap(place, "endpoint", most.endpointHours),
  isEmpty: (answer) => answer.cells.length === 0,
  fill,
});

export const slow = panel({
  id: "api-slow",
  title: "Slowest requests",
  about: "The slowest requests of a day that took more than a second, 100 at most.",
  call: (place) =>
    get("/api/requests/slow", { query: { tenantId: place.workspace.id, date: dayOf(place), timezone: place.zone } }),
  isStill: true,
});

export const patterns = panel({
  id: "api-slow-patterns",
  title: "Slow again and again",
  about:
    "Hours of the day whose p95 is over a second on at least 3 days that are at least half of those with requests.",
  call: (place) => get("/api/requests/slow/patterns", { query: during(place, place.range, most.patterns) }),
});

export const concentration = panel({
  id: "api-customer-shares",
  title: "Shares, added up",
  about: "Shares of all requests, added up from the biggest customer on, and of all costs in the same order.",
  call: (place) => get("/api/requests/customers", { query: { ...during(place, place.range), limit: 100 } }),
  isEmpty: (answer) => answer.data.length === 0,
  fill,
});

export const customers = panel({
  id: "api-customers",
  title: "Customers",
  about: "Requests and costs of every customer with requests in the range.",
  call: (place) =>
    get("/api/requests/customers", {
      query: { ...during(place, place.range), sort: (place.params.get("sort") ?? "-count") as "-count" },
    }),
  isStill: true,
  isEmpty: (answer) => answer.data.length === 0,
  fill,
});

export const degradations = panel({
  id: "api-degradations",
  title: "Degradations",
  about:
    "Endpoints that left their own baseline for the hour of the week: p95 at least doubled, or 5 points more server errors.",
  call: (place) => get("/api/requests/degradations", { query: during(place, place.range) }),
});
