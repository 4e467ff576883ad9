import type { Place } from "../../address/place.ts";
import type { FilterName } from "../catalogue.ts";

/** Customers and erasures are of no time; what one customer brought and cost is. */
export const filtersOfCustomers = ({ rest }: Place): FilterName[] =>
  rest[0] && rest[0] !== "erasures" ? ["period", "interval", "compare"] : [];
