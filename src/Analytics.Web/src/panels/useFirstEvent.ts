import type { Place } from "../address/place.ts";
import { get } from "../api/call.ts";
import { may, session } from "../session/session.ts";
import { useCall } from "./useCall.ts";

/** The name whose first event is the oldest; nothing is asked where the reader may not know. */
export const firstType = ({ workspace }: Place) =>
  may(workspace, "events:read")
    ? get("/api/event-types", { query: { workspace_id: workspace.id, sort: "first_seen", limit: 1 } })
    : null;

/** When the workspace's first event was: before it charts of events show no zeros, but ground that is grey. */
export function useFirstEvent(place: Place): { since?: string } {
  const { data, isPlaceholderData } = useCall(session.value?.customer == null ? firstType(place) : null);
  const first = data?.data[0]?.first_seen;
  // Another workspace's began at another time.
  return first && !isPlaceholderData ? { since: first } : {};
}
