import type { Place } from "../../../address/place.ts";
import { get } from "../../../api/call.ts";
import { panel } from "../../../panels/row.ts";

const webhookIn = (place: Place) => ({ at: { id: place.rest[1] ?? "" }, query: { tenantId: place.workspace.id } });

export const webhooks = panel({
  id: "webhooks",
  title: "Webhooks",
  about: "Addresses that are told what the service itself writes into the log.",
  call: ({ workspace }) => get("/api/v1/webhooks", { query: { tenantId: workspace.id, limit: 100 } }),
  isStill: true,
});

export const webhook = panel({
  id: "webhook",
  title: "Webhook",
  about: "Where it is told, and what.",
  call: (place) => get("/api/v1/webhooks/{id}", webhookIn(place)),
  isStill: true,
});

export const deliveries = panel({
  id: "webhook-deliveries",
  title: "Deliveries",
  about: "The last 100 messages, the newest first, with every try to deliver them.",
  call: (place) => get("/api/v1/webhooks/{id}/deliveries", webhookIn(place)),
});
