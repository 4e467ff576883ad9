import { Link } from "wouter-preact";
import type { Place } from "../address/place.ts";
import { version } from "../api/fetch.ts";
import type { PageRow } from "../pages/catalogue.ts";
import type { Workspace } from "../session/session.ts";
import { Mark } from "./Mark.tsx";

interface Props {
  pages: PageRow[];
  place: Place | null;
  workspace: Workspace;
}

const built = document.querySelector<HTMLMetaElement>("meta[name=version]")?.content;

/** Real links to the pages the caller can use, in groups; a bar at the bottom of a narrow screen. */
export function Rail({ pages, place, workspace }: Props) {
  const groups = [...new Set(pages.map((page) => page.group))];
  const isNew = built && version.value && version.value !== built;
  return (
    <nav class="rail" aria-label="Pages">
      <Link class="rail-home" href={`/${workspace.slug}`} aria-label="Analytics: home">
        <Mark /> <span>Analytics</span>
      </Link>
      {groups.map((group) => (
        <div key={group} class="rail-group">
          <h2>{group}</h2>
          <ul>
            {pages
              .filter((page) => page.group === group)
              .map((page) => (
                <li key={page.slug}>
                  <Link
                    href={place ? place.href(page.slug) : `/${workspace.slug}/${page.slug}`}
                    aria-current={place?.page === page.slug ? "page" : undefined}
                  >
                    <page.icon size={18} aria-hidden="true" />
                    <span>{page.name}</span>
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
      {isNew && (
        <button type="button" class="rail-new" onClick={() => location.reload()}>
          New version: reload
        </button>
      )}
    </nav>
  );
}
