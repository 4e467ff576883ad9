import { Link } from "wouter-preact";
import { customerSegment } from "../../address/customer.ts";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { format } from "../../numbers/format.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { may } from "../../session/session.ts";
import { customers, usualSort } from "./panels.ts";

type CustomersAnswer = Answer<"/api/v1/analytics/usage/by-customer">;
type Customer = CustomersAnswer["customers"][number];

/** Who uses how much, pays how much, and seems about to leave. */
export function Customers(_: { place: Place }) {
  return (
    <Panel row={customers} height={480}>
      {(shown) => <List {...shown} />}
    </Panel>
  );
}

const isAtRisk = ({ churnRisk }: Customer) => churnRisk.level === "high" || churnRisk.level === "medium";

function List({ answer, call, place }: Shown<CustomersAnswer>) {
  return (
    <More call={call} first={answer}>
      {(rows: Customer[]) => (
        <>
          {rows.some(isAtRisk) && (
            <p class="finding">
              <strong>May leave:</strong> {rows.filter(isAtRisk).map(nameOf).join(", ")}
            </p>
          )}
          <Table
            caption="Customers"
            money={{ currency: place.workspace.currency }}
            rows={rows}
            keyOf={idOf}
            columns={columnsOf(place, answer)}
            sort={place.params.get("sort") ?? usualSort}
            onSort={(sort) => place.set({ sort: sort === usualSort ? null : sort })}
          />
        </>
      )}
    </More>
  );
}

const idOf = (customer: Customer) => customer.externalCustomerId ?? customer.customerId ?? "";
const nameOf = (customer: Customer) => customer.name ?? idOf(customer);

/** As many units as fit beside the rest; the CSV has all. */
const fewUnits = 4;

function columnsOf(place: Place, { customers: [first] }: CustomersAnswer): Column<Customer>[] {
  const units = first?.usage.slice(0, fewUnits) ?? [];
  return [
    { title: "Customer", cell: (customer) => <CustomerName place={place} customer={customer} />, sort: "name" },
    { title: "Churn risk", cell: (customer) => <Risk customer={customer} place={place} /> },
    { title: "Events", cell: (customer) => customer.events, unit: "count", sort: "events" },
    { title: "Invoices", cell: (customer) => customer.invoiceTotalCents, unit: "cents", sort: "invoiceTotalCents" },
    { title: "Revenue", cell: (customer) => customer.revenueCents, unit: "cents", sort: "revenueCents" },
    ...units.map(({ unit }) => ({
      title: unit,
      cell: (customer: Customer) => customer.usage.find((each) => each.unit === unit)?.total,
      unit: "number" as const,
      isBrief: true,
    })),
  ];
}

function CustomerName({ place, customer }: { place: Place; customer: Customer }) {
  if (!may(place.workspace, "events:read")) return <>{nameOf(customer)}</>;
  const segment = customer.customerId ?? customerSegment(idOf(customer));
  return <Link href={place.href(`customers/${segment}`)}>{nameOf(customer)}</Link>;
}

/** How likely it seems that the customer leaves, and what says so. */
function Risk({ customer: { churnRisk }, place }: { customer: Customer; place: Place }) {
  if (churnRisk.level === "none") return <span class="muted">none</span>;
  return (
    <span class="risk">
      <span class={`risk-level is-${churnRisk.level}`}>
        {churnRisk.level} {churnRisk.score}
      </span>{" "}
      <small>{churnRisk.signals.map((signal) => signalText(signal, place)).join(", ")}</small>
    </span>
  );
}

type Signal = Customer["churnRisk"]["signals"][number];

function signalText({ type, changePercent, count }: Signal, place: Place): string {
  const money = { currency: place.workspace.currency };
  return type === "declining_usage"
    ? `${format(changePercent ?? null, "percent", money)} events in 7 days`
    : `${count} failed ${count === 1 ? "payment" : "payments"} in 30 days`;
}
