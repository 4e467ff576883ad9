import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { comparisonOf, daysOf } from "./question.ts";

const fill = "Devices, downloads and storage come by POST /api/apps/{id}/devices, …/downloads and …/storage.";

/** The workspace, day by day; its last day says what the range came to, since bandwidth runs on. */
export const glance = panel({
  id: "apps-glance",
  title: "All apps",
  about: "Devices and storage on the last day of the range, and the bandwidth of all of it.",
  call: (place) =>
    get("/statistics/org/{org_id}", {
      at: { org_id: place.workspace.id },
      query: { ...daysOf(place), accumulate: true, ratios: true, compare: comparisonOf(place) },
    }),
  exports: ["views", "invocations", "devices", "downloads", "storage"],
});

const daily = {
  call: (place: Place) =>
    get("/statistics/org/{org_id}", {
      at: { org_id: place.workspace.id },
      query: { ...daysOf(place), compare: comparisonOf(place) },
    }),
  fill,
};

export const users = panel({
  ...daily,
  id: "apps-mau",
  title: "Monthly active users",
  about: "Distinct devices of the 30 days that end with each day, over all apps.",
  isEmpty: (answer) => answer.data.every((day) => Number(day.mau) === 0),
});

export const stored = panel({
  ...daily,
  id: "apps-storage",
  title: "Storage",
  about: "What all apps store at the end of each day.",
  isEmpty: (answer) => answer.data.every((day) => Number(day.storage) === 0),
});

export const transferred = panel({
  ...daily,
  id: "apps-bandwidth",
  title: "Bandwidth",
  about: "What was downloaded of all apps on each day.",
  isEmpty: (answer) => answer.data.every((day) => Number(day.bandwidth) === 0),
});

export const use = panel({
  id: "apps-use",
  title: "By app",
  about: "Each app's devices and storage on the last day of the range, and its bandwidth of all of it.",
  call: (place) =>
    get("/statistics/org/{org_id}", {
      at: { org_id: place.workspace.id },
      query: { ...daysOf(place), accumulate: true, breakdown: "app" },
    }),
  isJsonOnly: true,
  isEmpty: (answer) => !answer.by_app?.length,
  fill: "There are no apps yet.",
});

type AppsSort = NonNullable<Parameters<typeof get<"/api/apps">>[1]["query"]>["sort"];

export const usualSort = "natural_id";

export const list = panel({
  id: "apps-list",
  title: "Apps",
  about: "What views, invocations, devices, downloads and changes of storage are told of.",
  call: (place) =>
    get("/api/apps", {
      query: {
        workspace_id: place.workspace.id,
        q: place.params.getAll("q"),
        sort: (place.params.get("sort") ?? usualSort) as AppsSort,
      },
    }),
  isStill: true,
});
