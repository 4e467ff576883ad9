import type { components } from "../../../../obj/api.d.ts";

type Told = components["schemas"]["NewWebhook"]["events"][number];

/** Instead of names: all of them. */
export const everything = "*" satisfies Told;

// The names that the API's document has: one that is missing here, or that is none of them, is an error of types.
const abouts: Record<Exclude<Told, typeof everything>, string> = {
  "threshold.exceeded": "An alert's value crossed its limit.",
  "anomaly.detected": "An alert's value, or an endpoint, changed too much.",
  "report.ready": "A report ran by its schedule.",
  "customer.created": "A customer was made.",
  "customer.updated": "A customer was changed.",
  "customer.deleted": "A customer was deleted.",
  "customer.erased": "A customer's erasure is done.",
  "api_key.created": "A key was made.",
  "api_key.revoked": "A key was revoked.",
  "login.failed": "A dead key was used.",
  "member.changed": "A member came, left or got another role.",
  "webhook.changed": "A webhook was made, changed or deleted.",
  "webhook.disabled": "A webhook was turned off: nobody took what it told.",
};

/** What the service itself writes into the log, and webhooks are told, with what a reader calls it. */
export const names = Object.entries(abouts).map(([slug, about]) => ({ slug, about }));

export const isEverything = (events: readonly string[]) => events.includes(everything);
