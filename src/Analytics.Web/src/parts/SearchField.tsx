import { useEffect, useRef, useState } from "preact/hooks";
import type { Place } from "../address/place.ts";

interface Props {
  place: Place;
  label: string;
  /** Its name in the address. */
  name?: string;
}

/** Long enough for a word to be typed on, short enough not to be waited for. */
const pause = 200;

/** A text to look for; it stands in the address, and typing on is no step in the history. */
export function SearchField({ place, label, name = "q" }: Props) {
  const there = place.params.get(name) ?? "";
  const [text, setText] = useState(there);
  const timer = useRef(0);
  const told = useRef(there);
  // Back and forth change the address under it; what it told itself is older than what is being typed.
  useEffect(() => {
    if (there === told.current) return;
    told.current = there;
    clearTimeout(timer.current);
    setText(there);
  }, [there]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onInput = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      told.current = next;
      place.set({ [name]: next || null }, { replace: true });
    }, pause);
  };
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}
