/** What a clock on the wall of a zone shows at an instant. */
export interface Wall {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  /** 0 is Monday. */
  weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A format of a zone, made once: making one costs more than a thousand uses. */
export function formatIn(
  zone: string,
  name: string,
  options: Intl.DateTimeFormatOptions,
  locale = "en-GB",
): Intl.DateTimeFormat {
  const key = `${zone} ${name} ${locale}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    formats.set(key, found);
  }
  return found;
}

const numeric: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  hourCycle: "h23",
};

export function wallOf(timestamp: string | number, zone: string): Wall {
  const found: Record<string, number> = {};
  for (const part of formatIn(zone, "wall", numeric).formatToParts(new Date(timestamp)))
    found[part.type] = Number(part.value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = found;
  return { year, month, day, hour, minute, weekday: (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7 };
}

export const isSameDay = (one: Wall, other: Wall): boolean =>
  one.day === other.day && one.month === other.month && one.year === other.year;

// English names of zones differ by country: one of these mostly knows a short one.
const locales = ["en-GB", "en-US", "en-AU", "en-IN", "en-CA"];

/** The short name of a zone at an instant: CET, CEST, EDT; the offset where it has no name. */
export function zoneName(timestamp: string | number, zone: string): string {
  const at = new Date(timestamp);
  const names = locales.map(
    (locale) =>
      formatIn(zone, "name", { timeZoneName: "short" }, locale)
        .formatToParts(at)
        .find((part) => part.type === "timeZoneName")?.value ?? zone,
  );
  return names.find((name) => !/^(GMT|UTC)[+-]/.test(name)) ?? names[0] ?? zone;
}

const minute = 60_000;

/** Whether the clock shows the same time once more, an hour or half an hour apart: the night summer time ends. */
export function isTwice(timestamp: string, zone: string): boolean {
  const at = Date.parse(timestamp);
  const here = wallOf(at, zone);
  return [-60, -30, 30, 60].some((by) => {
    const there = wallOf(at + by * minute, zone);
    return there.hour === here.hour && there.minute === here.minute && isSameDay(there, here);
  });
}

/** Minutes from an instant to the end of its calendar day: found by looking at the clock, so it knows every change of it. */
export function minutesOfDay(timestamp: string, zone: string): number {
  const at = Date.parse(timestamp);
  const here = wallOf(at, zone);
  let minutes = 20 * 60;
  while (isSameDay(wallOf(at + minutes * minute, zone), here)) minutes += 30;
  return minutes;
}
