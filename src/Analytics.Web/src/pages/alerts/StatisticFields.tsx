import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import type { Problem } from "../../api/problem.ts";
import { useCall } from "../../panels/useCall.ts";
import { SelectField } from "../../parts/SelectField.tsx";
import type { AlertText } from "./alertText.ts";
import { measures, scopes } from "./words.ts";

interface Props {
  place: Place;
  text: AlertText;
  problem: Problem | null;
  onChange: (text: AlertText) => void;
}

/** What of apps is watched. */
export function StatisticFields({ place, text, problem, onChange }: Props) {
  const apps = useCall(get("/api/apps", { query: { workspace_id: place.workspace.id, limit: 1000 } }));
  const set = (part: Partial<AlertText>) => onChange({ ...text, ...part });
  const list = apps.data?.data.map((app) => ({ slug: app.natural_id, name: app.name })) ?? [];
  return (
    <div class="question-shape">
      <SelectField
        label="Number"
        fault={problem?.faultOf("statistic/measure")}
        options={measures}
        value={text.measure}
        onChange={(measure) => set({ measure })}
      />
      <SelectField
        label="Of"
        fault={problem?.faultOf("statistic/scope")}
        options={scopes}
        value={text.scope}
        onChange={(scope) => set({ scope })}
      />
      {text.scope === "app" && (
        <SelectField
          label="App"
          fault={problem?.faultOf("statistic/id")}
          options={[{ slug: "", name: "Choose one" }, ...list]}
          value={text.app}
          onChange={(app) => set({ app })}
        />
      )}
    </div>
  );
}
