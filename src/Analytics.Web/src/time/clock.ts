import { signal } from "@preact/signals";

/** Now, to the minute: what a rolling range and "today" go by. */
export const minute = signal(new Date());

setInterval(() => {
  minute.value = new Date();
}, 60_000);
