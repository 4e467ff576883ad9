import {
  Activity,
  AppWindow,
  BellRing,
  Bot,
  ChartColumn,
  Coins,
  FileChartColumn,
  Funnel,
  Gauge,
  Settings as Gear,
  LayoutDashboard,
  type LucideIcon,
  Radio,
  Receipt,
  Telescope,
  Users,
} from "lucide-preact";
import type { ComponentType } from "preact";
import type { Place } from "../address/place.ts";
import type { Session, Workspace } from "../session/session.ts";
import { may } from "../session/session.ts";
import { filtersOfTab } from "./api/filters.ts";
import { filtersOfApps } from "./apps/filters.ts";
import { filtersOfCustomers } from "./customers/filters.ts";
import { filtersOfEvents } from "./events/filters.ts";

/** What of the filter bar a page's routes take. */
export type FilterName =
  | "period"
  | "interval"
  | "compare"
  | "customer"
  | "share"
  | "source"
  | "name"
  | "endpoint"
  | "meta"
  | "type"
  | "actor"
  | "targetType"
  | "targetId"
  | "correlationId"
  | "product"
  | "vendor"
  | "model"
  | "category"
  | "subscription";

/** A page, as a row: everything that the rail, the keyboard and the router know of it. */
export interface PageRow {
  slug: string;
  name: string;
  /** After `g` on the keyboard. */
  key: string;
  group: "Now" | "Product" | "API" | "Business" | "Data";
  icon: LucideIcon;
  /** What the caller needs; a page out of reach is not in the rail. */
  scope: string | null;
  /** Whether a portal key has it. */
  isPortal: boolean;
  /** The same all over the page, or by its tabs. */
  filters: FilterName[] | ((place: Place) => FilterName[]);
  load: () => Promise<{ default: ComponentType }>;
}

export const pages: PageRow[] = [
  {
    slug: "overview",
    name: "Overview",
    key: "o",
    group: "Now",
    icon: LayoutDashboard,
    scope: "metrics:read",
    isPortal: true,
    filters: ["period", "interval", "compare", "customer"],
    load: () => import("./overview/index.tsx"),
  },
  {
    slug: "log",
    name: "Log",
    key: "l",
    group: "Now",
    icon: Radio,
    scope: "logs:read",
    isPortal: true,
    filters: ["period", "type", "actor", "targetType", "targetId", "correlationId"],
    load: () => import("./log/index.tsx"),
  },
  {
    slug: "metrics",
    name: "Metrics",
    key: "m",
    group: "Product",
    icon: ChartColumn,
    scope: "metrics:read",
    isPortal: true,
    filters: ["period", "interval", "compare", "customer", "share"],
    load: () => import("./metrics/index.tsx"),
  },
  {
    slug: "events",
    name: "Events",
    key: "e",
    group: "Product",
    icon: Activity,
    scope: "events:read",
    isPortal: true,
    filters: filtersOfEvents,
    load: () => import("./events/index.tsx"),
  },
  {
    slug: "apps",
    name: "Apps",
    key: "p",
    group: "Product",
    icon: AppWindow,
    scope: "stats:read",
    isPortal: false,
    filters: filtersOfApps,
    load: () => import("./apps/index.tsx"),
  },
  {
    slug: "api",
    name: "API",
    key: "a",
    group: "API",
    icon: Gauge,
    scope: "stats:read",
    isPortal: true,
    filters: filtersOfTab,
    load: () => import("./api/index.tsx"),
  },
  {
    slug: "customers",
    name: "Customers",
    key: "k",
    group: "Business",
    icon: Users,
    scope: "events:read",
    isPortal: true,
    filters: filtersOfCustomers,
    load: () => import("./customers/index.tsx"),
  },
  {
    slug: "usage",
    name: "Usage",
    key: "u",
    group: "Business",
    icon: Receipt,
    scope: "stats:read",
    isPortal: true,
    filters: ["period"],
    load: () => import("./usage/index.tsx"),
  },
  {
    slug: "costs",
    name: "Costs & margin",
    key: "c",
    group: "Business",
    icon: Coins,
    scope: "stats:read",
    isPortal: true,
    filters: ["period", "compare", "customer", "product", "category", "vendor", "model", "subscription"],
    load: () => import("./costs/index.tsx"),
  },
  {
    slug: "funnel",
    name: "Funnel",
    key: "f",
    group: "Business",
    icon: Funnel,
    scope: "stats:read",
    isPortal: false,
    filters: ["period", "compare"],
    load: () => import("./funnel/index.tsx"),
  },
  {
    slug: "mcp",
    name: "MCP",
    key: "t",
    group: "Business",
    icon: Bot,
    scope: "stats:read",
    isPortal: false,
    filters: ["period", "compare"],
    load: () => import("./mcp/index.tsx"),
  },
  {
    slug: "explore",
    name: "Explore",
    key: "x",
    group: "Data",
    icon: Telescope,
    scope: "stats:read",
    isPortal: true,
    filters: ["period"],
    load: () => import("./explore/index.tsx"),
  },
  {
    slug: "reports",
    name: "Reports",
    key: "r",
    group: "Data",
    icon: FileChartColumn,
    scope: "stats:read",
    isPortal: false,
    filters: [],
    load: () => import("./reports/index.tsx"),
  },
  {
    slug: "alerts",
    name: "Alerts",
    key: "w",
    group: "Data",
    icon: BellRing,
    scope: "stats:read",
    isPortal: false,
    filters: [],
    load: () => import("./alerts/index.tsx"),
  },
  {
    slug: "settings",
    name: "Settings",
    key: "s",
    group: "Data",
    icon: Gear,
    scope: null,
    isPortal: true,
    filters: [],
    load: () => import("./settings/index.tsx"),
  },
];

/** What of the filter bar is taken where the reader is. */
export function filtersAt(place: Place): FilterName[] {
  const filters = pages.find((page) => page.slug === place.page)?.filters ?? [];
  return typeof filters === "function" ? filters(place) : filters;
}

/** The pages that the caller can use. */
export function pagesFor(session: Session, workspace: Workspace): PageRow[] {
  return pages.filter(
    (page) => (page.scope === null || may(workspace, page.scope)) && (page.isPortal || session.customer === null),
  );
}
