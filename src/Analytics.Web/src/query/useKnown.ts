import type { Place } from "../address/place.ts";
import { get } from "../api/call.ts";
import { useCall } from "../panels/useCall.ts";
import { may } from "../session/session.ts";
import type { Question } from "./question.ts";
import { requestFields } from "./words.ts";

interface Known {
  events: string[];
  fields: string[];
}

/** The events whose metadata is looked into for fields to offer. */
const sample = 100;

/** What there is to ask about: names of events, and the fields that the last events, or requests, have. */
export function useKnown({ workspace }: Place, { dataset, events }: Pick<Question, "dataset" | "events">): Known {
  const isOfEvents = dataset === "events" && may(workspace, "events:read");
  const types = useCall(
    isOfEvents
      ? get("/api/event-types", { query: { workspace_id: workspace.id, sort: "-occurrences", limit: 1000 } })
      : null,
  );
  const last = useCall(
    isOfEvents ? get("/api/events", { query: { workspace_id: workspace.id, name: events, limit: sample } }) : null,
  );
  if (dataset === "requests") return { events: [], fields: requestFields };
  const paths = (last.data?.data ?? []).flatMap((event) => pathsOf(event.metadata));
  return {
    events: types.data?.data.map((type) => type.name) ?? [],
    fields: ["name", "customer", ...new Set(paths)].sort(),
  };
}

/** The dotted paths of what metadata has, but for lists. */
export function pathsOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return path === "" ? [] : [path];
  if (Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => pathsOf(member, path === "" ? name : `${path}.${name}`));
}
