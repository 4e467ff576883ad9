import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, addMonths, daysFrom, isDate, monthStart, weekStart, yearStart } from "../../src/time/dates.ts";

const two = (number: number) => String(number).padStart(2, "0");
const text = (year: number, month: number, day: number) => `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysOf = (year: number, month: number) =>
  [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] as number;

/** The day after, by the rules of the calendar alone. */
function next(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  if (day < daysOf(year, month)) return text(year, month, day + 1);
  return month < 12 ? text(year, month + 1, 1) : text(year + 1, 1, 1);
}

const dates = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.nat())
  .map(([year, month, day]) => text(year, month, (day % daysOf(year, month)) + 1));

test("the next day is the calendar's, from the year 1 to 9999", () => {
  fc.assert(
    fc.property(dates, (date) => date === "9999-12-31" || addDays(date, 1) === next(date)),
    { numRuns: 2000 },
  );
});

test("days go back as they went forth", () => {
  const inside = dates.filter((date) => date > "0100-01-01" && date < "9900-01-01");
  fc.assert(
    fc.property(inside, fc.integer({ min: -30_000, max: 30_000 }), (date, days) => {
      const there = addDays(date, days);
      assert.equal(addDays(there, -days), date);
      assert.equal(days >= 0 ? daysFrom(date, there) : daysFrom(there, date), Math.abs(days) + 1);
    }),
  );
});

test("reckoning stops at the first and the last date there is", () => {
  assert.equal(addDays("9999-12-31", 1), "9999-12-31");
  assert.equal(addDays("0001-01-01", -1), "0001-01-01");
  assert.equal(addMonths("9999-12-15", 1), "9999-12-15");
  assert.equal(addMonths("0001-01-31", -1), "0001-01-01");
});

test("a month on is the same day, or the month's last one", () => {
  const inside = dates.filter((date) => date > "0100-01-01" && date < "9900-01-01");
  fc.assert(
    fc.property(inside, fc.integer({ min: -1200, max: 1200 }), (date, months) => {
      const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
      const count = year * 12 + month - 1 + months;
      const [thenYear, thenMonth] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1];
      assert.equal(addMonths(date, months), text(thenYear, thenMonth, Math.min(day, daysOf(thenYear, thenMonth))));
    }),
  );
  assert.equal(addMonths("2026-01-31", 1), "2026-02-28");
  assert.equal(addMonths("2024-02-29", -12), "2023-02-28");
});

test("weeks start on Mondays, months and years on their first day", () => {
  assert.equal(weekStart("2026-11-28"), "2026-11-23");
  assert.equal(weekStart("2026-11-23"), "2026-11-23");
  assert.equal(weekStart("0001-01-07"), "0001-01-01");
  fc.assert(
    fc.property(dates, (date) => {
      const start = weekStart(date);
      assert.ok(start <= date && daysFrom(start, date) <= 7);
      assert.equal(weekStart(start), start);
      assert.ok(monthStart(date).endsWith("-01") && yearStart(date).endsWith("-01-01"));
    }),
  );
});

test("only dates that there are are dates", () => {
  fc.assert(fc.property(dates, isDate));
  for (const wrong of [
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "0000-01-01",
    "2026-1-1",
    "2026-01-01T00:00Z",
    "",
    null,
  ])
    assert.equal(isDate(wrong), false, String(wrong));
});
