import type { Place } from "../../address/place.ts";
import { get, type PostBody, post } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";

export const usualSort = "name";

type AlertsSort = NonNullable<Parameters<typeof get<"/api/v1/alerts">>[1]["query"]>["sort"];

const alertIn = (place: Place) => ({ at: { id: place.rest[0] ?? "" }, query: { tenantId: place.workspace.id } });

export const alerts = panel({
  id: "alerts",
  title: "Alerts",
  about: "What is looked at every minute, and told in the log, and to webhooks, when it crosses its limit.",
  call: ({ workspace, params }) =>
    get("/api/v1/alerts", {
      query: { tenantId: workspace.id, sort: (params.get("sort") ?? usualSort) as AlertsSort, limit: 100 },
    }),
});

export const alert = panel({
  id: "alert",
  title: "Alert",
  about: "What is watched, and when it fires.",
  call: (place) => get("/api/v1/alerts/{id}", alertIn(place)),
});

export const history = panel({
  id: "alert-history",
  title: "Fired",
  about: "Each time that the limit was crossed, the last one first. What is back fires anew.",
  call: (place) => get("/api/v1/alerts/{id}/history", alertIn(place)),
});

/** How many days are tried. */
export const previewDays = 30;

/** What is tried, whole or not: the service says what is missing. */
type Tried = PostBody<"/api/v1/alerts/preview">["alert"];

/** How an alert would have fired. */
export const previewOf = (alert: Tried) =>
  panel({
    id: "alert-preview",
    title: "As it would have fired",
    about: `The alert, tried on the last ${previewDays} days.`,
    call: ({ workspace }) =>
      post("/api/v1/alerts/preview", { query: { tenantId: workspace.id }, body: { alert, days: previewDays } }),
    isStill: true,
    isJsonOnly: true,
  });
