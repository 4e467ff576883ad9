import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";

export const usualSort = "name";

type ReportsSort = NonNullable<Parameters<typeof get<"/api/v1/analytics/reports">>[1]["query"]>["sort"];

const idOf = ({ rest }: Place) => rest[0] ?? "";

export const reports = panel({
  id: "reports",
  title: "Reports",
  about: "Questions with names. A schedule has one asked by itself, and keeps what it came to.",
  call: ({ workspace, params }) =>
    get("/api/v1/analytics/reports", {
      query: {
        tenantId: workspace.id,
        q: params.getAll("q"),
        sort: (params.get("sort") ?? usualSort) as ReportsSort,
      },
    }),
  isStill: true,
});

export const report = panel({
  id: "report",
  title: "Report",
  about: "What the report asks, and when it is asked by itself.",
  call: (place) =>
    get("/api/v1/analytics/reports/{id}", { at: { id: idOf(place) }, query: { tenantId: place.workspace.id } }),
  isStill: true,
});

/** Which of the kept runs the address names; null where it names none. */
export const keptRunOf = ({ rest }: Place) => (rest[1] === "runs" ? (rest[2] ?? null) : null);

export const run = panel({
  id: "report-run",
  title: "What it comes to",
  about: "What the report comes to in this moment or, of a run that was kept, what it came to when it was due.",
  call: (place) => {
    const [query, id, run] = [{ tenantId: place.workspace.id }, idOf(place), keptRunOf(place)];
    return run
      ? get("/api/v1/analytics/reports/{id}/runs/{run}", { at: { id, run }, query })
      : get("/api/v1/analytics/reports/{id}/run", { at: { id }, query });
  },
  isStill: true,
});

export const runs = panel({
  id: "report-runs",
  title: "Kept",
  about: "What the schedule has kept: the last 30 runs.",
  call: (place) =>
    get("/api/v1/analytics/reports/{id}/runs", { at: { id: idOf(place) }, query: { tenantId: place.workspace.id } }),
  isStill: true,
});
