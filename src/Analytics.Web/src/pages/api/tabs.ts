import type { ComponentType } from "preact";
import type { Place } from "../../address/place.ts";
import { Customers } from "./Customers.tsx";
import { Day } from "./Day.tsx";
import { Degradations } from "./Degradations.tsx";
import { Endpoints } from "./Endpoints.tsx";
import { Heatmaps } from "./Heatmaps.tsx";
import { Recent } from "./Recent.tsx";
import { Slow } from "./Slow.tsx";

interface TabRow {
  /** Its segment of the address; the first has none. */
  slug: string;
  name: string;
  /** Whether a portal key has it: its routes are 403 to it, or it would see itself alone. */
  isPortal: boolean;
  /** Its routes take an endpoint, which goes along to it. */
  hasEndpoint: boolean;
  shows: ComponentType<{ place: Place }>;
}

export const tabs: TabRow[] = [
  { slug: "", name: "Overview", isPortal: true, hasEndpoint: true, shows: Day },
  { slug: "endpoints", name: "Endpoints", isPortal: true, hasEndpoint: false, shows: Endpoints },
  { slug: "heatmap", name: "Heatmap", isPortal: true, hasEndpoint: true, shows: Heatmaps },
  { slug: "slow", name: "Slow", isPortal: true, hasEndpoint: false, shows: Slow },
  { slug: "customers", name: "Customers", isPortal: false, hasEndpoint: false, shows: Customers },
  { slug: "degradations", name: "Degradations", isPortal: false, hasEndpoint: false, shows: Degradations },
  { slug: "recent", name: "Recent", isPortal: true, hasEndpoint: true, shows: Recent },
];
