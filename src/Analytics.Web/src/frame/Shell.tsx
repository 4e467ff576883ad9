import { useEffect } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../address/place.ts";
import { isSessionOver } from "../api/fetch.ts";
import { filtersAt, pages, pagesFor } from "../pages/catalogue.ts";
import { type Session, session, type Workspace } from "../session/session.ts";
import { FilterBar } from "./FilterBar.tsx";
import { Help } from "./Help.tsx";
import { useKeyboard } from "./keyboard.ts";
import { Page } from "./Page.tsx";
import { Rail } from "./Rail.tsx";
import { SessionOver } from "./SessionOver.tsx";
import { Offline, TopBar } from "./TopBar.tsx";

interface Props {
  /** Null: the address names no workspace of the caller's. */
  place: Place | null;
  home: Workspace | null;
}

/** The frame around every page: rail, top bar, filter bar. */
export function Shell({ place, home }: Props) {
  const here = session.value as Session;
  const workspace = place?.workspace ?? home;
  const row = pages.find((page) => page.slug === place?.page);
  const filters = place ? filtersAt(place) : [];
  useKeyboard(place);
  useEffect(() => {
    document.title = [row?.name, workspace?.name, "Analytics"].filter(Boolean).join(" · ");
  }, [row, workspace]);
  return (
    <div class="shell">
      {/* No link: below a base address its fragment would be another page's. */}
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to the page
      </button>
      {workspace && <Rail pages={pagesFor(here, workspace)} place={place} workspace={workspace} />}
      <div class="shell-page">
        <TopBar place={place} row={row ?? null} />
        {place && filters.length > 0 && <FilterBar place={place} names={filters} />}
        <Offline />
        <main id="main" tabIndex={-1}>
          {place && row ? <Page place={place} row={row} /> : <NotFound home={home} />}
        </main>
      </div>
      <Help />
      {isSessionOver.value && <SessionOver />}
    </div>
  );
}

function NotFound({ home }: { home: Workspace | null }) {
  return (
    <div class="notice">
      <h1>Not found</h1>
      <p>There is no such page, or it is not yours to see.</p>
      {home && (
        <p>
          <Link href={`/${home.slug}`}>To {home.name}</Link>
        </p>
      )}
    </div>
  );
}
