import { type Range, rangeBefore } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { during } from "../api/question.ts";

const funnel = (place: Place, range: Range) =>
  get("/api/v1/analytics/storefront/funnel", { query: during(place, range) });

const row = {
  call: (place: Place) => funnel(place, place.range),
  isEmpty: (answer: { biggestDropOff: unknown }) => answer.biggestDropOff === null,
  fill: "Visitors come by events storefront.visit and so on, with metadata.visitor_id.",
};

export const steps = panel({
  ...row,
  id: "funnel-steps",
  title: "From a visit to a first API call",
  about: "Visitors that took each step, after all the steps before it and within the range.",
  compared: (place) =>
    funnel(place, rangeBefore({ ...place.range, interval: "day" }, place.filters.compare ?? "previous")),
});

export const daily = panel({
  ...row,
  id: "funnel-daily",
  isJsonOnly: true,
  title: "Day by day",
  about: "Each visitor once for every step, on the day it took it.",
});
