import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import { tell } from "../../api/fetch.ts";
import { hasShortcuts, theme } from "../../frame/kept.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { ShownOnce } from "../../parts/ShownOnce.tsx";
import { Choice } from "../../parts/Tabs.tsx";
import { useSending } from "../../parts/useSending.ts";
import { type Session, session, signOut } from "../../session/session.ts";
import { instantText } from "../../time/labels.ts";
import { ScopeList } from "./Keys.tsx";

/** Who is signed in, and how this browser shows things to them. */
export function You({ place }: { place: Place }) {
  const here = session.value as Session;
  return (
    <div class="grid">
      <section class="panel is-half" aria-labelledby="you-session">
        <h2 id="you-session">Signed in</h2>
        <dl class="facts">
          <div>
            <dt>{here.kind === "user" ? "User" : "Key"}</dt>
            <dd>{here.name}</dd>
          </div>
          {here.customer && (
            <div>
              <dt>Customer</dt>
              <dd>{here.customer.name ?? here.customer.external_id ?? here.customer.id}</dd>
            </div>
          )}
          <div>
            <dt>Until</dt>
            <dd>
              {here.expires_at
                ? instantText(here.expires_at, place.workspace.timezone)
                : "As long as the key behind it is good"}
            </dd>
          </div>
          <div>
            <dt>May</dt>
            <dd>
              <ScopeList scopes={place.workspace.scopes} />
            </dd>
          </div>
        </dl>
        <Leaving />
      </section>
      <section class="panel is-half" aria-labelledby="you-browser">
        <h2 id="you-browser">This browser</h2>
        <Looks />
      </section>
    </div>
  );
}

interface MadeCode {
  url: string;
  expires_at: string;
}

function Leaving() {
  const [, navigate] = useLocation();
  const [made, setMade] = useState<MadeCode | null>(null);
  const { isBusy, problem, send } = useSending();
  const elsewhere = () =>
    send(async () => {
      setMade(await tell<MadeCode>("POST", "api/session/codes", {}));
    });
  const leave = () =>
    send(async () => {
      await signOut();
      navigate("/sign-in");
    });
  return (
    <>
      <p class="row-of-buttons">
        <button type="button" disabled={isBusy} onClick={elsewhere}>
          Sign in elsewhere
        </button>
        <button type="button" disabled={isBusy} onClick={leave}>
          Sign out
        </button>
      </p>
      <Fault text={problem?.message} />
      {made && (
        <Dialog title="Sign in elsewhere" onClose={() => setMade(null)}>
          <ShownOnce
            label="Link"
            text={made.url}
            note="It signs in once, with your own rights, within 15 minutes: in another browser, or on a telephone."
          />
        </Dialog>
      )}
    </>
  );
}

const themes = [
  { value: "system", name: "As the system" },
  { value: "light", name: "Light" },
  { value: "dark", name: "Dark" },
] as const;

function Looks() {
  return (
    <div class="form">
      <div class="field">
        <span class="field-name">Theme</span>
        <Choice
          label="Theme"
          options={themes}
          value={theme.value}
          onChange={(chosen) => {
            theme.value = chosen;
          }}
        />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={hasShortcuts.value}
          onChange={(event) => {
            hasShortcuts.value = event.currentTarget.checked;
          }}
        />
        <span>
          Keyboard shortcuts (<kbd>?</kbd> shows them)
        </span>
      </label>
      <p class="muted">
        This browser keeps these two, the workspace that was looked at last, the log's filters that were saved there,
        and that somebody signed in. This page is made of others' work too:{" "}
        <a href={new URL("licenses.txt", document.baseURI).href}>their licences</a>.
      </p>
    </div>
  );
}
