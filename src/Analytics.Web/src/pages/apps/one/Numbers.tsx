import type { Answer } from "../../../api/call.ts";
import type { Value } from "../../../api/exact.ts";
import type { Unit } from "../../../numbers/units.ts";
import type { Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { Tile } from "../../../panels/Tile.tsx";

export type Stats = Answer<"/api/apps/{id}/stats">;

/** A number of an app's statistics. */
export interface NumberRow {
  /** Where the answer has it. */
  slug: string;
  name: string;
  unit: Unit;
  value: (answer: Stats) => Value;
  /** It is of invocations: where there were none there is nothing to show. */
  isQuotient?: boolean;
}

const isMissing = (row: NumberRow, answer: Stats) => row.isQuotient === true && Number(answer.api.invocations30d) === 0;

type Props = Pick<Shown<Stats>, "answer" | "place"> & { rows: NumberRow[] };

/** Numbers side by side, in a panel of their own. */
export function Numbers({ answer, place, rows }: Props) {
  return (
    <div class="tiles is-flat">
      {rows.map((row) => (
        <Tile
          key={row.slug}
          slug={row.slug}
          name={row.name}
          value={row.value(answer)}
          isMissing={isMissing(row, answer)}
          unit={row.unit}
          money={{ currency: place.workspace.currency }}
        />
      ))}
    </div>
  );
}

export function NumbersTable({ answer, place, rows, caption }: Props & { caption: string }) {
  return (
    <Table
      caption={caption}
      money={{ currency: place.workspace.currency }}
      rows={rows}
      keyOf={(row) => row.slug}
      columns={[
        { title: "Number", cell: (row) => row.name },
        { title: "Value", cell: (row) => (isMissing(row, answer) ? null : row.value(answer)), unit: (row) => row.unit },
      ]}
    />
  );
}
