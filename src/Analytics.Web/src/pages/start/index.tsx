import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { type Place, usePlace } from "../../address/place.ts";
import { root } from "../../api/call.ts";
import { tell } from "../../api/fetch.ts";
import { CopyButton } from "../../parts/Copy.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { Choice } from "../../parts/Tabs.tsx";
import { say } from "../../parts/Toast.tsx";
import { useSending } from "../../parts/useSending.ts";
import { may } from "../../session/session.ts";
import { snippets } from "./snippets.ts";
import { useFirst } from "./useFirst.ts";

interface Props {
  /** The first event is there. */
  onFirst: () => void;
}

/** What a workspace shows before its first event: how to send one. It turns by itself when that arrives. */
export function Start(props: Props) {
  const place = usePlace();
  return place && <Steps {...props} place={place} />;
}

function Steps({ place, onFirst }: Props & { place: Place }) {
  const [key, setKey] = useState<string | null>(null);
  const first = useFirst(place);
  useEffect(() => {
    if (first === null) return;
    say(`The first event is here: ${first}`);
    onFirst();
  }, [first]);
  return (
    <section class="panel start" aria-labelledby="start-title">
      <h2 id="start-title">Send the first event</h2>
      <p class="muted">{place.workspace.name} has none yet. Send one, and this page turns into the overview.</p>
      <KeyStep place={place} made={key} onMade={setKey} />
      <Code place={place} apiKey={key} />
      <p class="start-wait" role="status">
        {first === null ? "Waiting for the first event" : `It is here: ${first}`}
      </p>
      <p class="muted">
        Every route with its fields and examples: <a href={new URL("swagger", root).href}>API documentation</a>.
      </p>
    </section>
  );
}

function KeyStep({ place, made, onMade }: { place: Place; made: string | null; onMade: (key: string) => void }) {
  const { isBusy, problem, send } = useSending();
  const make = () =>
    send(async () => {
      const answer = await tell<{ key: string }>("POST", `api/workspaces/${place.workspace.id}/keys`, {
        name: "first events",
        scopes: ["events:write"],
      });
      onMade(answer.key);
    });
  if (made)
    return (
      <p>
        The key stands in the lines below. It is shown this once, may only send, and is listed under{" "}
        <Link href={place.href("settings/keys")}>keys</Link>.
      </p>
    );
  if (!may(place.workspace, "admin"))
    return (
      <p>
        It needs a key with the scope <code>events:write</code> in <code>ANALYTICS_KEY</code>; an admin of this
        workspace makes one.
      </p>
    );
  return (
    <div class="start-key">
      <button type="button" class="primary" disabled={isBusy} onClick={make}>
        Make a key for it
      </button>
      <span class="muted">
        Or put one with the scope <code>events:write</code> into <code>ANALYTICS_KEY</code>.
      </span>
      <Fault text={problem?.message} />
    </div>
  );
}

function Code({ place, apiKey }: { place: Place; apiKey: string | null }) {
  const [slug, setSlug] = useState("curl");
  const snippet = snippets.find((each) => each.slug === slug) ?? snippets[0];
  if (!snippet) return null;
  const text = snippet.text({ root: root.href, workspaceId: place.workspace.id, key: apiKey });
  return (
    <>
      <Choice
        label="Language"
        options={snippets.map((each) => ({ value: each.slug, name: each.name }))}
        value={slug}
        onChange={setSlug}
      />
      <div class="start-code">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>
          <code>{text}</code>
        </pre>
        <CopyButton text={text} label={`Copy the ${snippet.name} lines`} />
      </div>
      <p class="muted">{snippet.note}</p>
    </>
  );
}
