/** A status code with the colour of its class. */
export function Status({ code }: { code: number }) {
  return <span class={`status is-${Math.floor(code / 100)}xx`}>{code}</span>;
}
