import { signal } from "@preact/signals";
import { ChevronsUpDown, CircleUser, Keyboard } from "lucide-preact";
import { useLocation } from "wouter-preact";
import type { Place } from "../address/place.ts";
import type { PageRow } from "../pages/catalogue.ts";
import { Menu } from "../parts/Menu.tsx";
import { session, signOut } from "../session/session.ts";
import { isHelpOpen } from "./Help.tsx";
import { theme } from "./kept.ts";
import { Verified } from "./Verified.tsx";

const isOffline = signal(!navigator.onLine);
addEventListener("online", () => {
  isOffline.value = false;
});
addEventListener("offline", () => {
  isOffline.value = true;
});

export function Offline() {
  return isOffline.value ? (
    <p class="banner" role="status">
      This browser is offline. What is shown may be old.
    </p>
  ) : null;
}

/** Workspace and page, and on the right who is signed in. */
export function TopBar({ place, row }: { place: Place | null; row: PageRow | null }) {
  const workspaces = session.value?.workspaces ?? [];
  return (
    <header class="topbar">
      <div class="crumbs">
        {place && workspaces.length > 1 ? (
          <Menu
            label="Workspace"
            class="quiet"
            face={
              <>
                {place.workspace.name} <ChevronsUpDown size={14} aria-label="Change the workspace" />
              </>
            }
          >
            {workspaces.map((each) => (
              <WorkspaceItem key={each.id} slug={each.slug} name={each.name} page={row?.slug ?? "overview"} />
            ))}
          </Menu>
        ) : (
          <span>{place?.workspace.name}</span>
        )}
        {row && (
          <>
            <span class="crumb-line" aria-hidden="true">
              /
            </span>
            <h1>{row.name}</h1>
          </>
        )}
      </div>
      <div class="topbar-end">
        {place && <Verified key={place.workspace.id} workspace={place.workspace} />}
        <button
          type="button"
          class="icon quiet wide-only"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => {
            isHelpOpen.value = true;
          }}
        >
          <Keyboard size={18} aria-hidden="true" />
        </button>
        <Account />
      </div>
    </header>
  );
}

function WorkspaceItem({ slug, name, page }: { slug: string; name: string; page: string }) {
  const [, navigate] = useLocation();
  return (
    <button type="button" role="menuitem" onClick={() => navigate(`/${slug}/${page}`)}>
      {name}
    </button>
  );
}

const themes = { system: "light", light: "dark", dark: "system" } as const;

function Account() {
  const [, navigate] = useLocation();
  const leave = async () => {
    await signOut();
    navigate("/sign-in");
  };
  return (
    <Menu
      label="Account"
      class="icon quiet"
      face={<CircleUser size={18} aria-label={`Signed in: ${session.value?.name}`} />}
    >
      <p class="menu-note">{session.value?.name}</p>
      <button
        type="button"
        role="menuitem"
        onClick={() => {
          theme.value = themes[theme.value];
        }}
      >
        Theme: {theme.value}
      </button>
      <button type="button" role="menuitem" onClick={leave}>
        Sign out
      </button>
    </Menu>
  );
}
