import type { Answer } from "../../api/call.ts";
import { double } from "../../api/exact.ts";
import { format } from "../../numbers/format.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";

type ToolsAnswer = Answer<"/api/v1/analytics/mcp/tools">;
type AgentsAnswer = Answer<"/api/v1/analytics/mcp/agents">;
type Tool = ToolsAnswer["tools"][number];

/** More than one of ten, and of enough to tell. */
const [bad, enough] = [10, 20];
const isFailing = (tool: Tool) => double(tool.errorRate) >= bad && tool.invocations >= enough;

/** The tools; those that fail a lot are told first. */
export function Tools({ answer, place }: Shown<ToolsAnswer>) {
  const money = { currency: place.workspace.currency };
  const failing = answer.tools.filter(isFailing);
  return (
    <>
      {failing.length > 0 && (
        <p class="finding">
          <strong>Fails a lot:</strong>{" "}
          {failing.map((tool) => `${tool.tool} (${format(tool.errorRate, "percent", money)})`).join(", ")}
        </p>
      )}
      <Table
        caption="Tools"
        money={money}
        rows={answer.tools}
        keyOf={(tool) => `${tool.server ?? ""} ${tool.tool}`}
        columns={[
          { title: "Tool", cell: (tool) => <code>{tool.tool}</code> },
          { title: "Server", cell: (tool) => tool.server && <code>{tool.server}</code> },
          { title: "Invocations", cell: (tool) => tool.invocations, unit: "count" },
          { title: "Share", cell: (tool) => tool.sharePercent, unit: "percent" },
          { title: "Errors", cell: (tool) => tool.errors, unit: "count" },
          {
            title: "Error rate",
            cell: (tool) => tool.errorRate,
            unit: "percent",
            toneOf: (tool) => (isFailing(tool) ? "worse" : null),
          },
          { title: "Average", cell: (tool) => tool.avgDurationMs, unit: "ms", isBrief: true },
          { title: "p95", cell: (tool) => tool.p95DurationMs, unit: "ms", isBrief: true },
          { title: "Revenue", cell: (tool) => tool.revenueCents, unit: "subcents" },
        ]}
      />
    </>
  );
}

export function Agents({ answer, place }: Shown<AgentsAnswer>) {
  return (
    <Table
      caption="Agents"
      money={{ currency: place.workspace.currency }}
      rows={answer.agents}
      keyOf={(agent) => agent.agent}
      columns={[
        { title: "Agent", cell: (agent) => agent.agent },
        { title: "Invocations", cell: (agent) => agent.invocations, unit: "count" },
        { title: "Share", cell: (agent) => agent.sharePercent, unit: "percent" },
        { title: "Sessions", cell: (agent) => agent.sessions, unit: "count" },
        { title: "Revenue", cell: (agent) => agent.revenueCents, unit: "subcents" },
      ]}
    />
  );
}
