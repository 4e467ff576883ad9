import { signal } from "@preact/signals";

/** What this browser keeps: nothing that changes what a link shows. */
const prefix = "analytics.";

function read(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, value);
  } catch {
    // A browser that keeps nothing: it is asked again the next time.
  }
}

/** The workspace that was looked at last. */
export const lastWorkspace = { get: () => read("workspace"), set: (slug: string) => write("workspace", slug) };

/**
 * Whether somebody may be signed in here: a browser that never was is not asked for, and so sees no refusal. The shell says whether a
 * session came with its request; with a link from another site none comes, though there may be one.
 */
export const hasSignedIn = {
  get: () => read("signed-in") !== null || document.querySelector("meta[name=session]") !== null,
  set: (is: boolean) => write("signed-in", is ? "yes" : null),
};

/** Filters of a workspace's log that the reader gave names, as JSON. */
export const logFilters = {
  get: (workspace: string) => read(`log-filters.${workspace}`),
  set: (workspace: string, json: string) => write(`log-filters.${workspace}`, json),
};

export type Theme = "system" | "light" | "dark";

export const theme = signal<Theme>((read("theme") as Theme | null) ?? "system");

export const hasShortcuts = signal(read("shortcuts") !== "off");

theme.subscribe((value) => write("theme", value === "system" ? null : value));
hasShortcuts.subscribe((value) => write("shortcuts", value ? null : "off"));
