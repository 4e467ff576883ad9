import type { Place } from "../../address/place.ts";
import type { FilterName } from "../catalogue.ts";

/** What the routes of each tab take. */
const byTab: Record<string, FilterName[]> = {
  types: ["source"],
  browse: ["period", "customer", "source", "name", "meta"],
};

const statistics: FilterName[] = ["period", "interval", "customer", "source", "name", "meta"];

export const filtersOfEvents = ({ rest }: Place): FilterName[] => byTab[rest[0] ?? ""] ?? statistics;
