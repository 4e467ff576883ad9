import assert from "node:assert/strict";
import { test } from "node:test";
import { type Asked, rangeOf } from "../../src/address/period.ts";
import type { Place } from "../../src/address/place.ts";
import { zoomToInstants } from "../../src/address/zoom.ts";

const now = new Date("2026-03-31T10:00:00Z");

const asked = (from: string, to: string, hasMinutes = true): Asked => ({
  period: "custom",
  from,
  to,
  interval: null,
  zone: "Europe/Paris",
  isComplete: false,
  hasMinutes,
});

const placeOf = (from: string, to: string) =>
  ({ zone: "Europe/Paris", range: rangeOf(asked(from, to), now) }) as unknown as Place;

test("a range is cut by its length: a zoom into an hour by the minute, where minutes are counted", () => {
  const hour = ["2026-03-30T10:00:00Z", "2026-03-30T11:00:00Z"] as const;
  assert.equal(rangeOf(asked(...hour), now).interval, "minute");
  assert.equal(rangeOf(asked(...hour, false), now).interval, "hour");
  assert.equal(rangeOf(asked("2026-03-29", "2026-03-31"), now).interval, "hour");
  assert.equal(rangeOf(asked("2026-03-01", "2026-03-31"), now).interval, "day");
});

test("a zoom ends where the next bucket begins", () => {
  const buckets = [{ timestamp: "2026-03-28T23:00:00Z" }, { timestamp: "2026-03-29T22:00:00Z" }];
  const patch = zoomToInstants(placeOf("2026-03-01", "2026-03-31"), buckets, 0, 0);
  assert.deepEqual([patch.from, patch.to], ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"]);
});

test("the last hour is zoomed to as an hour, the last day as a day", () => {
  const hours = [{ timestamp: "2026-03-31T09:00:00Z" }];
  const hour = zoomToInstants(placeOf("2026-03-31", "2026-03-31"), hours, 0, 0);
  assert.deepEqual([hour.from, hour.to], ["2026-03-31T09:00:00Z", "2026-03-31T10:00:00.000Z"]);
  const days = [{ timestamp: "2026-03-30T22:00:00Z" }];
  const day = zoomToInstants(placeOf("2026-03-01", "2026-03-31"), days, 0, 0);
  assert.deepEqual([day.from, day.to], ["2026-03-31", "2026-03-31"]);
});

test("the last hour of many days is zoomed to as an hour too", () => {
  const hours = [{ timestamp: "2026-03-31T09:00:00Z" }];
  const hour = zoomToInstants(placeOf("2026-03-01", "2026-03-31"), hours, 0, 0, "hour");
  assert.deepEqual([hour.from, hour.to], ["2026-03-31T09:00:00Z", "2026-03-31T10:00:00.000Z"]);
});

test("a zoom into a day is of that day, and of no other", () => {
  const { start, end } = rangeOf(asked("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), now);
  assert.deepEqual([start, end], ["2026-03-29", "2026-03-29"]);
});
