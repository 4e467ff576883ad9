import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { patched, periodPatch, rangePatch, readFilters } from "../../src/address/filters.ts";
import {
  type Asked,
  asDates,
  asInstants,
  intervalsOf,
  type PeriodSlug,
  periods,
  type Range,
  rangeBefore,
  rangeOf,
  shifted,
} from "../../src/address/period.ts";
import { addDays, addMonths, dateIn, daysFrom, monthStart, weekStart } from "../../src/time/dates.ts";

const zones = [
  "UTC",
  "Europe/Paris",
  "America/New_York",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
];
const aZone = fc.constantFrom(...zones);
const aNow = fc.date({ min: new Date("2001-01-01"), max: new Date("2089-12-30"), noInvalidDate: true });
const aSlug = fc.constantFrom(...periods.map((period) => period.slug));

const plain: Asked = { period: "30d", from: null, to: null, interval: null, zone: "UTC", isComplete: false };
const ask = (asked: Partial<Asked>, now: Date) => rangeOf({ ...plain, ...asked }, now);

/** A range as an address says it, read again. */
function reread(patch: ReturnType<typeof rangePatch>, zone: string, now: Date): Range {
  const filters = readFilters(patched(new URLSearchParams(), patch));
  return rangeOf({ ...filters, zone, isComplete: false }, now);
}

test("every period ends where it says, in the workspace's days", () => {
  fc.assert(
    fc.property(aSlug, aZone, aNow, (period, zone, now) => {
      const today = dateIn(zone, now);
      const { start, end } = ask({ period, zone }, now);
      assert.ok(start <= end);
      assert.equal(
        end,
        { yesterday: addDays(today, -1), "last-month": addDays(monthStart(today), -1) }[period as string] ?? today,
      );
      const length: Partial<Record<PeriodSlug, number>> = {
        today: 1,
        yesterday: 1,
        "7d": 7,
        "28d": 28,
        "30d": 30,
        "90d": 90,
      };
      if (length[period]) assert.equal(daysFrom(start, end), length[period]);
      // In the last minute of a day they are that day, and after one of 23 hours they can lie in three.
      const minuteAfter = (Math.floor(now.getTime() / 60_000) + 1) * 60_000;
      if (period === "24h") assert.equal(start, dateIn(zone, new Date(minuteAfter - 86_400_000)));
    }),
  );
});

test("months and years start on their first day", () => {
  const now = new Date("2026-03-31T12:00:00Z");
  const of = (period: PeriodSlug) => [ask({ period }, now).start, ask({ period }, now).end];
  assert.deepEqual(of("month"), ["2026-03-01", "2026-03-31"]);
  assert.deepEqual(of("last-month"), ["2026-02-01", "2026-02-28"]);
  assert.deepEqual(of("year"), ["2026-01-01", "2026-03-31"]);
  assert.deepEqual(of("12m"), ["2025-04-01", "2026-03-31"]);
  assert.deepEqual(of("all"), ["2000-01-01", "2026-03-31"]);
});

test("a period goes into the address and comes back", () => {
  fc.assert(
    fc.property(aSlug, (slug) => {
      assert.equal(
        readFilters(patched(new URLSearchParams("from=2026-01-01&to=2026-02-01"), periodPatch(slug))).period,
        slug,
      );
    }),
  );
  assert.equal(patched(new URLSearchParams("period=7d"), periodPatch("30d")).toString(), "");
});

test("the dates of any period, put into the address, are the same range", () => {
  const inDays = aSlug.filter((slug) => slug !== "24h");
  fc.assert(
    fc.property(inDays, aZone, aNow, (period, zone, now) => {
      const range = ask({ period, zone }, now);
      const again = reread(rangePatch(range.start, range.end), zone, now);
      assert.deepEqual(again, range);
      assert.deepEqual(asDates(again), asDates(range));
    }),
  );
});

test("the instants of the last 24 hours, put into the address, are the same range", () => {
  fc.assert(
    fc.property(aZone, aNow, (zone, now) => {
      const range = ask({ period: "24h", zone }, now);
      assert.ok(range.instants);
      assert.equal(Date.parse(range.instants.to) - Date.parse(range.instants.from), 86_400_000);
      assert.ok(range.instants.to > now.toISOString());
      const again = reread(rangePatch(range.instants.from, range.instants.to), zone, now);
      assert.deepEqual(asInstants(again), asInstants(range));
    }),
  );
});

