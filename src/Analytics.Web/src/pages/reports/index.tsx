import { usePlace } from "../../address/place.ts";
import { Kept } from "./Kept.tsx";
import { ReportsList } from "./List.tsx";
import { One } from "./One.tsx";

/** Questions with names: asked again whenever they are opened, and by their schedules. */
export default function Reports() {
  const place = usePlace();
  if (!place) return null;
  const [id, part, run] = place.rest;
  if (!id) return <ReportsList place={place} />;
  if (part === "runs" && run) return <Kept key={run} place={place} />;
  return <One key={id} place={place} />;
}
