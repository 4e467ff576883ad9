import { Link } from "wouter-preact";
import { customerSegment } from "../../address/customer.ts";
import type { Place } from "../../address/place.ts";

/** Requests of nobody. */
const nobody = "anonymous";

/** The address of a customer's page; answers name a customer by the product's id, else by ours. Nobody has none. */
export function customerHref(place: Place, customer: string): string | null {
  if (customer === nobody) return null;
  return place.href(`customers/${customerSegment(customer)}`, { customer: null });
}

export function CustomerLink({ place, customer }: { place: Place; customer: string }) {
  const href = customerHref(place, customer);
  return href ? <Link href={href}>{customer}</Link> : <span class="muted">{customer}</span>;
}

/** The address of an endpoint's page. */
export const endpointHref = (place: Place, endpoint: string) => place.href("api/endpoints", { endpoint });

export function EndpointLink({ place, endpoint }: { place: Place; endpoint: string }) {
  return (
    <Link class="endpoint" href={endpointHref(place, endpoint)}>
      {endpoint}
    </Link>
  );
}
