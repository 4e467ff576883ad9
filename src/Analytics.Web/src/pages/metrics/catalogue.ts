import type { QueryOf } from "../../api/call.ts";
import type { Sense, Unit } from "../../numbers/units.ts";

type Slugs = NonNullable<QueryOf<"/api/metrics">["metrics"]>;

/** The slugs that the API knows. */
export type MetricSlug = Slugs[number];

/** A metric of `GET /api/metrics`, as the page shows it. What it counts and how its total is made says the API's document. */
export interface MetricRow {
  slug: MetricSlug;
  name: string;
  group: "Sharing" | "Revenue" | "Cost" | "Users";
  unit: Unit;
  sense: Sense;
  /** A quotient: where the metric below it is 0 there is nothing to show, not 0. */
  per?: MetricSlug;
  /** A level, not a flow: a line suits it, and it is not summed. */
  isLevel?: boolean;
}

export const metrics: MetricRow[] = [
  { slug: "file_share_sessions", name: "Shares", group: "Sharing", unit: "count", sense: "more" },
  { slug: "file_share_downloads", name: "Downloads", group: "Sharing", unit: "count", sense: "more" },
  {
    slug: "file_share_avg_downloads",
    name: "Downloads per share",
    group: "Sharing",
    unit: "ratio",
    sense: "more",
    per: "file_share_sessions",
  },
  {
    slug: "file_share_active_sessions",
    name: "Active shares",
    group: "Sharing",
    unit: "count",
    sense: "neutral",
    isLevel: true,
  },
  { slug: "file_share_completed_sessions", name: "Completed shares", group: "Sharing", unit: "count", sense: "more" },
  { slug: "file_share_expired_sessions", name: "Expired shares", group: "Sharing", unit: "count", sense: "less" },
  { slug: "file_share_free_sessions", name: "Free shares", group: "Sharing", unit: "count", sense: "neutral" },
  { slug: "file_share_paid_sessions", name: "Paid shares", group: "Sharing", unit: "count", sense: "more" },
  { slug: "file_share_total_size_bytes", name: "Bytes downloaded", group: "Sharing", unit: "bytes", sense: "neutral" },
  {
    slug: "cumulative_file_share_sessions",
    name: "Shares since the beginning",
    group: "Sharing",
    unit: "count",
    sense: "neutral",
    isLevel: true,
  },
  {
    slug: "cumulative_file_share_downloads",
    name: "Downloads since the beginning",
    group: "Sharing",
    unit: "count",
    sense: "neutral",
    isLevel: true,
  },
  { slug: "file_share_revenue", name: "Revenue", group: "Revenue", unit: "cents", sense: "more" },
  {
    slug: "file_share_avg_price",
    name: "Average price",
    group: "Revenue",
    unit: "cents",
    sense: "neutral",
    per: "file_share_paid_sessions",
  },
  {
    slug: "file_share_payment_conversion",
    name: "Payment conversion",
    group: "Revenue",
    unit: "fraction",
    sense: "more",
    per: "file_share_paid_sessions",
  },
  { slug: "file_share_platform_fees", name: "Platform fees", group: "Revenue", unit: "cents", sense: "neutral" },
  {
    slug: "cumulative_file_share_platform_fees",
    name: "Platform fees since the beginning",
    group: "Revenue",
    unit: "cents",
    sense: "neutral",
    isLevel: true,
  },
  { slug: "cashflow", name: "Cashflow", group: "Revenue", unit: "cents", sense: "more" },
  { slug: "costs", name: "Costs", group: "Cost", unit: "subcents", sense: "less" },
  {
    slug: "cumulative_costs",
    name: "Costs since the beginning",
    group: "Cost",
    unit: "subcents",
    sense: "neutral",
    isLevel: true,
  },
  { slug: "cost_per_user", name: "Cost per user", group: "Cost", unit: "subcents", sense: "less", per: "active_users" },
  { slug: "active_users", name: "Active users", group: "Users", unit: "count", sense: "neutral" },
];

export const groups = ["Sharing", "Revenue", "Cost", "Users"] as const;

export const metricOf = (slug: string | undefined) => metrics.find((metric) => metric.slug === slug);
