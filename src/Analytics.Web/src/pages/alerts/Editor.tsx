import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import { client } from "../../api/client.ts";
import { jsonText } from "../../api/exact.ts";
import { tell } from "../../api/fetch.ts";
import { useCall } from "../../panels/useCall.ts";
import { say } from "../../parts/Toast.tsx";
import { useSending } from "../../parts/useSending.ts";
import { AlertForm } from "./AlertForm.tsx";
import { type AlertText, bodyOfAlert, changeOfAlert, textOfAlert } from "./alertText.ts";
import type { Alert } from "./List.tsx";
import { Preview } from "./Preview.tsx";
import { alert } from "./panels.ts";

/** Makes an alert, or changes one, and tries it on what there was before it is saved. */
export function Editor({ place }: { place: Place }) {
  const isNew = place.rest[0] === "new";
  const { data, error } = useCall(isNew ? null : alert.call(place));
  return (
    <>
      <p class="way-back">
        <Link href={place.href(isNew ? "alerts" : `alerts/${place.rest[0]}`)}>
          {isNew ? "All alerts" : (data?.name ?? "The alert")}
        </Link>
      </p>
      {error && <p class="notice">{error.message}</p>}
      {(isNew || data) && <Edited place={place} alert={data} />}
    </>
  );
}

function Edited({ place, alert }: { place: Place; alert: Alert | undefined }) {
  const [text, setText] = useState(() => textOfAlert(alert));
  const [tried, setTried] = useState<object | null>(null);
  const { isBusy, problem, send } = useSending();
  const save = async () => {
    const saved = await sent(place, alert, text, send);
    if (!saved) return;
    say("Saved");
    void client.invalidateQueries();
    place.go(`alerts/${saved.id}`);
  };
  return (
    <div class="grid">
      <AlertForm
        place={place}
        text={text}
        problem={problem}
        isBusy={isBusy}
        isNew={!alert}
        onChange={setText}
        onTry={() => setTried(bodyOfAlert(text))}
        onSave={save}
      />
      {tried && <Preview place={place} alert={tried} />}
    </div>
  );
}

/** The alert as it is once it is sent; null where the service refused it. */
async function sent(
  { workspace }: Place,
  alert: Alert | undefined,
  text: AlertText,
  send: (what: () => Promise<unknown>) => Promise<boolean>,
): Promise<Alert | null> {
  let saved: Alert | null = null;
  const query = `?tenantId=${workspace.id}`;
  await send(async () => {
    saved = alert
      ? await tell<Alert>(
          "PATCH",
          `api/v1/alerts/${alert.id}${query}`,
          jsonText(changeOfAlert(textOfAlert(alert), text)),
        )
      : await tell<Alert>("POST", `api/v1/alerts${query}`, jsonText(bodyOfAlert(text)));
  });
  return saved;
}
