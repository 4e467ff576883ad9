type Values = Record<string, string | null | undefined>;

/**
 * The body of a change: only what differs from before. Metadata goes in as the text that was typed: through a double its numbers could
 * lose digits.
 */
export function bodyOf(values: Values, before: Values, metadata: string | null): string {
  const changed = Object.entries(values).filter(([name, value]) => (value ?? null) !== (before[name] ?? null));
  const members = changed.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${[...members, ...(metadata === null ? [] : [`"metadata":${metadata}`])].join(",")}}`;
}

/** What is wrong with a typed metadata; nothing typed is none. */
export function metadataFault(text: string): string | null {
  if (!text) return null;
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? null : "Metadata is a JSON object.";
  } catch (failure) {
    return `This is no JSON: ${(failure as Error).message}`;
  }
}
