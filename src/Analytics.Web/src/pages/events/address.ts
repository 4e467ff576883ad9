import type { Patch } from "../../address/filters.ts";
import type { Place } from "../../address/place.ts";

/** Everything that the address asks for: the tabs of the page share it. */
export const asked = (place: Place): Patch =>
  Object.fromEntries([...new Set(place.params.keys())].map((name) => [name, place.params.getAll(name)]));

/** Another part of this page, asked for the same. */
export const here = (place: Place, path: string, patch: Patch = {}) =>
  place.href(`events${path}`, { ...asked(place), ...patch });

/** One event, over the list that it was found in. */
export const eventHref = (place: Place, id: string) => here(place, `/browse/${id}`);

interface Somebody {
  customer_id: string | null;
  external_customer_id: string | null;
}

/** A customer's page: by its record, or by the external id where there is none. */
export const customerHref = (place: Place, who: Somebody) =>
  place.href(`customers/${who.customer_id ?? `~${encodeURIComponent(who.external_customer_id ?? "")}`}`);

/** What a customer is called in a list. */
export const customerName = (who: Somebody) => who.external_customer_id ?? who.customer_id;
