import type { ComponentType } from "preact";
import { type Place, usePlace } from "../../address/place.ts";
import { Tabs } from "../../parts/Tabs.tsx";
import { may } from "../../session/session.ts";
import { Editor } from "./Editor.tsx";
import { AlertsList } from "./List.tsx";
import { One } from "./One.tsx";
import { Webhooks } from "./webhooks/List.tsx";
import { OneWebhook } from "./webhooks/One.tsx";

type Part = ComponentType<{ place: Place }>;

/** What stands behind the page's name in the address. */
function partOf([first, second]: string[]): Part {
  if (first === "webhooks") return second ? OneWebhook : Webhooks;
  if (first === "new" || second === "change") return Editor;
  return first ? One : AlertsList;
}

/** What is watched, and whom it is told. */
export default function Alerts() {
  const place = usePlace();
  if (!place) return null;
  const isEditor = may(place.workspace, "reports:write");
  const isOfHooks = place.rest[0] === "webhooks";
  const Here = partOf(place.rest);
  const tabs = [
    { name: "Alerts", href: place.href("alerts"), isHere: !isOfHooks },
    { name: "Webhooks", href: place.href("alerts/webhooks"), isHere: isOfHooks },
  ];
  return (
    <>
      {isEditor && <Tabs label="Alerts" tabs={tabs} />}
      {isEditor || (Here !== Editor && !isOfHooks) ? (
        <Here key={place.rest.join("/")} place={place} />
      ) : (
        <p class="notice">
          This needs the scope <code>reports:write</code>, which you do not have here.
        </p>
      )}
    </>
  );
}
