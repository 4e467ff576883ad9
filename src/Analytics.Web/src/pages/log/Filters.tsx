import type { ComponentChildren } from "preact";
import type { Place } from "../../address/place.ts";
import { categories, severities } from "../../live/record.ts";
import { SearchField } from "../../parts/SearchField.tsx";

interface Props {
  place: Place;
  saved: ComponentChildren;
}

/** What of the log is looked at, beside the filters of the bar above: it stands in the address. */
export function Filters({ place, saved }: Props) {
  return (
    <div class="tail-filters" role="group" aria-label="Filters of the log">
      <SearchField place={place} label="Search the log" />
      <select
        aria-label="Severity"
        value={place.params.get("severity") ?? ""}
        onChange={(event) => place.set({ severity: event.currentTarget.value || null })}
      >
        <option value="">Every severity</option>
        {severities.slice(1).map((severity) => (
          <option key={severity} value={severity}>
            {severity === "CRITICAL" ? severity : `${severity} and above`}
          </option>
        ))}
      </select>
      <select
        aria-label="Category"
        value={place.params.get("category") ?? ""}
        onChange={(event) => place.set({ category: event.currentTarget.value || null })}
      >
        <option value="">Every category</option>
        {categories.map((category) => (
          <option key={category}>{category}</option>
        ))}
      </select>
      {saved}
    </div>
  );
}
