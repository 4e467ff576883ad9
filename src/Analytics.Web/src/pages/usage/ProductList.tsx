import { useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { tell } from "../../api/fetch.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { wordOf } from "../../query/words.ts";
import { instantText } from "../../time/labels.ts";
import { isEditor } from "./Definitions.tsx";
import { ProductForm } from "./ProductForm.tsx";
import { products } from "./panels.ts";
import { RowTools } from "./RowTools.tsx";
import { types } from "./words.ts";

type ProductsList = Answer<"/api/v1/products">;
export type ProductRow = ProductsList["data"][number];

/** The products themselves, for those who may with their editor. */
export function ProductList({ place }: { place: Place }) {
  const [isOpen, setOpen] = useState(false);
  const client = useQueryClient();
  const make = isEditor(place) && (
    <button type="button" class="primary" onClick={() => setOpen(true)}>
      New product
    </button>
  );
  return (
    <Panel row={products} height={240} tools={make}>
      {(shown) => (
        <>
          <List {...shown} />
          {isOpen && (
            <ProductForm place={place} onClose={() => setOpen(false)} onSaved={() => client.invalidateQueries()} />
          )}
        </>
      )}
    </Panel>
  );
}

function List({ answer, call, place }: Shown<ProductsList>) {
  if (answer.data.length === 0)
    return <p class="empty">No products yet. What events and requests name is counted without any, too.</p>;
  return (
    <More call={call} first={answer}>
      {(rows: ProductRow[]) => (
        <Table
          caption="Products"
          money={{ currency: place.workspace.currency }}
          rows={rows}
          keyOf={(product) => product.key}
          columns={[
            { title: "Name", cell: (product) => product.name },
            { title: "Key", cell: (product) => <code>{product.key}</code> },
            { title: "Type", cell: (product) => wordOf(types, product.type) },
            { title: "Made", cell: (product) => instantText(product.createdAt, place.zone) },
            ...(isEditor(place)
              ? [{ title: "Change", cell: (product: ProductRow) => <Tools product={product} place={place} /> }]
              : []),
          ]}
        />
      )}
    </More>
  );
}

const Tools = ({ product, place }: { product: ProductRow; place: Place }) => (
  <RowTools
    name={product.name}
    what="What names its key goes on counting, under the key."
    remove={() => tell("DELETE", `api/v1/products/${encodeURIComponent(product.key)}?tenantId=${place.workspace.id}`)}
  >
    {(how) => <ProductForm place={place} product={product} {...how} />}
  </RowTools>
);