test("where only days are counted, the last 24 hours and a zoom into a day are their whole days", () => {
  const now = new Date("2026-11-28T18:20:31Z");
  const days = ask({ period: "24h", isWholeDays: true }, now);
  assert.deepEqual([days.instants, days.start, days.end], [null, "2026-11-27", "2026-11-28"]);
  const [from, to] = ["2026-11-27T10:00:00Z", "2026-11-27T12:00:00Z"];
  const day = ask({ period: "custom", from, to, isWholeDays: true }, now);
  assert.deepEqual([day.instants, day.start, day.end], [null, "2026-11-27", "2026-11-27"]);
});

test("as instants a range ends with the day after its last one", () => {
  fc.assert(
    fc.property(aSlug, aZone, aNow, (period, zone, now) => {
      const range = ask({ period, zone }, now);
      const { from, to } = asInstants(range);
      if (range.instants) assert.deepEqual({ from, to }, range.instants);
      else assert.deepEqual([from, to], [range.start, addDays(range.end, 1)]);
    }),
  );
});

test("what an address has the wrong way round is put right, what is none is thirty days", () => {
  const now = new Date("2026-03-31T12:00:00Z");
  const of = (from: string, to: string) => reread(rangePatch(from, to), "Europe/Paris", now);
  assert.deepEqual(
    [of("2026-03-09", "2026-03-01").start, of("2026-03-09", "2026-03-01").end],
    ["2026-03-01", "2026-03-09"],
  );
  const hours = { from: "2026-03-01T10:00:00.000Z", to: "2026-03-01T11:00:00.000Z" };
  assert.deepEqual(of(hours.to, hours.from).instants, hours);
  assert.deepEqual(of("2026-03-01T11:00:00+01:00", "2026-03-01T12:00:00+01:00").instants, hours);
  const thirty = reread({}, "Europe/Paris", now);
  for (const [from, to] of [
    ["2026-02-30", "2026-03-01"],
    ["x", "y"],
    ["Tue Oct 27 2026", "Tue Oct 28 2026"],
    ["2026-03-01T10:00", "2026-03-01T11:00"],
  ] as const)
    assert.deepEqual(of(from, to), thirty, `${from} ${to}`);
});

test("a day is a day when the clocks change", () => {
  for (const day of ["2026-03-29", "2026-10-25"])
    for (const zone of zones) {
      const range = reread(rangePatch(day, day), zone, new Date("2026-12-01T00:00:00Z"));
      assert.deepEqual([range.start, range.end, range.interval], [day, day, "hour"]);
    }
});

test("nothing is cut finer than the API allows, nor into more than 90 parts", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 18_300 }), (length) => {
      const now = new Date("2090-01-01T00:00:00Z");
      const { start, end, interval } = reread(
        rangePatch(addDays("2026-01-01", 0), addDays("2026-01-01", length - 1)),
        "UTC",
        now,
      );
      assert.equal(daysFrom(start, end), length);
      assert.ok(intervalsOf(length).includes(interval));
      const hours = { minute: 1 / 60, hour: 1, day: 24, week: 168, month: 730, year: 8766 }[interval];
      assert.ok((length * 24) / hours <= 90, `${length} days by ${interval}`);
    }),
  );
});

test("complete ends with the last bucket that is over", () => {
  fc.assert(
    fc.property(
      aSlug,
      fc.constantFrom("hour", "day", "week", "month", "year" as const),
      aZone,
      aNow,
      (period, interval, zone, now) => {
        const today = dateIn(zone, now);
        const whole = ask({ period, zone, interval: interval as Range["interval"] }, now);
        const range = ask({ period, zone, interval: interval as Range["interval"], isComplete: true }, now);
        const starts: Record<string, string> = {
          week: weekStart(today),
          month: monthStart(today),
          year: `${today.slice(0, 4)}-01-01`,
        };
        const running = starts[range.interval] ?? today;
        assert.equal(range.start, whole.start);
        if (range.instants)
          assert.ok(range.instants.to <= now.toISOString() || range.instants.to === whole.instants?.to);
        else if (running > whole.start && whole.end >= today) assert.equal(addDays(range.end, 1), running);
        else assert.equal(range.end, whole.end);
      },
    ),
  );
});

