/** When a report runs by itself. */
export const schedules = [
  { slug: "day", name: "Every day" },
  { slug: "week", name: "Every week, on Monday" },
  { slug: "month", name: "Every month, on the 1st" },
] as const;

interface Schedule {
  every?: string | null;
  at?: string | null;
  timezone?: string | null;
}

/** A schedule in words; null: there is none. */
export function scheduleText(schedule: Schedule | null | undefined): string | null {
  if (!schedule?.every) return null;
  const every = schedules.find((row) => row.slug === schedule.every)?.name ?? schedule.every;
  return `${every}, ${schedule.at}${schedule.timezone ? ` in ${schedule.timezone}` : ""}`;
}

/** What is sent of it; null: the report runs only when it is asked for. */
export const scheduleBody = (every: string, at: string, timezone: string) => (every ? { every, at, timezone } : null);
