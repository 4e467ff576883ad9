import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { during } from "../api/question.ts";

const fill = "A unit says which events are counted as usage.";

const unitsRow = {
  call: (place: Place) => get("/api/v1/analytics/usage/by-billable-unit", { query: during(place, place.range) }),
  isEmpty: (answer: { units: unknown[] }) => answer.units.length === 0,
  fill,
};

export const units = panel({
  ...unitsRow,
  id: "usage-units",
  title: "Usage by unit",
  about: "What every unit comes to in the range, and in as much time before. Open one to see it day by day.",
});

export const trend = panel({
  ...unitsRow,
  id: "usage-trend",
  isJsonOnly: true,
  title: "Day by day",
  about: "What the unit comes to on each day.",
});

export const unitCustomers = panel({
  ...unitsRow,
  id: "usage-unit-customers",
  title: "Top customers",
  about: "The customers with most of the unit, 100 at most.",
});

export const definitions = panel({
  id: "usage-definitions",
  title: "Units",
  about: "What of events each unit counts. A unit counts what is stored already, too.",
  call: (place) => get("/api/v1/billable-units", { query: { tenantId: place.workspace.id } }),
  isStill: true,
});

export const usualSort = "-events";

export const customers = panel({
  id: "usage-customers",
  title: "Customers",
  about: "What customers used and paid in the range, and signs, as of today, that they are about to leave.",
  call: (place) =>
    get("/api/v1/analytics/usage/by-customer", {
      query: { ...during(place, place.range), sort: (place.params.get("sort") ?? usualSort) as "-events" },
    }),
  isStill: true,
  isEmpty: (answer) => answer.customers.length === 0,
  fill: "Events name customers by customer_id or external_customer_id.",
});

const byProduct = (place: Place) => get("/api/v1/analytics/usage/by-product", { query: during(place, place.range) });

export const usedProducts = panel({
  id: "usage-products",
  title: "Usage by product",
  about: "Events and API requests that name each product, and its part of all that name one.",
  call: byProduct,
  isEmpty: (answer) => answer.products.length === 0,
  fill: "Events name a product in metadata.product_id, API requests in productId.",
});

export const productTypes = panel({
  id: "usage-types",
  isJsonOnly: true,
  title: "By type",
  about: "The products of each type together, and what the units come to over all their events.",
  call: byProduct,
  isEmpty: (answer) => answer.byType.length === 0,
  fill: "A product has a type.",
});

export const products = panel({
  id: "products",
  title: "Products",
  about: "What is sold. Events name a product by its key in metadata.product_id, API requests in productId.",
  call: (place) => get("/api/v1/products", { query: { tenantId: place.workspace.id } }),
  isStill: true,
});
