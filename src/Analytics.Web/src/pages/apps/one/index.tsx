import { ArrowLeft } from "lucide-preact";
import type { ComponentType } from "preact";
import { Link } from "wouter-preact";
import type { Place } from "../../../address/place.ts";
import { Tabs } from "../../../parts/Tabs.tsx";
import { may } from "../../../session/session.ts";
import { appHref, askedApp } from "../question.ts";
import { Invocations } from "./Invocations.tsx";
import { Overview } from "./Overview.tsx";
import { Tables } from "./Tables.tsx";

/** A part of what there is to see of an app; all but the first are those who may write apps. */
interface Part {
  slug: string;
  name: string;
  isWriters: boolean;
  shows: ComponentType<{ place: Place }>;
}

const parts: Part[] = [
  { slug: "", name: "Overview", isWriters: false, shows: Overview },
  { slug: "invocations", name: "Invocations", isWriters: true, shows: Invocations },
  { slug: "tables", name: "Tables", isWriters: true, shows: Tables },
];

/** One app: how much it is used, what its server routes did, and its tables. */
export function One({ place }: { place: Place }) {
  const app = askedApp(place);
  const slug = place.rest[1] ?? "";
  const mine = parts.filter((part) => !part.isWriters || may(place.workspace, "apps:write"));
  const here = mine.find((part) => part.slug === slug);
  return (
    <>
      <p class="endpoint-head">
        <Link href={place.href("apps")}>
          <ArrowLeft size={14} aria-hidden="true" /> All apps
        </Link>
        <code>{app}</code>
      </p>
      {mine.length > 1 && (
        <Tabs
          label="App"
          tabs={mine.map((part) => ({
            name: part.name,
            href: appHref(place, app, ...(part.slug ? [part.slug] : [])),
            isHere: part === here,
          }))}
        />
      )}
      {here ? <here.shows place={place} /> : <Missing isKnown={parts.some((part) => part.slug === slug)} />}
    </>
  );
}

const Missing = ({ isKnown }: { isKnown: boolean }) => (
  <p class="notice">
    {isKnown ? (
      <>
        This needs the scope <code>apps:write</code>, which you do not have here.
      </>
    ) : (
      "There is no such part of an app."
    )}
  </p>
);
