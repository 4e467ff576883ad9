import { customersOf } from "../../address/customer.ts";
import { asDates } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { get, withQuery } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { addDays, startIn } from "../../time/dates.ts";
import { askedField, usualField } from "./field.ts";

const sourceOf = ({ filters }: Place): ("user" | "system")[] =>
  filters.source === "user" || filters.source === "system" ? [filters.source] : [];

/** Metadata filters, as the API writes them. */
const metadataOf = ({ filters }: Place) =>
  filters.meta.map(([path, value]): [string, string] => [`metadata[${path}]`, value]);

type StatisticsSort = NonNullable<Parameters<typeof get<"/api/events/statistics/timeseries">>[1]["query"]>["sort"];

/** One call for all of the tab: its charts and its table are the same numbers. */
function statistics(place: Place) {
  const call = get("/api/events/statistics/timeseries", {
    query: {
      workspace_id: place.workspace.id,
      ...asDates(place.range),
      name: place.filters.name,
      source: sourceOf(place),
      ...customersOf(place.filters.customer),
      aggregate_fields: [askedField(place).path],
      sort: place.params.get("sort") as StatisticsSort,
    },
  });
  return withQuery(call, metadataOf(place));
}

const statistic = {
  call: statistics,
  isEmpty: (answer: { totals: unknown[] }) => answer.totals.length === 0,
  fill: "Counted are events without a parent, those of users unless the filter asks for another source.",
};

export const occurrences = panel({
  ...statistic,
  id: "events-occurrences",
  title: "Occurrences",
  about: "Roots (events without a parent) per bucket: the five most frequent names, and the others together.",
});

export const totals = panel({
  ...statistic,
  id: "events-totals",
  isJsonOnly: true,
  title: "By name",
  about:
    "Roots of each name over the range: how many, of how many customers, and what a number in their metadata adds up to over each trace.",
});

export const sums = panel({
  ...statistic,
  id: "events-sums",
  title: "Sum",
  about: "What the field adds up to, over the roots and all events below them, per bucket of the root.",
});

export const spread = panel({
  ...statistic,
  id: "events-spread",
  title: "Spread",
  about: "Percentiles of what each trace adds up to: of a hundred traces, ten are below p10, and one is above p99.",
});

type TypesSort = NonNullable<Parameters<typeof get<"/api/event-types">>[1]["query"]>["sort"];

export const types = panel({
  id: "events-types",
  title: "Event types",
  about: "Every name that was ever ingested, with its label, and how often and when it occurred.",
  call: (place) =>
    get("/api/event-types", {
      query: {
        workspace_id: place.workspace.id,
        q: place.params.getAll("q"),
        source: sourceOf(place),
        sort: (place.params.get("sort") ?? "-occurrences") as TypesSort,
      },
    }),
  isStill: true,
});

/** The range as instants: a list of facts knows no days. */
const between = ({ range }: Place) => ({
  start_timestamp: range.instants?.from ?? startIn(range.zone, range.start),
  end_timestamp: range.instants?.to ?? startIn(range.zone, addDays(range.end, 1)),
});

export const browse = panel({
  id: "events-browse",
  title: "Events",
  about: "The events themselves, newest first.",
  call: (place) =>
    withQuery(
      get("/api/events", {
        query: {
          workspace_id: place.workspace.id,
          ...between(place),
          name: place.filters.name,
          source: sourceOf(place),
          ...customersOf(place.filters.customer),
          q: place.params.getAll("q"),
          root: place.params.get("root") === "1" || null,
          aggregate_fields: [usualField],
        },
      }),
      metadataOf(place),
    ),
  isStill: true,
  isEmpty: (answer) => answer.data.length === 0,
  exports: ["events"],
});

/** An event, with what it and everything below it costs. */
export const eventCall = (place: Place, id: string) =>
  get("/api/events/{id}", { at: { id }, query: { workspace_id: place.workspace.id, aggregate_fields: [usualField] } });

/** What was begun by an event, in order of time. */
export const childrenCall = (place: Place, id: string) =>
  get("/api/events", {
    query: {
      workspace_id: place.workspace.id,
      parent_id: [id],
      sort: "timestamp",
      limit: 100,
      aggregate_fields: [usualField],
    },
  });

export const oneEvent = panel({
  id: "events-one",
  title: "Event",
  about: "One event as it was sent, and what it and everything below it costs.",
  call: (place) => (place.rest[1] ? eventCall(place, place.rest[1]) : null),
  isStill: true,
});

/** The trace of an event, from its top on. */
export const traceOf = (top: string) =>
  panel({
    id: "events-trace",
    title: "Trace",
    about:
      "The event at the top, and below each event those that name it as their parent, with their share of the cost.",
    call: (place) => eventCall(place, top),
    isStill: true,
  });
