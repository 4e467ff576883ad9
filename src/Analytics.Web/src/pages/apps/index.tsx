import { usePlace } from "../../address/place.ts";
import { All } from "./All.tsx";
import { One } from "./one/index.tsx";
import { askedApp } from "./question.ts";

/** The apps of the workspace, and one of them on pages of its own. */
export default function Apps() {
  const place = usePlace();
  if (!place) return null;
  const app = askedApp(place);
  return app ? <One key={app} place={place} /> : <All place={place} />;
}
