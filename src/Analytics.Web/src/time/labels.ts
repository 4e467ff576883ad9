import { formatIn, isTwice, minutesOfDay, wallOf, zoneName } from "./zone.ts";

export type Interval = "minute" | "hour" | "day" | "week" | "month" | "year";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const two = (number: number) => String(number).padStart(2, "0");

/** `14:05`; the times that a night has twice also say which: `02:00 CEST`. */
function timeText(timestamp: string, zone: string): string {
  const { hour, minute } = wallOf(timestamp, zone);
  return `${two(hour)}:${two(minute)}${isTwice(timestamp, zone) ? ` ${zoneName(timestamp, zone)}` : ""}`;
}

/** `14 Nov`. */
export function dayText(timestamp: string, zone: string): string {
  const { day, month } = wallOf(timestamp, zone);
  return `${day} ${months[month - 1]}`;
}

/** `14 Nov 14:05`. */
export const shortTime = (timestamp: string, zone: string) =>
  `${dayText(timestamp, zone)} ${timeText(timestamp, zone)}`;

/** Short, for an axis. */
export function bucketLabel(timestamp: string, interval: Interval, zone: string): string {
  const { month, year } = wallOf(timestamp, zone);
  switch (interval) {
    case "minute":
    case "hour":
      return timeText(timestamp, zone);
    case "day":
    case "week":
      return dayText(timestamp, zone);
    case "month":
      return `${months[month - 1]} ${year}`;
    case "year":
      return String(year);
  }
}

/** In full, for a hover: the day says its length when it has not 24 hours. `next` is where the next bucket starts, if there is one. */
export function bucketTitle(timestamp: string, next: string | null, interval: Interval, zone: string): string {
  const { day, month, year, weekday } = wallOf(timestamp, zone);
  const date = `${day} ${months[month - 1]} ${year}`;
  switch (interval) {
    case "minute":
    case "hour": {
      const until = next ? `–${timeText(next, zone)}` : "";
      return `${weekdays[weekday]?.slice(0, 3)} ${date}, ${timeText(timestamp, zone)}${until}`;
    }
    case "day":
      return `${weekdays[weekday]} ${date}${unusual(minutesOfDay(timestamp, zone))}`;
    case "week":
      return `Week of ${date}`;
    case "month":
      return formatIn(zone, "month", { month: "long", year: "numeric" }).format(new Date(timestamp));
    case "year":
      return String(year);
  }
}

/** `, 23 h`; nothing for an ordinary day. */
function unusual(minutes: number): string {
  if (minutes === 24 * 60) return "";
  return `, ${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${two(minutes % 60)} m` : ""}`;
}

/** An instant to the second: `14 Nov 2026, 14:05:09 CET`. */
export function instantText(timestamp: string, zone: string): string {
  const { day, month, year, hour, minute } = wallOf(timestamp, zone);
  const second = new Date(timestamp).getUTCSeconds();
  return `${day} ${months[month - 1]} ${year}, ${two(hour)}:${two(minute)}:${two(second)} ${zoneName(timestamp, zone)}`;
}
