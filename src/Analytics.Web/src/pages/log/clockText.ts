import { dateIn } from "../../time/dates.ts";
import { dayText } from "../../time/labels.ts";
import { formatIn } from "../../time/zone.ts";

/** `14:05:09.123`, and the day before it where it is not today. */
export function clockText(timestamp: string, zone: string, today: string): string {
  const at = new Date(timestamp);
  const clock = formatIn(zone, "clock", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  }).format(at);
  return dateIn(zone, at) === today ? clock : `${dayText(timestamp, zone)} ${clock}`;
}
