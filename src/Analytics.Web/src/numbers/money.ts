/** What money is in: an ISO 4217 code, in any case. */
export interface Money {
  currency: string;
}

interface Currency {
  /** What stands before the digits: "$", "CHF " */
  sign: string;
  /** Places of its minor unit: 2 for cents, none for yen. */
  places: number;
}

const known = new Map<string, Currency>();

/** A currency as English writes it; a code that is none is written as it is, with cents. */
export function currencyOf({ currency }: Money): Currency {
  let found = known.get(currency);
  if (!found) {
    found = read(currency);
    known.set(currency, found);
  }
  return found;
}

function read(code: string): Currency {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency: code });
    const parts = format.formatToParts(1);
    const sign = parts.slice(
      0,
      parts.findIndex((part) => part.type === "integer"),
    );
    return {
      sign: sign.map((part) => part.value).join(""),
      places: format.resolvedOptions().maximumFractionDigits ?? 2,
    };
  } catch {
    return { sign: `${code} `, places: 2 };
  }
}

/** Puts the sign of the currency behind a minus. */
export function priced(text: string, { sign }: Currency): string {
  return text.startsWith("-") ? `-${sign}${text.slice(1)}` : sign + text;
}
