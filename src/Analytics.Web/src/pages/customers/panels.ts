import { customersOf } from "../../address/customer.ts";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { usualField } from "../events/field.ts";
import { type MetricSlug, metricOf } from "../metrics/catalogue.ts";
import { metricsCall } from "../metrics/panels.ts";

type CustomersSort = NonNullable<Parameters<typeof get<"/api/customers">>[1]["query"]>["sort"];

export const usualSort = "-created_at";

export const customers = panel({
  id: "customers",
  title: "Customers",
  about: "The people and companies that events and requests are about.",
  call: (place) =>
    get("/api/customers", {
      query: {
        workspace_id: place.workspace.id,
        q: place.params.getAll("q"),
        sort: (place.params.get("sort") ?? usualSort) as CustomersSort,
      },
    }),
  isStill: true,
});

/** Who the page is about: the id of a record, or after `~` the external id of somebody who has none. */
export interface Who {
  id: string;
  isExternal: boolean;
}

export function whoOf(place: Place): Who {
  const [segment = ""] = place.rest;
  return segment.startsWith("~") ? { id: segment.slice(1), isExternal: true } : { id: segment, isExternal: false };
}

export const record = panel({
  id: "customer-record",
  title: "Record",
  about: "What is known about the customer.",
  call: (place) =>
    get("/api/customers/{id}", { at: { id: whoOf(place).id }, query: { workspace_id: place.workspace.id } }),
  isStill: true,
});

/** Whether there is a record after all. */
export const recordByExternalId = panel({
  id: "customer-record-by-external-id",
  title: "Record",
  about: "The customer's record, if there is one with this external id.",
  call: (place) =>
    get("/api/customers", { query: { workspace_id: place.workspace.id, external_id: [whoOf(place).id] } }),
  isStill: true,
});

export const tileSlugs: MetricSlug[] = [
  "file_share_revenue",
  "costs",
  "cashflow",
  "file_share_sessions",
  "file_share_downloads",
  "file_share_payment_conversion",
];

export const tiles = panel({
  id: "customer-tiles",
  title: "At a glance",
  about: "The customer's revenue, costs, cashflow, shares, downloads and payment conversion over the range.",
  call: (place) => {
    const filters = { ...place.filters, customer: [whoOf(place).id], share: [] };
    const divisors = tileSlugs.flatMap((slug) => metricOf(slug)?.per ?? []);
    return metricsCall({ ...place, filters }, [...tileSlugs, ...divisors]);
  },
});

/** The days that a report tells of: it always ends today. */
export const reportDays = ["7", "30", "90", "365"] as const;

export const askedDays = (place: Place) => reportDays.find((days) => days === place.params.get("days")) ?? "30";

export const report = panel({
  id: "customer-report",
  title: "API report",
  about: "The customer's API requests of the last days, today included.",
  call: (place) =>
    get("/api/requests/customers/{customerId}/report", {
      at: { customerId: whoOf(place).id },
      query: { tenantId: place.workspace.id, days: Number(askedDays(place)), timezone: place.zone },
    }),
});

export const lastEvents = panel({
  id: "customer-events",
  title: "Last events",
  about: "The customer's newest events, whenever they were.",
  call: (place) =>
    get("/api/events", {
      query: {
        workspace_id: place.workspace.id,
        ...customersOf([whoOf(place).id]),
        limit: 20,
        aggregate_fields: [usualField],
      },
    }),
});

export const erasure = panel({
  id: "erasure",
  title: "Erasing a customer",
  about: "How far it is: scrubbed first, then looked through again until nothing is found any more.",
  call: (place) =>
    place.rest[1]
      ? get("/api/erasures/{job_id}", { at: { job_id: place.rest[1] }, query: { workspace_id: place.workspace.id } })
      : null,
  isStill: true,
});
