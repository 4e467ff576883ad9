/** The time up to now that an alert looks at. */
export const windows = [
  { slug: "15m", name: "15 minutes" },
  { slug: "1h", name: "1 hour" },
  { slug: "1d", name: "1 day" },
  { slug: "30d", name: "30 days" },
] as const;

/** Statistics are of days: of these windows. */
export const dayWindows = windows.slice(2);

/** What has to come about: with a value, or with a change from the window before, in percent. */
export const conditions = [
  { slug: "GREATER_THAN", name: "is greater than", isChange: false },
  { slug: "LESS_THAN", name: "is less than", isChange: false },
  { slug: "RISE", name: "rises, against the window before, by percent", isChange: true },
  { slug: "FALL", name: "falls, against the window before, by percent", isChange: true },
] as const;

export type Condition = (typeof conditions)[number]["slug"];

export const isChange = (condition: Condition) => conditions.some((row) => row.slug === condition && row.isChange);

/** What of apps is watched. */
export const measures = [
  { slug: "mau", name: "Monthly active users", unit: "count" },
  { slug: "storage", name: "Storage", unit: "bytes" },
  { slug: "bandwidth", name: "Bandwidth", unit: "bytes" },
] as const;

export const scopes = [
  { slug: "org", name: "All apps together" },
  { slug: "app", name: "One app" },
] as const;

/** How an alert stands, as the API says it and as a reader does. */
export const states = [
  { slug: "crossed", name: "Firing" },
  { slug: "watching", name: "Watching" },
  { slug: "disabled", name: "Off" },
  { slug: "too large", name: "Too large to watch" },
] as const;
