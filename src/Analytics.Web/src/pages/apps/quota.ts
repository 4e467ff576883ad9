/** What a quota is written in, the largest first. */
export const quotaUnits = [
  { name: "TiB", bytes: 1024 ** 4 },
  { name: "GiB", bytes: 1024 ** 3 },
  { name: "MiB", bytes: 1024 ** 2 },
  { name: "bytes", bytes: 1 },
] as const;

export const usualQuota = 1024 ** 3;

/** A quota in the largest unit of which it is a whole number. */
export function quotaParts(bytes: number): { count: number; unit: string } {
  const unit = quotaUnits.find((each) => bytes % each.bytes === 0) ?? quotaUnits[3];
  return { count: bytes / unit.bytes, unit: unit.name };
}

/** Whole bytes; NaN where no number was typed. */
export function quotaBytes(count: string, unit: string): number {
  const { bytes } = quotaUnits.find((each) => each.name === unit) ?? quotaUnits[3];
  return count.trim() === "" ? Number.NaN : Math.round(Number(count) * bytes);
}
