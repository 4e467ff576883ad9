/** The most steps that an axis is cut into. */
const most = 5;

const fits = (from: number, to: number, step: number) =>
  Math.ceil(to / step - 1e-9) - Math.floor(from / step + 1e-9) <= most;

/** The smallest round step by tens that is big enough: 1, 2, 5, and quarters of what is at least a hundred. */
export function stepOfTens(from: number, to: number): number {
  for (let power = Math.floor(Math.log10((to - from) / most)); ; power++)
    for (const size of power > 0 ? [1, 2, 2.5, 5] : [1, 2, 5]) {
      // 10 to the minus 3 is not quite 0.001, but 1 / 1000 is.
      const step = power < 0 ? size / 10 ** -power : size * 10 ** power;
      if (fits(from, to, step)) return step;
    }
}

/** The smallest power of two. */
export function stepOfTwos(from: number, to: number): number {
  let step = 2 ** Math.floor(Math.log2((to - from) / most));
  while (!fits(from, to, step)) step *= 2;
  return Math.max(1, step);
}

const second = 1000;
const day = 86_400 * second;

/** Round lengths of time between a second and a day, in seconds. */
const lengths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** The smallest round length of time, in milliseconds; below a second and above a day time goes by tens too. */
export function stepOfClock(from: number, to: number): number {
  const step = stepOfTens(from, to);
  if (step < second) return step;
  const found = lengths.map((seconds) => seconds * second).find((length) => fits(from, to, length));
  return found ?? stepOfTens(from / day, to / day) * day;
}
