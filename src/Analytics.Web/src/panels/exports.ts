import { asInstants } from "../address/period.ts";
import type { Place } from "../address/place.ts";
import { root } from "../api/call.ts";
import { may } from "../session/session.ts";

/** The kinds of facts that the API exports, as it names them, and what a reader calls them. */
const titles = {
  events: "events",
  requests: "requests",
  log: "records of the log",
  views: "views of apps",
  invocations: "invocations of apps",
  devices: "devices of apps",
  downloads: "downloads from apps",
  storage: "changes of storage",
} as const;

export type ExportKind = keyof typeof titles;

const formats = [
  { slug: "csv", title: "CSV" },
  { slug: "ndjson", title: "NDJSON" },
] as const;

/** Every fact of these kinds in the time that the reader looks at, as files: filters do not narrow an export. */
export function exportsOf(kinds: readonly ExportKind[], place: Place): { title: string; href: string }[] {
  const { from, to, timezone } = asInstants(place.range);
  const mine = kinds.filter((kind) => may(place.workspace, kind === "log" ? "logs:read" : "events:read"));
  return mine.flatMap((kind) =>
    formats.map((format) => {
      const query = new URLSearchParams({ tenantId: place.workspace.id, from, to, timezone, format: format.slug });
      return {
        title: `Export all ${titles[kind]} as ${format.title}`,
        href: new URL(`api/export/${kind}?${query}`, root).href,
      };
    }),
  );
}
