import { CalendarDays, ChevronLeft, ChevronRight, SlidersHorizontal, X } from "lucide-preact";
import { useState } from "preact/hooks";
import { periodPatch, rangePatch } from "../address/filters.ts";
import { intervalsOf, periods, shifted } from "../address/period.ts";
import { type Place, routesOf } from "../address/place.ts";
import type { FilterName } from "../pages/catalogue.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { ZoneSelect } from "../parts/ZoneSelect.tsx";
import { daysFrom } from "../time/dates.ts";
import { instantText } from "../time/labels.ts";
import { AddFilter, chipsOf } from "./Chips.tsx";

interface Props {
  place: Place;
  /** What the page's routes take. */
  names: FilterName[];
}

/** Everything a page is asked for, kept in the address. On a narrow screen it folds into one button. */
export function FilterBar({ place, names }: Props) {
  const [isUnfolded, setUnfolded] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const chips = chipsOf(place, names);
  return (
    <div class={isUnfolded ? "filters is-unfolded" : "filters"} role="group" aria-label="Filters">
      <button type="button" class="filters-fold" aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
        <SlidersHorizontal size={16} aria-hidden="true" /> {periodName(place)}
        {chips.length > 0 && ` · ${chips.length} more`}
      </button>
      <div class="filters-row">
        {names.includes("period") && <Period place={place} onChoose={() => setChoosing(true)} />}
        {names.includes("interval") && <IntervalChoice place={place} />}
        {names.includes("compare") && <Compare place={place} />}
        {names.includes("interval") && (
          <label class="check">
            <input
              type="checkbox"
              checked={place.filters.isComplete}
              onChange={(event) => place.set({ complete: event.currentTarget.checked ? "1" : null })}
            />
            Complete only
          </label>
        )}
        {chips.map((chip) => (
          <span class="chip" key={`${chip.name} ${chip.value}`}>
            {chip.title}: <b>{chip.value}</b>
            <button
              type="button"
              class="icon quiet"
              aria-label={`Remove ${chip.title} ${chip.value}`}
              onClick={chip.remove}
            >
              <X size={12} aria-hidden="true" />
            </button>
          </span>
        ))}
        <AddFilter place={place} names={names} />
      </div>
      {/* Beside what folds: a key opens it too. */}
      {isChoosing && <Dates place={place} onClose={() => setChoosing(false)} />}
    </div>
  );
}

function periodName(place: Place): string {
  const named = periods.find((period) => period.slug === place.filters.period);
  if (named) return named.name;
  const { instants, start, end, zone } = place.range;
  if (instants) return `${instantText(instants.from, zone)} – ${instantText(instants.to, zone)}`;
  return start === end ? start : `${start} – ${end}`;
}

function Period({ place, onChoose }: { place: Place; onChoose: () => void }) {
  const move = (by: 1 | -1) => {
    const next = shifted(place.range, by, place.today);
    return next && (() => place.set(rangePatch(next.from, next.to)));
  };
  const [back, forth] = [move(-1), move(1)];
  return (
    <div class="period">
      <button type="button" class="icon" aria-label="The period before" onClick={back ?? undefined}>
        <ChevronLeft size={16} aria-hidden="true" />
      </button>
      <select
        aria-label="Period"
        value={place.filters.period}
        onChange={(event) => place.set(periodPatch(event.currentTarget.value))}
      >
        {periods.map((period) => (
          <option key={period.slug} value={period.slug}>
            {period.name}
          </option>
        ))}
        {place.filters.period === "custom" && <option value="custom">{periodName(place)}</option>}
      </select>
      <button type="button" class="icon" aria-label="The period after" disabled={!forth} onClick={forth ?? undefined}>
        <ChevronRight size={16} aria-hidden="true" />
      </button>
      <button
        type="button"
        class="icon"
        data-dates
        aria-label="Choose dates"
        title="Choose dates (C)"
        onClick={onChoose}
      >
        <CalendarDays size={16} aria-hidden="true" />
      </button>
      {place.filters.period === "24h" && !place.range.instants && (
        <span class="chip">
          Whole days: {place.range.start} – {place.range.end}
        </span>
      )}
      {(place.filters.tz || place.isUtc) && <span class="chip">{place.zone}</span>}
    </div>
  );
}

function Dates({ place, onClose }: { place: Place; onClose: () => void }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const zone = fields.get("tz");
    place.set({
      ...rangePatch(String(fields.get("from")), String(fields.get("to"))),
      // Where there is none to choose it stays.
      ...(zone === null ? {} : { tz: zone === place.workspace.timezone ? null : String(zone) }),
    });
    onClose();
  };
  return (
    <Dialog title="Choose dates" onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <label>
          First day
          <input type="date" name="from" required value={place.range.start} max={place.today} />
        </label>
        <label>
          Last day
          <input type="date" name="to" required value={place.range.end} />
        </label>
        {!place.isUtc && (
          <Field label="Time zone">
            {(marks) => <ZoneSelect {...marks} name="tz" zone={place.zone} first={[place.workspace.timezone]} />}
          </Field>
        )}
        <div class="form-foot">
          <button type="submit" class="primary">
            Show
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function IntervalChoice({ place }: { place: Place }) {
  const allowed = intervalsOf(daysFrom(place.range.start, place.range.end), routesOf(place.page));
  return (
    <select
      aria-label="Interval"
      value={place.filters.interval ?? "auto"}
      onChange={(event) =>
        place.set({ interval: event.currentTarget.value === "auto" ? null : event.currentTarget.value })
      }
    >
      <option value="auto">By {place.range.interval} (auto)</option>
      {allowed.map((interval) => (
        <option key={interval} value={interval}>
          By {interval}
        </option>
      ))}
    </select>
  );
}

function Compare({ place }: { place: Place }) {
  return (
    <select
      aria-label="Compare"
      value={place.filters.compare ?? ""}
      onChange={(event) => place.set({ compare: event.currentTarget.value || null })}
    >
      <option value="">Compare with nothing</option>
      <option value="previous">The period before</option>
      <option value="year">The year before</option>
    </select>
  );
}
