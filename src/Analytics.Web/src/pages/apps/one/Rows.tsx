import { ChevronLeft, ChevronRight } from "lucide-preact";
import { useState } from "preact/hooks";
import type { PostedAnswer } from "../../../api/call.ts";
import { exact } from "../../../numbers/format.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { Dialog } from "../../../parts/Dialog.tsx";
import { askedOffset, rowsOfPage } from "./asked.ts";
import { Cell, Whole } from "./Cell.tsx";
import { typeName } from "./oids.ts";
import { rows } from "./panels.ts";

type Preview = PostedAnswer<"/api/apps/{id}/stats/tables/{table}/preview">;

/** A row, and where it stands in the table. */
interface Numbered {
  number: number;
  values: Record<string, unknown>;
}

/** Rows of the table, a page at a time. */
export function RowsPanel() {
  return (
    <Panel row={rows} height={480}>
      {(shown) => <Rows {...shown} />}
    </Panel>
  );
}

function Rows({ answer, place }: Shown<Preview>) {
  const [picked, setPicked] = useState<Numbered | null>(null);
  const offset = askedOffset(place);
  if (answer.rowCount === 0 && offset === 0) return <p class="empty">The table has no rows.</p>;
  const numbered = answer.rows.map((values, at) => ({ number: offset + at + 1, values: values as Numbered["values"] }));
  return (
    <>
      <Table
        caption={rows.title}
        money={{ currency: place.workspace.currency }}
        rows={numbered}
        keyOf={(row) => String(row.number)}
        onPick={setPicked}
        columns={[
          { title: "#", cell: (row) => row.number.toLocaleString("en") },
          ...answer.fields.map(({ name }) => ({
            title: name,
            cell: (row: Numbered) => <Cell value={row.values[name]} />,
          })),
        ]}
      />
      <Pages answer={answer} place={place} />
      {picked && <OneRow row={picked} answer={answer} onClose={() => setPicked(null)} />}
    </>
  );
}

/** Which rows these are, and the way to others. */
function Pages({ answer, place }: Pick<Shown<Preview>, "answer" | "place">) {
  const offset = askedOffset(place);
  // Rows that are too long for one answer are missing at its end: the next page begins with them.
  const end = offset + answer.rowCount;
  const total = Math.max(Number(answer.totalRows), end);
  const count = (number: number) => exact(number, "count", { currency: place.workspace.currency });
  const go = (to: number) => place.set({ offset: to > 0 ? String(to) : null });
  return (
    <div class="more">
      <button type="button" disabled={offset === 0} onClick={() => go(offset - rowsOfPage)}>
        <ChevronLeft size={14} aria-hidden="true" /> Before
      </button>
      <button type="button" disabled={answer.rowCount === 0 || end >= total} onClick={() => go(end)}>
        Next <ChevronRight size={14} aria-hidden="true" />
      </button>
      <span>
        {answer.rowCount === 0
          ? "There are no rows so far on"
          : `${count(offset + 1)}–${count(end)} of ${count(total)}`}
      </span>
    </div>
  );
}

/** All of a row, each value with the name of its type. */
function OneRow({ row, answer, onClose }: { row: Numbered; answer: Preview; onClose: () => void }) {
  return (
    <Dialog title={`Row ${row.number.toLocaleString("en")}`} kind="drawer" onClose={onClose}>
      <dl class="facts">
        {answer.fields.map(({ name, dataTypeID }) => (
          <div key={name}>
            <dt>
              {name}
              <small>{typeName(dataTypeID)}</small>
            </dt>
            <dd>
              <Whole value={row.values[name]} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
