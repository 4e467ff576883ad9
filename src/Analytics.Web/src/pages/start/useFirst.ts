import { useEffect, useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { ask } from "../../api/fetch.ts";
import { Stream } from "../../live/stream.ts";
import { may } from "../../session/session.ts";

const every = 5_000;

/** The name of the workspace's first event, as soon as there is one. */
export function useFirst({ workspace }: Place): string | null {
  const [first, setFirst] = useState<string | null>(null);
  const { id } = workspace;
  const isLive = may(workspace, "stream:read");
  useEffect(() => {
    // One that came before the stream was opened.
    const look = async () => {
      const types = await ask(get("/api/event-types", { query: { workspace_id: id, limit: 1 } })).catch(() => null);
      if (types?.data[0]) setFirst(types.data[0].name);
    };
    const timer = setInterval(look, every);
    const stream = isLive
      ? new Stream(`api/stream/workspaces/${id}`, {
          onData: (data) => setFirst((JSON.parse(data) as { key: string }).key),
        })
      : null;
    return () => {
      clearInterval(timer);
      stream?.close();
    };
  }, [id, isLive]);
  return first;
}
