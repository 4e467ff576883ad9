import { useEffect } from "preact/hooks";
import { Redirect, Route, Switch, useLocation } from "wouter-preact";
import { usePlace } from "../address/place.ts";
import { Questions } from "../parts/Dialog.tsx";
import { Toast } from "../parts/Toast.tsx";
import { session } from "../session/session.ts";
import { lastWorkspace } from "./kept.ts";
import { Open } from "./Open.tsx";
import { Shell } from "./Shell.tsx";
import { SignIn } from "./SignIn.tsx";
import { Starting, useRecall } from "./Starting.tsx";

/** The page: signing in, and everything behind it. */
export function App() {
  return (
    <>
      <Switch>
        <Route path="/open" component={Open} />
        <Route path="/sign-in" component={SignIn} />
        <Route component={SignedIn} />
      </Switch>
      <Questions />
      <Toast />
    </>
  );
}

function SignedIn() {
  const problem = useRecall();
  if (session.value === undefined) return <Starting problem={problem} />;
  if (session.value === null)
    return <Redirect to="/sign-in" replace state={{ back: location.pathname + location.search }} />;
  return <Inside />;
}

function Inside() {
  const place = usePlace();
  const [path, navigate] = useLocation();
  const workspaces = session.value?.workspaces ?? [];
  const home = workspaces.find((each) => each.slug === lastWorkspace.get()) ?? workspaces[0];
  useEffect(() => {
    if (place) lastWorkspace.set(place.workspace.slug);
    else if (path === "/" && home) navigate(`/${home.slug}`, { replace: true });
  }, [place, path, home, navigate]);
  if (!place && path === "/" && home) return null;
  return <Shell place={place} home={home ?? null} />;
}
