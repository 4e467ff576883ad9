import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { type Place, usePlace } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { SearchField } from "../../parts/SearchField.tsx";
import { may } from "../../session/session.ts";
import { instantText } from "../../time/labels.ts";
import { CustomerForm } from "./CustomerForm.tsx";
import { customers, usualSort } from "./panels.ts";

type CustomersAnswer = Answer<"/api/customers">;
export type Customer = CustomersAnswer["data"][number];

export function CustomersList() {
  const place = usePlace();
  if (!place) return null;
  const tools = (
    <>
      <SearchField place={place} label="Search customers" />
      {may(place.workspace, "customers:write") && <NewCustomer place={place} />}
    </>
  );
  return (
    <Panel row={customers} tools={tools} height={480}>
      {(shown) => <List {...shown} />}
    </Panel>
  );
}

function NewCustomer({ place }: { place: Place }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        New customer
      </button>
      {isOpen && (
        <CustomerForm
          place={place}
          onClose={() => setOpen(false)}
          onSaved={(made) => place.go(`customers/${made.id}`)}
        />
      )}
    </>
  );
}

function List({ answer, call, place }: Shown<CustomersAnswer>) {
  if (answer.data.length === 0)
    return (
      <p class="empty">
        {place.params.get("q")
          ? "No customer has this text in name, email or external id."
          : "No customers yet. Events can name customers by external ids without any record here."}
      </p>
    );
  return (
    <More call={call} first={answer}>
      {(rows) => (
        <Table
          caption="Customers"
          money={{ currency: place.workspace.currency }}
          rows={rows}
          keyOf={(customer) => customer.id}
          columns={columnsOf(place)}
          sort={place.params.get("sort") ?? usualSort}
          onSort={(sort) => place.set({ sort: sort === usualSort ? null : sort })}
        />
      )}
    </More>
  );
}

const columnsOf = (place: Place): Column<Customer>[] => [
  {
    title: "Name",
    cell: (customer) => <Link href={place.href(`customers/${customer.id}`)}>{nameOf(customer)}</Link>,
    sort: "name",
  },
  {
    title: "External id",
    cell: (customer) => customer.external_id && <code>{customer.external_id}</code>,
    sort: "external_id",
  },
  { title: "Email", cell: (customer) => customer.email, sort: "email" },
  { title: "Made", cell: (customer) => instantText(customer.created_at, place.zone), sort: "created_at" },
  { title: "Changed", cell: (customer) => instantText(customer.updated_at, place.zone), sort: "updated_at" },
];

/** What a customer is called: never nothing. */
export const nameOf = (customer: Pick<Customer, "name" | "external_id" | "id">) =>
  customer.name ?? customer.external_id ?? customer.id;
