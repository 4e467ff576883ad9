import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { xTicks } from "../../src/charts/calendar.ts";
import type { Interval } from "../../src/time/labels.ts";

const hour = 3_600_000;

const bucketsFrom = (start: string, count: number, ms: number) =>
  Array.from({ length: count }, (_, index) => ({ timestamp: new Date(Date.parse(start) + index * ms).toISOString() }));

const texts = (start: string, count: number, ms: number, interval: Interval, zone = "UTC", most = 8) =>
  xTicks(bucketsFrom(start, count, ms), interval, zone, most).map((tick) => tick.text);

test("labels stand where days, weeks, months and years start", () => {
  assert.deepEqual(texts("2026-11-23T00:00:00Z", 7, 24 * hour, "day"), [
    "23 Nov",
    "24 Nov",
    "25 Nov",
    "26 Nov",
    "27 Nov",
    "28 Nov",
    "29 Nov",
  ]);
  assert.deepEqual(texts("2026-10-30T00:00:00Z", 30, 24 * hour, "day"), ["2 Nov", "9 Nov", "16 Nov", "23 Nov"]);
  assert.deepEqual(texts("2026-09-01T00:00:00Z", 90, 24 * hour, "day"), [
    "1 Sep",
    "15 Sep",
    "1 Oct",
    "15 Oct",
    "1 Nov",
    "15 Nov",
  ]);
  assert.deepEqual(texts("2025-09-01T00:00:00Z", 210, 24 * hour, "day"), [
    "Sep 2025",
    "Oct",
    "Nov",
    "Dec",
    "Jan 2026",
    "Feb",
    "Mar",
  ]);
  assert.deepEqual(texts("2026-11-26T14:00:00Z", 48, hour, "hour"), [
    "18:00",
    "27 Nov",
    "06:00",
    "12:00",
    "18:00",
    "28 Nov",
    "06:00",
    "12:00",
  ]);
  assert.deepEqual(texts("2026-11-26T14:00:00Z", 48, hour, "hour", "UTC", 4), ["27 Nov", "12:00", "28 Nov", "12:00"]);
  assert.deepEqual(texts("2026-11-28T14:00:00Z", 45, 60_000, "minute"), ["14:00", "14:10", "14:20", "14:30", "14:40"]);
});

test("a day without midnight still has its label", () => {
  // On 29 March 2026 Beirut's clock goes from 23:59 to 01:00.
  const found = xTicks(bucketsFrom("2026-03-27T22:00:00Z", 71, hour), "hour", "Asia/Beirut", 4);
  assert.deepEqual(
    found.map(({ bucket, text }) => [bucket, text]),
    [
      [0, "28 Mar"],
      [24, "29 Mar"],
      [47, "30 Mar"],
    ],
  );
});

test("the hour that comes twice is labelled twice", () => {
  const found = texts("2026-10-24T22:00:00Z", 6, hour, "hour", "Europe/Paris");
  assert.deepEqual(found, ["00:00", "01:00", "02:00 CEST", "02:00 CET", "03:00", "04:00"]);
});

test("there are never more labels than fit, and at least one", () => {
  const intervals: [Interval, number][] = [
    ["minute", 60_000],
    ["hour", hour],
    ["day", 24 * hour],
    ["week", 168 * hour],
    ["month", 730 * hour],
    ["year", 8766 * hour],
  ];
  const zones = fc.constantFrom("UTC", "Europe/Paris", "Asia/Kathmandu", "America/New_York");
  const start = fc.date({ min: new Date("2015-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(
      fc.constantFrom(...intervals),
      zones,
      start,
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 8 }),
      (...given) => {
        const [[interval, ms], zone, first, count, most] = given;
        const found = xTicks(bucketsFrom(first.toISOString(), count, ms), interval, zone, most);
        assert.ok(found.length >= 1 && found.length <= most, `${found.length} of ${most}`);
      },
    ),
    { numRuns: 60 },
  );
});
