/** The mark of the service: three bars, the last one still growing. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
      <path d="M4 13h4v8H4zM10 8h4v13h-4z" />
      <path class="mark-open" d="M16.75 3.75h2.5v16.5h-2.5z" />
    </svg>
  );
}
