import { Bookmark } from "lucide-preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import { logFilters } from "../../frame/kept.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Menu } from "../../parts/Menu.tsx";
import { say } from "../../parts/Toast.tsx";
import { readSaved, renamed, type SavedFilter, withoutSaved, withSaved } from "./saved.ts";

/** Filters with names, kept in this browser. Each is a link to the address that it was saved at. */
export function Saved({ place }: { place: Place }) {
  const { id, slug } = place.workspace;
  const [list, setList] = useState(() => readSaved(logFilters.get(id)));
  const [isOpen, setOpen] = useState<"save" | "change" | null>(null);
  const keep = (next: SavedFilter[]) => {
    setList(next);
    logFilters.set(id, JSON.stringify(next));
  };
  const close = () => setOpen(null);
  return (
    <>
      <Menu
        label="My filters"
        class=""
        face={
          <>
            <Bookmark size={14} aria-hidden="true" /> My filters
          </>
        }
      >
        {list.map(({ name, search }) => (
          <Link key={name} role="menuitem" href={`/${slug}/log${search && `?${search}`}`}>
            {name}
          </Link>
        ))}
        <button type="button" role="menuitem" onClick={() => setOpen("save")}>
          Save these filters
        </button>
        {list.length > 0 && (
          <button type="button" role="menuitem" onClick={() => setOpen("change")}>
            Rename or delete
          </button>
        )}
      </Menu>
      {isOpen === "save" && (
        <Save
          onSave={(name) => {
            keep(withSaved(list, { name, search: place.params.toString() }));
            say(`Saved: ${name}`);
            close();
          }}
          onClose={close}
        />
      )}
      {isOpen === "change" && <Change list={list} keep={keep} onClose={close} />}
    </>
  );
}

function Save({ onSave, onClose }: { onSave: (name: string) => void; onClose: () => void }) {
  return (
    <Dialog title="Save these filters" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          const name = String(new FormData(event.currentTarget).get("name")).trim();
          if (name) onSave(name);
        }}
      >
        <label>
          Name
          <input name="name" required maxLength={60} autocomplete="off" />
        </label>
        <small class="muted">Kept in this browser. Filters of the same name are replaced.</small>
        <div class="form-foot">
          <button type="submit" class="primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface ChangeProps {
  list: SavedFilter[];
  keep: (list: SavedFilter[]) => void;
  onClose: () => void;
}

function Change({ list, keep, onClose }: ChangeProps) {
  return (
    <Dialog title="My filters" onClose={onClose}>
      {list.length === 0 && <p class="empty">None are left.</p>}
      <ul class="saved-filters">
        {list.map(({ name }) => (
          <li key={name}>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                const next = String(new FormData(event.currentTarget).get("name")).trim();
                if (next) keep(renamed(list, name, next));
              }}
            >
              <input name="name" aria-label={`New name of ${name}`} required maxLength={60} defaultValue={name} />
              <button type="submit" aria-label={`Rename ${name}`}>
                Rename
              </button>
              <button type="button" aria-label={`Delete ${name}`} onClick={() => keep(withoutSaved(list, name))}>
                Delete
              </button>
            </form>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
