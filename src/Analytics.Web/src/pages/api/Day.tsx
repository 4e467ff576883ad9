import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { Bars } from "../../charts/Bars.tsx";
import { StatusBar } from "../../charts/StatusBar.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Tile } from "../../panels/Tile.tsx";
import { session } from "../../session/session.ts";
import { dayText } from "../../time/labels.ts";
import { CustomerTable, EndpointTable, StatusTable, TileTable } from "./dayTables.tsx";
import { day, statusShares, topCustomers, topEndpoints } from "./panels.ts";
import { dateText } from "./question.ts";
import { Latency, Requests, Transferred } from "./Series.tsx";
import { type TileRow, tiles } from "./tiles.ts";

type Dashboard = Answer<"/api/requests/dashboard">;

/** The range's last day at a glance, and the whole range as charts. */
export function Day({ place }: { place: Place }) {
  const isPortal = session.value?.customer != null;
  return (
    <div class="grid">
      <Panel
        row={day}
        class="is-bare"
        height={182}
        tools={<DayText place={place} />}
        table={(shown) => <TileTable {...shown} />}
      >
        {(shown) => <Tiles {...shown} />}
      </Panel>
      <Requests />
      <Latency />
      <Panel
        row={topEndpoints}
        class={isPortal ? "is-two-thirds" : "is-third"}
        tools={<ShortDay place={place} />}
        table={(shown) => <EndpointTable {...shown} />}
      >
        {(shown) => <TopEndpoints {...shown} />}
      </Panel>
      {!isPortal && (
        <Panel
          row={topCustomers}
          class="is-third"
          tools={<ShortDay place={place} />}
          table={(shown) => <CustomerTable {...shown} />}
        >
          {(shown) => <TopCustomers {...shown} />}
        </Panel>
      )}
      <div class="stacked is-third">
        <Panel
          row={statusShares}
          height={48}
          tools={<ShortDay place={place} />}
          table={(shown) => <StatusTable {...shown} />}
        >
          {({ answer }) => <StatusBar counts={answer.statusBreakdown} />}
        </Panel>
        <Transferred class="" />
      </div>
    </div>
  );
}

/** Beside the charts of the whole range: these are of one day. */
const ShortDay = ({ place }: { place: Place }) => (
  <span class="muted">{dayText(`${place.range.end}T00:00:00Z`, "UTC")}</span>
);

/** Which day it is, and that it is of everybody. */
function DayText({ place }: { place: Place }) {
  const { customer, endpoint } = place.filters;
  const isFiltered = customer.length > 0 || endpoint !== null;
  return (
    <span class="muted">
      {dateText(place.range.end)}
      {isFiltered && ", of all endpoints and customers"}
    </span>
  );
}

const isMissing = (tile: TileRow, answer: Dashboard) => tile.isOfSome === true && Number(answer.totalRequests) === 0;

function Tiles({ answer, before, place }: Shown<Dashboard>) {
  return (
    <div class="tiles is-ten">
      {tiles.map((tile) => (
        <Tile
          key={tile.slug}
          slug={tile.slug}
          name={tile.name}
          title={tile.about}
          value={tile.value(answer)}
          unit={tile.unit}
          sense={tile.sense}
          money={{ currency: place.workspace.currency }}
          isMissing={isMissing(tile, answer)}
          isSoFar={place.range.end === place.today}
          {...(before && !tile.isNow ? { before: isMissing(tile, before) ? null : tile.value(before) } : {})}
        />
      ))}
    </div>
  );
}

function TopEndpoints({ answer, place }: Shown<Dashboard>) {
  return (
    <Bars
      label={topEndpoints.title}
      rows={answer.topEndpoints.map((row) => ({ key: row.endpoint, label: row.endpoint, value: row.count }))}
      unit="count"
      money={{ currency: place.workspace.currency }}
      onPick={(endpoint) => place.go("api/endpoints", { endpoint })}
    />
  );
}

function TopCustomers({ answer, place }: Shown<Dashboard>) {
  return (
    <Bars
      label={topCustomers.title}
      rows={answer.topCustomers.map((row) => ({
        key: row.customerId,
        label: row.customerId,
        value: row.count,
        share: row.sharePercent / 100,
      }))}
      unit="count"
      money={{ currency: place.workspace.currency }}
      onPick={(customer) => place.set({ customer: [customer] })}
    />
  );
}
