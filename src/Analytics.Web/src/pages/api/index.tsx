import { usePlace } from "../../address/place.ts";
import { Tabs } from "../../parts/Tabs.tsx";
import { session } from "../../session/session.ts";
import { tabs } from "./tabs.ts";

/** How the workspace's own API is used: how much, how fast, by whom, and what got worse. */
export default function Api() {
  const place = usePlace();
  if (!place) return null;
  const isPortal = session.value?.customer != null;
  const own = tabs.filter((tab) => tab.isPortal || !isPortal);
  const here = own.find((tab) => tab.slug === (place.rest[0] ?? ""));
  const { endpoint } = place.filters;
  return (
    <>
      <Tabs
        label="API usage"
        tabs={own.map((tab) => ({
          name: tab.name,
          href: place.href(tab.slug ? `api/${tab.slug}` : "api", tab.hasEndpoint ? { endpoint } : {}),
          isHere: tab === here,
        }))}
      />
      {here ? <here.shows place={place} /> : <p class="notice">There is no such page, or it is not yours to see.</p>}
    </>
  );
}
