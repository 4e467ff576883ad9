import { type Call, withQuery } from "../api/call.ts";
import { fileOf } from "../api/fetch.ts";
import { Problem } from "../api/problem.ts";
import { say } from "../parts/Toast.tsx";

/** Saves the answer to what is asked by a body as a CSV file. */
export async function saveCsv(call: Call<unknown>, title: string): Promise<void> {
  try {
    const address = URL.createObjectURL(await fileOf(withQuery(call, [["format", "csv"]])));
    const link = Object.assign(document.createElement("a"), { href: address, download: `${title}.csv` });
    link.click();
    URL.revokeObjectURL(address);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    say(`No CSV: ${failure.message}`);
  }
}
