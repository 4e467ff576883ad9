import { useState } from "preact/hooks";
import type { Place } from "../../../address/place.ts";
import { client } from "../../../api/client.ts";
import { tell } from "../../../api/fetch.ts";
import { Dialog } from "../../../parts/Dialog.tsx";
import { Fault } from "../../../parts/Fault.tsx";
import { ShownOnce } from "../../../parts/ShownOnce.tsx";
import { useSending } from "../../../parts/useSending.ts";
import type { App } from "../List.tsx";

/** What can be done about an app's Postgres workspace. */
interface Deed {
  title: string;
  address: string;
  about: string;
  confirm: string;
}

const make: Deed = {
  title: "Make the Postgres workspace",
  address: "workspace",
  about:
    "The app gets a schema and a login of its own, for its migrations and its code. The login sees that schema and nothing else.",
  confirm: "Make it",
};

const renew: Deed = {
  title: "New credentials",
  address: "workspace/credentials",
  about: "The app's login gets a new password. The old one is dead at once, and whoever came in with it is out.",
  confirm: "Make them",
};

interface Props {
  app: App;
  place: Place;
}

/** Makes the workspace, or, where it is, its login's password anew. */
export function PostgresButton({ app, place }: Props) {
  const [deed, setDeed] = useState<Deed | null>(null);
  const close = () => {
    setDeed(null);
    void client.invalidateQueries();
  };
  const offered = app.schema_name ? renew : make;
  return (
    <>
      <button type="button" onClick={() => setDeed(offered)}>
        {offered.title}
      </button>
      {deed && (
        <Dialog title={deed.title} onClose={close}>
          <Credentials app={app} place={place} deed={deed} />
        </Dialog>
      )}
    </>
  );
}

const note = "It is shown this once, with the login's password. Keep it where secrets are kept.";

function Credentials({ app, place, deed }: Props & { deed: Deed }) {
  const [uri, setUri] = useState<string | null | undefined>(undefined);
  const { isBusy, problem, send } = useSending();
  const begin = () =>
    send(async () => {
      const made = await tell<{ connection_string: string | null }>(
        "POST",
        `api/apps/${app.id}/${deed.address}?workspace_id=${place.workspace.id}`,
      );
      setUri(made.connection_string);
    });
  if (uri) return <ShownOnce label="Connection string" text={uri} note={note} />;
  if (uri === null) return <p>Somebody has made it already. New credentials give a connection string.</p>;
  return (
    <div class="form">
      <p>{deed.about}</p>
      <Fault text={problem?.message} />
      <div class="form-foot">
        <button type="button" class="primary" disabled={isBusy} onClick={begin}>
          {deed.confirm}
        </button>
      </div>
    </div>
  );
}
