import { Plus } from "lucide-preact";
import { useId, useState } from "preact/hooks";
import type { Place } from "../address/place.ts";
import { get } from "../api/call.ts";
import type { FilterName } from "../pages/catalogue.ts";
import { useCall } from "../panels/useCall.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { may } from "../session/session.ts";

/** A filter that a chip stands for. */
interface FilterRow {
  name: Exclude<FilterName, "period" | "interval" | "compare" | "meta">;
  title: string;
  isMany: boolean;
}

const rows: FilterRow[] = [
  { name: "customer", title: "Customer", isMany: true },
  { name: "share", title: "Share", isMany: true },
  { name: "name", title: "Event", isMany: true },
  { name: "source", title: "Source", isMany: false },
  { name: "endpoint", title: "Endpoint", isMany: false },
  { name: "product", title: "Product", isMany: true },
  { name: "category", title: "Category", isMany: true },
  { name: "vendor", title: "Vendor", isMany: true },
  { name: "model", title: "Model", isMany: true },
  { name: "subscription", title: "Subscription", isMany: true },
  { name: "type", title: "Type", isMany: true },
  { name: "actor", title: "Actor", isMany: true },
  { name: "targetType", title: "Target type", isMany: true },
  { name: "targetId", title: "Target", isMany: true },
  { name: "correlationId", title: "Correlation", isMany: true },
];

interface Chip {
  name: string;
  title: string;
  value: string;
  remove: () => void;
}

/** The filters that the address has and the page takes. */
export function chipsOf(place: Place, names: FilterName[]): Chip[] {
  const chips = rows
    .filter((row) => names.includes(row.name))
    .flatMap((row) =>
      place.params.getAll(row.name).map((value) => ({
        name: row.name,
        title: row.title,
        value,
        remove: () => place.set({ [row.name]: place.params.getAll(row.name).filter((each) => each !== value) }),
      })),
    );
  const meta = names.includes("meta") ? place.filters.meta : [];
  return [
    ...chips,
    ...meta.map(([path, value]) => ({
      name: `meta.${path}`,
      title: path,
      value,
      remove: () => place.set({ [`meta.${path}`]: null }),
    })),
  ];
}

export function AddFilter({ place, names }: { place: Place; names: FilterName[] }) {
  const [isOpen, setOpen] = useState(false);
  const offered = rows.filter((row) => names.includes(row.name));
  if (offered.length === 0) return null;
  return (
    <>
      <button type="button" class="quiet" onClick={() => setOpen(true)}>
        <Plus size={14} aria-hidden="true" /> Filter
      </button>
      {isOpen && (
        <FilterDialog place={place} offered={offered} hasMeta={names.includes("meta")} onClose={() => setOpen(false)} />
      )}
    </>
  );
}

interface DialogProps {
  place: Place;
  offered: FilterRow[];
  hasMeta: boolean;
  onClose: () => void;
}

function FilterDialog({ place, offered, hasMeta, onClose }: DialogProps) {
  const [name, setName] = useState<string>(offered[0]?.name ?? "");
  const list = useId();
  const suggestions = useSuggestions(place, name);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const value = String(fields.get("value"));
    const row = offered.find((each) => each.name === name);
    if (row) place.set({ [row.name]: row.isMany ? [...new Set([...place.params.getAll(row.name), value])] : value });
    else place.set({ [`meta.${String(fields.get("path")).trim()}`]: value });
    onClose();
  };
  return (
    <Dialog title="Add a filter" onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <label>
          By
          <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
            {offered.map((row) => (
              <option key={row.name} value={row.name}>
                {row.title}
              </option>
            ))}
            {hasMeta && <option value="meta">Metadata</option>}
          </select>
        </label>
        {name === "meta" && (
          <label>
            Path
            <input name="path" required placeholder="plan, or _llm.model" />
          </label>
        )}
        <label>
          Value
          <input name="value" required list={list} autocomplete="off" />
        </label>
        <datalist id={list}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <div class="form-foot">
          <button type="submit" class="primary">
            Add
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the workspace has of it. */
function useSuggestions(place: Place, name: string): string[] {
  const workspace_id = place.workspace.id;
  const isReader = may(place.workspace, "events:read");
  const customers = useCall(
    name === "customer" && isReader ? get("/api/customers", { query: { workspace_id, limit: 200 } }) : null,
  );
  const isOfNames = name === "name" || name === "type";
  const events = useCall(isOfNames && isReader ? get("/api/events/names", { query: { workspace_id } }) : null);
  const endpoints = useCall(
    name === "endpoint" && may(place.workspace, "stats:read")
      ? get("/api/requests/endpoints", { query: { tenantId: workspace_id, limit: 200 } })
      : null,
  );
  if (name === "customer") return customers.data?.data.map((row) => row.external_id ?? row.id) ?? [];
  if (isOfNames) return events.data?.data.map((row) => row.name) ?? [];
  if (name === "endpoint") return endpoints.data?.data.map((row) => row.endpoint) ?? [];
  return name === "source" ? ["user", "system"] : [];
}
