/** What the service itself writes into the log, and webhooks are told, with what a reader calls it. */
export const names = [
  { slug: "threshold.exceeded", about: "An alert's value crossed its limit." },
  { slug: "anomaly.detected", about: "An alert's value, or an endpoint, changed too much." },
  { slug: "report.ready", about: "A report ran by its schedule." },
  { slug: "customer.created", about: "A customer was made." },
  { slug: "customer.updated", about: "A customer was changed." },
  { slug: "customer.deleted", about: "A customer was deleted." },
  { slug: "customer.erased", about: "A customer's erasure is done." },
  { slug: "api_key.created", about: "A key was made." },
  { slug: "api_key.revoked", about: "A key was revoked." },
  { slug: "login.failed", about: "A dead key was used." },
  { slug: "member.changed", about: "A member came, left or got another role." },
  { slug: "webhook.changed", about: "A webhook was made, changed or deleted." },
  { slug: "webhook.disabled", about: "A webhook was turned off: nobody took what it told." },
] as const;

/** Instead of names: all of them. */
export const everything = "*";

export const isEverything = (events: readonly string[]) => events.includes(everything);
