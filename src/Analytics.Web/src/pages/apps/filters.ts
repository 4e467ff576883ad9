import type { Place } from "../../address/place.ts";
import type { FilterName } from "../catalogue.ts";

/** What is told of apps is told by days; invocations of the last ones, and tables, of no time. */
export const filtersOfApps = ({ rest }: Place): FilterName[] => (rest[1] ? [] : ["period", "compare"]);
