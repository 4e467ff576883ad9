import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { hovered, letGo, point } from "./hover.ts";
import { bucketAt, type Layout } from "./layout.ts";
import type { Selection } from "./Pointed.tsx";

interface Asked {
  /** Null while there is nothing to point at. */
  layout: Layout | null;
  bucketsKey: string;
  chart: object;
  onZoom?: ((first: number, last: number) => void) | undefined;
  onPick?: ((bucket: number) => void) | undefined;
}

export interface Pointing {
  selection: Signal<Selection | null>;
  handlers: {
    onPointerDown: (event: PointerEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    onPointerUp: (event: PointerEvent) => void;
    onPointerCancel: () => void;
    onPointerLeave: (event: PointerEvent) => void;
    onBlur: () => void;
    onKeyDown: (event: KeyboardEvent) => void;
  };
}

const between = (one: number, other: number): Selection => ({
  first: Math.min(one, other),
  last: Math.max(one, other),
});

/** Pointing at a chart by mouse, finger or keyboard: hover, drag to zoom, click or Enter to pick; Shift with arrows selects, Enter zooms. */
export function usePointing({ layout, bucketsKey, chart, onZoom, onPick }: Asked): Pointing {
  const selection = useSignal<Selection | null>(null);
  /** Where a drag, or a selection by keys, began. */
  const start = useRef<number | null>(null);
  const here = () => (hovered.peek()?.buckets === bucketsKey ? (hovered.peek()?.bucket ?? null) : null);
  const show = (bucket: number, isByKeys: boolean) => point({ buckets: bucketsKey, bucket, chart, isByKeys });
  const stop = () => {
    start.current = null;
    selection.value = null;
  };
  useEffect(() => () => letGo(chart), [chart]);

  const bucketOf = (event: PointerEvent): number | null => {
    if (!layout || layout.count === 0) return null;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return bucketAt(layout, ((event.clientX - box.left) * layout.width) / box.width);
  };
  const finish = () => {
    const chosen = selection.peek();
    stop();
    if (chosen) onZoom?.(chosen.first, chosen.last);
    return chosen !== null;
  };
  const move = (to: number, isSelecting: boolean): boolean => {
    if (!layout || layout.count === 0) return false;
    const from = here();
    const bucket = Math.min(layout.count - 1, Math.max(0, to));
    if (isSelecting && onZoom) {
      start.current ??= from ?? bucket;
      selection.value = between(start.current, bucket);
    } else stop();
    show(bucket, true);
    return true;
  };
  const keys: Record<string, (event: KeyboardEvent) => boolean> = {
    ArrowLeft: (event) => move((here() ?? layout?.count ?? 0) - 1, event.shiftKey),
    ArrowRight: (event) => move((here() ?? -1) + 1, event.shiftKey),
    Home: (event) => move(0, event.shiftKey),
    End: (event) => move((layout?.count ?? 0) - 1, event.shiftKey),
    Enter: () => {
      const bucket = here();
      if (finish()) return true;
      if (bucket === null || !onPick) return false;
      onPick(bucket);
      return true;
    },
    Escape: () => {
      if (!selection.peek() && !hovered.peek()?.isByKeys) return false;
      if (selection.peek()) stop();
      else letGo(chart);
      return true;
    },
  };
  return {
    selection,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0 || event.pointerType === "touch" || !onZoom) return;
        start.current = bucketOf(event);
        (event.currentTarget as Element).setPointerCapture(event.pointerId);
      },
      onPointerMove: (event) => {
        const bucket = bucketOf(event);
        if (bucket === null) return;
        const isDrag = start.current !== null && event.buttons !== 0;
        if (isDrag && bucket !== start.current) selection.value = between(start.current as number, bucket);
        else if (isDrag && selection.peek()) selection.value = between(bucket, bucket);
        show(bucket, false);
      },
      onPointerUp: (event) => {
        const bucket = bucketOf(event);
        const wasHere = event.pointerType !== "touch" || here() === bucket;
        if (finish() || bucket === null) return;
        if (event.button === 0 && wasHere) onPick?.(bucket);
        else show(bucket, false);
      },
      onPointerCancel: stop,
      onPointerLeave: (event) => {
        if (event.pointerType !== "touch" && start.current === null) letGo(chart);
      },
      onBlur: () => {
        stop();
        letGo(chart);
      },
      onKeyDown: (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]?.(event)) return;
        event.preventDefault();
        event.stopPropagation();
      },
    },
  };
}
