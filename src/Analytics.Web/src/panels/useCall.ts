import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/preact-query";
import type { Call } from "../api/call.ts";
import { ask } from "../api/fetch.ts";
import type { Problem } from "../api/problem.ts";

/** How often what is still changing is asked for again; an answer that has not changed is a 304. */
const every = 15_000;

/** Asks for a call; the last answer stays while the next one is on its way. Null: there is nothing to ask. */
export function useCall<R>(
  call: Call<R> | null,
  how: { isLive?: boolean; isStill?: boolean } = {},
): UseQueryResult<R, Problem> {
  return useQuery<R, Problem>({
    queryKey: [call?.route, call?.address, call?.body],
    queryFn: ({ signal, client, queryKey }) => ask(call as Call<R>, signal, client.getQueryData<R>(queryKey)),
    // An answer that has not changed is the same object already; comparing large ones part by part holds the page up.
    structuralSharing: false,
    enabled: call !== null,
    placeholderData: call ? keepPreviousData : undefined,
    // Not while the tab is hidden.
    refetchInterval: how.isLive ? every : false,
    refetchOnWindowFocus: !how.isStill,
    // What was posted for is forgotten once nobody looks at it.
    ...(call?.body ? { gcTime: 0 } : {}),
  });
}
