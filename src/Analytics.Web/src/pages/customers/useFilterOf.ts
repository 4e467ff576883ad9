import type { Place } from "../../address/place.ts";
import { useCall } from "../../panels/useCall.ts";
import { record, whoOf } from "./panels.ts";

/** What stands for the customer in the filters of other pages: the external id, where there is one. The record is the panel's own. */
export function useFilterOf(place: Place): string {
  const { id, isExternal } = whoOf(place);
  const found = useCall(isExternal ? null : record.call(place), { isStill: true });
  return found.data?.external_id ?? id;
}
