import { jsonText } from "../../api/exact.ts";
import type { Unit } from "../../numbers/units.ts";
import { unitOf } from "../../query/answer.ts";
import { askedOf, count, type Question } from "../../query/question.ts";
import { questionOf, type SavedQuery, sentenceOf } from "../../query/saved.ts";
import { wordOf } from "../../query/words.ts";
import { type Condition, conditions, isChange, measures, scopes } from "./words.ts";

type Absent = null | undefined;

/** An alert as the API has it. */
export interface SavedAlert {
  name?: string | Absent;
  enabled?: boolean | Absent;
  severity?: string | Absent;
  query?: SavedQuery | Absent;
  statistic?: { scope?: string | Absent; id?: string | Absent; measure?: string | Absent } | Absent;
  window?: string | Absent;
  when?: { operator?: string | Absent; value?: unknown; changePercent?: unknown } | Absent;
}

/** An alert as it stands in the form. */
export interface AlertText {
  name: string;
  severity: string;
  isStatistic: boolean;
  question: Question;
  scope: string;
  app: string;
  measure: string;
  window: string;
  condition: Condition;
  limit: string;
}

/** An alert to change, or a new one. */
export function textOfAlert(alert?: SavedAlert): AlertText {
  const when = alert?.when;
  const percent = when?.changePercent === null || when?.changePercent === undefined ? null : String(when.changePercent);
  return {
    name: alert?.name ?? "",
    severity: alert?.severity ?? "WARN",
    isStatistic: !!alert?.statistic,
    question: questionOf(alert?.query ?? { metrics: [count] }),
    scope: alert?.statistic?.scope ?? "org",
    app: alert?.statistic?.id ?? "",
    measure: alert?.statistic?.measure ?? "storage",
    window: alert?.window ?? "1h",
    condition: percent
      ? percent.startsWith("-")
        ? "FALL"
        : "RISE"
      : when?.operator === "LESS_THAN"
        ? "LESS_THAN"
        : "GREATER_THAN",
    limit: percent
      ? percent.replace("-", "")
      : when?.value === null || when?.value === undefined
        ? ""
        : String(when.value),
  };
}

/** What is typed, as a number where it is one; what is none is the service's to refuse. */
function numberOf(text: string): number | string | null {
  const number = Number(text);
  return text.trim() === "" ? null : Number.isFinite(number) ? number : text;
}

function whenOf({ condition, limit }: AlertText) {
  const number = numberOf(limit);
  if (!isChange(condition)) return { operator: condition, value: number };
  return { changePercent: condition === "FALL" && typeof number === "number" ? -number : number };
}

/** What is sent of it. */
export function bodyOfAlert(text: AlertText): Record<string, unknown> {
  const { name, severity, isStatistic, scope, app, measure, window } = text;
  return {
    name: name.trim(),
    severity,
    ...(isStatistic
      ? { statistic: { scope, measure, ...(scope === "app" ? { id: app || null } : {}) } }
      : { query: askedOf(text.question) }),
    window,
    when: whenOf(text),
  };
}

/** Only what is another than it was: what stays the same is watched on. */
export function changeOfAlert(before: AlertText, now: AlertText): Record<string, unknown> {
  const [was, is] = [bodyOfAlert(before), bodyOfAlert(now)];
  return Object.fromEntries(Object.entries(is).filter(([name, value]) => jsonText(value) !== jsonText(was[name])));
}

/** What an alert watches, in words. */
export function watchedText({ query, statistic }: SavedAlert): string {
  if (query) return sentenceOf(query);
  const measure = wordOf(measures, statistic?.measure);
  return statistic?.scope === "app"
    ? `${measure} of ${statistic.id}`
    : `${measure}: ${wordOf(scopes, "org").toLowerCase()}`;
}

/** When it fires, in words. */
export function whenText(alert: SavedAlert): string {
  const { condition, limit } = textOfAlert(alert);
  if (condition === "RISE") return `rises by ${limit} %`;
  if (condition === "FALL") return `falls by ${limit} %`;
  return `${wordOf(conditions, condition)} ${limit}`;
}

/** What its value counts. */
export function unitOfAlert({ query, statistic }: SavedAlert): Unit {
  if (statistic) return measures.find((row) => row.slug === statistic.measure)?.unit ?? "number";
  const { metrics, dataset } = questionOf(query ?? {});
  return unitOf(metrics[0] ?? count, dataset);
}