test("the last 24 hours, complete, end with the last full hour on the wall", () => {
  const now = new Date("2026-11-28T18:20:31Z");
  const toOf = (zone: string) => ask({ period: "24h", zone, isComplete: true, interval: "hour" }, now).instants?.to;
  assert.equal(toOf("UTC"), "2026-11-28T18:00:00.000Z");
  // 00:05 there.
  assert.equal(toOf("Asia/Kathmandu"), "2026-11-28T18:15:00.000Z");
  assert.equal(toOf("Asia/Kolkata"), "2026-11-28T17:30:00.000Z");
});

test("back and forth is where one was, and leaves no gap", () => {
  fc.assert(
    fc.property(aSlug, aZone, aNow, (period, zone, now) => {
      const today = dateIn(zone, now);
      const range = ask({ period, zone }, now);
      const back = shifted(range, -1, today);
      assert.ok(back);
      assert.equal(addDays(back.to, 1), range.start);
      const forth = shifted({ ...range, start: back.from, end: back.to }, 1, today);
      assert.equal(forth?.from, range.start);
      const isWhole = range.start.endsWith("-01") && addDays(back.to, 1) === monthStart(range.start);
      if (!isWhole) assert.equal(daysFrom(back.from, back.to), daysFrom(range.start, range.end));
      assert.equal(shifted({ ...range, end: today }, 1, today)?.from ?? null, null);
    }),
  );
});

test("whole months move by months", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 600 }), (months, at) => {
      const start = addMonths("2001-01-01", at);
      const range = { ...ask({}, new Date("2090-01-01T00:00:00Z")), start, end: addDays(addMonths(start, months), -1) };
      assert.deepEqual(shifted(range, -1, "2090-01-01"), { from: addMonths(start, -months), to: addDays(start, -1) });
      assert.deepEqual(shifted(range, 1, "2090-01-01"), {
        from: addMonths(start, months),
        to: addDays(addMonths(start, 2 * months), -1),
      });
    }),
  );
});

test("a range is compared with as many buckets before it", () => {
  const before = (start: string, end: string, interval: Range["interval"]) => {
    const found = rangeBefore({ ...ask({}, new Date("2026-12-01T00:00:00Z")), start, end, interval }, "previous");
    return [found.start, found.end];
  };
  assert.deepEqual(before("2026-11-01", "2026-11-30", "day"), ["2026-10-02", "2026-10-31"]);
  assert.deepEqual(before("2026-11-01", "2026-11-30", "month"), ["2026-10-01", "2026-10-31"]);
  assert.deepEqual(before("2026-03-01", "2026-03-31", "month"), ["2026-02-01", "2026-02-28"]);
  assert.deepEqual(before("2026-03-01", "2026-03-30", "month"), ["2026-02-01", "2026-02-28"]);
  assert.deepEqual(before("2026-11-04", "2026-11-10", "week"), ["2026-10-21", "2026-10-27"]);
  assert.deepEqual(before("2026-01-01", "2026-11-30", "year"), ["2025-01-01", "2025-11-30"]);
  const yearBefore = rangeBefore(
    { ...ask({}, new Date("2026-12-01T00:00:00Z")), start: "2025-02-01", end: "2025-02-28" },
    "year",
  );
  assert.deepEqual([yearBefore.start, yearBefore.end], ["2024-02-01", "2024-02-29"]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 1, max: 500 }), (at, length) => {
      const start = addDays("2001-01-01", at);
      assert.deepEqual(before(start, addDays(start, length - 1), "day"), [addDays(start, -length), addDays(start, -1)]);
    }),
  );
});

test("what is counted by days at most is cut by days, however long the range", () => {
  const found = ask(
    { period: "custom", from: "2020-01-01", to: "2026-11-30", hasMinutes: true, isUpToDays: true },
    new Date("2026-12-01T00:00:00Z"),
  );
  assert.equal(found.interval, "day");
  assert.deepEqual(intervalsOf(2_526, { hasMinutes: true, isUpToDays: true }), ["day"]);
  assert.deepEqual(intervalsOf(1, { hasMinutes: true, isUpToDays: true }), ["minute", "hour", "day"]);
});
