/** What went wrong with what the reader did; screen readers speak it. Nothing where nothing did. */
export function Fault({ text }: { text: string | null | undefined }) {
  return text ? (
    <p class="fault" role="alert">
      {text}
    </p>
  ) : null;
}
