import { Component, type ComponentChildren, type ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Place } from "../address/place.ts";
import { root } from "../api/call.ts";
import type { PageRow } from "../pages/catalogue.ts";
import { useLater } from "../panels/Panel.tsx";
import { may, session } from "../session/session.ts";

const loaded = new Map<string, ComponentType>();

/** A page of the catalogue, fetched when it is first wanted. */
export function Page({ place, row }: { place: Place; row: PageRow }) {
  const isPortal = session.value?.customer !== null && session.value?.customer !== undefined;
  if (row.scope && !may(place.workspace, row.scope))
    return (
      <div class="notice">
        <h1>{row.name}</h1>
        <p>
          This key does not have the scope <code>{row.scope}</code>, which this page needs.
        </p>
      </div>
    );
  if (isPortal && !row.isPortal)
    return (
      <div class="notice">
        <h1>{row.name}</h1>
        <p>A customer's key does not have this page.</p>
      </div>
    );
  return (
    <PageBoundary key={row.slug}>
      <Loaded row={row} />
    </PageBoundary>
  );
}

function Loaded({ row }: { row: PageRow }) {
  const [Found, setFound] = useState<{ of: ComponentType } | null>(() => kept(row));
  const isLater = useLater(150);
  useEffect(() => {
    if (Found) return;
    let isGone = false;
    load(row).then((of) => !isGone && setFound({ of }));
    return () => {
      isGone = true;
    };
  }, [row, Found]);
  if (Found) return <Found.of />;
  return isLater ? <p class="notice muted">Loading</p> : null;
}

const kept = (row: PageRow) => {
  const of = loaded.get(row.slug);
  return of ? { of } : null;
};

const reloadedFor = "analytics.reloaded";

/** After an upgrade the files of the old page are gone: the page is loaded anew, once. */
async function load(row: PageRow): Promise<ComponentType> {
  try {
    const { default: of } = await row.load();
    loaded.set(row.slug, of);
    sessionStorage.removeItem(reloadedFor);
    return of;
  } catch (failure) {
    if (!(await isServed())) return () => <Away row={row} />;
    if (sessionStorage.getItem(reloadedFor) !== row.slug) {
      sessionStorage.setItem(reloadedFor, row.slug);
      location.reload();
      return () => null;
    }
    return () => (
      <div class="notice" role="alert">
        <h1>{row.name}</h1>
        <p>This page could not be loaded: {String(failure)}</p>
        <button type="button" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    );
  }
}

/** Whether the service answers: a page that is loaded anew without it is the browser's own, or a proxy's. */
const isServed = () =>
  fetch(new URL("health/live", root), { cache: "no-store" }).then(
    (answer) => answer.status < 500,
    () => false,
  );

function Away({ row }: { row: PageRow }) {
  const [tries, setTries] = useState(0);
  const again = async () => ((await isServed()) ? location.reload() : setTries(tries + 1));
  return (
    <div class="notice" role="alert">
      <h1>{row.name}</h1>
      <p>This page was not loaded yet, and the service does not answer{tries > 0 ? " still" : ""}.</p>
      <button type="button" onClick={again}>
        Try again
      </button>
    </div>
  );
}

class PageBoundary extends Component<{ children: ComponentChildren }, { fault: Error | null }> {
  override state = { fault: null as Error | null };

  static override getDerivedStateFromError(fault: Error) {
    return { fault };
  }

  override componentDidCatch(fault: Error) {
    console.error(fault);
  }

  override render() {
    return this.state.fault ? (
      <div class="notice" role="alert">
        <h1>This page could not be drawn</h1>
        <p>{this.state.fault.message}</p>
      </div>
    ) : (
      this.props.children
    );
  }
}
