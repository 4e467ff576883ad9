interface Props {
  name: string;
  /** The one that is chosen. */
  zone: string;
  /** What stands above all others. */
  first: readonly string[];
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

/** A choice of time zones. */
export function ZoneSelect({ name, zone, first, ...marks }: Props) {
  const zones = new Set([...first, zone, "UTC", ...Intl.supportedValuesOf("timeZone")]);
  return (
    <select {...marks} name={name}>
      {[...zones].map((each) => (
        <option key={each} selected={each === zone}>
          {each}
        </option>
      ))}
    </select>
  );
}
