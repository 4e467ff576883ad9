import { type Place, usePlace } from "../../address/place.ts";
import { Tabs } from "../../parts/Tabs.tsx";
import { here } from "./address.ts";
import { Browse } from "./Browse.tsx";
import { Statistics } from "./Statistics.tsx";
import { Types } from "./Types.tsx";

const tabs = [
  { path: "", name: "Statistics", of: Statistics },
  { path: "/types", name: "Types", of: Types },
  { path: "/browse", name: "Browse", of: Browse },
];

/** What happened: counted by name, name by name, and event by event. */
export default function EventsPage() {
  const place = usePlace();
  return place && <Events place={place} />;
}

function Events({ place }: { place: Place }) {
  const tab = tabs.find(({ path }) => path === (place.rest[0] ? `/${place.rest[0]}` : ""));
  return (
    <>
      <Tabs
        label="Parts of the page"
        tabs={tabs.map((each) => ({
          // What is looked for and how it is sorted is one tab's own.
          href: here(place, each.path, { q: null, sort: null }),
          name: each.name,
          isHere: each === tab,
        }))}
      />
      {tab ? <tab.of place={place} /> : <p class="notice">There is no such part of this page.</p>}
    </>
  );
}
