import { Redirect } from "wouter-preact";
import { type Place, usePlace } from "../../address/place.ts";
import { session } from "../../session/session.ts";
import { Erasing } from "./Erasing.tsx";
import { CustomersList } from "./List.tsx";
import { One } from "./One.tsx";

/** The customers of the workspace, and one of them on one page. */
export default function CustomersPage() {
  const place = usePlace();
  return place && <Customers place={place} />;
}

function Customers({ place }: { place: Place }) {
  const own = session.value?.customer;
  const [segment] = place.rest;
  // A customer's own key sees nobody else.
  if (own && segment !== own.id) return <Redirect to={place.href(`customers/${own.id}`)} replace />;
  if (!segment) return <CustomersList />;
  if (segment === "erasures") return <Erasing place={place} />;
  return <One key={segment} place={place} />;
}
