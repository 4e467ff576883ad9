import type { Answer } from "../../api/call.ts";
import type { Value } from "../../api/exact.ts";
import type { Sense, Unit } from "../../numbers/units.ts";

type Dashboard = Answer<"/api/requests/dashboard">;

export interface TileRow {
  /** The answer's member. */
  slug: string;
  name: string;
  about: string;
  unit: Unit;
  sense: Sense;
  value: (answer: Dashboard) => Value;
  /** It is of the last minute, whatever the day. */
  isNow?: boolean;
  /** Of no requests there is none, and the API says 0. */
  isOfSome?: boolean;
}

/** The numbers of a day. */
export const tiles: TileRow[] = [
  {
    slug: "totalRequests",
    name: "Requests",
    about: "All of them, of whatever status.",
    unit: "count",
    sense: "neutral",
    value: (answer) => answer.totalRequests,
  },
  {
    slug: "realtimeRPS",
    name: "Requests now",
    about: "Requests of the last 60 seconds, a second.",
    unit: "rate",
    sense: "neutral",
    value: (answer) => answer.realtimeRPS,
    isNow: true,
  },
  {
    slug: "errorRate",
    name: "Errors",
    about: "Requests with a status of 400 and above.",
    unit: "percent",
    sense: "less",
    value: (answer) => answer.errorRate,
    isOfSome: true,
  },
  {
    slug: "clientErrorRate",
    name: "Errors of clients",
    about: "Requests with a status of 4xx.",
    unit: "percent",
    sense: "less",
    value: (answer) => answer.clientErrorRate,
    isOfSome: true,
  },
  {
    slug: "serverErrorRate",
    name: "Errors of the server",
    about: "Requests with a status of 5xx.",
    unit: "percent",
    sense: "less",
    value: (answer) => answer.serverErrorRate,
    isOfSome: true,
  },
  {
    slug: "avgLatency",
    name: "Average latency",
    about: "What requests took on average.",
    unit: "ms",
    sense: "less",
    value: (answer) => answer.avgLatency,
    isOfSome: true,
  },
  {
    slug: "p50",
    name: "Median",
    about: "Half of the requests took longer.",
    unit: "ms",
    sense: "less",
    value: (answer) => answer.latency.p50,
    isOfSome: true,
  },
  {
    slug: "p90",
    name: "p90",
    about: "Of ten requests one took longer.",
    unit: "ms",
    sense: "less",
    value: (answer) => answer.latency.p90,
    isOfSome: true,
  },
  {
    slug: "p95",
    name: "p95",
    about: "Of twenty requests one took longer.",
    unit: "ms",
    sense: "less",
    value: (answer) => answer.latency.p95,
    isOfSome: true,
  },
  {
    slug: "p99",
    name: "p99",
    about: "Of a hundred requests one took longer.",
    unit: "ms",
    sense: "less",
    value: (answer) => answer.latency.p99,
    isOfSome: true,
  },
];
