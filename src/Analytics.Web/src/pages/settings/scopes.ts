/** What a key may be allowed to do, in words. */
export interface ScopeRow {
  scope: string;
  about: string;
  /** Whether it means something to a key that is bound to a customer. */
  isOfCustomers: boolean;
}

const row = (scope: string, about: string, isOfCustomers = true): ScopeRow => ({ scope, about, isOfCustomers });

export const scopes: ScopeRow[] = [
  row("events:read", "Events, their types, customers"),
  row("metrics:read", "Metrics: revenue, costs, users, conversion"),
  row("stats:read", "API usage: requests, latency, endpoints"),
  row("logs:read", "The event log"),
  row("stream:read", "Events live"),
  row("events:write", "Sends events and requests, names event types"),
  row("customers:write", "Makes, changes and erases customers"),
  row("apps:write", "Makes apps and their workspaces", false),
  row("reports:write", "Makes reports and alerts", false),
  row("admin", "Manages keys, members and the workspace; reads nothing by itself", false),
];

export const isReading = ({ scope }: ScopeRow) => scope.endsWith(":read");

/** A key whose name begins so is behind a shared link. */
export const sharedPrefix = "shared: ";

export const isShared = (key: { name: string }) => key.name.startsWith(sharedPrefix);
