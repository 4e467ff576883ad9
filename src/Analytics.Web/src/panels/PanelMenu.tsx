import type { Place } from "../address/place.ts";
import { type Call, csvOf, curlOf, root, urlOf } from "../api/call.ts";
import { copy } from "../parts/Copy.tsx";
import { Menu } from "../parts/Menu.tsx";
import { exportsOf } from "./exports.ts";
import type { PanelRow } from "./row.ts";
import { saveCsv } from "./saveCsv.ts";

interface Props {
  row: Pick<PanelRow, "title" | "isJsonOnly" | "exports">;
  place: Place;
  call: Call<unknown>;
  /** The same for the time compared with. */
  compared: Call<unknown> | null;
  isTable: boolean;
  /** Null: there is no table to switch to. */
  setTable: ((isTable: boolean) => void) | null;
  refresh: () => void;
}

/** What every panel offers: its call as curl, CSV, JSON, exports, its table, its documentation. */
export function PanelMenu({ row, place, call, compared, isTable, setTable, refresh }: Props) {
  const curl = compared ? `${curlOf(call)}\n${curlOf(compared)}` : curlOf(call);
  return (
    <Menu label={`${row.title}: menu`}>
      <button type="button" role="menuitem" data-curl={curl} onClick={() => copy(curl, "curl")}>
        Copy as curl
      </button>
      {!row.isJsonOnly && <Csv call={call} title={row.title} />}
      {!call.body && (
        <a role="menuitem" href={urlOf(call)} target="_blank" rel="noreferrer">
          Open JSON
        </a>
      )}
      {exportsOf(row.exports ?? [], place).map(({ title, href }) => (
        <a key={href} role="menuitem" href={href} download="">
          {title}
        </a>
      ))}
      {setTable && (
        <button type="button" role="menuitem" onClick={() => setTable(!isTable)}>
          {isTable ? "Show as chart" : "Show as table"} <kbd>V</kbd>
        </button>
      )}
      <button type="button" role="menuitem" onClick={refresh}>
        Refresh
      </button>
      <a role="menuitem" href={docsOf(call)} target="_blank" rel="noreferrer">
        Documentation
      </a>
    </Menu>
  );
}

/** What is asked by a body has no link: its answer is fetched and saved. */
function Csv({ call, title }: { call: Call<unknown>; title: string }) {
  if (!call.body)
    return (
      <a role="menuitem" href={csvOf(call)} download="">
        Download CSV
      </a>
    );
  return (
    <button type="button" role="menuitem" onClick={() => saveCsv(call, title)}>
      Download CSV
    </button>
  );
}

/** Where the API's page describes the route. */
const docsOf = (call: Call<unknown>) => new URL(`swagger/index.html#${call.route}`, root).href;
