import { QueryClient } from "@tanstack/preact-query";
import { Problem } from "./problem.ts";

const mostTries = 8;

/** Worth asking again without being told: the service is away, starting or overloaded. */
export function isPassing(problem: unknown): boolean {
  return problem instanceof Problem && [0, 408, 429, 502, 503, 504].includes(problem.status);
}

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (tries, problem) => isPassing(problem) && tries < mostTries,
      retryDelay: (tries, problem) =>
        1000 * ((problem instanceof Problem ? problem.retryAfter : null) ?? Math.min(2 ** tries, 30)),
    },
  },
});
