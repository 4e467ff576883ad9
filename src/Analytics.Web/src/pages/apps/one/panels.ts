import type { Place } from "../../../address/place.ts";
import { get, post } from "../../../api/call.ts";
import { panel } from "../../../panels/row.ts";
import { askedApp, comparisonOf, type Days, daysBefore, daysOf } from "../question.ts";
import { appDays, askedOffset, askedTable, rowsOfPage } from "./asked.ts";

const appIn = (place: Place) => ({ at: { id: askedApp(place) }, query: { workspace_id: place.workspace.id } });

/** The same, as sections with names in camelCase want it. */
const statsIn = (place: Place) => ({ at: { id: askedApp(place) }, query: { tenantId: place.workspace.id } });

export const record = panel({
  id: "app-record",
  title: "App",
  about: "What the app is called, and where its tables are.",
  call: (place) => get("/api/apps/{id}", appIn(place)),
  isStill: true,
});

export const glance = panel({
  id: "app-glance",
  title: "At a glance",
  about: "Devices and storage on the last day of the range, and the bandwidth of all of it.",
  call: (place) =>
    get("/statistics/app/{app_id}", {
      at: { app_id: askedApp(place) },
      query: { workspace_id: place.workspace.id, ...daysOf(place), ratios: true, compare: comparisonOf(place) },
    }),
});

const breakdown = ({ workspace }: Place, days: Days) =>
  get("/statistics/org/{org_id}", { at: { org_id: workspace.id }, query: { ...days, breakdown: "app" } });

/** The route of one app says one row: day by day it is one of the workspace's, whose own days the CSV has. */
const daily = {
  isJsonOnly: true,
  call: (place: Place) => breakdown(place, daysOf(place)),
  compared: (place: Place) => breakdown(place, daysBefore(daysOf(place), place.filters.compare ?? "previous")),
};

export const users = panel({
  ...daily,
  id: "app-mau",
  title: "Monthly active users",
  about: "Distinct devices of the 30 days that end with each day.",
});

export const stored = panel({
  ...daily,
  id: "app-storage",
  title: "Storage",
  about: "What the app stores at the end of each day.",
});

export const transferred = panel({
  ...daily,
  id: "app-bandwidth",
  title: "Bandwidth",
  about: "What was downloaded of the app on each day.",
});

export const views = panel({
  id: "app-views",
  title: "Views",
  about:
    "Views of the last 7 days in UTC, today included; viewers are distinct, and those who are not named are left out.",
  call: (place) => get("/api/apps/{id}/stats", statsIn(place)),
});

export const quota = panel({
  id: "app-quota",
  title: "Postgres workspace",
  about: "What the tables of the app take with their indexes, and how much of its quota that is.",
  isJsonOnly: true,
  call: (place) => get("/api/apps/{id}/stats", statsIn(place)),
});

export const invocations = panel({
  id: "app-invocations",
  title: "Invocations",
  about: "Calls of the app's server routes. One failed when an error was sent or its status was 500 and more.",
  isJsonOnly: true,
  call: (place) => get("/api/apps/{id}/stats", statsIn(place)),
});

const api = (place: Place) => get("/api/apps/{id}/stats/api", statsIn(place));

export const calls = panel({
  id: "app-calls",
  title: "Invocations",
  about: `Calls of the app's server routes on each of the last ${appDays} days in UTC, and those that failed.`,
  call: api,
  isJsonOnly: true,
});

export const durations = panel({
  id: "app-durations",
  title: "Average duration",
  about: "What an invocation took on average, in whole milliseconds. No invocations, no duration.",
  call: api,
  isJsonOnly: true,
});

export const recent = panel({
  id: "app-recent",
  title: "Recent invocations",
  about: "The last 100, newest first.",
  call: api,
  isEmpty: (answer) => answer.recent.length === 0,
});

const tablesIn = (place: Place) => get("/api/apps/{id}/stats/tables", statsIn(place));

export const tables = panel({
  id: "app-tables",
  title: "Tables",
  about: "The tables of the app's Postgres workspace. Rows are counted where that is quick, else estimated.",
  call: tablesIn,
  isStill: true,
});

export const columns = panel({
  id: "app-columns",
  isJsonOnly: true,
  title: "Columns",
  about: "The table's columns, in their order.",
  call: tablesIn,
  isStill: true,
});

export const rows = panel({
  id: "app-rows",
  title: "Rows",
  about: `Rows by the primary key, ${rowsOfPage} at a time. They are asked for in the moment, and kept nowhere.`,
  call: (place) =>
    post("/api/apps/{id}/stats/tables/{table}/preview", {
      at: { id: askedApp(place), table: askedTable(place) },
      query: { tenantId: place.workspace.id },
      body: { limit: rowsOfPage, offset: askedOffset(place) },
    }),
  isStill: true,
  isJsonOnly: true,
});
