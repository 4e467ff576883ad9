import { useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { tell } from "../../api/fetch.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { textOf } from "../../query/filterValue.ts";
import { operators, wordOf } from "../../query/words.ts";
import { may, session } from "../../session/session.ts";
import { definitions } from "./panels.ts";
import { RowTools } from "./RowTools.tsx";
import { UnitForm } from "./UnitForm.tsx";
import { aggregations, types } from "./words.ts";

type UnitsList = Answer<"/api/v1/billable-units">;
export type UnitRow = UnitsList["data"][number];

/** Whether the caller makes and changes units and products. */
export const isEditor = (place: Place) => may(place.workspace, "reports:write") && session.value?.customer == null;

/** The units themselves, for those who may with their editor. */
export function Definitions({ place }: { place: Place }) {
  const [isOpen, setOpen] = useState(false);
  const client = useQueryClient();
  return (
    <Panel
      row={definitions}
      height={240}
      tools={
        isEditor(place) && (
          <button type="button" class="primary" onClick={() => setOpen(true)}>
            New unit
          </button>
        )
      }
    >
      {(shown) => (
        <>
          <List {...shown} />
          {isOpen && (
            <UnitForm place={place} onClose={() => setOpen(false)} onSaved={() => client.invalidateQueries()} />
          )}
        </>
      )}
    </Panel>
  );
}

function List({ answer, call, place }: Shown<UnitsList>) {
  if (answer.data.length === 0)
    return <p class="empty">No units yet. A unit says which events are counted as usage.</p>;
  return (
    <More call={call} first={answer}>
      {(rows: UnitRow[]) => (
        <Table
          caption="Units"
          money={{ currency: place.workspace.currency }}
          rows={rows}
          keyOf={(unit) => unit.key}
          columns={[
            { title: "Name", cell: (unit) => unit.name },
            { title: "Key", cell: (unit) => <code>{unit.key}</code> },
            { title: "Is", cell: (unit) => wordOf(aggregations, unit.aggregation) },
            { title: "Field", cell: (unit) => unit.field && <code>{unit.field}</code> },
            { title: "Of events", cell: (unit) => <code>{unit.eventName}</code> },
            { title: "Where", cell: whereOf },
            ...(isEditor(place)
              ? [{ title: "Change", cell: (unit: UnitRow) => <Tools unit={unit} place={place} /> }]
              : []),
          ]}
        />
      )}
    </More>
  );
}

/** Its filters in words. */
function whereOf(unit: UnitRow): string {
  const filters = unit.filters.map(
    ({ field, operator, value }) => `${field} ${wordOf(operators, operator)} ${textOf(operator ?? "", value)}`,
  );
  return [...(unit.productType ? [`product is an ${wordOf(types, unit.productType)}`] : []), ...filters].join(", ");
}

const Tools = ({ unit, place }: { unit: UnitRow; place: Place }) => (
  <RowTools
    name={unit.name}
    what="Its events stay: a unit made anew counts them again."
    remove={() =>
      tell("DELETE", `api/v1/billable-units/${encodeURIComponent(unit.key)}?tenantId=${place.workspace.id}`)
    }
  >
    {(how) => <UnitForm place={place} unit={unit} {...how} />}
  </RowTools>
);
