import { X } from "lucide-preact";
import type { Place } from "../../address/place.ts";
import { categories, type LogFilter, severities } from "../../live/record.ts";
import { SearchField } from "../../parts/SearchField.tsx";

/** What the address asks of the log. */
export function filterOf({ params }: Place): LogFilter {
  const of = (name: string) => params.get(name);
  return {
    q: of("q"),
    category: of("category"),
    severity: of("severity"),
    actor: of("actor"),
    target: of("target"),
    correlation: of("correlation"),
  };
}

const chips = [
  { name: "actor", title: "Actor" },
  { name: "target", title: "Target" },
  { name: "correlation", title: "Correlation" },
] as const;

/** What of the log is looked at; it stands in the address. */
export function Filters({ place, filter }: { place: Place; filter: LogFilter }) {
  return (
    <div class="tail-filters" role="group" aria-label="Filters">
      <SearchField place={place} label="Search the log" />
      <select
        aria-label="Severity"
        value={filter.severity ?? ""}
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
        value={filter.category ?? ""}
        onChange={(event) => place.set({ category: event.currentTarget.value || null })}
      >
        <option value="">Every category</option>
        {categories.map((category) => (
          <option key={category}>{category}</option>
        ))}
      </select>
      {chips.map(
        ({ name, title }) =>
          filter[name] && (
            <span class="chip" key={name}>
              {title}: <b>{filter[name]}</b>
              <button
                type="button"
                class="icon quiet"
                aria-label={`Remove ${title} ${filter[name]}`}
                onClick={() => place.set({ [name]: null })}
              >
                <X size={12} aria-hidden="true" />
              </button>
            </span>
          ),
      )}
    </div>
  );
}
