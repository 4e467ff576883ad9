import type { Place } from "../../address/place.ts";
import type { FilterName } from "../catalogue.ts";

const all: FilterName[] = ["period", "interval", "compare", "customer", "endpoint"];

/** What the routes of each tab take. */
const byTab: Record<string, FilterName[]> = {
  heatmap: ["period", "endpoint"],
  slow: ["period"],
  customers: ["period"],
  degradations: ["period"],
  recent: ["period", "customer", "endpoint"],
};

/** The filters of a tab; the list of endpoints takes fewer than one endpoint. */
export function filtersOfTab({ rest, filters }: Place): FilterName[] {
  const tab = rest[0] ?? "";
  if (tab === "endpoints" && filters.endpoint === null) return ["period", "endpoint"];
  return byTab[tab] ?? all;
}
