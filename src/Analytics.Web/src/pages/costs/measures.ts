import type { Sense, Unit } from "../../numbers/units.ts";

interface Measure {
  /** The API's name. */
  slug: "revenueCents" | "costCents" | "marginCents" | "marginPercent";
  name: string;
  about: string;
  unit: Unit;
  sense: Sense;
  color: string;
  /** It is known of vendors, models and categories too. */
  isOfCosts?: boolean;
}

export const measures: Measure[] = [
  {
    slug: "revenueCents",
    name: "Revenue",
    about: "Completed payments less refunds.",
    unit: "cents",
    sense: "more",
    color: "--series-1",
  },
  {
    slug: "costCents",
    name: "Costs",
    about: "What events cost.",
    unit: "subcents",
    sense: "less",
    color: "--series-2",
    isOfCosts: true,
  },
  {
    slug: "marginCents",
    name: "Margin",
    about: "Revenue less costs.",
    unit: "subcents",
    sense: "more",
    color: "--series-3",
  },
  {
    slug: "marginPercent",
    name: "Margin in percent",
    about: "The margin in percent of the revenue.",
    unit: "percent",
    sense: "more",
    color: "--series-3",
  },
];
