import { Component } from "preact";
import type { Line } from "../../live/tail.ts";
import { format, type Money } from "../../numbers/format.ts";
import { clockText } from "./clockText.ts";
import { Severity } from "./Severity.tsx";
import { weightOf } from "./weight.ts";

interface Props {
  line: Line;
  zone: string;
  today: string;
  money: Money;
  onOpen: (line: Line) => void;
}

/** A line of the log. It never changes, so it is drawn once. */
export class Row extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return next.line !== this.props.line || next.zone !== this.props.zone || next.today !== this.props.today;
  }

  override render() {
    const { line, zone, today, money, onOpen } = this.props;
    const { record } = line;
    const weight = weightOf(record);
    return (
      <li class={`tail-row is-${record.severity.toLowerCase()}`} data-id={record.eventId}>
        <button type="button" class="row-link" onClick={() => onOpen(line)}>
          <Severity name={record.severity} />
          <time dateTime={record.createdAt}>{clockText(record.createdAt, zone, today)}</time>
          <span class="tail-kind">{record.category}</span>
          <span class="tail-type">{record.eventType}</span>
          <span class="tail-who">{record.actorId}</span>
          <span class="tail-what">{record.targetId}</span>
          <span class="number">{weight && format(weight.value, weight.unit, money)}</span>
        </button>
      </li>
    );
  }
}
