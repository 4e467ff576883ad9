import type { ComponentType } from "preact";
import { type Place, usePlace } from "../../address/place.ts";
import { Tabs } from "../../parts/Tabs.tsx";
import { may } from "../../session/session.ts";
import { Keys, SharedLinks } from "./Keys.tsx";
import { Members } from "./Members.tsx";
import { WorkspaceForm } from "./WorkspaceForm.tsx";
import { You } from "./You.tsx";

/** A part of the settings; all but the first are an admin's. */
interface Part {
  slug: string;
  name: string;
  isAdmins: boolean;
  body: ComponentType<{ place: Place }>;
}

const parts: Part[] = [
  { slug: "", name: "You", isAdmins: false, body: You },
  { slug: "keys", name: "Keys", isAdmins: true, body: Keys },
  { slug: "members", name: "Members", isAdmins: true, body: Members },
  { slug: "workspace", name: "Workspace", isAdmins: true, body: WorkspaceForm },
  { slug: "shared", name: "Shared links", isAdmins: true, body: SharedLinks },
];

export default function Settings() {
  const place = usePlace();
  if (!place) return null;
  const slug = place.rest[0] ?? "";
  const mine = parts.filter((part) => !part.isAdmins || may(place.workspace, "admin"));
  const here = mine.find((part) => part.slug === slug);
  return (
    <>
      {mine.length > 1 && (
        <Tabs
          label="Settings"
          tabs={mine.map((part) => ({
            name: part.name,
            href: place.href(part.slug ? `settings/${part.slug}` : "settings"),
            isHere: part === here,
          }))}
        />
      )}
      {here ? <here.body place={place} /> : <Missing isKnown={parts.some((part) => part.slug === slug)} />}
    </>
  );
}

const Missing = ({ isKnown }: { isKnown: boolean }) => (
  <p class="notice">
    {isKnown ? (
      <>
        This needs the scope <code>admin</code>, which you do not have here.
      </>
    ) : (
      "There is no such part of the settings."
    )}
  </p>
);
