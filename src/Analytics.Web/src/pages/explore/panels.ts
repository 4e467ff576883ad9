import type { Place } from "../../address/place.ts";
import { type PostBody, post } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";
import { bodyOf, readQuestion } from "../../query/question.ts";

export const answer = panel({
  id: "explore",
  title: "Answer",
  about: "What was asked, of the range: the numbers of each group, every digit of them in the table.",
  call: (place: Place) =>
    post("/api/v1/analytics/query", {
      query: { tenantId: place.workspace.id },
      // What has a default need not be sent, though its type says so.
      body: bodyOf(readQuestion(place.params), place) as PostBody<"/api/v1/analytics/query">,
    }),
  isEmpty: (found) => found.rows.length === 0,
  fill: "Ask for other events, or with fewer filters.",
});
