import { type Range, rangeBefore } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { during } from "../api/question.ts";
import { groupsOf } from "./groups.ts";

const fill = "Costs come by metadata._cost of events, revenue by payment.completed.";

const costs = (place: Place, range: Range) =>
  get("/api/v1/analytics/cogs", {
    query: {
      ...during(place, range),
      groupBy: groupsOf(place.params).map((group) => group.slug),
      customer: place.filters.customer,
      product: place.params.getAll("product"),
      vendor: place.params.getAll("vendor"),
      model: place.params.getAll("model"),
      category: place.params.getAll("category"),
      subscription: place.params.getAll("subscription"),
    },
  });

const row = {
  call: (place: Place) => costs(place, place.range),
  compared: (place: Place) =>
    costs(place, rangeBefore({ ...place.range, interval: "day" }, place.filters.compare ?? "previous")),
  fill,
};

export const totals = panel({
  ...row,
  id: "costs-totals",
  isJsonOnly: true,
  title: "At a glance",
  about: "Costs, payments less refunds, and what is left, of everything that the filters let through.",
});

export const trend = panel({
  ...row,
  id: "costs-trend",
  isJsonOnly: true,
  title: "Day by day",
  about: "Costs, revenue and margin of each day.",
  isEmpty: (answer) => answer.rows.length === 0,
});

export const rows = panel({
  ...row,
  id: "costs-rows",
  title: "Who and what",
  about: "A row for each that has a cost or a payment, the biggest cost first. Open a row to see what it is made of.",
  isEmpty: (answer) => answer.rows.length === 0,
});
