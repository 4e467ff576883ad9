import type { Place } from "../../address/place.ts";
import { tell } from "../../api/fetch.ts";
import { LinkForm, type SharedLink } from "../../parts/LinkForm.tsx";
import { askedDays, whoOf } from "./panels.ts";

/** Makes a link that opens this report. */
export function ShareForm({ place, onClose }: { place: Place; onClose: () => void }) {
  const days = askedDays(place);
  const address = `api/requests/customers/${encodeURIComponent(whoOf(place).id)}/report/links?tenantId=${place.workspace.id}`;
  return (
    <LinkForm
      title="Share the report"
      about={`Whoever has the link sees this report of ${days} days, always up to the day it is opened, and nothing else.`}
      zone={place.zone}
      make={(expiresAt) => tell<SharedLink>("POST", address, { days: Number(days), timezone: place.zone, expiresAt })}
      onClose={onClose}
    />
  );
}
