import { type Range, rangeBefore } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { during } from "../api/question.ts";

const fill = "MCP servers send mcp.tool_invoked, and mcp.session_started and mcp.session_ended if they know.";

const asked = (place: Place, range: Range) => ({ query: during(place, range) });

const sessionsRow = {
  call: (place: Place) => get("/api/v1/analytics/mcp/sessions", asked(place, place.range)),
  compared: (place: Place) =>
    get(
      "/api/v1/analytics/mcp/sessions",
      asked(place, rangeBefore({ ...place.range, interval: "day" }, place.filters.compare ?? "previous")),
    ),
  fill,
};

export const sessions = panel({
  ...sessionsRow,
  id: "mcp-sessions",
  isJsonOnly: true,
  title: "Sessions at a glance",
  about: "Sessions that began in the range, and what those lasted that have ended.",
});

export const daily = panel({
  ...sessionsRow,
  id: "mcp-daily",
  title: "Sessions",
  about: "Sessions by the day they began on.",
  isEmpty: (answer) => answer.daily.every((day) => Number(day.sessions) === 0),
});

export const tools = panel({
  id: "mcp-tools",
  title: "Tools",
  about: "Every tool that was invoked, the most used first: how often it fails, how long it takes and what it earns.",
  call: (place) => get("/api/v1/analytics/mcp/tools", asked(place, place.range)),
  isEmpty: (answer) => answer.tools.length === 0,
  fill,
});

export const agents = panel({
  id: "mcp-agents",
  title: "Agents",
  about: "Which agents invoke tools, in how many sessions.",
  call: (place) => get("/api/v1/analytics/mcp/agents", asked(place, place.range)),
  isEmpty: (answer) => answer.agents.length === 0,
  fill,
});
