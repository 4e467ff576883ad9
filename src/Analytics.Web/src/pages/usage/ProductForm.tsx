import type { Place } from "../../address/place.ts";
import { tell } from "../../api/fetch.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { Field } from "../../parts/Field.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import type { ProductRow } from "./ProductList.tsx";
import { types } from "./words.ts";

interface Props {
  place: Place;
  /** The one to change; none: one is made. */
  product?: ProductRow;
  onClose: () => void;
  onSaved: () => void;
}

/** Makes a product, or changes what it is called and what sort of product it is. */
export function ProductForm({ place, product, onClose, onSaved }: Props) {
  const { isBusy, problem, send } = useSending();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name)).trim();
    const query = `tenantId=${place.workspace.id}`;
    const body = { name: text("name"), type: text("type") };
    const isSent = await send(() =>
      product
        ? tell("PATCH", `api/v1/products/${encodeURIComponent(product.key)}?${query}`, body)
        : tell("POST", `api/v1/products?${query}`, { key: text("key"), ...body }),
    );
    if (!isSent) return;
    onSaved();
    onClose();
  };
  return (
    <Dialog title={product ? "Change the product" : "New product"} onClose={onClose}>
      <form class="form" noValidate onSubmit={submit}>
        {!product && (
          <Field
            label="Key"
            fault={problem?.faultOf("key")}
            note="What events say in metadata.product_id, and requests in productId; it stays."
          >
            {(marks) => <input {...marks} name="key" class="mono" autocomplete="off" spellcheck={false} />}
          </Field>
        )}
        <Field label="Name" fault={problem?.faultOf("name")}>
          {(marks) => <input {...marks} name="name" defaultValue={product?.name ?? ""} autocomplete="off" />}
        </Field>
        <Field label="Type" fault={problem?.faultOf("type")}>
          {(marks) => (
            <select {...marks} name="type">
              {types.map((type) => (
                <option key={type.slug} value={type.slug} selected={type.slug === product?.type}>
                  {type.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Fault text={faultOfAll(problem, ["key", "name", "type"])} />
        <div class="form-foot">
          <button type="submit" class="primary" disabled={isBusy}>
            {product ? "Save" : "Make the product"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
