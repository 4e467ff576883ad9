import type { ComponentType } from "preact";
import { type Place, usePlace } from "../../address/place.ts";
import { Tabs } from "../../parts/Tabs.tsx";
import { session } from "../../session/session.ts";
import { Customers } from "./Customers.tsx";
import { Products } from "./Products.tsx";
import { Units } from "./Units.tsx";

interface TabRow {
  /** Its segment of the address; the first has none. */
  slug: string;
  name: string;
  /** Whether a portal key has it: the routes of the others are 403 to it. */
  isPortal: boolean;
  shows: ComponentType<{ place: Place }>;
}

const tabs: TabRow[] = [
  { slug: "", name: "Units", isPortal: true, shows: Units },
  { slug: "customers", name: "Customers", isPortal: true, shows: Customers },
  { slug: "products", name: "Products", isPortal: false, shows: Products },
];

/** What is used: by unit, by customer and by product. */
export default function Usage() {
  const place = usePlace();
  if (!place) return null;
  const own = tabs.filter((tab) => tab.isPortal || session.value?.customer == null);
  const here = own.find((tab) => tab.slug === (place.rest[0] ?? ""));
  return (
    <>
      <Tabs
        label="Usage"
        tabs={own.map((tab) => ({
          name: tab.name,
          href: place.href(tab.slug ? `usage/${tab.slug}` : "usage"),
          isHere: tab === here,
        }))}
      />
      {here ? <here.shows place={place} /> : <p class="notice">There is no such page, or it is not yours to see.</p>}
    </>
  );
}
