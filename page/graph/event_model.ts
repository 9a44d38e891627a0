import type { PageEvent, PageGroup, PageQuestion } from "../answer.ts";
import { valueKey } from "../read/read_related.ts";
import type { TimeWriter } from "../time.ts";
import { GraphModel } from "./model.ts";

type EventModelOptions = {
  readonly question: PageQuestion;
  readonly events: readonly PageEvent[];
  readonly groups: readonly PageGroup[];
  readonly time: TimeWriter;
};

/** Makes the graph of listed events: each with the values that it holds, and with its session. */
export function eventModel(
  { question, events, groups, time }: EventModelOptions,
): GraphModel {
  const model = new GraphModel();
  for (const event of events) addEvent(model, event, time);
  const hashes = events.map(({ hash }) => hash);
  for (const { hash, itype, subType, references } of groups) {
    if (itype !== "session") continue;
    model.add({ id: hash, shape: "session", kind: subType });
    for (const event of hashes.filter((each) => references.has(each))) model.link(hash, event);
  }
  model.setRoots([...question.found, question.asked].map(valueKey));
  return model;
}

function addEvent(model: GraphModel, event: PageEvent, time: TimeWriter): void {
  const { hash, subType, category, members } = event;
  model.add({ id: hash, shape: "event", kind: subType, note: time.text(event.time), category });
  for (const member of members) {
    const id = valueKey(member);
    model.add({ id, shape: "attribute", kind: member.subType, value: member });
    model.link(hash, id, member.inside.join(", "));
  }
}
