import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketLabel, bucketTitle, instantText } from "../../src/time/labels.ts";
import { minutesOfDay } from "../../src/time/zone.ts";

const paris = "Europe/Paris";

test("the two hours of an autumn night are told apart, and only they", () => {
  const hours = [23, 0, 1, 2].map(
    (hour, index) => `2026-10-${index === 0 ? 24 : 25}T${String(hour).padStart(2, "0")}:00:00Z`,
  );
  assert.deepEqual(
    hours.map((hour) => bucketLabel(hour, "hour", paris)),
    ["01:00", "02:00 CEST", "02:00 CET", "03:00"],
  );
  assert.equal(
    bucketTitle(hours[1] as string, hours[2] as string, "hour", paris),
    "Sun 25 Oct 2026, 02:00 CEST–02:00 CET",
  );
});

test("a night of half an hour more is told apart too", () => {
  // Lord Howe goes back by half an hour at 02:00 on the first Sunday of April.
  assert.notEqual(
    bucketLabel("2026-04-04T14:30:00Z", "hour", "Australia/Lord_Howe"),
    bucketLabel("2026-04-04T15:00:00Z", "hour", "Australia/Lord_Howe"),
  );
});

test("a day says its length when it has not 24 hours", () => {
  assert.equal(bucketTitle("2026-03-28T23:00:00Z", null, "day", paris), "Sunday 29 Mar 2026, 23 h");
  assert.equal(bucketTitle("2026-10-24T22:00:00Z", null, "day", paris), "Sunday 25 Oct 2026, 25 h");
  assert.equal(bucketTitle("2026-03-29T22:00:00Z", null, "day", paris), "Monday 30 Mar 2026");
  // Beirut's spring day starts at 01:00, for there is no midnight.
  assert.equal(bucketTitle("2026-03-28T22:00:00Z", null, "day", "Asia/Beirut"), "Sunday 29 Mar 2026, 23 h");
  assert.equal(minutesOfDay("2026-04-04T13:00:00Z", "Australia/Lord_Howe"), 24 * 60 + 30);
});

test("labels stand in the asked zone, whatever its offset", () => {
  assert.equal(bucketLabel("2026-03-28T18:15:00Z", "hour", "Asia/Kathmandu"), "00:00");
  assert.equal(bucketLabel("2026-03-28T18:15:00Z", "day", "Asia/Kathmandu"), "29 Mar");
  assert.equal(bucketLabel("2026-03-28T18:15:00Z", "day", "America/New_York"), "28 Mar");
});

test("weeks, months and years go by their names", () => {
  const at = "2026-11-08T23:00:00Z";
  assert.equal(bucketLabel(at, "week", paris), "9 Nov");
  assert.equal(bucketLabel(at, "month", paris), "Nov 2026");
  assert.equal(bucketLabel(at, "year", paris), "2026");
  assert.equal(bucketTitle(at, null, "week", paris), "Week of 9 Nov 2026");
  assert.equal(bucketTitle(at, null, "month", paris), "November 2026");
});

test("an instant stands with its seconds and its zone", () => {
  assert.equal(instantText("2026-11-14T13:05:09Z", paris), "14 Nov 2026, 14:05:09 CET");
  assert.equal(instantText("2026-07-14T13:05:09Z", "America/New_York"), "14 Jul 2026, 09:05:09 EDT");
  assert.equal(instantText("2026-07-14T13:05:09Z", "UTC"), "14 Jul 2026, 13:05:09 UTC");
});
