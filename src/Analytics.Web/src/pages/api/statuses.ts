/** The status codes that a text names, in order, each once: `500, 503`. */
export function readStatuses(text: string): number[] {
  const codes = text
    .split(/[^0-9]+/)
    .map(Number)
    .filter((code) => code >= 100 && code <= 599);
  return [...new Set(codes)].sort((a, b) => a - b);
}

/** The status codes that the address asks for. */
export const statusesOf = (params: URLSearchParams): number[] => readStatuses(params.getAll("status").join(" "));
