import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { Spark } from "../../charts/Spark.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { wordOf } from "../../query/words.ts";
import { daysOf } from "../../time/trend.ts";
import { ProductList } from "./ProductList.tsx";
import { productTypes, usedProducts } from "./panels.ts";
import { types } from "./words.ts";

type ProductsAnswer = Answer<"/api/v1/analytics/usage/by-product">;
type UsedProduct = ProductsAnswer["products"][number];
type UsedType = ProductsAnswer["byType"][number];

/** What of each product is used, of each type together, and the products themselves. */
export function Products({ place }: { place: Place }) {
  return (
    <div class="grid">
      <Panel row={usedProducts} height={300}>
        {(shown) => <Used {...shown} />}
      </Panel>
      <Panel row={productTypes} height={240}>
        {(shown) => <ByType {...shown} />}
      </Panel>
      <ProductList place={place} />
    </div>
  );
}

const counts: Column<UsedProduct | UsedType>[] = [
  { title: "Events", cell: (row) => row.events, unit: "count" },
  { title: "Requests", cell: (row) => row.requests, unit: "count" },
  { title: "Share", cell: (row) => row.sharePercent, unit: "percent" },
];

/** As many units as fit beside the rest; the CSV has all. */
const fewUnits = 4;

const unitColumns = (rows: readonly (UsedProduct | UsedType)[]): Column<UsedProduct | UsedType>[] =>
  (rows[0]?.usage ?? []).slice(0, fewUnits).map(({ unit }) => ({
    title: unit,
    cell: (row) => row.usage.find((each) => each.unit === unit)?.total,
    unit: "number",
    isBrief: true,
  }));

const typeName = (type: string | null) => (type === null ? <span class="muted">no product</span> : wordOf(types, type));

function Used({ answer, place }: Shown<ProductsAnswer>) {
  return (
    <Table
      caption="Usage by product"
      money={{ currency: place.workspace.currency }}
      rows={answer.products}
      keyOf={(product) => product.product}
      columns={[
        { title: "Product", cell: (product: UsedProduct) => product.name },
        { title: "Type", cell: (product: UsedProduct) => typeName(product.type) },
        ...counts,
        ...unitColumns(answer.products),
        {
          title: "Trend",
          cell: (product: UsedProduct) => (
            <span class="usage-spark">
              <Spark
                buckets={daysOf(product.trend, place.zone)}
                values={product.trend.map((day) => day.value)}
                label={`Events and requests of ${product.name} per day`}
              />
            </span>
          ),
        },
      ]}
    />
  );
}

function ByType({ answer, place }: Shown<ProductsAnswer>) {
  return (
    <Table
      caption="By type"
      money={{ currency: place.workspace.currency }}
      rows={answer.byType}
      keyOf={(row) => row.type ?? ""}
      columns={[
        { title: "Type", cell: (row: UsedType) => typeName(row.type) },
        ...counts,
        ...unitColumns(answer.byType),
      ]}
    />
  );
}
