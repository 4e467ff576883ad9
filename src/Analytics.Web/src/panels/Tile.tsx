import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import { digits, type Value } from "../api/exact.ts";
import { change, exact, format, type Money } from "../numbers/format.ts";
import type { Sense, Unit } from "../numbers/units.ts";

interface Props {
  /** The API's name of the number; `data-metric` in the page. */
  slug: string;
  name: string;
  value: Value | null;
  unit: Unit;
  money: Money;
  /** The API's 0 stands for no number: there is nothing that it could be of. */
  isMissing?: boolean;
  sense?: Sense;
  /** The number of the time compared with; undefined when nothing is compared. */
  before?: Value | null;
  /** The last bucket is not over. */
  isSoFar?: boolean;
  href?: string;
  title?: string;
  /** A spark line. */
  children?: ComponentChildren;
}

/** A number, its name, and how it changed. Its exact digits stand in the tooltip. */
export function Tile({
  slug,
  name,
  value,
  unit,
  money,
  isMissing,
  sense = "neutral",
  before,
  isSoFar,
  href,
  title,
  children,
}: Props) {
  const shown = isMissing ? null : value;
  const body = (
    <>
      <span class="tile-name" title={title}>
        {name}
      </span>
      <span class="tile-value" title={exact(shown, unit, money)}>
        {format(shown, unit, money)}
      </span>
      {before !== undefined && shown !== null && (
        <Change now={shown} before={before} sense={sense} isSoFar={isSoFar ?? false} />
      )}
      {children}
    </>
  );
  const marks = { class: "tile", "data-metric": slug, "data-value": value === null ? "" : digits(value) };
  return href ? (
    <Link href={href} {...marks}>
      {body}
    </Link>
  ) : (
    <div {...marks}>{body}</div>
  );
}

const arrows = { up: "↑", down: "↓", none: "" };

export function Change(props: { now: Value; before: Value | null; sense: Sense; isSoFar?: boolean }) {
  const { text, arrow, tone } = change(props.now, props.before, props.sense);
  return (
    <span class={`change is-${tone}`}>
      <span aria-hidden="true">{arrows[arrow]}</span> {text}
      {props.isSoFar && <small> so far</small>}
    </span>
  );
}
