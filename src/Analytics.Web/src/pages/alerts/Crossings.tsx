import type { Place } from "../../address/place.ts";
import type { Value } from "../../api/exact.ts";
import { type Column, Table } from "../../panels/Table.tsx";
import { textOf } from "../../query/answer.ts";
import { instantText } from "../../time/labels.ts";
import { type SavedAlert, textOfAlert, unitOfAlert } from "./alertText.ts";
import { isChange } from "./words.ts";

/** A crossing: one that was told, or one of a preview. */
export interface Crossing {
  at: string;
  key?: unknown;
  value: Value;
  limit: Value;
  changePercent?: Value | null;
  backAt?: string | null;
}

interface Props {
  caption: string;
  crossings: readonly Crossing[];
  alert: SavedAlert;
  place: Place;
}

/** When a limit was crossed, by what, and until when. */
export function Crossings({ caption, crossings, alert, place }: Props) {
  const unit = unitOfAlert(alert);
  const isOfChange = isChange(textOfAlert(alert).condition);
  const dimension = alert.query?.dimensions?.[0];
  const columns: Column<Crossing>[] = [
    { title: "At", cell: (row) => instantText(row.at, place.zone) },
    ...(dimension
      ? [{ title: dimension, cell: (row: Crossing) => textOf(row.key) ?? <span class="muted">none</span> }]
      : []),
    { title: "Value", cell: (row) => row.value, unit },
    ...(isOfChange ? [{ title: "Change", cell: (row: Crossing) => row.changePercent, unit: "percent" as const }] : []),
    { title: "Limit", cell: (row) => row.limit, unit: isOfChange ? ("percent" as const) : unit },
    { title: "Back", cell: (row) => (row.backAt ? instantText(row.backAt, place.zone) : "not yet") },
  ];
  return (
    <Table
      caption={caption}
      money={{ currency: place.workspace.currency }}
      rows={crossings}
      keyOf={(row) => `${row.at} ${textOf(row.key)}`}
      columns={columns}
    />
  );
}
